"""Writes imported opportunities with their lines and the beginning of their log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy.orm import Session

from crm_data import money
from crm_data.access import Actor
from crm_data.exchange.imports import bulk, references, updates
from crm_data.exchange.imports.amounts import line_amounts
from crm_data.exchange.imports.catalogue import write_products
from crm_data.exchange.imports.customers import named_customers, write_customers
from crm_data.exchange.imports.references import real
from crm_data.models import Base, Customer, Opportunity, OpportunityEvent, OpportunityLine, Product, Stage, StageStay
from crm_data.services import opportunity_traces, pipeline
from crm_data.terms import today
from crm_data.vocabulary import ForecastCategory, StageKind

_SAME = ("customer_id", "name", "stage_id", "outcome", "opened_on", "closed_on", "amount", "expected_close_on",
         "owner_id", "source", "lost_reason")  # fmt: skip
_CHANGING = ("customer_id", "name", "amount", "expected_close_on", "owner_id", "source", "lost_reason", "opened_on")
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Brought:
    """The rows that are taken, and the customers, products and owners to be made for them (text, id)."""

    rows: pl.DataFrame
    customers: pl.DataFrame
    products: pl.DataFrame
    owners: pl.DataFrame


@dataclass(frozen=True)
class Keys:
    """What there is already under the numbers and codes that the file brings."""

    numbers: pl.DataFrame
    customers: pl.DataFrame
    products: pl.DataFrame


def lines_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the new opportunities that name a product."""
    return rows.filter(pl.col("product").is_not_null() & pl.col("match_id").is_null())


def write(session: Session, actor: Actor, *, brought: Brought, keys: Keys, base: str) -> None:
    """Write the opportunities, and first whatever they refer to that is new."""
    owners = references.make_owners(session, actor, brought.owners)
    rows = references.with_owners(brought.rows, owners, mine=actor.user_id)
    rows = _with_customers(session, actor, brought, rows, keys=keys)
    rows = _priced(_with_products(session, brought, rows, keys=keys), base=base)
    new = rows.filter(pl.col("match_id").is_null())
    start = bulk.start_of(session, model=Opportunity, count=new.height)
    new = new.with_columns(id=pl.int_range(start, start + new.height, dtype=pl.Int64))
    references.free_from_bin(session, Opportunity, keys=keys.numbers, wanted=new["number"])
    new = _numbered(new, taken=set(keys.numbers["number"]) | set(new["number"].drop_nulls()))
    _write_new(session, actor, new)
    _write_changed(session, rows.filter(pl.col("match_id").is_not_null()))


def _with_customers(
    session: Session, actor: Actor, brought: Brought, rows: pl.DataFrame, *, keys: Keys
) -> pl.DataFrame:
    start = bulk.start_of(session, model=Customer, count=brought.customers.height)
    named = named_customers(brought.customers, owner_id=actor.user_id)
    references.free_from_bin(session, Customer, keys=keys.customers, wanted=named["code"])
    write_customers(session, actor, named.with_columns(real("id", start=start)))
    return rows.with_columns(real("customer_id", start=start))


def _with_products(session: Session, brought: Brought, rows: pl.DataFrame, *, keys: Keys) -> pl.DataFrame:
    start = bulk.start_of(session, model=Product, count=brought.products.height)
    made = brought.products.select(real("id", start=start), sku=pl.col("text").str.head(64), name="text")
    references.free_from_bin(session, Product, keys=keys.products, wanted=made["sku"])
    write_products(session, made)
    return rows.with_columns(real("product_id", start=start))


