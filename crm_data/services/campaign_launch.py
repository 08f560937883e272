"""Launching a campaign: the audience is frozen, a control group held out, variants dealt out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access, clock, db
from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.models import Campaign, CampaignMember
from crm_data.services import audiences, campaigns
from crm_data.vocabulary import N_, Action, Barrier, CampaignStatus, MemberState

_SEEDS = 2**31
_WHOLE = 100
STEPS = ("sent_at", "delivered_at", "opened_at", "clicked_at", "responded_at", "converted_at", "opted_out_at",
         "bounced_at")  # fmt: skip


@dataclass(frozen=True)
class Launched:
    """How many members a campaign has, how many of them are held out as control, and who was left out and why."""

    members: int
    control: int
    left_out: Mapping[Barrier, int]


@dataclass(frozen=True)
class Place:
    """What chance gave a customer: a place in the control group, or a variant where there are some."""

    control: bool
    variant_id: int | None


def launch(session: Session, actor: Actor, campaign_id: int) -> Launched:
    """Freeze the audience of an approved campaign and start it; chance decides by a seed that is stored."""
    campaign = access.fetch(session, actor, Campaign, campaign_id, action=Action.EDIT)
    # Two launches at the same moment: the second waits, then sees that the campaign runs.
    session.refresh(campaign, with_for_update=True)
    _refuse_unless_approved(campaign)
    statement = campaigns.sorted_out(session, actor, campaign)
    left_out = audiences.tally(session, statement).left_out
    customer_ids = audiences.reachable(session, statement)
    if not customer_ids:
        raise CrmError(N_("Nobody would be reached: every customer meant is left out. Look at the preview."))
    campaign.seed = secrets.randbelow(_SEEDS)
    campaign.launched_at = clock.now()
    campaign.status = CampaignStatus.RUNNING
    shares = {variant.id: variant.share for variant in campaigns.variants_of(session, campaign)}
    places = deal(customer_ids, seed=campaign.seed, control_share=campaign.control_share or 0, shares=shares)
    _fill(session, campaign, places)
    session.flush()
    return Launched(len(places), sum(place.control for place in places.values()), left_out)


def deal(customer_ids: Sequence[int], *, seed: int, control_share: int, shares: Mapping[int, int]) -> dict[int, Place]:
    """Hold the control share out and deal the variants to the others; the same seed deals the same.

    Shares in per cent. Customers are put into an order that only the seed decides (by SHA-256 of seed and key), so
    that it can be checked by anybody, on any machine.
    """
    shuffled = sorted(customer_ids, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())
    held_out = round(len(shuffled) * control_share / _WHOLE)
    places = {customer_id: Place(control=True, variant_id=None) for customer_id in shuffled[:held_out]}
    reached = shuffled[held_out:]
    for position, customer_id in enumerate(reached):
        variant_id = _variant_at((position + 0.5) / len(reached) * _WHOLE, shares)
        places[customer_id] = Place(control=False, variant_id=variant_id)
    return places


def _variant_at(percentile: float, shares: Mapping[int, int]) -> int | None:
    upper = 0
    for variant_id, share in shares.items():
        upper += share
        if percentile < upper:
            return variant_id
    return None


def _fill(session: Session, campaign: Campaign, places: Mapping[int, Place]) -> None:
    # After an undone launch its members are in the bin: those who are meant again come back as new.
    binned = {
        member.customer_id: member
        for member in session.scalars(select(CampaignMember).where(CampaignMember.campaign_id == campaign.id))
    }
    new = [customer_id for customer_id in places if customer_id not in binned]
    keys = iter(db.take_keys(session, table=CampaignMember.__tablename__, count=len(new)) if new else ())
    for customer_id, place in places.items():
        member = binned.get(customer_id)
        if member is None:
            member = CampaignMember(id=next(keys), campaign_id=campaign.id, customer_id=customer_id)
            session.add(member)
        else:
            _renew(member)
        member.control, member.variant_id = place.control, place.variant_id
        member.state, member.targeted_at = MemberState.TARGETED, campaign.launched_at


def _renew(member: CampaignMember) -> None:
    member.deleted_at = None
    member.note = None
    for step in STEPS:
        setattr(member, step, None)


def _refuse_unless_approved(campaign: Campaign) -> None:
    if campaigns.was_launched(campaign):
        raise CrmError(N_("The campaign “{name}” was launched already."), name=campaign.name)
    if campaign.status is not CampaignStatus.APPROVED:
        raise CrmError(N_("The campaign “{name}” needs its approval before the launch."), name=campaign.name)
