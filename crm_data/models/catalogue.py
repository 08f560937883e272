"""What the company sells: products and the tree of their categories."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import Code, Key, Name, Record, Searchable


class ProductCategory(Record):
    """A branch of the category tree."""

    __tablename__ = "product_categories"

    name: Mapped[Name]
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("product_categories.id"))


class Product(Record, Searchable):
    """Something that is sold; prices in ten-thousandths of the base currency."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("sku"),)
    searched: ClassVar[tuple[str, ...]] = ("sku", "name")

    sku: Mapped[Code]
    name: Mapped[Name]
    category_id: Mapped[int | None] = mapped_column(Key, ForeignKey("product_categories.id"), index=True)
    list_price_e4: Mapped[int | None] = mapped_column(BigInteger)
    unit_cost_e4: Mapped[int | None] = mapped_column(BigInteger)
    unit: Mapped[str | None] = mapped_column(String(32))
    launched_on: Mapped[date | None]
    retired_on: Mapped[date | None]
