"""The commands that set the database up and take changes back: init, undo."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crm_data import db, schema, seed
from crm_data.cli import demonstration
from crm_data.cli.connection import ME, ready, written
from crm_data.cli.speech import Answer, say
from crm_data.errors import CrmError
from crm_data.models import User
from crm_data.services import changes, defaults, undoing
from crm_data.vocabulary import N_, ChangeAction

Result = TypeVar("Result")
_PATIENCE = 4  # times that a busy database is asked again; each time it makes us wait for ten seconds


def offer(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the commands to the parser."""
    init = commands.add_parser("init", parents=[shared], help=say(N_("create or upgrade the database")))
    init.add_argument(
        "--demo-if-new", action="store_true", help=say(N_("plant the demo company when nobody has an account yet"))
    )
    init.set_defaults(run=_init)
    undo = commands.add_parser("undo", parents=[shared], help=say(N_("take a change back")))
    undo.add_argument("change_set", type=int, metavar="CHANGE_SET")
    undo.set_defaults(run=_undo)


def _init(arguments: argparse.Namespace) -> Answer:
    bind = db.engine()
    _patiently(lambda: _set_up(bind))
    lines, document = [say(N_("The database is ready."))], {"ready": True, "demo_rows": 0}
    planted = _patiently(lambda: _planted(bind)) if arguments.demo_if_new else None
    if planted:
        lines += planted.lines
        document["demo_rows"] = planted.document["rows"]
    return Answer(lines, document)


def _patiently(act: Callable[[], Result]) -> Result:
    """Do something again while another server that started at the same moment keeps the database busy."""
    for left in reversed(range(_PATIENCE)):
        try:
            return act()
        except (CrmError, OperationalError):
            if not left:
                raise
    raise AssertionError


def _set_up(bind: Engine) -> None:
    schema.upgrade(bind)
    with changes.writing(bind, ME, action=ChangeAction.CONFIGURE) as session:
        defaults.install(session)


def _planted(bind: Engine) -> Answer | None:
    """Plant the demo company, unless somebody has an account already."""
    return demonstration.plant(bind, customers=seed.CUSTOMERS, number=seed.SEED) if _nobody(bind) else None


def _nobody(bind: Engine) -> bool:
    with db.reading(bind) as session:
        return session.scalar(select(User.id).limit(1)) is None


def _undo(arguments: argparse.Namespace) -> Answer:
    bind = ready()
    records, change_set = written(
        bind, lambda session: _taken_back(session, arguments.change_set), action=ChangeAction.UNDO
    )
    message = N_("Change {number} was undone: {count} records. This was change {own}.")
    lines = [say(message, number=arguments.change_set, count=records, own=change_set)]
    return Answer(lines, {"undone": arguments.change_set, "records": records, "change_set": change_set})


def _taken_back(session: Session, number: int) -> tuple[int, int]:
    return undoing.undo(session, ME, number), changes.change_set_id(session)
