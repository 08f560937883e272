"""Surveys, points and campaigns say the same on every database: whom they reach, what is counted, and in what order."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import clock, db
from crm_data.access import Actor
from crm_data.models import Campaign, CampaignCost, CampaignMember, Invitation, Survey
from crm_data.queries import campaigns as campaign_lists
from crm_data.queries import loyalty as points
from crm_data.queries import surveys as survey_lists
from crm_data.queries.listing import Wanted
from crm_data.services import (
    campaign_launch,
    campaign_members,
    campaigns,
    changes,
    invitations,
    loyalty,
    loyalty_sales,
    responses,
)
from crm_data.services.invitations import Asked
from crm_data.vocabulary import Barrier, CampaignStatus, ChangeAction, Channel, MemberState, Orientation, SurveyKind
from tests import factories

RULE = {"region": ["华北"], "tags": ["vip", 'say "hi"']}


def a_campaign(session: Session) -> Campaign:
    """Make customers of whom two can be reached, each of the others being left out for one reason."""
    for tags, email, consent in ((["vip"], "a@example.com", True), (['say "hi"'], "b@example.com", True),
                                 (["vip"], None, True), (["vip"], "c@example.com", None),
                                 (["vip"], "d@example.com", False), (["very vip"], "e@example.com", True)):  # fmt: skip
        customer = factories.a_customer(session, region="华北", tags=tags, email=email)
        if consent is not None:
            factories.a_consent(session, customer)
        if consent is False:
            factories.a_consent(session, customer, given=False, at=factories.NOON + timedelta(seconds=1))
    return factories.a_campaign(session, audience=RULE, channel=Channel.EMAIL, status=CampaignStatus.APPROVED)


def test_a_launch_reaches_the_same_customers(any_engine: Engine, root: Actor) -> None:
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        campaign = a_campaign(session)
        seen = campaigns.preview(session, root, campaign.id)
        launched = campaign_launch.launch(session, root, campaign.id)
        moved = campaign_members.advance(session, root, campaign.id, state=MemberState.RESPONDED)
        factories.added(
            session, CampaignCost(campaign_id=campaign.id, spent_on=date(2026, 6, 1), purpose="Print", amount=2**40)
        )
    assert (seen.meant, seen.reached, launched.members, moved.moved) == (5, 2, 2, 2)
    assert seen.left_out == {Barrier.ADDRESS: 1, Barrier.WITHDRAWN: 1, Barrier.NO_CONSENT: 1}
    with db.reading(any_engine) as session:
        row = campaign_lists.listing(session, root, wanted=Wanted()).rows.row(0, named=True)
        steps = campaign_lists.steps(session, root, campaign.id).row(0, named=True)
        members = campaign_lists.members(session, root, campaign.id, wanted=Wanted(filters={"control": [False]}))
    assert (row["cost"], row["members"], row["responded"]) == (2**40, 2, 2)
    assert (steps["members"], steps["responded"], steps["converted"], members.total) == (2, 2, 0, 2)


def test_nobody_is_in_two_campaigns_within_the_pause(any_engine: Engine, root: Actor) -> None:
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        campaign_launch.launch(session, root, a_campaign(session).id)
        again = factories.a_campaign(session, audience=RULE, channel=Channel.EMAIL)
        assert campaigns.preview(session, root, again.id).left_out[Barrier.CONTACTED] == 2
        assert len(session.scalars(select(CampaignMember)).all()) == 2


def test_points_add_up_to_the_same_balance_tier_and_ledger(any_engine: Engine, root: Actor) -> None:
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        factories.a_point_a_hundred(session)
        customer = factories.a_customer(session)
        factories.a_sale(session, customer, amount=6_000_000)
        booked = loyalty_sales.book_sales(session, root)
        loyalty.spend(session, root, customer.id, points=150)
        old = loyalty.earn(session, root, customer.id, points=200, reason="Old")
        old.expires_on = clock.today() - timedelta(days=1)
        session.flush()
        expired = loyalty.expire(session, root)
        loyalty_sales.apply_tiers(session, root)
    with db.reading(any_engine) as session:
        row = points.members(session, root, wanted=Wanted(filters={"tier": ["Silver"]})).rows.row(0, named=True)
        ledger = points.ledger(session, root, customer.id, wanted=Wanted(descending=True)).rows["balance"].to_list()
    assert (booked.sales, expired, row["balance"], row["earned"]) == (1, 1, 600, 800)
    assert ledger == [600, 650, 450, 600]


def test_invitations_and_answers_are_sorted_and_counted_alike(any_engine: Engine, root: Actor) -> None:
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        customers = [factories.a_customer(session, name=name, region="华北") for name in ("A", "B", "C")]
        nps = factories.a_survey(session, cool_down_days=90)
        hard: Survey = factories.a_survey(
            session, kind=SurveyKind.CES, scale_low=1, scale_high=7, orientation=Orientation.LOW
        )
        made = invitations.invite(session, root, nps.id, asked=Asked(rule={"region": ["华北"]}))
        token = made.links[customers[0].id].split("?t=")[1]
        responses.answer(session, responses.respondent(), token=token, values={"score": 3, "comment": "差"})
        responses.record(session, root, hard.id, customer_id=customers[1].id, values={"score": 7})
        responses.record(session, root, nps.id, customer_id=customers[2].id, values={"comment": "No score"})
        again = invitations.preview(session, root, nps.id, asked=Asked(rule={"region": ["华北"]}))
    with db.reading(any_engine) as session:
        worst = survey_lists.answers(session, root, wanted=Wanted()).rows["score"].to_list()
        counts = survey_lists.invitation_counts(session, root, nps.id)
        listed = {
            row["id"]: row["answered"] for row in survey_lists.listing(session, root, wanted=Wanted()).rows.to_dicts()
        }
        assert len(session.scalars(select(Invitation)).all()) == 3
    assert (worst, counts["answered"], counts["open"]) == ([7, 3, None], 2, 1)
    assert (listed, again.left_out) == ({nps.id: 2, hard.id: 1}, {Barrier.ASKED: 1, Barrier.COOL_DOWN: 2})
