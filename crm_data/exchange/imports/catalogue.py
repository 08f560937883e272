"""Importing products, with the categories they belong to."""

from __future__ import annotations

from functools import partial

import polars as pl
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.exchange.imports import bulk, lookups, references, updates
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.plans import Job, Prepared
from crm_data.exchange.imports.references import real
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import Reason
from crm_data.models import Product, ProductCategory

_COLUMNS = {
    "list_price": "list_price_e4",
    "unit_cost": "unit_cost_e4",
    "launched": "launched_on",
    "retired": "retired_on",
}
_SAME = ("sku", "name", "category_id", "list_price_e4", "unit_cost_e4", "unit", "launched_on", "retired_on")


def prepare(job: Job, rows: pl.DataFrame, findings: Findings) -> Prepared:
    """Judge the rows of a file of products."""
    keys = lookups.product_keys(job)
    before = rows.filter(pl.col("retired") < pl.col("launched"))
    findings.add(before, Reason.DISORDER, field="retired", detail=pl.col("launched"))
    rows = updates.matched(rows, findings, job, keys=keys)
    make = references.may_make(job, "categories")
    categories = lookups.category_keys(job)
    rows = references.look_up(rows, findings, field="category", keys=categories, by=("folded",), make=make)
    new = findings.accepted(rows.filter(pl.col("match_id").is_null()))
    first = pl.col(ROW).min().over("sku")
    again = new.with_columns(first=first).filter(pl.col(ROW) > pl.col("first"))
    findings.add(again, Reason.REPEATED, field="sku", detail=pl.col("first"))
    known = new.join(keys.filter(~pl.col("deleted")), on="sku", how="semi", maintain_order="left")
    findings.add(known, Reason.EXISTS, field="sku", detail=pl.col("sku"))
    rows, made = references.to_make(findings.accepted(rows), field="category")
    rows = rows.rename(_COLUMNS)
    changed = rows.filter(pl.col("match_id").is_not_null())
    makes = {"products": rows.height - changed.height, "product_categories": made.height}
    return Prepared(partial(_write, rows=rows, categories=made, keys=keys), makes, updates=changed[ROW])


def _write(
    session: Session, _actor: Actor, *, rows: pl.DataFrame, categories: pl.DataFrame, keys: pl.DataFrame
) -> None:
    rows = rows.with_columns(real("category_id", start=write_categories(session, categories)))
    new = rows.filter(pl.col("match_id").is_null())
    references.free_from_bin(session, Product, keys=keys, wanted=new["sku"])
    start = bulk.start_of(session, model=Product, count=new.height)
    numbered = new.select(pl.int_range(start, start + new.height, dtype=pl.Int64).alias("id"), *_SAME)
    write_products(session, numbered)
    updates.apply(session, Product, rows.filter(pl.col("match_id").is_not_null()), columns=_SAME)


def write_products(session: Session, frame: pl.DataFrame) -> None:
    """Insert products (id, sku, name and whatever else is known of them)."""
    bulk.insert_records(session, Product, frame)


def write_categories(session: Session, made: pl.DataFrame) -> int:
    """Insert categories (text, id below zero) and give the first of their keys."""
    count = references.highest(made["id"])
    start = bulk.start_of(session, model=ProductCategory, count=count)
    frame = made.select(real("id", start=start), name="text")
    bulk.insert_records(session, ProductCategory, frame)
    return start
