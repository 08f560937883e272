"""What the screens are shown of campaigns."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import NotFoundError
from crm_data.models import Campaign, CampaignCost, CampaignMember, CampaignVariant
from crm_data.queries import campaigns
from crm_data.queries.listing import Wanted
from crm_data.vocabulary import CampaignStatus, MemberState
from tests import factories

ALL = Wanted()


def a_member(session: Session, campaign: Campaign, **wanted) -> CampaignMember:
    customer = wanted.pop("customer", None) or factories.a_customer(session)
    return factories.added(session, CampaignMember(campaign_id=campaign.id, customer_id=customer.id, **wanted))


def test_the_list_has_cost_and_members_once_each(session: Session, root: Actor):
    campaign = factories.a_campaign(session)
    for amount in (300, 200):
        factories.added(
            session, CampaignCost(campaign_id=campaign.id, spent_on=date(2026, 6, 1), purpose="P", amount=amount)
        )
    for control, responded in ((False, None), (False, factories.NOON), (True, None)):
        a_member(session, campaign, control=control, responded_at=responded)
    row = campaigns.listing(session, root, wanted=ALL).rows.row(0, named=True)
    assert (row["cost"], row["members"], row["responded"]) == (500, 2, 1)


def test_a_campaign_is_found_by_part_of_its_name_and_by_status(session: Session, root: Actor):
    factories.a_campaign(session, name="夏季清凉季 Summer", status=CampaignStatus.RUNNING)
    factories.a_campaign(session, name="Summer again")
    wanted = Wanted(search="夏季", filters={"status": [CampaignStatus.RUNNING]})
    assert campaigns.listing(session, root, wanted=wanted).rows["name"].to_list() == ["夏季清凉季 Summer"]


def test_the_calendar_has_what_runs_on_any_of_its_days(session: Session, root: Actor):
    for name, first, last in (("before", 1, 9), ("into", 1, 10), ("out of", 20, 30), ("after", 21, 30)):
        factories.a_campaign(session, name=name, starts_on=date(2026, 6, first), ends_on=date(2026, 6, last))
    frame = campaigns.calendar(session, root, first=date(2026, 6, 10), last=date(2026, 6, 20))
    assert frame["name"].to_list() == ["into", "out of"]


def test_members_are_found_by_state_and_the_keys_of_all_of_them(session: Session, root: Actor):
    campaign = factories.a_campaign(session)
    sent = [a_member(session, campaign, state=MemberState.SENT, sent_at=factories.NOON).id for _ in range(3)]
    a_member(session, campaign)
    wanted = Wanted(filters={"state": [MemberState.SENT]}, size=2)
    page = campaigns.members(session, root, campaign.id, wanted=wanted)
    assert (page.total, len(page.rows)) == (3, 2)
    assert campaigns.member_ids(session, root, campaign.id, wanted=wanted) == sent


def test_steps_are_counted_by_variant_with_the_control_group_apart(session: Session, root: Actor):
    campaign = factories.a_campaign(session)
    variant = factories.added(session, CampaignVariant(campaign_id=campaign.id, name="A", share=100))
    a_member(session, campaign, variant_id=variant.id, sent_at=factories.NOON, responded_at=factories.NOON)
    a_member(session, campaign, control=True, converted_at=factories.NOON)
    rows = campaigns.steps(session, root, campaign.id).select("control", "variant", "members", "responded", "converted")
    assert rows.rows() == [(False, "A", 1, 1, 0), (True, None, 1, 0, 1)]


def test_names_of_customers_that_are_not_ones_own_are_not_in_the_members(session: Session, seller: Actor):
    campaign = factories.a_campaign(session)
    own = a_member(session, campaign, customer=factories.a_customer(session, owner_id=seller.user_id))
    a_member(session, campaign, customer=factories.a_customer(session, owner_id=factories.a_user(session).id))
    page = campaigns.members(session, seller, campaign.id, wanted=ALL)
    assert page.rows["id"].to_list() == campaigns.member_ids(session, seller, campaign.id, wanted=ALL) == [own.id]


def test_a_campaign_in_the_bin_is_not_found(session: Session, root: Actor):
    gone = factories.a_campaign(session, deleted_at=factories.NOON)
    with pytest.raises(NotFoundError):
        campaigns.record(session, root, gone.id)
    assert campaigns.choices(session, root) == {}


def test_costs_are_listed_newest_first(session: Session, root: Actor):
    campaign = factories.a_campaign(session)
    for day in (1, 3, 2):
        factories.added(
            session, CampaignCost(campaign_id=campaign.id, spent_on=date(2026, 6, day), purpose="P", amount=day)
        )
    assert campaigns.costs(session, root, campaign.id)["amount"].to_list() == [3, 2, 1]
