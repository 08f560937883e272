"""Bring a table in, as a command or a screen does: one transaction, one change set."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.exchange import imports
from crm_data.exchange.imports import ImportOptions, ImportPlan, ImportResult
from crm_data.exchange.reading import ROW, Source, open_source
from crm_data.services import changes, undoing
from crm_data.vocabulary import ChangeAction

ALL = frozenset(imports.THINGS)


def a_file(folder: Path, text: str, *, name: str = "brought.csv") -> Source:
    """Write a text file and open it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return open_source(path)


def bring(engine: Engine, actor: Actor, kind: str, source: Source, **options: Any) -> ImportResult:
    """Import a file and commit."""
    with changes.writing(engine, actor, action=ChangeAction.IMPORT) as session:
        return imports.run(session, actor, kind=kind, source=source, options=ImportOptions(**options))


def planned(engine: Engine, actor: Actor, kind: str, source: Source, **options: Any) -> ImportPlan:
    """Say what an import would do."""
    with db.reading(engine) as session:
        return imports.plan(session, actor, kind=kind, source=source, options=ImportOptions(**options))


def undo(engine: Engine, actor: Actor, result: ImportResult) -> None:
    """Take an import back."""
    assert result.change_set_id is not None
    with changes.writing(engine, actor, action=ChangeAction.UNDO) as session:
        undoing.undo(session, actor, result.change_set_id)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    """Created, updated, skipped and rejected rows."""
    return result.created, result.updated, result.skipped, result.rejected


def problems(found: ImportPlan | ImportResult) -> list[tuple[int, str, str | None]]:
    """Row, reason and field of all that is held against rows."""
    plan = found.plan if isinstance(found, ImportResult) else found
    return list(plan.problems.select(ROW, "reason", "field").rows())


def stored(engine: Engine, model: Any, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of a table that are not in the bin."""
    with Session(engine) as session:
        wanted = select(*(getattr(model, name) for name in columns)).where(model.deleted_at.is_(None))
        return [tuple(row) for row in session.execute(wanted.order_by(model.id))]


def lines(*rows: Iterable[Any]) -> str:
    """Rows as the text of a CSV file."""
    frame = pl.DataFrame([[str(cell) for cell in row] for row in rows], orient="row")
    return frame.write_csv(include_header=False)
