"""Answers to surveys: recorded by staff or given through a link, and what follows from a bad one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, NotFoundError
from crm_data.models import Base, Consent, Customer, Invitation, LoyaltyEntry, Response, Survey, Task
from crm_data.services import answers, bin, changes, invitations, loyalty, surveys
from crm_data.terms import today
from crm_data.vocabulary import (
    N_,
    Action,
    Channel,
    ConsentPurpose,
    LawfulBasis,
    LoyaltyEntryKind,
    Module,
    SurveyStatus,
    TaskKind,
)
from crm_data.vocabulary.scales import is_bad

FOLLOW_UP_DAYS = 2
RULE = "survey_follow_up"
_LONGEST_TITLE = 200
_UNKNOWN = N_("This link is not valid. Please use the link of your invitation as you received it.")
_USED = N_("This survey was answered already. Thank you for your answer.")
_EXPIRED = N_("This link has expired. Thank you for your interest.")


def respondent() -> access.Actor:
    """Give the actor of a customer who answers through a link: nothing but answering is open to it."""
    rights = [(Module.SATISFACTION, Action.VIEW), (Module.SATISFACTION, Action.CREATE)]
    return access.system("survey link", rights=rights)


def record(session: Session, actor: Actor, survey_id: int, *, customer_id: int, values: Mapping[str, Any]) -> Response:
    """Record a customer's answer that staff took down; an open invitation counts as answered by it.

    `values` has any of answers.FIELDS. A skipped question is left out or None.
    """
    access.require(actor, Module.SATISFACTION, Action.CREATE)
    survey = access.fetch(session, actor, Survey, survey_id)
    surveys.refuse_unless_running(survey)
    access.fetch(session, actor, Customer, customer_id)
    invitation = invitations.open_invitation(session, survey_id=survey_id, customer_id=customer_id)
    response = Response(survey_id=survey_id, customer_id=customer_id, **answers.checked(survey, values))
    _keep(session, actor, (survey, response, invitation))
    access.demand(session, actor, response, action=Action.CREATE)
    return response


def asked(session: Session, actor: Actor, *, token: str) -> Survey:
    """Give the survey that a link asks for; raises CrmError when the link is unknown, used or expired."""
    access.require(actor, Module.SATISFACTION, Action.VIEW)
    return _survey_of(session, _invitation(session, token))


def opened(session: Session, actor: Actor, *, token: str) -> None:
    """Note when an invitation's link was opened for the first time."""
    access.require(actor, Module.SATISFACTION, Action.CREATE)
    invitation = _invitation(session, token)
    _survey_of(session, invitation)
    invitation.opened_at = invitation.opened_at or clock.now()
    session.flush()


def answer(session: Session, actor: Actor, *, token: str, values: Mapping[str, Any]) -> Response:
    """Take the answer given through a link, once."""
    access.require(actor, Module.SATISFACTION, Action.CREATE)
    invitation = _invitation(session, token)
    survey = _survey_of(session, invitation)
    given = {name: value for name, value in values.items() if name in {"score", "answers", "comment"}}
    response = Response(
        survey_id=survey.id,
        customer_id=invitation.customer_id,
        contact_id=invitation.contact_id,
        **answers.checked(survey, given),
    )
    _keep(session, actor, (survey, response, invitation))
    return response


def decline(session: Session, actor: Actor, *, token: str) -> None:
    """Write down that a customer wants no more surveys; the link stops working."""
    access.require(actor, Module.SATISFACTION, Action.CREATE)
    invitation = _invitation(session, token)
    survey = _survey_of(session, invitation)
    invitation.expires_at = clock.now()
    for channel in [invitation.channel] if invitation.channel else list(Channel):
        session.add(_withdrawal(invitation, channel=channel, source=survey.name))
    session.flush()


def delete(session: Session, actor: Actor, response_id: int) -> Mapping[str, int]:
    """Put an answer into the bin and take back the points it earned."""
    response = access.fetch(session, actor, Response, response_id, action=Action.DELETE)
    return bin.delete_with_parts(session, response)


