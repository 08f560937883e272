"""A launch freezes the audience, holds a control group out and deals the variants, all of it by a stored seed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import clock, db
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Campaign, CampaignMember
from crm_data.services import campaign_launch, campaign_members, campaign_parts, campaigns, changes, undoing
from crm_data.vocabulary import Barrier, CampaignStatus, ChangeAction, MemberState
from tests import factories

NORTH = {"region": ["North"]}


def an_approved(session: Session, *, customers: int = 10, **wanted) -> Campaign:
    for number in range(customers):
        customer = factories.a_customer(session, region="North", email=f"{number}@example.com")
        factories.a_consent(session, customer)
    return factories.a_campaign(session, audience=NORTH, status=CampaignStatus.APPROVED, **wanted)


def test_a_launch_freezes_the_audience(session: Session, root: Actor):
    campaign = an_approved(session)
    launched = campaign_launch.launch(session, root, campaign.id)
    factories.a_consent(session, factories.a_customer(session, region="North", email="late@example.com"))
    assert (launched.members, launched.control, factories.count(session, CampaignMember)) == (10, 0, 10)


@pytest.mark.parametrize(("share", "control"), [(0, 0), (20, 2), (100, 10)])
def test_the_control_share_is_held_out(session: Session, root: Actor, share, control):
    campaign = an_approved(session, control_share=share)
    assert campaign_launch.launch(session, root, campaign.id).control == control


def test_who_is_left_out_is_said_with_the_reason(session: Session, root: Actor):
    campaign = an_approved(session, customers=3)
    asked = factories.a_customer(session, region="North", email="never@example.com")
    gone = factories.a_customer(session, region="North", email="gone@example.com")
    factories.a_consent(session, gone, at=clock.now() - timedelta(days=9))
    factories.a_consent(session, gone, given=False, at=clock.now() - timedelta(days=8))
    factories.a_consent(session, factories.a_customer(session, region="North"))
    seen = campaigns.preview(session, root, campaign.id)
    assert (seen.meant, seen.reached, asked.id > 0) == (6, 3, True)
    assert seen.left_out == {Barrier.ADDRESS: 1, Barrier.WITHDRAWN: 1, Barrier.NO_CONSENT: 1}


def test_nobody_hears_from_two_campaigns_within_the_pause(session: Session, root: Actor):
    first = an_approved(session, control_share=50)
    campaign_launch.launch(session, root, first.id)
    second = factories.a_campaign(session, audience=NORTH, status=CampaignStatus.APPROVED)
    seen = campaigns.preview(session, root, second.id)
    assert (seen.reached, seen.left_out) == (5, {Barrier.CONTACTED: 5})


def test_a_campaign_is_launched_once(session: Session, root: Actor):
    campaign = an_approved(session)
    campaign_launch.launch(session, root, campaign.id)
    with pytest.raises(CrmError, match="launched already"):
        campaign_launch.launch(session, root, campaign.id)


def test_a_launch_needs_the_approval_and_somebody_to_reach(session: Session, root: Actor):
    planned = factories.a_campaign(session, audience=NORTH)
    empty = factories.a_campaign(session, audience=NORTH, status=CampaignStatus.APPROVED)
    for campaign, words in ((planned, "approval"), (empty, "Nobody would be reached")):
        with pytest.raises(CrmError, match=words):
            campaign_launch.launch(session, root, campaign.id)


def test_what_was_launched_is_not_planned_again(session: Session, root: Actor):
    campaign = an_approved(session)
    campaign_launch.launch(session, root, campaign.id)
    with pytest.raises(InvalidError):
        campaigns.edit(session, root, campaign.id, version=campaign.version, base={}, mine={"control_share": 50})
    with pytest.raises(CrmError, match="variants stay"):
        campaign_parts.add_variant(session, root, campaign.id, values={"name": "C", "share": 10})


def test_an_undone_launch_leaves_no_members_and_can_be_repeated(engine: Engine, root: Actor):
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        campaign = an_approved(session, control_share=20)
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        campaign_launch.launch(session, root, campaign.id)
        launched = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, launched)
    with db.reading(engine) as session:
        stands = session.get_one(Campaign, campaign.id)
        left = session.scalars(select(CampaignMember).where(CampaignMember.deleted_at.is_(None))).all()
        assert (stands.status, stands.launched_at, stands.seed, left) == (CampaignStatus.APPROVED, None, None, [])
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        assert campaign_launch.launch(session, root, campaign.id).members == 10


def test_a_launch_on_which_work_stands_is_not_undone(engine: Engine, root: Actor):
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        campaign = an_approved(session)
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        campaign_launch.launch(session, root, campaign.id)
        launched = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        campaign_members.advance(session, root, campaign.id, state=MemberState.SENT)
    with (
        pytest.raises(CrmError, match="cannot be undone"),
        changes.writing(engine, root, action=ChangeAction.UNDO) as session,
    ):
        undoing.undo(session, root, launched)


@given(
    customers=st.sets(st.integers(1, 10**9), max_size=200),
    seed=st.integers(0, 2**31 - 1),
    control_share=st.integers(0, 100),
    first=st.integers(1, 99),
)
def test_dealing_places_everybody_once_by_share_and_seed_alone(customers, seed, control_share, first):
    shares = {1: first, 2: 100 - first}
    places = campaign_launch.deal(sorted(customers), seed=seed, control_share=control_share, shares=shares)
    again = campaign_launch.deal(sorted(customers, reverse=True), seed=seed, control_share=control_share, shares=shares)
    counts = Counter(place.variant_id for place in places.values())
    reached = len(customers) - counts[None]
    assert places == again
    assert places.keys() == customers
    assert (
        counts[None] == sum(place.control for place in places.values()) == round(len(customers) * control_share / 100)
    )
    assert abs(counts[1] - reached * first / 100) <= 1
