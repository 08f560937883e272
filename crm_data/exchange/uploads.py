"""Files that people bring along: kept on the disk while they are looked at, and imported once."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from crm_data import clock, settings
from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.exchange import imports
from crm_data.exchange.imports import ImportOptions, ImportResult, Verdict
from crm_data.exchange.reading import Source
from crm_data.services import changes
from crm_data.vocabulary import N_, ChangeAction

MOST_BYTES = 200 << 20
ENDINGS: Sequence[str] = ("csv", "tsv", "txt", "xlsx", "parquet")
_PIECE = 1 << 20
_KEPT = timedelta(days=1)
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Kept:
    """A file on the disk: where, how large, and the digest by which it is known again."""

    path: Path
    size: int
    digest: str


def keep(file: BinaryIO, *, name: str) -> Kept:
    """Copy a file to the disk piece by piece; raises CrmError when it is larger than 200 MB."""
    sweep()
    folder = _folder() / secrets.token_hex(8)
    folder.mkdir()
    path = folder / _plain(name)
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as copy:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > MOST_BYTES:
                break
            digest.update(piece)
            copy.write(piece)
    if size > MOST_BYTES:
        forget(path)
        raise CrmError(N_("This file is larger than 200 MB. Split it, or save it as Parquet."))
    return Kept(path, size, digest.hexdigest()[:16])


def forget(path: Path) -> None:
    """Remove a file that is not needed any more."""
    shutil.rmtree(path.parent, ignore_errors=True)


def sweep() -> None:
    """Remove files that somebody left lying for a day."""
    oldest = (clock.instant() - _KEPT).timestamp()
    for folder in _folder().iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def bring_in(
    session: Session, actor: Actor, *, kind: str, source: Source, options: ImportOptions, digest: str
) -> ImportResult:
    """Import a file in the running transaction and write down which file it was and what became of its rows."""
    result = imports.run(session, actor, kind=kind, source=source, options=options)
    change_set = changes.current(session).change_set
    assert change_set is not None
    change_set.note = source.name[:_LONGEST_NAME]
    counts = {verdict.value: count for verdict, count in result.plan.counts.items()}
    changes.note_event(session, action=ChangeAction.IMPORT, kind=_TABLES.get(kind, kind), record_id=None,
                       file=source.name, digest=digest, imported=kind, rows=source.rows, **counts)  # fmt: skip
    session.flush()
    return result


def writes(counts: Mapping[Verdict, int]) -> int:
    """Count the rows of which something would be written."""
    return counts[Verdict.CREATE] + counts[Verdict.UPDATE]


_TABLES = {"purchases": "contracts"}


def _folder() -> Path:
    folder = settings.data_dir() / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _plain(name: str) -> str:
    kept = re.sub(r"[^\w.\- ()]+", "_", Path(name).name).strip(". ")
    return kept[-_LONGEST_NAME:] or "file"