def _priced(rows: pl.DataFrame, *, base: str) -> pl.DataFrame:
    """Add what the line of a named product has: quantity (one unless told), price, and amount in minor units.

    The amount of the file counts and makes the price, amount / quantity; where it has none, the list price makes it.
    """
    codes = rows["currency"].unique().to_list()
    minor = pl.col("currency").replace_strict({code: 10 ** money.decimals(code) for code in codes}).cast(pl.Int128)
    quantity = pl.col("quantity").fill_null(money.QUANTITY_UNITS)
    exact = pl.col("amount").cast(pl.Int128) * (money.PRICE_UNITS * money.QUANTITY_UNITS)
    share = minor * quantity.cast(pl.Int128)
    given = ((2 * exact + share) // (2 * share)).cast(pl.Int64)
    listed = pl.when(pl.col("currency") == base).then("list_price")
    rows = rows.with_columns(
        quantity=quantity, listed=listed, unit_price=pl.coalesce(given, listed, pl.lit(0)), discount=pl.lit(0)
    )
    worth = pl.when(pl.col("product").is_not_null() & pl.col("listed").is_not_null()).then(line_amounts(rows))
    return rows.with_columns(amount=pl.coalesce("amount", worth))


def _numbered(new: pl.DataFrame, *, taken: set[str]) -> pl.DataFrame:
    """Give a number to those that bring none, as services.numbering does: O, year, key."""
    year = pl.col("opened_on").dt.year().cast(pl.String)
    wish = pl.lit("O-") + year + "-" + pl.col("id").cast(pl.String).str.zfill(5)
    wishes = new.select(wish=wish)["wish"].to_list()
    free = pl.Series([each if each not in taken else f"{each}-2" for each in wishes], dtype=pl.String)
    return new.with_columns(number=pl.coalesce("number", free)).with_columns(
        name=pl.coalesce("name", "product", "number")
    )


def _write_new(session: Session, actor: Actor, new: pl.DataFrame) -> None:
    chosen = pl.col("probability").is_not_null() & (pl.col("outcome") == StageKind.OPEN.value)
    frame = new.select(
        "id",
        "number",
        *(name for name in _SAME if name != "lost_reason"),
        lost_reason=pl.when(pl.col("outcome") == StageKind.LOST.value).then("lost_reason"),
        currency="currency",
        probability=pl.when(chosen).then("probability").otherwise("stage_probability"),
        probability_set=chosen,
        forecast_category=pl.lit(ForecastCategory.PIPELINE.value),
    )
    bulk.insert_records(session, Opportunity, frame)
    for part in frame.iter_slices(_AT_ONCE):
        log = [each for row in part.iter_rows(named=True)
               for each in opportunity_traces.beginning(Opportunity(**row), user_id=actor.user_id)]  # fmt: skip
        _write_log(session, OpportunityEvent, log)
        _write_log(session, StageStay, log)
    _write_lines(session, lines_of(new))


def _write_log(session: Session, model: Any, log: Iterable[Base]) -> None:
    names = [column.name for column in bulk.table(model).columns if column.name not in {"id", "rev"}]
    rows = [{name: getattr(each, name) for name in names} for each in log if isinstance(each, model)]
    start = bulk.start_of(session, model=model, count=len(rows))
    bulk.insert_rows(session, model, [{**row, "id": key} for key, row in enumerate(rows, start=start)])


def _write_lines(session: Session, lines: pl.DataFrame) -> None:
    start = bulk.start_of(session, model=OpportunityLine, count=lines.height)
    frame = lines.select(
        "customer_id",
        "product_id",
        opportunity_id="id",
        id=pl.int_range(start, start + lines.height, dtype=pl.Int64),
        quantity_e3="quantity",
        unit_price_e4="unit_price",
        discount_bp=pl.lit(0),
        amount=pl.col("amount").fill_null(0),
    )
    bulk.insert_records(session, OpportunityLine, frame)


def _write_changed(session: Session, changed: pl.DataFrame) -> None:
    places = {place.id: place for place in session.query(Stage)}

    def into_stage(row: Opportunity, values: dict[str, Any]) -> None:
        row.probability_set = row.probability_set or values["probability"] is not None
        row.probability = row.probability if values["probability"] is None else values["probability"]
        place = places[values["stage_id"]]
        pipeline.enter(row, place, today=today(session), closed_on=values["closed_on"])

    updates.apply(session, Opportunity, changed, columns=_CHANGING, then=into_stage)
