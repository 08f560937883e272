"""The loyalty programme: tiers and the ledger of points."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import Base, Key, Keyed, Marked, Moment, Name, Record, choice
from crm_data.vocabulary import LoyaltyEntryKind


class LoyaltyTier(Record):
    """A tier of the programme, reached with a number of points earned within a year."""

    __tablename__ = "loyalty_tiers"

    name: Mapped[Name]
    threshold: Mapped[int] = mapped_column(Integer)
    benefits: Mapped[str | None] = mapped_column(Text)


class LoyaltyEntry(Base, Keyed, Marked):
    """Points that were earned, spent, expired or adjusted. Append-only: the balance is a sum."""

    __tablename__ = "loyalty_entries"

    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    kind: Mapped[LoyaltyEntryKind] = mapped_column(choice(LoyaltyEntryKind))
    points: Mapped[int] = mapped_column(Integer)
    on: Mapped[date]
    expires_on: Mapped[date | None]
    contract_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contracts.id"))
    response_id: Mapped[int | None] = mapped_column(Key, ForeignKey("responses.id"))
    reason: Mapped[str | None] = mapped_column(String(200))
    user_id: Mapped[int | None] = mapped_column(Key)
    at: Mapped[Moment]
