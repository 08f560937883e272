"""Surveys as the screens show them: the list, the record, who was asked, and what was answered, worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.mirror import read_frame
from crm_data.models import Customer, Invitation, Response, Survey, User
from crm_data.queries.listing import Offer, Page, Wanted, page_of
from crm_data.terms import terms
from crm_data.vocabulary import Action, Module, Orientation, SurveyStatus

_AT_ONCE = 500

# From 0 (the worst answer of its scale) to 1 (the best); a skipped score comes last.
_SPAN = (Survey.scale_high - Survey.scale_low) * 1.0
_GOODNESS = func.coalesce(
    case(
        (Survey.orientation == Orientation.HIGH, (Response.score - Survey.scale_low) / _SPAN),
        else_=(Survey.scale_high - Response.score) / _SPAN,
    ),
    2.0,
)
_TEAM = select(User.team_id).where(User.id == Customer.owner_id).correlate(Customer).scalar_subquery()
OFFER = Offer(
    searched=func.lower(Survey.name),
    filters={"kind": Survey.kind, "status": Survey.status},
    sorts={"updated": Survey.updated_at, "name": Survey.name},
    key=Survey.id,
)
ANSWERS = Offer(
    searched=Customer.search_text,
    filters={
        "survey": Response.survey_id,
        "kind": Survey.kind,
        "region": Customer.region,
        "category": Customer.category,
        "tier": Customer.tier,
        "owner": Customer.owner_id,
        "team": _TEAM,
    },
    sorts={"worst": _GOODNESS, "answered": Response.answered_at},
    key=Response.id,
)
ASKED = Offer(
    searched=Customer.search_text,
    filters={"channel": Invitation.channel},
    sorts={"sent": Invitation.sent_at, "customer": Customer.name},
    key=Invitation.id,
)


def listing(session: Session, actor: Actor, *, wanted: Wanted) -> Page:
    """Give one page: id, name, kind, status, scale_low, scale_high, asked, answered, last_answer, updated_at.

    `asked` counts invitations that arrived, `answered` all answers, both of customers that the actor may see.
    """
    asked = select(func.count()).where(Invitation.survey_id == Survey.id, Invitation.bounced_at.is_(None))
    answered = select(func.count()).where(Response.survey_id == Survey.id)
    last = select(func.max(Response.answered_at)).where(Response.survey_id == Survey.id)
    own = ("id", "name", "kind", "status", "scale_low", "scale_high", "updated_at")
    columns = select(
        *(getattr(Survey, name) for name in own),
        access.visible(actor, asked, Invitation).correlate(Survey).scalar_subquery().label("asked"),
        access.visible(actor, answered, Response).correlate(Survey).scalar_subquery().label("answered"),
        access.visible(actor, last, Response).correlate(Survey).scalar_subquery().label("last_answer"),
    )
    return page_of(session, access.visible(actor, columns, Survey), wanted=wanted, offer=OFFER)


def record(session: Session, actor: Actor, survey_id: int) -> Survey:
    """Give one survey; raises NotFoundError where there is none for the actor."""
    return access.fetch(session, actor, Survey, survey_id)


def running(session: Session, actor: Actor) -> dict[int, str]:
    """Give the names of the surveys that run, by key: those for which an answer can be recorded."""
    wanted = access.visible(actor, select(Survey.id, Survey.name), Survey)
    rows = session.execute(wanted.where(Survey.status == SurveyStatus.RUNNING).order_by(Survey.name, Survey.id))
    return {row.id: row.name for row in rows}


def invitations(session: Session, actor: Actor, survey_id: int, *, wanted: Wanted) -> Page:
    """Give one page of whom a survey asked: id, customer_id, customer, channel, sent_at, opened_at, answered_at,
    bounced_at, expires_at.
    """
    own = ("id", "customer_id", "channel", "sent_at", "opened_at", "answered_at", "bounced_at", "expires_at")
    columns = (
        select(*(getattr(Invitation, name) for name in own), Customer.name.label("customer"))
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(Invitation.survey_id == survey_id)
    )
    return page_of(session, _of_seen(actor, columns, Invitation), wanted=wanted, offer=ASKED)


def invitation_counts(session: Session, actor: Actor, survey_id: int) -> Mapping[str, int]:
    """Count whom a survey asked: sent, bounced, opened, answered, open (neither answered nor expired)."""
    still_open = and_(
        Invitation.answered_at.is_(None),
        Invitation.bounced_at.is_(None),
        or_(Invitation.expires_at.is_(None), Invitation.expires_at > clock.now()),
    )
    columns = select(
        func.count().label("sent"),
        func.count(Invitation.bounced_at).label("bounced"),
        func.count(Invitation.opened_at).label("opened"),
        func.count(Invitation.answered_at).label("answered"),
        func.coalesce(func.sum(case((still_open, 1), else_=0)), 0).label("open"),
    ).where(Invitation.survey_id == survey_id)
    row = session.execute(access.visible(actor, columns, Invitation)).mappings().one()
    return {str(name): int(value) for name, value in row.items()}


def invited_customer(session: Session, actor: Actor, invitation_id: int) -> int:
    """Give the customer whom an invitation is for."""
    return access.fetch(session, actor, Invitation, invitation_id).customer_id


def addressees(session: Session, actor: Actor, *, links: Mapping[int, str]) -> pl.DataFrame:
    """Give whom links are for: id, name, link; email and phone too where the actor may take customers along."""
    contact = ("email", "phone") if actor.may(Module.CUSTOMERS, Action.EXPORT) else ()
    keys = sorted(links)
    parts = [
        read_frame(session.connection(), _named(actor, keys[start : start + _AT_ONCE], contact))
        for start in range(0, len(keys), _AT_ONCE)
    ]
    found = pl.concat(parts) if parts else pl.DataFrame(schema={"id": pl.Int64, "name": pl.String})
    made = {"id": keys, "link": [links[key] for key in keys]}
    secrets = pl.DataFrame(made, schema={"id": pl.Int64, "link": pl.String})
    return found.join(secrets, on="id").sort("name", "id")


def answers(
    session: Session,
    actor: Actor,
    *,
    wanted: Wanted,
    between: tuple[date, date] | None = None,
    with_comment: bool = False,
) -> Page:
    """Give one page of answers, the worst first: id, survey_id, survey, kind, scale_low, scale_high, orientation,
    customer_id, customer, score, comment, answered_at, follow_up_task_id, followed_up_at.

    `between` has the first day and the day after the last, in the organisation's time zone.
    """
    own = ("id", "survey_id", "customer_id", "score", "comment", "answered_at", "follow_up_task_id", "followed_up_at")
    columns: Select[Any] = (
        select(
            *(getattr(Response, name) for name in own),
            *(getattr(Survey, name) for name in ("kind", "scale_low", "scale_high", "orientation")),
            Survey.name.label("survey"),
            Customer.name.label("customer"),
        )
        .join(Survey, Survey.id == Response.survey_id)
        .join(Customer, Customer.id == Response.customer_id)
        .where(*_answered(session, between))
    )
    if with_comment:
        columns = columns.where(Response.comment.is_not(None), Response.comment != "")
    return page_of(session, _of_seen(actor, columns, Response), wanted=wanted, offer=ANSWERS)


def response(session: Session, actor: Actor, response_id: int) -> Response:
    """Give one answer in full; raises NotFoundError where there is none for the actor."""
    return access.fetch(session, actor, Response, response_id)


def has_answers(session: Session, actor: Actor, survey_id: int) -> bool:
    """Tell whether a survey has any answer that the actor may see."""
    wanted = access.visible(actor, select(Response.id), Response).where(Response.survey_id == survey_id)
    return session.scalar(wanted.limit(1)) is not None


def _named(actor: Actor, keys: Sequence[int], contact: Sequence[str]) -> Select[Any]:
    columns: Select[Any] = select(*(getattr(Customer, name) for name in ("id", "name", *contact)))
    return access.visible(actor, columns.where(Customer.id.in_(keys)), Customer)


def _of_seen(actor: Actor, columns: Select[Any], model: type[Invitation] | type[Response]) -> Select[Any]:
    """Narrow to what may be seen, and to customers whose names may be seen too."""
    return access.visible(actor, access.visible(actor, columns, model), Customer)


def _answered(session: Session, between: tuple[date, date] | None) -> list[ColumnElement[bool]]:
    if between is None:
        return []
    zone = ZoneInfo(terms(session).time_zone)
    first, after = (datetime.combine(day, time.min, zone) for day in between)
    return [Response.answered_at >= first, Response.answered_at < after]
