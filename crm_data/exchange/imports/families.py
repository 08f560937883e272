"""Which customer stands above which: found in the database or in the file itself, and never above itself."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from crm_data.exchange.imports import references
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.lookups import found
from crm_data.exchange.imports.plans import Job
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import Reason

_DEEPEST = 100


def with_parents(
    rows: pl.DataFrame, findings: Findings, job: Job, *, keys: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the rows that can be taken with id (below zero when new) and parent_id, and the parents to be made."""
    new = rows.filter(pl.col("match_id").is_null()).select(ROW)
    numbers = new.with_columns(new_id=references.made_keys(new.height))
    rows = rows.join(numbers, on=ROW, how="left", maintain_order="left")
    rows = rows.with_columns(id=pl.coalesce("match_id", "new_id")).drop("new_id")
    make = references.may_make(job, "customers")
    rows = _looked_up(rows, findings, keys=keys, make=make)
    rows, made = references.to_make(rows, field="parent", after=new.height)
    _refuse_circles(rows, findings, keys=keys)
    rows = _without_orphans(rows, findings, last=new.height)
    return rows, made.join(rows, left_on="id", right_on="parent_id", how="semi", maintain_order="left")


def generations(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut a frame of customers (id, parent_id) so that parents come before those below them."""
    while frame.height:
        waits = pl.col("parent_id").is_in(frame["id"].implode()).fill_null(value=False)
        ready = frame.filter(~waits)
        yield ready if ready.height else frame
        frame = frame.filter(waits) if ready.height else frame.clear()


def _looked_up(rows: pl.DataFrame, findings: Findings, *, keys: pl.DataFrame, make: bool) -> pl.DataFrame:
    in_file = rows.select("id", "code", folded="like", deleted=pl.lit(value=False), seen=pl.lit(value=True))
    stored = found(rows["parent"], keys, by=("code", "folded"))
    brought = found(rows["parent"], in_file, by=("code", "folded"))
    answers = stored.join(brought, on="text", suffix="_brought").select(
        parent="text",
        parent_id=pl.coalesce("id", "id_brought"),
        several=pl.when(pl.col("id").is_null()).then("several_brought").otherwise("several"),
    )
    rows = rows.join(answers, on="parent", how="left", maintain_order="left")
    findings.add(rows.filter(pl.col("several")), Reason.SEVERAL, field="parent")
    if make:
        references.refuse_taken(
            rows.filter(pl.col("parent_id").is_null()), findings, field="parent", keys=keys, column="code"
        )
    else:
        unknown = pl.col("parent").is_not_null() & pl.col("parent_id").is_null()
        findings.add(rows.filter(unknown), Reason.UNKNOWN, field="parent")
    return rows.drop("several")


def _refuse_circles(rows: pl.DataFrame, findings: Findings, *, keys: pl.DataFrame) -> None:
    mine = rows.select("id", above="parent_id").drop_nulls()
    stored = keys.select("id", above="parent_id").drop_nulls().join(mine, on="id", how="anti")
    links = pl.concat([mine, stored])
    climbing = mine.rename({"id": "start"})
    circles = [climbing.filter(pl.col("start") == pl.col("above"))]
    for _ in range(_DEEPEST):
        climbing = climbing.filter(pl.col("start") != pl.col("above"))
        climbing = climbing.join(links, left_on="above", right_on="id").select("start", above="above_right")
        circles.append(climbing.filter(pl.col("start") == pl.col("above")))
    circular = pl.concat([*circles, climbing])["start"].unique()
    findings.add(rows.filter(pl.col("id").is_in(circular.implode())), Reason.ABOVE_ITSELF, field="parent")


def _without_orphans(rows: pl.DataFrame, findings: Findings, *, last: int) -> pl.DataFrame:
    """Leave out rows whose parent stands in the file and is not taken itself."""
    while True:
        rows = findings.accepted(rows)
        in_file = pl.col("parent_id").is_between(-last, -1)
        orphans = rows.filter(in_file & ~pl.col("parent_id").is_in(rows["id"].implode()))
        if orphans.is_empty():
            return rows
        findings.add(orphans, Reason.UNKNOWN, field="parent")
