"""What an import is asked to do, what it would do with every row, and what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.exchange.dates import DayOrder
from crm_data.exchange.fields import ColumnMap, Kind
from crm_data.exchange.numbers import Marks
from crm_data.vocabulary import N_, Labelled
from crm_data.vocabulary.terms import Terms


class Verdict(Labelled):
    """What becomes of a row of the file."""

    CREATE = "create", N_("Created")
    UPDATE = "update", N_("Updated")
    SKIP = "skip", N_("Skipped")
    REJECT = "reject", N_("Rejected")


@dataclass(frozen=True)
class ImportOptions:
    """How a file is to be read and what may be done with it.

    `columns` maps fields to columns where they do not map by themselves. `create` names what may be made when a row
    refers to something unknown (customers, products, categories, owners). `update_by` names the field by which a row
    finds the record that it updates; empty cells leave what is there. `day_order` and `marks` state formats that the
    file's own values do not settle.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    create: frozenset[str] = frozenset()
    update_by: str | None = None
    day_order: DayOrder | None = None
    marks: Marks | None = None


@dataclass(frozen=True)
class Job:
    """One import under way: who imports what, on which terms, with which options."""

    session: Session
    actor: Actor
    kind: Kind
    options: ImportOptions
    terms: Terms


@dataclass(frozen=True)
class Prepared:
    """What a kind makes of the rows that can be taken.

    `updates` has the numbers (ROW) of rows that change a record, `makes` how many records of each table come into
    being, `money` the amount of every row that has one (ROW, currency, amount in minor units); `write` writes it all.
    """

    write: Callable[[Session, Actor], None]
    makes: Mapping[str, int]
    updates: pl.Series | None = None
    money: pl.DataFrame | None = None


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do.

    `verdicts` has ROW and verdict for every row of the file, `problems` ROW, reason, field, column, value and detail
    (several rows for a row with several problems). `money` has verdict, currency and amount in minor units: together
    they are the file's total; `without_amount` counts the rows whose amount cannot be read.
    """

    kind: Kind
    columns: ColumnMap
    verdicts: pl.DataFrame
    problems: pl.DataFrame
    makes: Mapping[str, int]
    money: pl.DataFrame
    without_amount: int
    write: Callable[[Session, Actor], None]

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows of the file have each verdict."""
        found = dict(self.verdicts["verdict"].value_counts().rows())
        return {verdict: found.get(verdict.value, 0) for verdict in Verdict}


@dataclass(frozen=True)
class ImportResult:
    """What an import did, in rows of the file; `change_set_id` undoes it (None when nothing was written)."""

    created: int
    updated: int
    skipped: int
    rejected: int
    change_set_id: int | None
    plan: ImportPlan
