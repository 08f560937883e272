"""Import of tables that somebody brings along: plan what would happen, then let it happen as one change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.exchange.imports import catalogue, contacts, customers, intake, opportunities, purchases, updates
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.plans import (
    ImportOptions,
    ImportPlan,
    ImportResult,
    Job,
    Prepared,
    Verdict,
)
from crm_data.exchange.imports.rejects import explained, rejects
from crm_data.exchange.kinds import kind_named
from crm_data.exchange.reading import ROW, Source
from crm_data.services import changes
from crm_data.terms import terms
from crm_data.vocabulary import N_, Action

THINGS = ("customers", "products", "categories", "owners", "surveys")
__all__ = ["THINGS", "ImportOptions", "ImportPlan", "ImportResult", "Verdict", "explained", "plan", "rejects", "run"]

_PREPARE: Mapping[str, Callable[[Job, pl.DataFrame, Findings], Prepared]] = {
    "customers": customers.prepare,
    "contacts": contacts.prepare,
    "opportunities": opportunities.prepare,
    "products": catalogue.prepare,
    "purchases": purchases.prepare,
}


def plan(
    session: Session, actor: Actor, *, kind: str, source: Source, options: ImportOptions | None = None
) -> ImportPlan:
    """Say what an import would do with every row of a file; nothing is written.

    Raises NotAllowedError without the right to import the kind, and CrmError when the file has no column for a needed
    field or an option names something unknown.
    """
    chosen = options or ImportOptions()
    job = Job(session, actor, kind_named(kind), chosen, terms(session))
    access.require(actor, job.kind.module, Action.IMPORT)
    access.require(actor, job.kind.module, Action.CREATE)
    _refuse_unknown(job)
    columns = intake.mapped(source, kind=job.kind, options=chosen)
    rows, findings = intake.take_in(source, job, columns=columns)
    prepared = _PREPARE[kind](job, rows, findings)
    verdicts = _verdicts(source, findings, prepared)
    return ImportPlan(
        kind=job.kind,
        columns=columns,
        verdicts=verdicts,
        problems=findings.problems(),
        makes=prepared.makes,
        money=_money(verdicts, prepared),
        without_amount=0 if prepared.money is None else source.rows - prepared.money.height,
        write=prepared.write,
    )


def run(
    session: Session, actor: Actor, *, kind: str, source: Source, options: ImportOptions | None = None
) -> ImportResult:
    """Import a file in the running transaction, as one change set (see plan for what is raised).

    The session must be opened for writing with the action IMPORT; the caller commits all of it or nothing.
    """
    planned = plan(session, actor, kind=kind, source=source, options=options)
    counts = planned.counts
    writes = bool(counts[Verdict.CREATE] or counts[Verdict.UPDATE])
    if writes:
        changes.change_set_id(session)
        planned.write(session, actor)
    return ImportResult(
        created=counts[Verdict.CREATE],
        updated=counts[Verdict.UPDATE],
        skipped=counts[Verdict.SKIP],
        rejected=counts[Verdict.REJECT],
        change_set_id=changes.change_set_id(session) if writes else None,
        plan=planned,
    )


def _refuse_unknown(job: Job) -> None:
    updates.chosen(job)
    strange = sorted(job.options.create - set(THINGS))
    if strange:
        raise CrmError(
            N_("An import cannot create {things}. It can create: {possible}."),
            things=", ".join(strange),
            possible=", ".join(THINGS),
        )


def _verdicts(source: Source, findings: Findings, prepared: Prepared) -> pl.DataFrame:
    every = pl.concat([source.frame.select(ROW), source.broken.select(ROW)]).sort(ROW)
    updated = prepared.updates if prepared.updates is not None else pl.Series([], dtype=pl.Int64)
    judged = every.join(findings.against(), on=ROW, how="left", maintain_order="left")
    verdict = (
        pl.when(pl.col("skipped")).then(pl.lit(Verdict.SKIP.value))
        .when(pl.col("skipped").is_not_null()).then(pl.lit(Verdict.REJECT.value))
        .when(pl.col(ROW).is_in(updated.implode())).then(pl.lit(Verdict.UPDATE.value))
        .otherwise(pl.lit(Verdict.CREATE.value))
    )  # fmt: skip
    return judged.select(ROW, verdict=verdict)


def _money(verdicts: pl.DataFrame, prepared: Prepared) -> pl.DataFrame:
    empty = pl.DataFrame(schema={"verdict": pl.String, "currency": pl.String, "amount": pl.Int64})
    if prepared.money is None:
        return empty
    joined = verdicts.join(prepared.money, on=ROW)
    return joined.group_by("verdict", "currency").agg(pl.col("amount").sum()).sort("verdict", "currency")
