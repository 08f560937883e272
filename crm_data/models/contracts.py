"""Contracts and the money in them: lines, obligations, instalments and receipts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import Code, Currency, Key, Money, Name, Record, Searchable, choice
from crm_data.vocabulary import ContractKind, ContractStatus, ReceiptMethod


class Contract(Record, Searchable):
    """A one-off sale or an agreement that runs for a time; `amount` is the sum of its lines where it has any."""

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_contracts_customer_id_signed_on", "customer_id", "signed_on"),
        Index("ix_contracts_updated_at_id", "updated_at", "id"),
        Index("ix_contracts_ends_on", "ends_on", "id"),
    )
    searched: ClassVar[tuple[str, ...]] = ("number", "title")

    number: Mapped[Code]
    kind: Mapped[ContractKind] = mapped_column(choice(ContractKind))
    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"))
    opportunity_id: Mapped[int | None] = mapped_column(Key, ForeignKey("opportunities.id"), index=True)
    title: Mapped[Name]
    status: Mapped[ContractStatus] = mapped_column(choice(ContractStatus), default=ContractStatus.DRAFT)
    signed_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    notice_on: Mapped[date | None]
    renews_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contracts.id"), index=True)
    auto_renewal: Mapped[bool] = mapped_column(default=False)
    amount: Mapped[Money]
    currency: Mapped[Currency]
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("users.id"), index=True)
    region: Mapped[str | None] = mapped_column(String(100))
    payment_terms: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)


class ContractLine(Record):
    """A product in a contract; a negative quantity is a return. The unit cost is in the base currency."""

    __tablename__ = "contract_lines"

    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contracts.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key)
    product_id: Mapped[int] = mapped_column(Key, ForeignKey("products.id"), index=True)
    quantity_e3: Mapped[int] = mapped_column(BigInteger)
    unit_price_e4: Mapped[int] = mapped_column(BigInteger)
    discount_bp: Mapped[int] = mapped_column(Integer, default=0)
    unit_cost_e4: Mapped[int | None] = mapped_column(BigInteger)
    amount: Mapped[Money]


class Milestone(Record):
    """Something we owe under a contract, when it is due and when it was done."""

    __tablename__ = "milestones"

    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contracts.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key)
    title: Mapped[Name]
    due_on: Mapped[date]
    done_on: Mapped[date | None]


class Instalment(Record):
    """Money that is due under a contract on a day."""

    __tablename__ = "instalments"

    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contracts.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key)
    due_on: Mapped[date]
    amount: Mapped[Money]


class Receipt(Record):
    """Money that came in for a contract; which instalments it settles is computed, oldest first."""

    __tablename__ = "receipts"

    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contracts.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key)
    received_on: Mapped[date]
    amount: Mapped[Money]
    method: Mapped[ReceiptMethod | None] = mapped_column(choice(ReceiptMethod))
    reference: Mapped[Code | None]
