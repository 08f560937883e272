"""Takes tables out as they can be brought in again: customers, contacts, products, opportunities, sales, contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy.orm import Session

from crm_data import access, money
from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.exchange import export_queries as queries
from crm_data.exchange import kinds
from crm_data.exchange.fields import Field, Kind, Reads
from crm_data.exchange.imports.lookups import folded
from crm_data.exchange.words import words_of
from crm_data.exchange.writing import money as decimal
from crm_data.exchange.writing import write_table
from crm_data.models import Contact, Contract, ContractLine, Customer, Opportunity, Product
from crm_data.services import changes
from crm_data.terms import terms
from crm_data.vocabulary import N_, Action, ChangeAction

_DECIMALS = {Reads.PRICE: 4, Reads.DISCOUNT: 2}
_Query = Callable[[Session, Actor], pl.DataFrame]

KINDS: Mapping[str, Kind] = {**kinds.KINDS, kinds.CONTRACTS.key: kinds.CONTRACTS}
_TABLES: Mapping[str, tuple[Any, _Query]] = {
    "customers": (Customer, queries.customers),
    "contacts": (Contact, queries.contacts),
    "products": (Product, queries.products),
    "opportunities": (Opportunity, queries.opportunities),
    "purchases": (ContractLine, queries.purchases),
    "contracts": (Contract, queries.contracts),
}


def model_of(kind: str) -> Any:
    """Give the model whose rows a kind of file lists; raises CrmError naming the kinds that there are."""
    if kind not in _TABLES:
        raise CrmError(N_("{kind} cannot be exported. There are: {kinds}."), kind=kind, kinds=", ".join(_TABLES))
    return _TABLES[kind][0]


def table(session: Session, actor: Actor, *, kind: str, filters: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Give the rows of a kind that the actor may see and export, one column for each field of the import.

    Money, prices, quantities and discounts are exact decimals, days are days, choices their stored words; customers
    stand under their code or else their name, owners under their user name. `filters` keeps the rows whose field has
    a value (of a list: one of its words).

    Raises NotAllowedError without the right to export, CrmError for an unknown kind or field.
    """
    model = model_of(kind)
    access.require(actor, access.module_of(model), Action.EXPORT)
    fields = KINDS[kind].fields
    chosen = {KINDS[kind][key].key: value for key, value in (filters or {}).items()}
    rows = _TABLES[kind][1](session, actor)
    base = terms(session).base_currency
    rows = rows.with_columns(_decimal(rows, each, base=base) for each in fields if each.key in rows.columns)
    for key, value in chosen.items():
        rows = rows.filter(_has(rows, KINDS[kind][key], value=value))
    return rows.select(each.key for each in fields)


def export(session: Session, actor: Actor, *, kind: str, path: Path, filters: Mapping[str, str] | None = None) -> int:
    """Write a table to a .csv, .tsv, .xlsx or .parquet file, note it in the audit log, and give the number of rows."""
    rows = table(session, actor, kind=kind, filters=filters)
    write_table(rows, path)
    changes.note_event(
        session, action=ChangeAction.EXPORT, kind=model_of(kind).__tablename__, record_id=None,
        rows=rows.height, format=path.suffix.removeprefix("."), filters=dict(filters or {}),
    )  # fmt: skip
    return rows.height


def _decimal(rows: pl.DataFrame, each: Field, *, base: str) -> pl.Expr:
    column = pl.col(each.key)
    if each.reads in _DECIMALS:
        return decimal(column, decimals=_DECIMALS[each.reads])
    if each.reads is Reads.QUANTITY:
        # Never three decimals: 1.000 might be read as a thousand.
        whole = (rows[each.key] % money.QUANTITY_UNITS == 0).all()
        return column // money.QUANTITY_UNITS if whole else decimal(column * 10, decimals=4)
    if each.reads is not Reads.MONEY:
        return column
    if "currency" not in rows.columns:
        return decimal(column, decimals=money.decimals(base))
    places = {code: money.decimals(code) for code in rows["currency"].drop_nulls().unique()}
    most = max(places.values(), default=2)
    factor = pl.col("currency").replace_strict({code: 10 ** (most - own) for code, own in places.items()}, default=1)
    return decimal(column * factor.cast(pl.Int64), decimals=most)


def _has(rows: pl.DataFrame, each: Field, *, value: str) -> pl.Expr:
    """Tell whether a row has a value in a field, written as people or as machines write it."""
    column, kind = pl.col(each.key), rows.schema[each.key]
    if each.choices is not None:
        words = {word.lower(): stored for word, stored in words_of(each.choices).items()}
        return column == words.get(value.strip().lower(), value)
    wanted = folded(pl.lit(value))
    if isinstance(kind, pl.List):
        return column.list.eval(folded(pl.element())).list.contains(wanted)
    if kind.is_numeric():
        return column == pl.lit(value).str.strip_chars().cast(pl.Decimal(38, 4), strict=False)
    return folded(column.cast(pl.String)) == wanted
