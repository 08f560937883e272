"""Campaigns: the plan, its approval, and how a campaign ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Base, Campaign, CampaignVariant
from crm_data.services import audiences, bin, changes, checks
from crm_data.terms import terms
from crm_data.vocabulary import (
    N_,
    Action,
    Barrier,
    CampaignKind,
    CampaignStatus,
    Channel,
    ConsentPurpose,
    Module,
)

EDITABLE = (
    "name", "kind", "objective", "channel", "audience", "offer", "product_id", "starts_on", "ends_on", "budget",
    "currency", "expected_responses", "control_share", "attribution_days", "owner_id",
)  # fmt: skip
# What was approved: a change of these asks for a new approval, and is refused after the launch.
PROMISED = {"kind", "channel", "audience", "control_share", "attribution_days"}
_ENDED = (CampaignStatus.FINISHED, CampaignStatus.CANCELLED)
_LAUNCHED = (CampaignStatus.RUNNING, CampaignStatus.FINISHED)
_CHANNELS = {
    CampaignKind.EMAIL: Channel.EMAIL,
    CampaignKind.SMS: Channel.SMS,
    CampaignKind.CALLS: Channel.PHONE,
    CampaignKind.EVENT: Channel.EVENT,
}
_EVERYBODY, _LONGEST_WINDOW = 100, 730


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Campaign:
    """Plan a campaign, owned by the actor unless another owner is named."""
    access.require(actor, Module.CAMPAIGNS, Action.CREATE)
    campaign = Campaign(**checks.only(values, EDITABLE))
    campaign.currency = values.get("currency") or terms(session).base_currency
    if "owner_id" not in values:
        campaign.owner_id = actor.user_id
    _check(campaign)
    session.add(campaign)
    session.flush()
    access.demand(session, actor, campaign, action=Action.CREATE)
    return campaign


def edit(
    session: Session, actor: Actor, campaign_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Campaign:
    """Change a plan. An approved one goes back to planned when its audience, channel or control group changes.

    Raises InvalidError when these are changed after the launch: what was measured must not move.
    """
    campaign = access.fetch(session, actor, Campaign, campaign_id, action=Action.EDIT)
    changed = changes.apply_edit(campaign, version=version, base=base, mine=checks.only(mine, EDITABLE))
    if changed & PROMISED and was_launched(campaign):
        message = N_("The campaign was launched: its audience, channel, control group and window stay as they are.")
        raise InvalidError(message, field=min(changed & PROMISED))
    _check(campaign)
    if changed & (PROMISED | {"budget"}) and campaign.status is CampaignStatus.APPROVED:
        campaign.status = CampaignStatus.PLANNED
    session.flush()
    access.demand(session, actor, campaign, action=Action.VIEW)
    return campaign


def approve(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """Approve a plan that is complete: an audience, and variants (if any) that share out all of it."""
    campaign = _in_status(session, actor, campaign_id, CampaignStatus.PLANNED)
    if not any((campaign.audience or {}).values()):
        raise InvalidError(N_("Choose the audience first: an empty rule means nobody."), field="audience")
    shares = [variant.share for variant in variants_of(session, campaign)]
    if shares and sum(shares) != _EVERYBODY:
        message = N_("The variants share out {share} % of the audience; together they must be 100 %.")
        raise CrmError(message, share=sum(shares))
    campaign.status = CampaignStatus.APPROVED
    session.flush()
    return campaign


def finish(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """Finish a running campaign."""
    campaign = _in_status(session, actor, campaign_id, CampaignStatus.RUNNING)
    campaign.status = CampaignStatus.FINISHED
    session.flush()
    return campaign


def cancel(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """Give a campaign up; what was done and spent stays on record."""
    campaign = access.fetch(session, actor, Campaign, campaign_id, action=Action.EDIT)
    if campaign.status in _ENDED:
        raise CrmError(N_("The campaign “{name}” has ended already."), name=campaign.name)
    campaign.status = CampaignStatus.CANCELLED
    session.flush()
    return campaign


def delete(session: Session, actor: Actor, campaign_id: int) -> Mapping[str, int]:
    """Put a campaign with its members, variants and costs into the bin; give the number of records of each kind."""
    campaign = access.fetch(session, actor, Campaign, campaign_id, action=Action.DELETE)
    return bin.delete_with_parts(session, campaign)


def preview(session: Session, actor: Actor, campaign_id: int) -> audiences.Audience:
    """Count whom a launch would reach at this moment, and who would be left out and why."""
    campaign = access.fetch(session, actor, Campaign, campaign_id)
    return audiences.tally(session, sorted_out(session, actor, campaign))


def sorted_out(session: Session, actor: Actor, campaign: Campaign) -> Any:
    """Select the customers meant by a campaign, each with the first reason to leave it out."""
    channel = channel_of(campaign)
    since = clock.now() - timedelta(days=terms(session).campaign_pause_days)
    barred = [
        *audiences.without_consent(channel, purpose=ConsentPurpose.MARKETING, needed=True),
        *audiences.without_address(channel),
        *audiences.in_another_campaign(besides=campaign.id, since=since),
    ]
    order = list(Barrier)
    barred.sort(key=lambda each: order.index(each[1]))
    return audiences.sorted_out(actor, audiences.meant_by(campaign.audience or {}), barred=barred)


def was_launched(campaign: Campaign) -> bool:
    """Tell whether the audience of a campaign is frozen."""
    return campaign.launched_at is not None or campaign.status in _LAUNCHED


def channel_of(campaign: Campaign) -> Channel | None:
    """Give the channel of a campaign, by its kind where none was chosen; None speaks to nobody in person."""
    return campaign.channel or _CHANNELS.get(campaign.kind)


def variants_of(session: Session, campaign: Campaign) -> Sequence[CampaignVariant]:
    """Give the variants of a campaign in order."""
    wanted = select(CampaignVariant).where(
        CampaignVariant.campaign_id == campaign.id, CampaignVariant.deleted_at.is_(None)
    )
    return session.scalars(wanted.order_by(CampaignVariant.id)).all()


def _in_status(session: Session, actor: Actor, campaign_id: int, wanted: CampaignStatus) -> Campaign:
    campaign = access.fetch(session, actor, Campaign, campaign_id, action=Action.EDIT)
    if campaign.status is not wanted:
        message = N_("The campaign “{name}” cannot take this step from where it stands. Load the page again.")
        raise CrmError(message, name=campaign.name)
    return campaign


def _check(campaign: Campaign) -> None:
    checks.all_of(
        lambda: checks.filled(campaign, "name", "kind", "objective", "starts_on", "ends_on"),
        lambda: checks.short_enough(campaign),
        lambda: checks.ordered(campaign, "starts_on", "ends_on"),
        lambda: checks.not_negative(campaign, "budget", "expected_responses"),
        lambda: audiences.check(campaign.audience or {}),
        lambda: _within(campaign, "control_share", least=0, most=_EVERYBODY),
        lambda: _within(campaign, "attribution_days", least=1, most=_LONGEST_WINDOW),
    )


def _within(row: Base, name: str, *, least: int, most: int) -> None:
    value = getattr(row, name)
    if value is not None and not least <= value <= most:
        raise InvalidError(N_("This lies between {least} and {most}."), field=name, least=least, most=most)
