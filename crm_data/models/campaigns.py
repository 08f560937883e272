"""Campaigns: the plan, whom they reached, what they cost and what came of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import Currency, Instant, Key, Money, Name, Record, Searchable, choice
from crm_data.vocabulary import CampaignKind, CampaignObjective, CampaignStatus, Channel, MemberState


class Campaign(Record, Searchable):
    """A campaign; `audience` maps customer fields to the values that are wanted, an empty one means nobody yet."""

    __tablename__ = "campaigns"
    searched: ClassVar[tuple[str, ...]] = ("name",)

    name: Mapped[Name]
    kind: Mapped[CampaignKind] = mapped_column(choice(CampaignKind))
    objective: Mapped[CampaignObjective] = mapped_column(choice(CampaignObjective))
    channel: Mapped[Channel | None] = mapped_column(choice(Channel))
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    offer: Mapped[str | None] = mapped_column(Text)
    product_id: Mapped[int | None] = mapped_column(Key, ForeignKey("products.id"))
    status: Mapped[CampaignStatus] = mapped_column(choice(CampaignStatus), default=CampaignStatus.PLANNED)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    budget: Mapped[Money | None]
    currency: Mapped[Currency]
    expected_responses: Mapped[int | None] = mapped_column(Integer)
    control_share: Mapped[int] = mapped_column(Integer, default=0)
    attribution_days: Mapped[int] = mapped_column(Integer, default=30)
    seed: Mapped[int | None] = mapped_column(Integer)
    launched_at: Mapped[datetime | None] = mapped_column(Instant)
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("users.id"))


class CampaignCost(Record):
    """What was spent on a campaign."""

    __tablename__ = "campaign_costs"

    campaign_id: Mapped[int] = mapped_column(Key, ForeignKey("campaigns.id"), index=True)
    spent_on: Mapped[date]
    purpose: Mapped[Name]
    amount: Mapped[Money]


class CampaignVariant(Record):
    """One of several texts that a campaign compares; its share of the audience in per cent."""

    __tablename__ = "campaign_variants"

    campaign_id: Mapped[int] = mapped_column(Key, ForeignKey("campaigns.id"), index=True)
    name: Mapped[Name]
    text: Mapped[str | None] = mapped_column(Text)
    share: Mapped[int] = mapped_column(Integer)


class CampaignMember(Record):
    """One customer in a campaign, or held out as control, with the time of each step."""

    __tablename__ = "campaign_members"
    __table_args__ = (
        UniqueConstraint("campaign_id", "customer_id"),
        Index("ix_campaign_members_customer_id", "customer_id"),
    )

    campaign_id: Mapped[int] = mapped_column(Key, ForeignKey("campaigns.id"))
    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"))
    variant_id: Mapped[int | None] = mapped_column(Key, ForeignKey("campaign_variants.id"))
    control: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MemberState] = mapped_column(choice(MemberState), default=MemberState.TARGETED)
    targeted_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    clicked_at: Mapped[datetime | None] = mapped_column(Instant)
    responded_at: Mapped[datetime | None] = mapped_column(Instant)
    converted_at: Mapped[datetime | None] = mapped_column(Instant)
    opted_out_at: Mapped[datetime | None] = mapped_column(Instant)
    bounced_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str | None] = mapped_column(String(300))
