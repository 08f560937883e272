"""A process that dies in the middle of an import leaves nothing of it behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.exchange.reading import open_source
from crm_data.models import AuditEntry, ChangeSet, Contract, ContractLine, Customer
from tests.environment import ROOT
from tests.exchange.bringing import ALL, bring, counts

LINES = 12_000
# Imports the file and dies when most of the lines have been written, before the transaction ends.
DYING = """
import os, signal, sys
from pathlib import Path
from crm_data import access, db
from crm_data.exchange import imports
from crm_data.exchange.imports import bulk
from crm_data.exchange.reading import open_source
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction

written = bulk.note_changes

def dying(session, **what):
    written(session, **what)
    if what["kind"] == "contract_lines":
        os.kill(os.getpid(), signal.SIGKILL)

bulk.note_changes = dying
actor = access.system("dying")
options = imports.ImportOptions(create=frozenset({"customers", "products"}))
with changes.writing(db.engine(sys.argv[2]), actor, action=ChangeAction.IMPORT) as session:
    imports.run(session, actor, kind="purchases", source=open_source(Path(sys.argv[1])), options=options)
"""


def a_long_file(path: Path) -> Path:
    numbers = pl.int_range(LINES, eager=True)
    pl.DataFrame(
        {
            "number": "S" + (numbers // 3).cast(pl.String),
            "customer": "K" + (numbers // 3 % 500).cast(pl.String),
            "date": ["2026-03-01"] * LINES,
            "sku": "P" + (numbers % 40).cast(pl.String),
            "quantity": ["1"] * LINES,
            "unit_price": ["9.99"] * LINES,
        }
    ).write_csv(path)
    return path


def in_all(engine: Engine) -> list[int]:
    models = (Customer, Contract, ContractLine, ChangeSet, AuditEntry)
    with Session(engine) as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_a_killed_import_leaves_nothing_and_can_be_repeated(engine: Engine, root: Actor, tmp_path: Path) -> None:
    path, before = a_long_file(tmp_path / "sales.csv"), in_all(engine)
    command = [sys.executable, "-c", DYING, str(path), engine.url.render_as_string()]
    died = subprocess.run(command, cwd=ROOT, env={**os.environ}, capture_output=True, check=False)
    assert (died.returncode, in_all(engine)) == (-signal.SIGKILL, before), died.stderr.decode()
    assert counts(bring(engine, root, "purchases", open_source(path), create=ALL)) == (LINES, 0, 0, 0)
