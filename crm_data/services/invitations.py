"""Asking customers to answer a survey: whom, over which channel, and with a link of their own."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from crm_data import access, clock, db, settings
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Customer, Invitation, Survey
from crm_data.services import audiences, changes, surveys
from crm_data.vocabulary import N_, Action, Barrier, ChangeAction, Channel, ConsentPurpose, Module

VALID_DAYS = 30
_LONGEST_LIFE = 365


@dataclass(frozen=True)
class Asked:
    """Whom an invitation is for: customers by key, or by a rule over their fields, and how the link reaches them."""

    customer_ids: Sequence[int] = ()
    rule: audiences.Rule | None = None
    channel: Channel | None = None
    valid_days: int = VALID_DAYS


@dataclass(frozen=True)
class Invited:
    """The links, which are shown this once, by customer; and how many customers were left out for which reason."""

    links: Mapping[int, str]
    left_out: Mapping[Barrier, int]


def preview(session: Session, actor: Actor, survey_id: int, *, asked: Asked) -> audiences.Audience:
    """Count who would be invited, and who would be left out and why."""
    survey = access.fetch(session, actor, Survey, survey_id)
    return audiences.tally(session, _sorted_out(actor, survey, asked))


def invite(session: Session, actor: Actor, survey_id: int, *, asked: Asked) -> Invited:
    """Invite every customer meant whom nothing speaks against, each with a link that works once.

    Of a link's secret only the digest is kept: what is returned here cannot be shown again.
    """
    access.require(actor, Module.SATISFACTION, Action.CREATE)
    survey = access.fetch(session, actor, Survey, survey_id)
    surveys.refuse_unless_running(survey)
    _check_life(asked.valid_days)
    statement = _sorted_out(actor, survey, asked)
    left_out = audiences.tally(session, statement).left_out
    customer_ids = audiences.reachable(session, statement)
    if not customer_ids:
        raise CrmError(N_("Nobody can be invited: every customer meant is left out."))
    links: dict[int, str] = {}
    keys = db.take_keys(session, table=Invitation.__tablename__, count=len(customer_ids))
    for key, customer_id in zip(keys, customer_ids, strict=True):
        invitation = Invitation(id=key, survey_id=survey.id, customer_id=customer_id, channel=asked.channel)
        links[customer_id] = _give_link(invitation, valid_days=asked.valid_days)
        session.add(invitation)
    changes.current(session).action = ChangeAction.SEND
    session.flush()
    return Invited(links, left_out)


def renew(session: Session, actor: Actor, invitation_id: int, *, valid_days: int = VALID_DAYS) -> str:
    """Give an unanswered invitation a new link, as a reminder; the old one stops working."""
    invitation = access.fetch(session, actor, Invitation, invitation_id, action=Action.EDIT)
    survey = access.fetch(session, actor, Survey, invitation.survey_id)
    surveys.refuse_unless_running(survey)
    _check_life(valid_days)
    if invitation.answered_at is not None:
        raise CrmError(N_("This invitation was answered already; there is nothing to remind of."))
    link = _give_link(invitation, valid_days=valid_days)
    session.flush()
    return link


def bounce(session: Session, actor: Actor, invitation_id: int) -> Invitation:
    """Note that an invitation could not be delivered: it counts as not asked."""
    invitation = access.fetch(session, actor, Invitation, invitation_id, action=Action.EDIT)
    if invitation.answered_at is not None:
        raise CrmError(N_("This invitation was answered, so it did arrive."))
    invitation.bounced_at = invitation.bounced_at or clock.now()
    session.flush()
    return invitation


def digest(token: str) -> str:
    """Give what is kept of a link's secret: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def _sorted_out(actor: Actor, survey: Survey, asked: Asked) -> Select[Any]:
    rule = asked.rule or {}
    audiences.check(rule)
    meant = or_(Customer.id.in_(list(asked.customer_ids)), audiences.meant_by(rule))
    now = clock.now()
    barred = [
        *audiences.asked_lately(survey.id, now=now, since=now - timedelta(days=survey.cool_down_days)),
        *audiences.without_consent(asked.channel, purpose=ConsentPurpose.SURVEY, needed=False),
        *audiences.unreached(asked.channel),
        *audiences.without_address(asked.channel),
    ]
    return audiences.sorted_out(actor, meant, barred=barred)


def _give_link(invitation: Invitation, *, valid_days: int) -> str:
    token = secrets.token_urlsafe(24)
    invitation.token_sha256 = digest(token)
    invitation.sent_at = clock.now()
    invitation.bounced_at = None
    invitation.expires_at = clock.now() + timedelta(days=valid_days)
    return f"{settings.public_url()}/survey?t={token}"


def _check_life(valid_days: int) -> None:
    if not 1 <= valid_days <= _LONGEST_LIFE:
        raise InvalidError(N_("A link is valid for 1 to 365 days."), field="valid_days")


def open_invitation(session: Session, *, survey_id: int, customer_id: int) -> Invitation | None:
    """Find the newest unanswered invitation of a customer to a survey."""
    wanted = select(Invitation).where(
        Invitation.survey_id == survey_id,
        Invitation.customer_id == customer_id,
        Invitation.answered_at.is_(None),
        Invitation.deleted_at.is_(None),
    )
    return session.scalars(wanted.order_by(Invitation.id.desc()).limit(1).with_for_update()).one_or_none()
