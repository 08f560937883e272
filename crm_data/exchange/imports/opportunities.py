"""Importing opportunities: into which stage they go, what that stage needs, and the log that begins with them."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl

from crm_data.exchange.imports import intake, lookups, pipeline_writing, references, stages, updates
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.plans import Job, Prepared
from crm_data.exchange.imports.stages import STORED
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import Reason
from crm_data.terms import today
from crm_data.vocabulary import StageKind

_COLUMNS = {"opened": "opened_on", "expected_close": "expected_close_on", "closed": "closed_on"}


def prepare(job: Job, rows: pl.DataFrame, findings: Findings) -> Prepared:
    """Judge the rows of a file of opportunities.

    The closing day of an open opportunity is understood as its expected one, unless the file has that too. Products
    make the line of a new opportunity; an update leaves the lines alone.
    """
    keys = stages.stored_opportunities(job)
    rows = updates.matched(rows, findings, job, keys=keys)
    rows = rows.with_columns(product=pl.when(pl.col("match_id").is_null()).then("product"))
    rows = _in_currencies(rows, findings, job, keys=keys)
    _refuse_numbers(rows, findings, keys=keys)
    customers, products = lookups.customer_keys(job), lookups.product_keys(job)
    rows = _looked_up(rows, findings, job, customers=customers, products=products)
    rows = references.own_by(rows, findings, job)
    rows = stages.with_stages(rows, findings, job, stored=keys).rename(_COLUMNS)
    _refuse_sums(rows, findings, keys=keys)
    day = today(job.session)
    rows = _with_days(_with_stored(rows, keys), today=day)
    _refuse_impossible(rows, findings, today=day)
    stages.refuse_incomplete(rows, findings, job)
    rows, new_customers = references.to_make(findings.accepted(rows), field="customer")
    rows, new_products = references.to_make(rows, field="product")
    rows, owners = references.to_make(rows, field="owner")
    changed = rows.filter(pl.col("match_id").is_not_null())
    found = pipeline_writing.Brought(rows, customers=new_customers, products=new_products, owners=owners)
    known = pipeline_writing.Keys(numbers=keys, customers=customers, products=products)
    makes = {
        "opportunities": rows.height - changed.height,
        "opportunity_lines": pipeline_writing.lines_of(rows).height,
        "customers": new_customers.height,
        "products": new_products.height,
        "users": owners.height,
    }
    write = partial(pipeline_writing.write, brought=found, keys=known, base=job.terms.base_currency)
    return Prepared(write, makes, updates=changed[ROW])


def _in_currencies(rows: pl.DataFrame, findings: Findings, job: Job, *, keys: pl.DataFrame) -> pl.DataFrame:
    """Give every row its currency (an update keeps the record's) and its amount in minor units of it."""
    stored = keys.select(match_id="id", stored_currency="currency")
    rows = rows.join(stored, on="match_id", how="left", maintain_order="left")
    other = rows.filter(pl.col("currency") != pl.col("stored_currency"))
    findings.add(other, Reason.OTHER_CURRENCY, field="currency", detail=pl.col("stored_currency"))
    currency = pl.coalesce("stored_currency", "currency", pl.lit(job.terms.base_currency))
    rows = rows.with_columns(currency=currency).drop("stored_currency")
    return intake.in_minor_units(rows, job, currency=pl.col("currency"))


def _refuse_numbers(rows: pl.DataFrame, findings: Findings, *, keys: pl.DataFrame) -> None:
    new = rows.filter(pl.col("match_id").is_null() & pl.col("number").is_not_null())
    first = pl.col(ROW).min().over("number")
    again = new.with_columns(first=first).filter(pl.col(ROW) > pl.col("first"))
    findings.add(again, Reason.REPEATED, field="number", detail=pl.col("first"))
    there = keys.filter(~pl.col("deleted"))
    for seen, reason in ((pl.col("seen"), Reason.EXISTS), (~pl.col("seen"), Reason.TAKEN)):
        known = new.join(there.filter(seen), on="number", how="semi", maintain_order="left")
        findings.add(known, reason, field="number", detail=pl.col("number"))


def _looked_up(
    rows: pl.DataFrame, findings: Findings, job: Job, *, customers: pl.DataFrame, products: pl.DataFrame
) -> pl.DataFrame:
    make = references.may_make(job, "customers")
    rows = references.look_up(rows, findings, field="customer", keys=customers, by=("code", "folded"), make=make)
    unknown = rows.filter(pl.col("customer_id").is_null())
    references.refuse_taken(unknown, findings, field="customer", keys=customers, column="code")
    make = references.may_make(job, "products")
    rows = references.look_up(rows, findings, field="product", keys=products, by=("sku", "folded"), make=make)
    without = rows.filter(pl.col("product_id").is_null())
    references.refuse_taken(without, findings, field="product", keys=products, column="sku")
    return rows.join(
        products.select(product_id="id", list_price="list_price_e4"), on="product_id", how="left", maintain_order="left"
    )


def _refuse_sums(rows: pl.DataFrame, findings: Findings, *, keys: pl.DataFrame) -> None:
    summed = keys.filter("has_lines").select(match_id="id", sum="amount")
    other = rows.join(summed, on="match_id", maintain_order="left").filter(pl.col("amount") != pl.col("sum"))
    findings.add(other, Reason.SUM_OF_LINES, field="amount")


def _with_stored(rows: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Fill the empty cells of updates with what is stored, so that the whole can be judged."""
    stored = keys.select(pl.col("id").alias("match_id"), *(pl.col(name).alias(f"stored_{name}") for name in STORED))
    rows = rows.join(stored, on="match_id", how="left", maintain_order="left")
    filled = [pl.coalesce(name, f"stored_{name}").alias(name) for name in STORED]
    return rows.with_columns(filled).drop(f"stored_{name}" for name in STORED)


def _with_days(rows: pl.DataFrame, *, today: date) -> pl.DataFrame:
    is_open = pl.col("outcome") == StageKind.OPEN.value
    expected = pl.when(is_open).then(pl.coalesce("expected_close_on", "closed_on")).otherwise("expected_close_on")
    closed = pl.when(~is_open).then("closed_on")
    rows = rows.with_columns(expected_close_on=expected, closed_on=closed)
    return rows.with_columns(opened_on=pl.coalesce("opened_on", pl.min_horizontal("closed_on", pl.lit(today))))


def _refuse_impossible(rows: pl.DataFrame, findings: Findings, *, today: date) -> None:
    closed = rows.with_columns(closed="closed_on")
    findings.add(closed.filter(pl.col("closed") > today), Reason.FUTURE, field="closed")
    early = closed.filter(pl.col("closed") < pl.col("opened_on"))
    findings.add(early, Reason.DISORDER, field="closed", detail=pl.col("opened_on"))
    findings.add(rows.filter(pl.col("quantity") == 0), Reason.ZERO, field="quantity")
