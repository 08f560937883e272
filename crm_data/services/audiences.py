"""Whom a campaign or survey is meant for, and who has to be left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, false, func, literal, null, or_, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import InvalidError
from crm_data.models import Campaign, CampaignMember, Consent, Contact, Customer, Invitation
from crm_data.vocabulary import N_, Barrier, Channel, ConsentPurpose, CustomerKind, Labelled, LifecycleStage

FIELDS = ("kind", "category", "tier", "region", "industry", "stage", "source", "tags")
# On these a message goes to one person, who must have agreed to it.
DIRECT = (Channel.PHONE, Channel.EMAIL, Channel.SMS, Channel.WECHAT)
_LISTS: Mapping[str, type[Labelled]] = {"kind": CustomerKind, "stage": LifecycleStage}
_ADDRESSES = {
    Channel.PHONE: "phone",
    Channel.SMS: "phone",
    Channel.WECHAT: "phone",
    Channel.EMAIL: "email",
    Channel.POST: "address",
}

Rule = Mapping[str, Sequence[Any]]
Barred = tuple[ColumnElement[bool], Barrier]


@dataclass(frozen=True)
class Audience:
    """How many customers are meant, how many can be reached, and how many are left out for which reason."""

    meant: int
    reached: int
    left_out: Mapping[Barrier, int]


def check(rule: Rule) -> None:
    """Raise InvalidError unless a rule maps customer fields to values that such a field can have."""
    for name, values in rule.items():
        allowed = _LISTS.get(name)
        known = name in FIELDS and not isinstance(values, str) and all(isinstance(value, str) for value in values)
        if not known or (allowed and not set(values) <= set(allowed)):
            message = N_("The audience cannot be chosen by “{name}” like this. Choose values from the lists.")
            raise InvalidError(message, field="audience", name=name)


def meant_by(rule: Rule) -> ColumnElement[bool]:
    """Give the SQL condition of a rule: any of the values in each field that it names; without values, nobody."""
    named = {name: list(values) for name, values in rule.items() if values}
    return and_(*(_one_of(name, values) for name, values in named.items())) if named else false()


def sorted_out(actor: Actor, meant: ColumnElement[bool], *, barred: Sequence[Barred]) -> Select[Any]:
    """Select the visible customers who are meant, each with the first reason to leave it out: customer_id, barrier."""
    reasons = [(condition, literal(barrier.value)) for condition, barrier in barred]
    barrier: Any = case(*reasons, else_=null()) if reasons else null()
    columns = select(Customer.id.label("customer_id"), barrier.label("barrier"))
    return access.visible(actor, columns.where(meant), Customer)


def tally(session: Session, statement: Select[Any]) -> Audience:
    """Count the customers of `sorted_out` by reason."""
    sorted_customers = statement.subquery()
    rows = session.execute(select(sorted_customers.c.barrier, func.count()).group_by(sorted_customers.c.barrier))
    counts = {Barrier(barrier) if barrier else None: int(count) for barrier, count in rows}
    reached = counts.pop(None, 0)
    left_out = {barrier: counts[barrier] for barrier in Barrier if barrier in counts}
    return Audience(reached + sum(left_out.values()), reached, left_out)


def reachable(session: Session, statement: Select[Any]) -> list[int]:
    """Give the keys of the customers of `sorted_out` whom nothing speaks against, in order."""
    customers = statement.subquery()
    wanted = select(customers.c.customer_id).where(customers.c.barrier.is_(None)).order_by(customers.c.customer_id)
    return list(session.scalars(wanted))


def without_address(channel: Channel | None) -> list[Barred]:
    """Leave out customers who, like their primary contact, have no address for the channel."""
    column = _ADDRESSES.get(channel) if channel else None
    if column is None:
        return []
    conditions = [_empty(getattr(Customer, column))]
    if column in {"phone", "email"}:
        address: Any = getattr(Contact, column)
        conditions.append(
            ~exists().where(
                Contact.customer_id == Customer.id,
                Contact.primary,
                Contact.deleted_at.is_(None),
                ~_empty(address),
            )
        )
    return [(and_(*conditions), Barrier.ADDRESS)]


def without_consent(channel: Channel | None, *, purpose: ConsentPurpose, needed: bool) -> list[Barred]:
    """Leave out customers who withdrew their consent; with `needed`, on a direct channel, those too who never gave it.

    The newest entry of the customer itself counts, not those of single contacts.
    """
    if channel is None:
        return []
    newest = (
        select(Consent.given)
        .where(
            Consent.customer_id == Customer.id,
            Consent.contact_id.is_(None),
            Consent.channel == channel,
            Consent.purpose == purpose,
        )
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )
    barred: list[Barred] = [(newest.is_(False), Barrier.WITHDRAWN)]
    if needed and channel in DIRECT:
        barred.append((newest.is_(None), Barrier.NO_CONSENT))
    return barred


def in_another_campaign(*, besides: int, since: datetime) -> list[Barred]:
    """Leave out customers whom another campaign reached since then: the cap on how often one hears from us."""
    met = exists().where(
        CampaignMember.customer_id == Customer.id,
        CampaignMember.campaign_id != besides,
        CampaignMember.campaign_id == Campaign.id,
        Campaign.deleted_at.is_(None),
        CampaignMember.deleted_at.is_(None),
        CampaignMember.control.is_(False),
        func.coalesce(CampaignMember.sent_at, CampaignMember.targeted_at) >= since,
    )
    return [(met, Barrier.CONTACTED)]


def asked_lately(survey_id: int, *, now: datetime, since: datetime) -> list[Barred]:
    """Leave out customers with an open invitation to this survey, and those whom any survey asked since then."""
    mine = and_(Invitation.customer_id == Customer.id, Invitation.deleted_at.is_(None))
    is_open = and_(
        Invitation.survey_id == survey_id,
        Invitation.answered_at.is_(None),
        Invitation.bounced_at.is_(None),
        or_(Invitation.expires_at.is_(None), Invitation.expires_at > now),
    )
    return [
        (exists().where(mine, is_open), Barrier.ASKED),
        (exists().where(mine, Invitation.sent_at >= since, Invitation.bounced_at.is_(None)), Barrier.COOL_DOWN),
    ]


def unreached(channel: Channel | None) -> list[Barred]:
    """Leave out customers whose last invitation over the channel could not be delivered."""
    if channel is None:
        return []
    newest = (
        select(Invitation.bounced_at)
        .where(
            Invitation.customer_id == Customer.id,
            Invitation.channel == channel,
            Invitation.deleted_at.is_(None),
        )
        .order_by(Invitation.sent_at.desc(), Invitation.id.desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )
    return [(newest.is_not(None), Barrier.BOUNCED)]


def _empty(column: Any) -> ColumnElement[bool]:
    return or_(column.is_(None), column == "")


def _one_of(name: str, values: list[Any]) -> ColumnElement[bool]:
    if name == "tags":
        # The list is stored as JSON text, in which a whole tag stands between quotation marks.
        listed = cast(Customer.tags, Text)
        return or_(*(listed.contains(f'"{_as_json(value)}"', autoescape=True) for value in values))
    column: ColumnElement[Any] = getattr(Customer, name)
    return column.in_(values)


def _as_json(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
