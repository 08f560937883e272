"""A list as somebody filtered it, as a file: the columns that were shown and the rows that may be exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import polars as pl
from sqlalchemy import Enum
from sqlalchemy.orm import Session

from crm_data import access, money
from crm_data.access import Actor
from crm_data.errors import NotAllowedError
from crm_data.exchange import writing
from crm_data.models import Record
from crm_data.queries import organisation
from crm_data.queries.listing import Page, Wanted
from crm_data.services import changes
from crm_data.vocabulary import N_, Action, ChangeAction, Scope
from crm_data.vocabulary.fields import FIELDS

_ALL = 1 << 40
_INNER = {"id", "version", "currency_shown"}
_MONEY = {
    "amount", "annual_revenue", "budget", "balance", "cost", "credit_limit", "due", "open_amount", "paid", "received",
    "revenue", "value", "weighted", "actual_cost",
}  # fmt: skip
_SCALES = {"_e4": 4, "_e3": 3, "_bp": 2}
_WIDTHS = (Scope.NONE, Scope.OWN, Scope.TEAM, Scope.ALL)


class Listing(Protocol):
    """A query that gives one page of a list."""

    def __call__(self, session: Session, actor: Actor, *, wanted: Wanted) -> Page:
        """Give the page that is wanted."""


@dataclass(frozen=True)
class Exported:
    """A list to be exported: the query behind it, the model whose rights govern it, and what was asked of it."""

    listing: Listing
    model: type[Record]
    wanted: Wanted


@dataclass(frozen=True)
class Reading:
    """How the reader sees values: their language, the organisation's time zone and its currency."""

    translated: Callable[[str], str]
    zone: str
    currency: str


def may_export(actor: Actor, *, exported: Exported) -> bool:
    """Tell whether the actor may export any of these records."""
    return actor.may(access.module_of(exported.model), Action.EXPORT)


def still(session: Session, actor: Actor) -> Actor:
    """Give the same person with the rights of this moment; raises NotAllowedError when their account was closed."""
    if actor.user_id is None:
        return actor
    found = organisation.actor_of(session, actor.user_id)
    if found is None:
        raise NotAllowedError(N_("Your account was closed. Nothing was exported."))
    return found


def count(session: Session, actor: Actor, *, exported: Exported) -> int:
    """Count every row of the list that the actor may export."""
    wanted = replace(exported.wanted, page=1, size=0, to_the_end=True)
    return exported.listing(session, _exporter(actor, exported.model), wanted=wanted).total


def read(session: Session, actor: Actor, *, exported: Exported, reading: Reading) -> pl.DataFrame:
    """Read the whole list as people read it: amounts in units, closed lists in words, instants in local time.

    Keys stay out. Raises NotAllowedError when the actor may export none of these records.
    """
    access.require(actor, access.module_of(exported.model), Action.EXPORT)
    wanted = replace(exported.wanted, page=1, size=_ALL)
    rows = exported.listing(session, _exporter(actor, exported.model), wanted=wanted).rows
    return rows.select(_columns(rows, exported.model, reading=reading))


def note(session: Session, *, exported: Exported, rows: int, file: Path) -> None:
    """Write down who took which list along, and how many rows of it."""
    filters = {name: [str(value) for value in values] for name, values in exported.wanted.filters.items() if values}
    changes.note_event(
        session, action=ChangeAction.EXPORT, kind=exported.model.__tablename__, record_id=None,
        rows=rows, format=file.suffix.removeprefix("."), search=exported.wanted.search, filters=filters,
    )  # fmt: skip


def write(frame: pl.DataFrame, path: Path) -> None:
    """Write the list to a .csv or .xlsx file that is safe to open; raises CrmError for what a sheet cannot hold."""
    writing.write_table(frame, path)


def _exporter(actor: Actor, model: type[Record]) -> Actor:
    """Give the actor with eyes for what may be exported only, so that the list's own query narrows itself."""
    module = access.module_of(model)
    narrower = min(actor.scope(module), actor.scope(module, Action.EXPORT), key=_WIDTHS.index)
    return replace(actor, grants={**actor.grants, (module, Action.VIEW): narrower})


def _columns(rows: pl.DataFrame, model: type[Record], *, reading: Reading) -> Iterator[pl.Expr]:
    taken: set[str] = set()
    for name, kind in rows.schema.items():
        if name in _INNER or name.endswith("_id"):
            continue
        words = reading.translated(FIELDS.get(name) or FIELDS.get(f"{name}_id") or name)
        words = f"{words} ({reading.zone})" if isinstance(kind, pl.Datetime) else words
        words = words if words not in taken else f"{words} ({name})"
        taken.add(words)
        yield _shown(rows, name, model=model, reading=reading).alias(words)


def _shown(rows: pl.DataFrame, name: str, *, model: type[Record], reading: Reading) -> pl.Expr:
    kind, column = rows.schema[name], pl.col(name)
    scale = next((places for ending, places in _SCALES.items() if name.endswith(ending)), None)
    choices = _choices(model, name)
    if choices is not None and kind == pl.String:
        words = {member.value: reading.translated(member.label) for member in choices}
        return column.replace_strict(words, default=column)
    if isinstance(kind, pl.Datetime):
        return column.dt.convert_time_zone(reading.zone).dt.to_string("%Y-%m-%d %H:%M")
    if kind == pl.Boolean:
        yes, no = reading.translated(N_("Yes")), reading.translated(N_("No"))
        return pl.when(column).then(pl.lit(yes)).when(~column).then(pl.lit(no))
    if kind.is_integer() and scale is not None:
        return writing.money(column, decimals=scale)
    return _units(rows, name, reading=reading) if kind.is_integer() and name in _MONEY else column


def _units(rows: pl.DataFrame, name: str, *, reading: Reading) -> pl.Expr:
    """Turn minor units into units, row by row in the row's own currency; a currency without cents has none."""
    if "currency" not in rows.columns:
        return writing.money(pl.col(name), decimals=money.decimals(reading.currency))
    codes = [code for code in rows["currency"].unique().to_list() if code]
    places = {code: money.decimals(code) for code in codes}
    most = max(places.values(), default=2)
    exact = pl.lit(None, pl.Decimal(38, most))
    for code, digits in places.items():
        factor = 10 ** (most - digits)
        exact = (
            pl.when(pl.col("currency") == code)
            .then(writing.money(pl.col(name) * factor, decimals=most))
            .otherwise(exact)
        )
    return exact


def _choices(model: type[Record], name: str) -> Any:
    column = model.__table__.columns.get(name)
    return column.type.enum_class if column is not None and isinstance(column.type, Enum) else None
