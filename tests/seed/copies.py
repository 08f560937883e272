"""Demo companies to compare: planted into a database of their own, and everything that is in one."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from crm_data import db, seed
from crm_data.access import system
from crm_data.models import Base
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction

# Written by the house itself, with the time of day and change marks of its own.
_OWN = {"audit_entries", "change_sets", "change_clock", "settings", "role_permissions", "stages", "loyalty_tiers"}


def planted(template: Path, path: Path, *, customers: int, number: int = seed.SEED) -> Engine:
    """Plant a demo company into a copy of an empty database."""
    shutil.copy(template, path)
    bind = db.engine(f"sqlite:///{path}")
    with changes.writing(bind, system("tests"), action=ChangeAction.DEMO) as session:
        seed.plant(session, customers=customers, seed=number)
    return bind


def contents(bind: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table that a demo company fills."""
    with bind.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in _OWN
        }


def digest(bind: Engine) -> str:
    """Give one word for all that a demo company consists of."""
    return hashlib.sha256(repr(contents(bind)).encode()).hexdigest()
