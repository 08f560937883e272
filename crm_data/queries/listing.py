"""One page of a list: searched, filtered, sorted and cut by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from crm_data.mirror import read_frame
from crm_data.models.base import digits, fold

COUNTED = 10_000
_FEWEST_PHONE_DIGITS = 4


@dataclass(frozen=True)
class Wanted:
    """What a person asked a list for. `filters` maps a filter's name to the values it allows; "" means none is set.

    `to_the_end` counts every row, however many there are.
    """

    search: str = ""
    filters: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = 25
    to_the_end: bool = False


@dataclass(frozen=True)
class Page:
    """The rows of one page and how many there are in all; `more` says that counting stopped at 10,000."""

    rows: pl.DataFrame
    total: int
    more: bool


@dataclass(frozen=True)
class Offer:
    """What a list can be searched in, filtered by and sorted by; the first sort is the default."""

    searched: Any
    filters: Mapping[str, Any]
    sorts: Mapping[str, Any]
    key: Any


def page_of(session: Session, statement: Select[*tuple[Any, ...]], *, wanted: Wanted, offer: Offer) -> Page:
    """Read one page of a select that is already narrowed to what the actor may see.

    A name that the offer does not have (from a hand-made address) is ignored.
    """
    narrowed = narrow(statement, wanted=wanted, offer=offer)
    counted: Select[Any] = narrowed.with_only_columns(literal_column("1"))
    counted = counted if wanted.to_the_end else counted.limit(COUNTED + 1)
    total = int(session.scalar(select(func.count()).select_from(counted.subquery())) or 0)
    more = total > COUNTED and not wanted.to_the_end
    column = offer.sorts.get(wanted.sort, next(iter(offer.sorts.values())))
    order = [column.desc(), offer.key.desc()] if wanted.descending else [column.asc(), offer.key.asc()]
    page = narrowed.order_by(*order).limit(wanted.size).offset((max(wanted.page, 1) - 1) * wanted.size)
    return Page(read_frame(session.connection(), page), COUNTED if more else total, more)


def narrow(statement: Select[*tuple[Any, ...]], *, wanted: Wanted, offer: Offer) -> Select[Any]:
    """Give the select with what a person searches and filters for, not sorted or cut: for counts and sums."""
    return statement.where(*_conditions(wanted, offer))


def contains(column: Any, search: str) -> ColumnElement[bool]:
    """Give the condition that a `search_text` column has the searched text, or its digits as a phone number."""
    text = fold(search)
    conditions = [column.contains(text, autoescape=True)]
    number = digits(search)
    if len(number) >= _FEWEST_PHONE_DIGITS and not any(letter.isalpha() for letter in text):
        conditions.append(column.contains(number, autoescape=True))
    return or_(*conditions)


def _conditions(wanted: Wanted, offer: Offer) -> list[ColumnElement[bool]]:
    found = []
    if wanted.search.strip() and offer.searched is not None:
        found.append(contains(offer.searched, wanted.search))
    for name, values in wanted.filters.items():
        if name in offer.filters and values:
            found.append(_allows(offer.filters[name], values))
    return [and_(*found)] if found else []


def _allows(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    given = [value for value in values if value != ""]
    condition = column.in_(given)
    return or_(condition, column.is_(None)) if len(given) < len(values) else condition
