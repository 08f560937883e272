"""What a campaign's plan must have, and how it goes from plan to end."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError, InvalidFormError, NotAllowedError, NotFoundError
from crm_data.models import Campaign, CampaignCost, CampaignMember
from crm_data.services import campaign_parts, campaigns, changes, undoing
from crm_data.vocabulary import CampaignKind, CampaignObjective, CampaignStatus, ChangeAction, Role
from tests import factories

PLAN = {
    "name": "Spring fair",
    "kind": CampaignKind.EMAIL,
    "objective": CampaignObjective.GROW,
    "starts_on": date(2026, 7, 1),
    "ends_on": date(2026, 7, 31),
}
NORTH = {"region": ["North"]}


def test_a_plan_belongs_to_whoever_made_it_and_counts_in_the_base_currency(session: Session):
    marketer = factories.an_actor(session, role=Role.MARKETING)
    campaign = campaigns.create(session, marketer, values=PLAN)
    assert (campaign.owner_id, campaign.currency, campaign.status) == (marketer.user_id, "CNY", CampaignStatus.PLANNED)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"ends_on": date(2026, 6, 30)}, "ends_on"),
        ({"budget": -1}, "budget"),
        ({"control_share": 101}, "control_share"),
        ({"attribution_days": 0}, "attribution_days"),
        ({"audience": {"password_hash": ["x"]}}, "audience"),
        ({"audience": {"kind": ["alien"]}}, "audience"),
        ({"audience": {"region": "North"}}, "audience"),
    ],
)
def test_a_plan_that_makes_no_sense_says_what_is_wrong(session: Session, root: Actor, wrong, field):
    with pytest.raises(InvalidFormError) as caught:
        campaigns.create(session, root, values=PLAN | wrong)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_plan_without_audience_is_not_approved(session: Session, root: Actor):
    campaign = campaigns.create(session, root, values=PLAN)
    with pytest.raises(InvalidError) as caught:
        campaigns.approve(session, root, campaign.id)
    assert caught.value.field == "audience"


def test_variants_share_out_the_whole_audience(session: Session, root: Actor):
    campaign = campaigns.create(session, root, values=PLAN | {"audience": NORTH})
    campaign_parts.add_variant(session, root, campaign.id, values={"name": "A", "share": 60})
    with pytest.raises(CrmError, match="60 %"):
        campaigns.approve(session, root, campaign.id)
    with pytest.raises(InvalidFormError):
        campaign_parts.add_variant(session, root, campaign.id, values={"name": "B", "share": 41})
    campaign_parts.add_variant(session, root, campaign.id, values={"name": "B", "share": 40})
    assert campaigns.approve(session, root, campaign.id).status is CampaignStatus.APPROVED


def test_another_audience_asks_for_another_approval_and_another_name_does_not(session: Session, root: Actor):
    campaign = campaigns.create(session, root, values=PLAN | {"audience": NORTH})
    stands = []
    for mine in ({"name": "Autumn fair"}, {"audience": {"region": ["South"]}}):
        campaign.status = CampaignStatus.APPROVED
        session.flush()
        campaigns.edit(session, root, campaign.id, version=campaign.version, base={}, mine=mine)
        stands.append(campaign.status)
    assert stands == [CampaignStatus.APPROVED, CampaignStatus.PLANNED]


def test_a_campaign_ends_once(session: Session, root: Actor):
    campaign = factories.a_campaign(session, status=CampaignStatus.RUNNING)
    campaigns.finish(session, root, campaign.id)
    with pytest.raises(CrmError, match="ended already"):
        campaigns.cancel(session, root, campaign.id)


def test_only_a_running_campaign_is_finished(session: Session, root: Actor):
    with pytest.raises(CrmError):
        campaigns.finish(session, root, factories.a_campaign(session).id)


def test_a_cost_needs_its_purpose_and_a_day_that_has_come(session: Session, root: Actor):
    campaign = factories.a_campaign(session)
    values = {"spent_on": date(2026, 6, 16), "amount": 1, "purpose": " "}
    with pytest.raises(InvalidFormError) as caught:
        campaign_parts.add_cost(session, root, campaign.id, values=values)
    assert {problem.field for problem in caught.value.problems} == {"purpose", "spent_on"}


def test_a_seller_plans_no_campaigns(session: Session, seller: Actor):
    with pytest.raises(NotAllowedError):
        campaigns.create(session, seller, values=PLAN)


def test_a_campaign_of_others_is_looked_at_but_not_changed(session: Session, seller: Actor):
    theirs = factories.a_campaign(session)
    with pytest.raises(NotAllowedError):
        campaigns.cancel(session, seller, theirs.id)


def test_a_guessed_number_finds_nothing(session: Session, root: Actor):
    with pytest.raises(NotFoundError):
        campaign_parts.delete_cost(session, root, 4711)


def test_deleting_takes_members_and_costs_along_and_undo_brings_them_back(engine: Engine, root: Actor):
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        campaign, customer = factories.a_campaign(session), factories.a_customer(session)
        session.add(CampaignMember(campaign_id=campaign.id, customer_id=customer.id))
        session.add(CampaignCost(campaign_id=campaign.id, spent_on=date(2026, 6, 1), purpose="Print", amount=5))
    with changes.writing(engine, root, action=ChangeAction.DELETE) as session:
        counted = campaigns.delete(session, root, campaign.id)
        deleted = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, deleted)
    with db.reading(engine) as session:
        gone = [session.scalars(select(model.deleted_at)).one() for model in (Campaign, CampaignCost, CampaignMember)]
    assert (counted, gone) == ({"campaigns": 1, "campaign_costs": 1, "campaign_members": 1}, [None] * 3)
