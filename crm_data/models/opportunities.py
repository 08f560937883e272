"""Opportunities, the stages they pass through and everything that happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import (
    Base,
    Code,
    Currency,
    Instant,
    Key,
    Keyed,
    Listing,
    Marked,
    Moment,
    Money,
    Name,
    Record,
    Searchable,
    choice,
)
from crm_data.vocabulary import ForecastCategory, LostReason, OpportunityEventKind, StageKind


class Stage(Record):
    """A stage of the pipeline. Its kind, never its name, says what is open, won or lost."""

    __tablename__ = "stages"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[StageKind] = mapped_column(choice(StageKind))
    probability: Mapped[int] = mapped_column(Integer)
    stalled_after_days: Mapped[int | None] = mapped_column(Integer)
    definition: Mapped[str | None] = mapped_column(Text)
    required_fields: Mapped[Listing] = mapped_column(default=list)


class Opportunity(Record, Searchable):
    """A chance to sell something to a customer.

    `outcome` follows the kind of the stage; `probability_set` says that a person chose the probability, so that it no
    longer follows the stage (0 is a choice too).
    """

    __tablename__ = "opportunities"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_opportunities_owner_id_outcome_expected_close_on", "owner_id", "outcome", "expected_close_on"),
        Index("ix_opportunities_updated_at_id", "updated_at", "id"),
    )
    searched: ClassVar[tuple[str, ...]] = ("number", "name")

    number: Mapped[Code]
    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contacts.id"))
    name: Mapped[Name]
    stage_id: Mapped[int] = mapped_column(Key, ForeignKey("stages.id"), index=True)
    outcome: Mapped[StageKind] = mapped_column(choice(StageKind), default=StageKind.OPEN)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    amount: Mapped[Money | None]
    currency: Mapped[Currency]
    probability: Mapped[int] = mapped_column(Integer)
    probability_set: Mapped[bool] = mapped_column(default=False)
    expected_close_on: Mapped[date | None]
    forecast_category: Mapped[ForecastCategory] = mapped_column(
        choice(ForecastCategory), default=ForecastCategory.PIPELINE
    )
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("users.id"))
    source: Mapped[str | None] = mapped_column(String(100))
    source_campaign_id: Mapped[int | None] = mapped_column(Key, ForeignKey("campaigns.id"))
    competitor: Mapped[str | None] = mapped_column(String(200))
    next_step: Mapped[str | None] = mapped_column(String(300))
    next_step_on: Mapped[date | None]
    lost_reason: Mapped[LostReason | None] = mapped_column(choice(LostReason))
    note: Mapped[str | None] = mapped_column(Text)


class OpportunityLine(Record):
    """A product in an opportunity: quantity in thousandths, price in ten-thousandths, discount in basis points."""

    __tablename__ = "opportunity_lines"

    opportunity_id: Mapped[int] = mapped_column(Key, ForeignKey("opportunities.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key)
    product_id: Mapped[int] = mapped_column(Key, ForeignKey("products.id"), index=True)
    quantity_e3: Mapped[int] = mapped_column(BigInteger)
    unit_price_e4: Mapped[int] = mapped_column(BigInteger)
    discount_bp: Mapped[int] = mapped_column(Integer, default=0)
    amount: Mapped[Money]


class OpportunityEvent(Base, Keyed, Marked):
    """One change of an opportunity's stage, amount, expected close, owner or probability. Append-only.

    `old` and `new` are the stored values as text (keys, minor units, ISO days). A new opportunity writes `created` and,
    with `old` empty, each value it starts with: the state of a day is the last event a kind up to that day (`on`).
    """

    __tablename__ = "opportunity_events"

    opportunity_id: Mapped[int] = mapped_column(Key, ForeignKey("opportunities.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key)
    kind: Mapped[OpportunityEventKind] = mapped_column(choice(OpportunityEventKind))
    old: Mapped[str | None] = mapped_column(String(64))
    new: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[Moment]
    on: Mapped[date]
    user_id: Mapped[int | None] = mapped_column(Key)


class StageStay(Base, Keyed, Marked):
    """The time an opportunity spent in a stage; closed by the move that ends it."""

    __tablename__ = "stage_stays"

    opportunity_id: Mapped[int] = mapped_column(Key, ForeignKey("opportunities.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key)
    stage_id: Mapped[int] = mapped_column(Key, ForeignKey("stages.id"))
    entered_on: Mapped[date]
    entered_at: Mapped[Moment]
    left_on: Mapped[date | None]
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    next_stage_id: Mapped[int | None] = mapped_column(Key, ForeignKey("stages.id"))
