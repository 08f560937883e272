"""How far a campaign has come with each of its members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Base, Campaign, CampaignMember, Consent
from crm_data.services import audiences, campaigns, changes
from crm_data.vocabulary import (
    N_,
    Action,
    CampaignStatus,
    ChangeAction,
    Channel,
    ConsentPurpose,
    LawfulBasis,
    MemberState,
)

ORDER = (
    MemberState.TARGETED,
    MemberState.SENT,
    MemberState.DELIVERED,
    MemberState.OPENED,
    MemberState.CLICKED,
    MemberState.RESPONDED,
    MemberState.CONVERTED,
)
FINAL = (MemberState.OPTED_OUT, MemberState.BOUNCED)
_AT_ONCE = 500


@dataclass(frozen=True)
class Moved:
    """How many members took the step, and how many had taken it (or a later one) before, or cannot take it."""

    moved: int
    left: int


def advance(
    session: Session,
    actor: Actor,
    campaign_id: int,
    *,
    state: MemberState,
    member_ids: Sequence[int] | None = None,
    at: datetime | None = None,
) -> Moved:
    """Set the state of members (of all of them without `member_ids`) with the time of the step.

    A step never goes back; only opting out and bouncing come after any step, and nothing comes after these. Skipped
    steps stay empty. The control group hears nothing from us: its members can only convert.
    """
    campaign = access.fetch(session, actor, Campaign, campaign_id, action=Action.EDIT)
    if campaign.status not in {CampaignStatus.RUNNING, CampaignStatus.FINISHED}:
        raise CrmError(N_("The campaign “{name}” is not running: launch it first."), name=campaign.name)
    moment = at or clock.now()
    if moment > clock.now():
        raise InvalidError(N_("This day lies in the future."), field="at")
    members = _members(session, campaign_id, member_ids)
    willing = [member for member in members if _may_step(member, state)]
    for member in willing:
        member.state = state
        setattr(member, f"{state.value}_at", getattr(member, f"{state.value}_at") or moment)
    changes.current(session).action = ChangeAction.BULK_EDIT
    session.flush()
    return Moved(len(willing), len(members) - len(willing))


@changes.follows(CampaignMember, when=("state",))
def _withdraw(session: Session, actor: Actor, member: CampaignMember, before: Mapping[str, Any]) -> Sequence[Base]:
    """Opting out withdraws the consent for the campaign's channel; taking that back gives it again if it was given."""
    old = before.get("state")
    if member.state is MemberState.OPTED_OUT and (not before or "state" in before):
        return [_entry(session, actor, member, channel, given=False) for channel in _channels(session, member)]
    if old is MemberState.OPTED_OUT:
        channels = [channel for channel in _channels(session, member) if _was_given(session, member, channel)]
        return [_entry(session, actor, member, channel, given=True) for channel in channels]
    return []


def _may_step(member: CampaignMember, state: MemberState) -> bool:
    if member.state in FINAL:
        return False
    if member.control:
        return state is MemberState.CONVERTED and member.state is not state
    return state in FINAL or ORDER.index(state) > ORDER.index(member.state)


def _members(session: Session, campaign_id: int, member_ids: Sequence[int] | None) -> list[CampaignMember]:
    all_of_them = select(CampaignMember).where(
        CampaignMember.campaign_id == campaign_id, CampaignMember.deleted_at.is_(None)
    )
    if member_ids is None:
        return list(session.scalars(all_of_them))
    found: list[CampaignMember] = []
    for start in range(0, len(member_ids), _AT_ONCE):
        some = member_ids[start : start + _AT_ONCE]
        found += session.scalars(all_of_them.where(CampaignMember.id.in_(some)))
    return found


def _channels(session: Session, member: CampaignMember) -> Sequence[Channel]:
    campaign = session.get(Campaign, member.campaign_id)
    channel = campaigns.channel_of(campaign) if campaign else None
    return [channel] if channel else audiences.DIRECT


def _was_given(session: Session, member: CampaignMember, channel: Channel) -> bool:
    newest = _ledger(member, channel).limit(2)
    return list(session.scalars(newest)) == [False, True]


def _ledger(member: CampaignMember, channel: Channel) -> Any:
    wanted = select(Consent.given).where(
        Consent.customer_id == member.customer_id,
        Consent.contact_id.is_(None),
        Consent.channel == channel,
        Consent.purpose == ConsentPurpose.MARKETING,
    )
    return wanted.order_by(Consent.at.desc(), Consent.id.desc())


def _entry(session: Session, actor: Actor, member: CampaignMember, channel: Channel, *, given: bool) -> Consent:
    campaign = session.get(Campaign, member.campaign_id)
    return Consent(
        customer_id=member.customer_id,
        channel=channel,
        purpose=ConsentPurpose.MARKETING,
        given=given,
        basis=LawfulBasis.CONSENT,
        source=campaign.name if campaign else None,
        at=clock.now(),
        user_id=actor.user_id,
    )
