"""Importing contacts: at which customer, who is known there already, and who is the main one."""

from __future__ import annotations

from functools import partial

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.exchange.imports import bulk, lookups, references, twins, updates
from crm_data.exchange.imports.customers import named_customers, write_customers
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.plans import Job, Prepared
from crm_data.exchange.imports.references import real
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import Reason
from crm_data.models import Contact, Customer
from crm_data.terms import today
from crm_data.vocabulary import Action, Module

_SAME = ("name", "title", "department", "role", "phone", "email", "birthday")
_AT_ONCE = 500


def prepare(job: Job, rows: pl.DataFrame, findings: Findings) -> Prepared:
    """Judge the rows of a file of contacts."""
    findings.add(rows.filter(pl.col("birthday") > today(job.session)), Reason.FUTURE, field="birthday")
    customers = lookups.customer_keys(job)
    rows = _at_customers(rows, findings, job, customers=customers)
    rows, made = references.to_make(findings.accepted(rows), field="customer")
    keys = _told_apart(lookups.contact_keys(job))
    rows = twins.with_marks(rows.with_columns(code=pl.lit(None, pl.String)), part_of="customer_id")
    rows = updates.matched(rows, findings, job, keys=keys, part_of="customer_id")
    new = rows.filter(pl.col("match_id").is_null())
    twins.refuse_repeated(new, findings)
    twins.refuse_known(new, findings, keys=keys)
    rows = findings.accepted(rows)
    made = made.join(rows, left_on="id", right_on="customer_id", how="semi", maintain_order="left")
    changed = rows.filter(pl.col("match_id").is_not_null())
    makes = {"contacts": rows.height - changed.height, "customers": made.height}
    write = partial(_write, rows=_with_main(rows, keys), made=made, customers=customers)
    return Prepared(write, makes, updates=changed[ROW])


def _at_customers(rows: pl.DataFrame, findings: Findings, job: Job, *, customers: pl.DataFrame) -> pl.DataFrame:
    make = references.may_make(job, "customers")
    rows = references.look_up(rows, findings, field="customer", keys=customers, by=("code", "folded"), make=make)
    unknown = rows.filter(pl.col("customer_id").is_null())
    references.refuse_taken(unknown, findings, field="customer", keys=customers, column="code")
    actions = [Action.IMPORT, Action.EDIT]
    mine = lookups.within(pl.col("owner_id"), job.actor, module=Module.CUSTOMERS, actions=actions)
    others = customers.filter(~mine).select(customer_id="id")
    findings.add(
        rows.join(others, on="customer_id", how="semi", maintain_order="left"), Reason.NOT_YOURS, field="customer"
    )
    return rows


def _told_apart(keys: pl.DataFrame) -> pl.DataFrame:
    """Let names count within one customer only."""
    inside = pl.col("customer_id").cast(pl.String) + "\n" + pl.col("folded")
    return keys.with_columns(folded=inside, code=pl.lit(None, pl.String))


def _with_main(rows: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Say who is the main contact: the first whom the file calls so, else the first of a customer that has none."""
    have = keys.filter(pl.col("primary") & ~pl.col("deleted"))["customer_id"].implode()
    called = pl.when(pl.col("primary")).then(ROW).min().over("customer_id")
    fresh = (
        pl.when(pl.col("match_id").is_null() & ~pl.col("customer_id").is_in(have)).then(ROW).min().over("customer_id")
    )
    return rows.with_columns(main=pl.col(ROW) == pl.coalesce(called, fresh), called=called.is_not_null())


def _write(session: Session, actor: Actor, *, rows: pl.DataFrame, made: pl.DataFrame, customers: pl.DataFrame) -> None:
    start = bulk.start_of(session, model=Customer, count=references.highest(made["id"]))
    named = named_customers(made, owner_id=actor.user_id)
    references.free_from_bin(session, Customer, keys=customers, wanted=named["code"])
    write_customers(session, actor, named.with_columns(real("id", start=start)))
    rows = rows.with_columns(real("customer_id", start=start))
    new = rows.filter(pl.col("match_id").is_null())
    first = bulk.start_of(session, model=Contact, count=new.height)
    new = new.with_columns(id=pl.int_range(first, first + new.height, dtype=pl.Int64))
    changed = rows.filter(pl.col("match_id").is_not_null())
    _step_back(session, pl.concat([new, changed.with_columns(id="match_id")], how="diagonal"))
    bulk.insert_records(
        session, Contact, new.select("id", "customer_id", *_SAME, primary=pl.col("main").fill_null(value=False))
    )
    chosen = pl.when(pl.col("main") & pl.col("called")).then(pl.lit(value=True))
    updates.apply(session, Contact, changed.with_columns(primary=chosen), columns=(*_SAME, "primary"))


def _step_back(session: Session, rows: pl.DataFrame) -> None:
    """Take the main contact's place from whoever has it at a customer for whom the file names another."""
    named = rows.filter(pl.col("main") & pl.col("called")).select("id", "customer_id")
    for part in named.iter_slices(_AT_ONCE):
        wanted = select(Contact).where(
            Contact.customer_id.in_(part["customer_id"].to_list()), Contact.primary, Contact.deleted_at.is_(None)
        )
        for contact in session.scalars(wanted.where(Contact.id.not_in(part["id"].to_list()))):
            contact.primary = False
        session.flush()
