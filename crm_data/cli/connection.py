"""How commands reach the database, and as whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm_data import access, db, schema
from crm_data.errors import CrmError
from crm_data.services import changes
from crm_data.vocabulary import N_, ChangeAction

Result = TypeVar("Result")
ME = access.system("command line")


def ready() -> Engine:
    """Give the database's engine; raises CrmError unless its schema is the newest."""
    bind = db.engine()
    if not schema.is_current(bind):
        raise CrmError(N_("The database is not set up or not up to date. Run: python -m crm_data init"))
    return bind


def written(bind: Engine, act: Callable[[Session], Result], *, action: ChangeAction) -> Result:
    """Run an act in the writing door as one change set, again when the database asks for it."""

    def once() -> Result:
        with changes.writing(bind, ME, action=action) as session:
            return act(session)

    return db.retrying(once)
