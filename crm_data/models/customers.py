"""Customers, the people there, how far the relation has come and what they agreed to."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_data.models.base import (
    Base,
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
from crm_data.vocabulary import (
    Channel,
    ConsentPurpose,
    CustomerKind,
    DecisionRole,
    Education,
    Gender,
    IncomeBand,
    LawfulBasis,
    LifecycleStage,
)


class Customer(Record, Searchable):
    """A company, person, distributor, retailer, supplier, partner or internal unit."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_customers_name_id", "name", "id"),
        Index("ix_customers_updated_at_id", "updated_at", "id"),
        Index("ix_customers_owner_id_updated_at_id", "owner_id", "updated_at", "id"),
    )
    searched: ClassVar[tuple[str, ...]] = ("name", "code", "email", "phone", "city")

    kind: Mapped[CustomerKind] = mapped_column(choice(CustomerKind), default=CustomerKind.COMPANY)
    name: Mapped[Name]
    code: Mapped[str | None] = mapped_column(String(64))
    stage: Mapped[LifecycleStage] = mapped_column(choice(LifecycleStage), default=LifecycleStage.PROSPECT)
    category: Mapped[str | None] = mapped_column(String(64))
    tier: Mapped[str | None] = mapped_column(String(64))
    industry: Mapped[str | None] = mapped_column(String(100))
    region: Mapped[str | None] = mapped_column(String(100))
    city: Mapped[str | None] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    website: Mapped[str | None] = mapped_column(String(300))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("users.id"))
    source: Mapped[str | None] = mapped_column(String(100))
    source_campaign_id: Mapped[int | None] = mapped_column(Key, ForeignKey("campaigns.id"))
    preferred_channel: Mapped[Channel | None] = mapped_column(choice(Channel))
    tags: Mapped[Listing] = mapped_column(default=list)
    acquired_on: Mapped[date | None]
    gender: Mapped[Gender | None] = mapped_column(choice(Gender))
    birth_date: Mapped[date | None]
    income_band: Mapped[IncomeBand | None] = mapped_column(choice(IncomeBand))
    education: Mapped[Education | None] = mapped_column(choice(Education))
    employees: Mapped[int | None] = mapped_column(Integer)
    annual_revenue: Mapped[Money | None]
    credit_rating: Mapped[str | None] = mapped_column(String(16))
    credit_limit: Mapped[Money | None]
    note: Mapped[str | None] = mapped_column(Text)

    contacts: Mapped[list[Contact]] = relationship(back_populates="customer", lazy="raise", viewonly=True)


class Contact(Record, Searchable):
    """A person at a customer."""

    __tablename__ = "contacts"
    searched: ClassVar[tuple[str, ...]] = ("name", "email", "phone")

    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    name: Mapped[Name]
    title: Mapped[str | None] = mapped_column(String(100))
    department: Mapped[str | None] = mapped_column(String(100))
    role: Mapped[DecisionRole | None] = mapped_column(choice(DecisionRole))
    phone: Mapped[str | None] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(254))
    birthday: Mapped[date | None]
    preferred_channel: Mapped[Channel | None] = mapped_column(choice(Channel))
    primary: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer] = relationship(back_populates="contacts", lazy="raise", viewonly=True)


class LifecycleMove(Base, Keyed, Marked):
    """One step of a customer through the life cycle. Append-only."""

    __tablename__ = "lifecycle_moves"

    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    from_stage: Mapped[LifecycleStage | None] = mapped_column(choice(LifecycleStage))
    to_stage: Mapped[LifecycleStage] = mapped_column(choice(LifecycleStage))
    at: Mapped[Moment]
    user_id: Mapped[int | None] = mapped_column(Key)
    reason: Mapped[str | None] = mapped_column(String(300))


class Consent(Base, Keyed, Marked):
    """What a customer agreed to or withdrew. A ledger: the newest row a channel and purpose counts."""

    __tablename__ = "consents"

    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contacts.id"))
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    purpose: Mapped[ConsentPurpose] = mapped_column(choice(ConsentPurpose))
    given: Mapped[bool]
    basis: Mapped[LawfulBasis] = mapped_column(choice(LawfulBasis))
    source: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[Moment]
    user_id: Mapped[int | None] = mapped_column(Key)
