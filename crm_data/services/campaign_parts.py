"""What belongs to a campaign's plan and its bill: the variants it compares and the costs it had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Campaign, CampaignCost, CampaignVariant
from crm_data.services import campaigns, changes, checks
from crm_data.terms import today
from crm_data.vocabulary import N_, Action, CampaignStatus, ChangeAction

COST_FIELDS = ("spent_on", "purpose", "amount")
VARIANT_FIELDS = ("name", "text", "share")
_WHOLE = 100


def add_cost(session: Session, actor: Actor, campaign_id: int, *, values: Mapping[str, Any]) -> CampaignCost:
    """Write down what was spent on a campaign, in its currency; a refund is negative."""
    access.fetch(session, actor, Campaign, campaign_id, action=Action.EDIT)
    cost = CampaignCost(campaign_id=campaign_id, **checks.only(values, COST_FIELDS))
    _check_cost(session, cost)
    session.add(cost)
    session.flush()
    return cost


def edit_cost(
    session: Session, actor: Actor, cost_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> CampaignCost:
    """Correct a cost."""
    cost = access.fetch(session, actor, CampaignCost, cost_id, action=Action.EDIT)
    changes.apply_edit(cost, version=version, base=base, mine=checks.only(mine, COST_FIELDS))
    _check_cost(session, cost)
    session.flush()
    return cost


def delete_cost(session: Session, actor: Actor, cost_id: int) -> None:
    """Put a cost into the bin."""
    cost = access.fetch(session, actor, CampaignCost, cost_id, action=Action.EDIT)
    cost.deleted_at = clock.now()
    changes.current(session).action = ChangeAction.DELETE
    session.flush()


def add_variant(session: Session, actor: Actor, campaign_id: int, *, values: Mapping[str, Any]) -> CampaignVariant:
    """Add a variant to a campaign that was not launched yet; the shares must come to 100 % by its approval."""
    campaign = _open_to_variants(session, actor, campaign_id)
    variant = CampaignVariant(campaign_id=campaign_id, **checks.only(values, VARIANT_FIELDS))
    _check_variant(session, campaign, variant)
    session.add(variant)
    session.flush()
    return variant


def delete_variant(session: Session, actor: Actor, variant_id: int) -> None:
    """Put a variant into the bin, as long as the campaign was not launched."""
    variant = access.fetch(session, actor, CampaignVariant, variant_id, action=Action.EDIT)
    _open_to_variants(session, actor, variant.campaign_id)
    variant.deleted_at = clock.now()
    changes.current(session).action = ChangeAction.DELETE
    session.flush()


def _open_to_variants(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    campaign = access.fetch(session, actor, Campaign, campaign_id, action=Action.EDIT)
    if campaigns.was_launched(campaign):
        raise CrmError(N_("The campaign was launched: its variants stay as they were dealt out."))
    if campaign.status is CampaignStatus.APPROVED:
        campaign.status = CampaignStatus.PLANNED
    return campaign


def _check_cost(session: Session, cost: CampaignCost) -> None:
    checks.all_of(
        lambda: checks.filled(cost, "spent_on", "purpose", "amount"),
        lambda: checks.short_enough(cost),
        lambda: checks.past(cost, "spent_on", today=today(session)),
    )


def _check_variant(session: Session, campaign: Campaign, variant: CampaignVariant) -> None:
    taken = sum(other.share for other in campaigns.variants_of(session, campaign))
    checks.all_of(
        lambda: checks.filled(variant, "name", "share"),
        lambda: checks.short_enough(variant),
        lambda: _fits(variant.share or 0, left=_WHOLE - taken),
    )


def _fits(share: int, *, left: int) -> None:
    if not 1 <= share <= left:
        message = N_("{left} % of the audience are left for another variant.")
        raise InvalidError(message, field="share", left=left)