def follow_up(session: Session, actor: Actor, response_id: int) -> Task:
    """Open a follow-up for an answer that has none: for the customer's owner, due in two days."""
    response = access.fetch(session, actor, Response, response_id, action=Action.EDIT)
    if response.follow_up_task_id is not None:
        raise CrmError(N_("This answer has a follow-up already."))
    survey = access.fetch(session, actor, Survey, response.survey_id)
    task = _follow_up_task(session, actor, survey, response)
    session.flush()
    response.follow_up_task_id = task.id
    session.flush()
    return task


@changes.follows(Task, when=("done_at",))
def _closed_loop(session: Session, _actor: Actor, task: Task, before: Mapping[str, Any]) -> Sequence[Base]:
    if task.kind is TaskKind.SURVEY and "done_at" in before:
        wanted = select(Response).where(Response.follow_up_task_id == task.id)
        for response in session.scalars(wanted):
            response.followed_up_at = task.done_at
    return []


@changes.follows(Response, when=("deleted_at",))
def _points_with_the_answer(
    session: Session, actor: Actor, response: Response, before: Mapping[str, Any]
) -> Sequence[Base]:
    if "deleted_at" not in before:
        return []
    entries = select(func.sum(LoyaltyEntry.points)).where(LoyaltyEntry.response_id == response.id)
    granted = int(session.scalar(entries) or 0)
    earned = int(session.scalar(entries.where(LoyaltyEntry.kind == LoyaltyEntryKind.EARNED)) or 0)
    about = {"response_id": response.id}
    if response.deleted_at is not None:
        loyalty.take_back(session, actor, response.customer_id, points=granted, **about)
    elif earned > granted:
        adjusted = LoyaltyEntryKind.ADJUSTED
        loyalty.book(session, actor, response.customer_id, kind=adjusted, points=earned - granted, **about)
    return []


def _keep(session: Session, actor: Actor, answered: tuple[Survey, Response, Invitation | None]) -> None:
    survey, response, invitation = answered
    if invitation is not None:
        response.invitation_id = invitation.id
        invitation.answered_at = response.answered_at
    scale = (survey.scale_low, survey.scale_high)
    if is_bad(response.score, kind=survey.kind, scale=scale, orientation=survey.orientation):
        task = _follow_up_task(session, actor, survey, response)
        session.flush()
        response.follow_up_task_id = task.id
    session.add(response)
    session.flush()
    if survey.reward_points:
        about = {"response_id": response.id, "reason": survey.name}
        earned = LoyaltyEntryKind.EARNED
        loyalty.book(session, actor, response.customer_id, kind=earned, points=survey.reward_points, **about)
        session.flush()


def _follow_up_task(session: Session, actor: Actor, survey: Survey, response: Response) -> Task:
    owner_id = session.scalar(select(Customer.owner_id).where(Customer.id == response.customer_id))
    score = "" if response.score is None else f": {response.score}/{survey.scale_high}"
    task = Task(
        customer_id=response.customer_id,
        kind=TaskKind.SURVEY,
        title=survey.name[: _LONGEST_TITLE - len(score)] + score,
        text=response.comment,
        assignee_id=owner_id or actor.user_id,
        due_on=today(session) + timedelta(days=FOLLOW_UP_DAYS),
        created_by_rule=RULE,
    )
    session.add(task)
    return task


def _withdrawal(invitation: Invitation, *, channel: Channel, source: str) -> Consent:
    return Consent(
        customer_id=invitation.customer_id,
        channel=channel,
        purpose=ConsentPurpose.SURVEY,
        given=False,
        basis=LawfulBasis.CONSENT,
        source=source,
        at=clock.now(),
    )


def _invitation(session: Session, token: str) -> Invitation:
    wanted = select(Invitation).where(
        Invitation.token_sha256 == invitations.digest(token), Invitation.deleted_at.is_(None)
    )
    # Two answers through one link at the same moment: the second waits, then sees that the first was kept.
    invitation = session.scalars(wanted.with_for_update()).one_or_none() if token else None
    if invitation is None:
        raise NotFoundError(_UNKNOWN)
    if invitation.answered_at is not None:
        raise CrmError(_USED)
    if invitation.expires_at is not None and invitation.expires_at <= clock.now():
        raise CrmError(_EXPIRED)
    return invitation


def _survey_of(session: Session, invitation: Invitation) -> Survey:
    survey = session.get(Survey, invitation.survey_id)
    if survey is None or survey.deleted_at is not None or survey.status is not SurveyStatus.RUNNING:
        raise CrmError(_EXPIRED)
    return survey
