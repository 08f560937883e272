"""Rows that change a record which is there already: how it is found, and how it is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.errors import CrmError
from crm_data.exchange.imports import intake, lookups
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.lookups import folded
from crm_data.exchange.imports.plans import Job
from crm_data.exchange.parsing import digits_of
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import Reason
from crm_data.models import Record
from crm_data.vocabulary import N_, Action

Then = Callable[[Any, dict[str, Any]], None]
_BATCH = 500
_KNOWN_AS = {"name": "folded"}


def chosen(job: Job) -> str | None:
    """Give the field by which rows find what they update; raises CrmError unless the kind has it for that."""
    field = job.options.update_by
    if field is None:
        return None
    if field not in job.kind.update_by:
        raise CrmError(
            N_("{kind} cannot be updated by {field}. There are: {fields}."),
            kind=job.kind.key,
            field=field,
            fields=", ".join(job.kind.update_by) or "–",
        )
    access.require(job.actor, job.kind.module, Action.EDIT)
    return field


def matched(
    rows: pl.DataFrame, findings: Findings, job: Job, *, keys: pl.DataFrame, part_of: str | None = None
) -> pl.DataFrame:
    """Add match_id, the record that a row updates; it stays empty for new ones.

    `part_of` names the column of the whole (in rows and keys) within which a record is told by the field. A row that
    fits several records, repeats another or changes what is not the actor's is refused.
    """
    field = chosen(job)
    if field is None:
        return rows.with_columns(match_id=pl.lit(None, pl.Int64))
    own = {"name": folded(pl.col("name")), "email": folded(pl.col("email")), "phone": digits_of(pl.col("phone"))}
    mark = own.get(field, pl.col(field))
    known = pl.col(_KNOWN_AS.get(field, field))
    if part_of is not None:
        mark = _within(part_of, mark)
        known = known if field == "name" else _within(part_of, known)
    marked = rows.with_columns(mark=mark)
    answers = lookups.found(marked["mark"], keys.with_columns(key=known), by=("key",))
    judged = marked.join(
        answers.rename({"text": "mark", "id": "match_id"}), on="mark", how="left", maintain_order="left"
    )
    findings.add(judged.filter(pl.col("several")), Reason.SEVERAL, field=field)
    _refuse_others(judged, findings, job, keys=keys, field=field)
    first = pl.col(ROW).min().over("match_id")
    again = judged.with_columns(first=first).filter(pl.col("match_id").is_not_null() & (pl.col(ROW) > pl.col("first")))
    findings.add(again, Reason.REPEATED, field=field, detail=pl.col("first"))
    intake.refuse_incomplete(judged.filter(pl.col("match_id").is_null()), findings, kind=job.kind)
    return judged.drop("mark", "several")


def _within(part_of: str, mark: pl.Expr) -> pl.Expr:
    return pl.col(part_of).cast(pl.String) + "\n" + mark


def _refuse_others(rows: pl.DataFrame, findings: Findings, job: Job, *, keys: pl.DataFrame, field: str) -> None:
    if "owner_id" not in keys.columns:
        return
    actions = [Action.IMPORT, Action.EDIT]
    mine = lookups.within(pl.col("owner_id"), job.actor, module=job.kind.module, actions=actions)
    others = keys.filter(~mine).select(match_id="id")
    findings.add(rows.join(others, on="match_id", how="semi", maintain_order="left"), Reason.NOT_YOURS, field=field)


def apply(
    session: Session, model: type[Record], frame: pl.DataFrame, *, columns: Sequence[str], then: Then | None = None
) -> None:
    """Write the filled cells of rows into the records they match (match_id); empty cells leave what is there.

    `then` does to each record what else follows from its row.
    """
    for part in frame.iter_slices(_BATCH):
        wanted = select(model).where(model.id.in_(part["match_id"].to_list()))
        records: dict[int, Any] = {record.id: record for record in session.scalars(wanted)}
        for row in part.iter_rows(named=True):
            set_filled(records[row["match_id"]], row, columns=columns)
            if then is not None:
                then(records[row["match_id"]], row)
        session.flush()
        for record in records.values():
            session.expunge(record)


def set_filled(record: Any, row: Mapping[str, Any], *, columns: Sequence[str]) -> None:
    """Set the fields of a record for which a row has something."""
    for name in columns:
        value = row.get(name)
        if value in (None, []):
            continue
        choices = getattr(inspect(type(record)).columns[name].type, "enum_class", None)
        setattr(record, name, choices(value) if choices else value)
