"""Who is asked to answer, who is not, and what is kept of a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import clock
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError, NotAllowedError
from crm_data.models import AuditEntry, Invitation
from crm_data.services import invitations
from crm_data.services.invitations import Asked
from crm_data.vocabulary import Barrier, Channel, ConsentPurpose, SurveyStatus
from tests import factories


def test_a_link_is_given_once_and_only_its_digest_is_kept(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    invited = invitations.invite(session, root, survey.id, asked=Asked([customer.id]))
    token = invited.links[customer.id].split("?t=")[1]
    kept = session.scalars(select(Invitation)).one()
    written = str(session.scalars(select(AuditEntry.after)).all())
    assert kept.token_sha256 == invitations.digest(token)
    assert token not in written
    assert str(kept.token_sha256) not in written


def test_a_customer_is_asked_once_a_wave(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    invitations.invite(session, root, survey.id, asked=Asked([customer.id]))
    seen = invitations.preview(session, root, survey.id, asked=Asked([customer.id]))
    assert (seen.meant, seen.reached, seen.left_out) == (1, 0, {Barrier.ASKED: 1})


def test_any_survey_of_late_gives_a_customer_a_rest(session: Session, root: Actor):
    customer, survey = factories.a_customer(session), factories.a_survey(session, cool_down_days=90)
    sent = clock.now() - timedelta(days=89)
    factories.added(
        session, Invitation(survey_id=factories.a_survey(session).id, customer_id=customer.id, sent_at=sent)
    )
    seen = invitations.preview(session, root, survey.id, asked=Asked([customer.id]))
    assert seen.left_out == {Barrier.COOL_DOWN: 1}


def test_the_rest_ends(session: Session, root: Actor):
    customer, survey = factories.a_customer(session), factories.a_survey(session, cool_down_days=90)
    sent = clock.now() - timedelta(days=91)
    factories.added(
        session, Invitation(survey_id=factories.a_survey(session).id, customer_id=customer.id, sent_at=sent)
    )
    assert invitations.preview(session, root, survey.id, asked=Asked([customer.id])).reached == 1


def test_a_withdrawn_consent_is_respected_and_a_missing_one_is_none(session: Session, root: Actor):
    survey = factories.a_survey(session)
    unwilling, silent = (factories.a_customer(session, email=f"{name}@example.com") for name in "ab")
    factories.a_consent(session, unwilling, channel=Channel.EMAIL, purpose=ConsentPurpose.SURVEY, given=False)
    asked = Asked([unwilling.id, silent.id], channel=Channel.EMAIL)
    invited = invitations.invite(session, root, survey.id, asked=asked)
    assert (list(invited.links), invited.left_out) == ([silent.id], {Barrier.WITHDRAWN: 1})


def test_whom_the_last_invitation_did_not_reach_is_left_out_on_that_channel(session: Session, root: Actor):
    customer = factories.a_customer(session, email="a@example.com", phone="12345678")
    first = factories.a_survey(session)
    invitations.invite(session, root, first.id, asked=Asked([customer.id], channel=Channel.EMAIL))
    invitations.bounce(session, root, session.scalars(select(Invitation.id)).one())
    again = [invitations.preview(session, root, first.id, asked=Asked([customer.id], channel=channel)).left_out
             for channel in (Channel.EMAIL, Channel.SMS)]  # fmt: skip
    assert again == [{Barrier.BOUNCED: 1}, {}]


def test_an_address_of_the_primary_contact_will_do(session: Session, root: Actor):
    survey = factories.a_survey(session)
    reachable, unreachable = factories.a_customer(session), factories.a_customer(session)
    factories.a_contact(session, reachable, email="li@example.com", primary=True)
    factories.a_contact(session, unreachable, email="wang@example.com")
    asked = Asked([reachable.id, unreachable.id], channel=Channel.EMAIL)
    invited = invitations.invite(session, root, survey.id, asked=asked)
    assert (list(invited.links), invited.left_out) == ([reachable.id], {Barrier.ADDRESS: 1})


def test_a_rule_invites_as_a_list_does(session: Session, root: Actor):
    survey = factories.a_survey(session)
    meant = factories.a_customer(session, region="North", tags=["vip", "old"])
    factories.a_customer(session, region="North", tags=["very vip"])
    factories.a_customer(session, region="South", tags=["vip"])
    invited = invitations.invite(session, root, survey.id, asked=Asked(rule={"region": ["North"], "tags": ["vip"]}))
    assert list(invited.links) == [meant.id]


def test_a_reminder_brings_a_new_link_and_ends_the_old_one(session: Session, root: Actor):
    survey, customer = factories.a_survey(session), factories.a_customer(session)
    old = invitations.invite(session, root, survey.id, asked=Asked([customer.id])).links[customer.id]
    invitation = session.scalars(select(Invitation)).one()
    new = invitations.renew(session, root, invitation.id)
    assert new != old
    assert invitation.token_sha256 == invitations.digest(new.split("?t=")[1])


def test_only_a_running_survey_invites(session: Session, root: Actor):
    survey = factories.a_survey(session, status=SurveyStatus.DRAFT)
    with pytest.raises(CrmError, match="does not run"):
        invitations.invite(session, root, survey.id, asked=Asked([factories.a_customer(session).id]))


def test_a_link_lives_a_year_at_most(session: Session, root: Actor):
    with pytest.raises(InvalidError):
        invitations.invite(session, root, factories.a_survey(session).id, asked=Asked([1], valid_days=366))


def test_customers_of_others_cannot_be_invited_by_guessing_their_numbers(session: Session):
    manager = factories.an_actor(session, role="manager")
    survey, theirs = factories.a_survey(session), factories.a_customer(session)
    seller = factories.an_actor(session)
    with pytest.raises(NotAllowedError):
        invitations.invite(session, seller, survey.id, asked=Asked([theirs.id]))
    assert invitations.preview(session, manager, survey.id, asked=Asked([4711])).meant == 0
