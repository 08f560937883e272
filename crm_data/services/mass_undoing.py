"""Taking back a change of thousands of records, an import or a bulk edit: by statements instead of one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import polars as pl
from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from crm_data import access, clock, db
from crm_data.access import Actor
from crm_data.errors import NotAllowedError, NotFoundError, UndoConflictError
from crm_data.mirror import read_frame
from crm_data.models import AuditEntry, Record, Searchable
from crm_data.models.base import search_text_of
from crm_data.services import bin, changes
from crm_data.services.outcomes import Place, clashes, decoded, differing, model_of, refuse_secret, right, take_back
from crm_data.vocabulary import N_, ChangeAction, Scope

TAKEN_BACK = frozenset({ChangeAction.CREATE, ChangeAction.EDIT, ChangeAction.DELETE, ChangeAction.RESTORE})
_AT_ONCE = 2_000
_DELETED = "deleted_at"


@dataclass(frozen=True)
class _Work:
    """What is to be taken back of one kind of record.

    `created` are records that one statement puts into the bin, `edited` the only entries of other records; `singly`
    are entries that must be taken back one after the other. `reach` says what permission each record asks for.
    """

    model: type[Record]
    created: list[int]
    edited: list[int]
    singly: list[int]
    reach: pl.DataFrame

    @property
    def table(self) -> Table:
        """The table of the records."""
        return cast("Table", self.model.__table__)


def undo(session: Session, actor: Actor, change_set_id: int) -> None:
    """Take back a change set; the caller marks it as undone. Raises what `undoing.undo` raises."""
    works = _sorted_out(session, change_set_id)
    gone = pl.col("action") != ChangeAction.EDIT.value
    free = in_tow(session, {work.model.__tablename__: work.reach.filter(gone)["record_id"].to_list() for work in works})
    for work in works:
        _demand(session, actor, work, free=free.get(work.model.__tablename__, set()))
    own = {work.model.__tablename__: set(work.reach["record_id"]) for work in works}
    later, along = hanging(session, {work.model.__tablename__: _made(work) for work in works}, own=own)
    places = [place for work in works for place in _clashes(session, work, change_set_id)] + later
    if places:
        raise conflict(places)
    now = clock.now()
    for work in works:
        put_away(session, work.model, work.created, now=now)
        _write_edits(session, work, now=now)
        _write_singly(session, work.model, work.singly)
    for kind, ids in along.items():
        put_away(session, model_of(kind), ids, now=now)


def hanging(
    session: Session, created: Mapping[str, Sequence[int]], *, own: Mapping[str, set[int]]
) -> tuple[list[Place], dict[str, list[int]]]:
    """Find what hangs on created records and is not of the change itself (`own`).

    What somebody added later is listed as a conflict; what has no beginning of its own in the log goes along, by kind.
    """
    later: list[Place] = []
    along: dict[str, list[int]] = defaultdict(list)
    for kind, wholes in created.items():
        for model, link in bin.part_links(kind):
            column: Any = getattr(model, link)
            name = model.__tablename__
            for batch in _batches(wholes):
                wanted = select(model.id).where(column.in_(batch), model.deleted_at.is_(None))
                found = [key for key in session.scalars(wanted) if key not in own.get(name, set())]
                added = _added_by_somebody(session, name, found)
                later += [(name, key, link) for key in found if key in added]
                along[name] += [key for key in found if key not in added and key not in along[name]]
    return later, along


def in_tow(session: Session, wholes: Mapping[str, Sequence[int]]) -> dict[str, set[int]]:
    """Find the parts of records, by kind: whoever may delete or bring back the whole does so with its parts."""
    found: dict[str, set[int]] = defaultdict(set)
    for kind, ids in wholes.items():
        for model, link in bin.part_links(kind):
            column: Any = getattr(model, link)
            for batch in _batches(ids):
                found[model.__tablename__].update(session.scalars(select(model.id).where(column.in_(batch))))
    return found


def put_away(session: Session, model: type[Record], ids: Sequence[int], *, now: datetime) -> None:
    """Put records into the bin, with their entries in the log."""
    table = cast("Table", model.__table__)
    for batch in _batches(ids):
        common = {"version": table.c.version + 1, "rev": db.stamp(session), "updated_at": now}
        session.execute(update(table).where(table.c.id.in_(batch)).values({**common, _DELETED: now}))
        gone = {_DELETED: changes.encoded(now)}
        changes.note_edits(session, kind=table.name, edits=[(key, {_DELETED: None}, gone) for key in batch])


def conflict(places: Sequence[Place]) -> UndoConflictError:
    """Make the error that lists where later work stands on a change."""
    message = N_("This cannot be undone: later work stands on it in {count} places.")
    return UndoConflictError(message, records=places, count=len(places))


def _sorted_out(session: Session, change_set_id: int) -> list[_Work]:
    columns = select(AuditEntry.id, AuditEntry.record_kind, AuditEntry.record_id, AuditEntry.action)
    wanted = columns.where(AuditEntry.change_set_id == change_set_id, AuditEntry.action.in_(TAKEN_BACK))
    entries = read_frame(session.connection(), wanted.order_by(AuditEntry.id.desc()))
    entries = entries.with_columns(alone=pl.len().over("record_kind", "record_id") == 1)
    return [_work(str(kind), part) for (kind,), part in entries.group_by("record_kind", maintain_order=True)]


def _work(kind: str, entries: pl.DataFrame) -> _Work:
    model = model_of(kind)
    made = pl.col("action") == ChangeAction.CREATE.value
    quick = pl.col("alone") & (~made | pl.lit(not changes.is_traced(model, {_DELETED})))
    rights = {action.value: right(action).value for action in TAKEN_BACK}
    return _Work(
        model,
        created=entries.filter(quick & made)["record_id"].to_list(),
        edited=entries.filter(quick & ~made)["id"].to_list(),
        singly=entries.filter(~quick)["id"].to_list(),
        reach=entries.select("record_id", "action", right=pl.col("action").replace_strict(rights)),
    )


def _made(work: _Work) -> list[int]:
    return work.reach.filter(pl.col("action") == ChangeAction.CREATE.value)["record_id"].to_list()


def _demand(session: Session, actor: Actor, work: _Work, *, free: set[int]) -> None:
    alone = (pl.col("action") == ChangeAction.EDIT.value) | ~pl.col("record_id").is_in(sorted(free))
    for (name,), part in work.reach.filter(alone).group_by("right"):
        action = next(each for each in map(right, TAKEN_BACK) if each.value == name)
        access.require(actor, access.module_of(work.model), action)
        if access.scope_for(actor, work.model, action=action) is Scope.ALL:
            continue
        mine = access.covered(actor, work.model, action)
        for batch in _batches(part["record_id"].unique().to_list()):
            reached = select(func.count()).select_from(work.model).where(work.model.id.in_(batch), mine)
            if session.scalar(reached) != len(batch):
                raise NotAllowedError(
                    N_("Some of these records belong to somebody else. Ask an administrator to undo the change.")
                )


def _clashes(session: Session, work: _Work, change_set_id: int) -> Iterator[Place]:
    for batch in _batches(work.created):
        table = work.table
        wanted = select(table.c.id, table.c.version, table.c.deleted_at).where(table.c.id.in_(batch))
        rows = session.execute(wanted.with_for_update()).all()
        _all_there(len(rows), len(batch))
        touched = [row.id for row in rows if row.version != 1 or row.deleted_at is not None]
        entries = select(AuditEntry.id).where(
            AuditEntry.change_set_id == change_set_id, AuditEntry.record_kind == table.name,
            AuditEntry.record_id.in_(touched),
        )  # fmt: skip
        yield from clashes(_pairs(session, work.model, list(session.scalars(entries)) if touched else []))
    for batch in _batches(work.edited):
        for entry, row in _edits(session, work.table, batch):
            yield from ((work.table.name, entry.record_id, field) for field in differing(row, entry.after or {}))
    yield from clashes(_pairs(session, work.model, work.singly))


def _write_edits(session: Session, work: _Work, *, now: datetime) -> None:
    for batch in _batches(work.edited):
        statements: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
        edits, traced = [], []
        for entry, row in _edits(session, work.table, batch):
            before = entry.before or {}
            if changes.is_traced(work.model, before):
                traced.append(entry.id)
                continue
            values = _values(work.model, row, before)
            statements[frozenset(values)].append({f"new_{name}": value for name, value in values.items()}
                                                 | {"row_id": entry.record_id})  # fmt: skip
            edits.append((entry.record_id, {name: changes.encoded(row[name]) for name in before}, before))
        for names, rows in statements.items():
            session.execute(_statement(session, work.table, names, now=now), rows)
        changes.note_edits(session, kind=work.table.name, edits=edits)
        _write_singly(session, work.model, traced)


def _values(model: type[Record], row: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in before.items():
        refuse_secret(name)
        values[name] = decoded(model, name, value)
    if issubclass(model, Searchable) and set(model.searched) & set(values):
        values["search_text"] = search_text_of(model, {**row, **values})
    return values


def _statement(session: Session, table: Table, names: frozenset[str], *, now: datetime) -> Any:
    common = {"version": table.c.version + 1, "rev": db.stamp(session), "updated_at": now}
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("row_id")).values({**common, **new})


def _write_singly(session: Session, model: type[Record], entry_ids: Sequence[int]) -> None:
    for entry, row in _pairs(session, model, entry_ids):
        take_back(entry, row)
    session.flush()


def _pairs(session: Session, model: type[Record], entry_ids: Sequence[int]) -> Iterator[tuple[AuditEntry, Record]]:
    """Give entries with their records, newest first, a few thousand in memory at a time."""
    for batch in _batches(entry_ids):
        found = select(AuditEntry).where(AuditEntry.id.in_(batch)).order_by(AuditEntry.id.desc())
        entries = session.scalars(found).all()
        keys = {entry.record_id for entry in entries}
        rows = {row.id: row for row in session.scalars(select(model).where(model.id.in_(keys)))}
        _all_there(len(rows), len(keys))
        yield from ((entry, rows[cast("int", entry.record_id)]) for entry in entries)
        session.flush()


def _edits(session: Session, table: Table, entry_ids: Sequence[int]) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    log = cast("Table", AuditEntry.__table__)
    wanted = select(log.c.id, log.c.record_id, log.c.before, log.c.after).where(log.c.id.in_(entry_ids))
    entries = session.execute(wanted).all()
    keys = [entry.record_id for entry in entries]
    found = session.execute(select(table).where(table.c.id.in_(keys)).with_for_update()).mappings()
    rows = {row["id"]: row for row in found}
    _all_there(len(rows), len(keys))
    for entry in entries:
        yield entry, cast("Mapping[str, Any]", rows[entry.record_id])


def _added_by_somebody(session: Session, kind: str, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for batch in _batches(ids):
        wanted = select(AuditEntry.record_id).where(
            AuditEntry.record_kind == kind, AuditEntry.record_id.in_(batch), AuditEntry.action == ChangeAction.CREATE
        )
        found |= {key for key in session.scalars(wanted) if key is not None}
    return found


def _all_there(found: int, wanted: int) -> None:
    if found != wanted:
        raise NotFoundError(N_("A record of this change does not exist any more."))


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
