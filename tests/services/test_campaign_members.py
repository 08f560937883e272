"""The steps of a campaign's members: never back, nothing filled in, and opting out is taken seriously."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import clock
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError, NotAllowedError
from crm_data.models import Campaign, CampaignMember, Consent
from crm_data.services import campaign_members, changes, undoing
from crm_data.services.campaign_members import Moved
from crm_data.vocabulary import CampaignStatus, ChangeAction, Channel, ConsentPurpose, MemberState
from tests import factories

MORNING = datetime(2026, 6, 2, 8, tzinfo=UTC)


def a_running(session: Session) -> Campaign:
    return factories.a_campaign(session, status=CampaignStatus.RUNNING, channel=Channel.EMAIL)


def a_member(session: Session, campaign: Campaign, **wanted) -> CampaignMember:
    customer = factories.a_customer(session)
    return factories.added(session, CampaignMember(campaign_id=campaign.id, customer_id=customer.id, **wanted))


def test_a_step_has_its_time_and_skipped_steps_stay_empty(session: Session, root: Actor):
    campaign = a_running(session)
    member = a_member(session, campaign)
    campaign_members.advance(session, root, campaign.id, state=MemberState.RESPONDED, at=MORNING)
    assert (member.state, member.responded_at) == (MemberState.RESPONDED, MORNING)
    assert (member.sent_at, member.opened_at) == (None, None)


def test_a_step_never_goes_back(session: Session, root: Actor):
    campaign = a_running(session)
    ahead, behind = (a_member(session, campaign, state=state) for state in (MemberState.CLICKED, MemberState.SENT))
    moved = campaign_members.advance(session, root, campaign.id, state=MemberState.OPENED)
    assert (moved, ahead.state, behind.state) == (Moved(1, 1), MemberState.CLICKED, MemberState.OPENED)


@pytest.mark.parametrize("last", campaign_members.FINAL)
def test_opting_out_and_bouncing_come_after_any_step_and_nothing_after_them(session: Session, root: Actor, last):
    campaign = a_running(session)
    a_member(session, campaign, state=MemberState.CONVERTED)
    stands = [campaign_members.advance(session, root, campaign.id, state=state) for state in (last, MemberState.SENT)]
    assert stands == [Moved(1, 0), Moved(0, 1)]


def test_only_the_chosen_members_of_this_campaign_move(session: Session, root: Actor):
    campaign, other = a_running(session), a_running(session)
    chosen, _left, foreign = a_member(session, campaign), a_member(session, campaign), a_member(session, other)
    ids = [chosen.id, foreign.id, 4711]
    moved = campaign_members.advance(session, root, campaign.id, state=MemberState.SENT, member_ids=ids)
    assert (moved, foreign.state) == (Moved(1, 0), MemberState.TARGETED)


def test_the_control_group_hears_nothing_but_may_convert(session: Session, root: Actor):
    campaign = a_running(session)
    member = a_member(session, campaign, control=True)
    states = (MemberState.SENT, MemberState.OPTED_OUT, MemberState.CONVERTED)
    moved = [campaign_members.advance(session, root, campaign.id, state=state).moved for state in states]
    assert (moved, member.state) == ([0, 0, 1], MemberState.CONVERTED)


def test_opting_out_withdraws_the_consent_and_undoing_it_gives_it_back(engine: Engine, root: Actor):
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        campaign = a_running(session)
        customer_id = a_member(session, campaign).customer_id
        factories.a_consent(session, session.get_one(factories.models.Customer, customer_id))
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        campaign_members.advance(session, root, campaign.id, state=MemberState.OPTED_OUT)
        opted_out = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, opted_out)
        ledger = session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [entry.given for entry in ledger] == [True, False, True]
    assert {(entry.channel, entry.purpose) for entry in ledger} == {(Channel.EMAIL, ConsentPurpose.MARKETING)}
    assert ledger[1].source == campaign.name


def test_undoing_an_opt_out_gives_no_consent_that_was_never_there(engine: Engine, root: Actor):
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        campaign = a_running(session)
        a_member(session, campaign)
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        campaign_members.advance(session, root, campaign.id, state=MemberState.OPTED_OUT)
        opted_out = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, opted_out)
        assert session.scalars(select(Consent.given)).all() == [False]


def test_steps_are_taken_in_a_running_campaign_and_not_in_the_future(session: Session, root: Actor):
    with pytest.raises(CrmError, match="not running"):
        campaign_members.advance(session, root, factories.a_campaign(session).id, state=MemberState.SENT)
    tomorrow = clock.now() + timedelta(days=1)
    with pytest.raises(InvalidError):
        campaign_members.advance(session, root, a_running(session).id, state=MemberState.SENT, at=tomorrow)


def test_a_seller_moves_no_members(session: Session, seller: Actor):
    with pytest.raises(NotAllowedError):
        campaign_members.advance(session, seller, a_running(session).id, state=MemberState.SENT)
