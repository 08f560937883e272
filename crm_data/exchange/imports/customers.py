"""Importing customers: who is known already, who belongs to whom, and what is written."""

from __future__ import annotations

from functools import partial

import polars as pl
from sqlalchemy.orm import Session

from crm_data import clock
from crm_data.access import Actor
from crm_data.exchange.imports import bulk, families, intake, lookups, references, twins, updates
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.plans import Job, Prepared
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import Reason
from crm_data.models import Customer, LifecycleMove
from crm_data.terms import today
from crm_data.vocabulary import CustomerKind, LifecycleStage

_COLUMNS = {"created": "acquired_on"}
_SAME = (
    "kind", "name", "code", "stage", "category", "tier", "industry", "region", "city", "address", "phone", "email",
    "website", "parent_id", "owner_id", "source", "tags", "gender", "birth_date", "income_band", "education",
    "employees", "annual_revenue", "acquired_on",
)  # fmt: skip


def prepare(job: Job, rows: pl.DataFrame, findings: Findings) -> Prepared:
    """Judge the rows of a file of customers."""
    keys = lookups.customer_keys(job)
    rows = intake.in_minor_units(rows, job, currency=pl.lit(job.terms.base_currency))
    findings.add(rows.filter(pl.col("birth_date") > today(job.session)), Reason.FUTURE, field="birth_date")
    rows = twins.with_marks(references.own_by(rows, findings, job)).rename(_COLUMNS)
    rows = updates.matched(rows, findings, job, keys=keys)
    new = rows.filter(pl.col("match_id").is_null())
    twins.refuse_repeated(new, findings)
    twins.refuse_known(new, findings, keys=keys)
    references.refuse_taken(rows, findings, field="code", keys=keys, column="code")
    rows, parents = families.with_parents(findings.accepted(rows), findings, job, keys=keys)
    rows, owners = references.to_make(findings.accepted(rows), field="owner")
    changed = rows.filter(pl.col("match_id").is_not_null())
    write = partial(_write, rows=rows, parents=parents, owners=owners, keys=keys)
    makes = {"customers": rows.height - changed.height + parents.height, "users": owners.height}
    return Prepared(write, makes, updates=changed[ROW])


def _write(
    session: Session,
    actor: Actor,
    *,
    rows: pl.DataFrame,
    parents: pl.DataFrame,
    owners: pl.DataFrame,
    keys: pl.DataFrame,
) -> None:
    new = rows.filter(pl.col("match_id").is_null())
    start = bulk.start_of(session, model=Customer, count=references.highest(new["id"], parents["id"]))
    made = references.make_owners(session, actor, owners)
    parents = named_customers(parents, owner_id=actor.user_id)
    codes = pl.concat([rows["code"], parents["code"]])
    references.free_from_bin(session, Customer, keys=keys, wanted=codes)
    new = references.with_owners(new, made, mine=actor.user_id).select("id", *_SAME)
    both = pl.concat([parents, new], how="diagonal").with_columns(
        references.real("id", start=start), references.real("parent_id", start=start)
    )
    write_customers(session, actor, both)
    changed = references.with_owners(rows.filter(pl.col("match_id").is_not_null()), made, mine=None)
    updates.apply(session, Customer, changed.with_columns(references.real("parent_id", start=start)), columns=_SAME)


def write_customers(session: Session, actor: Actor, frame: pl.DataFrame) -> None:
    """Insert customers, parents first, each with the first step of its life cycle."""
    filled = frame.with_columns(
        kind=_or("kind", frame, CustomerKind.COMPANY),
        stage=_or("stage", frame, LifecycleStage.PROSPECT),
        acquired_on=pl.coalesce(_column("acquired_on", frame, pl.Date), pl.lit(today(session))),
        tags=_column("tags", frame, pl.List(pl.String)).fill_null([]),
    )
    for generation in families.generations(filled):
        bulk.insert_records(session, Customer, generation)
    start = bulk.start_of(session, model=LifecycleMove, count=filled.height)
    moves = filled.select(
        pl.int_range(start, start + filled.height, dtype=pl.Int64).alias("id"),
        customer_id="id",
        from_stage=pl.lit(None, pl.String),
        to_stage="stage",
        at=pl.lit(clock.now()),
        user_id=pl.lit(actor.user_id, pl.Int64),
        reason=pl.lit(None, pl.String),
    )
    bulk.insert_rows(session, LifecycleMove, moves.iter_rows(named=True))


def named_customers(made: pl.DataFrame, *, owner_id: int | None) -> pl.DataFrame:
    """Make the frame of customers of whom only what they are called is known (text, id): code and name."""
    code = pl.when(pl.col("text").str.contains(r"^\S*\d\S*$") & (pl.col("text").str.len_chars() <= 64)).then("text")
    return made.select(
        pl.exclude("text"),
        name="text",
        code=code,
        parent_id=pl.lit(None, pl.Int64),
        owner_id=pl.lit(owner_id, pl.Int64),
    )


def _or(name: str, frame: pl.DataFrame, default: str) -> pl.Expr:
    return pl.coalesce(_column(name, frame, pl.String()), pl.lit(str(default)))


def _column(name: str, frame: pl.DataFrame, kind: pl.DataType | type[pl.DataType]) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, kind)
