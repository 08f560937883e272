"""The commands that set the database up and take changes back: init, undo."""

from __future__ import annotations

import argparse
from typing import Any

from sqlalchemy import Engine, select

from crm_data import access, db, schema
from crm_data.cli import demonstration
from crm_data.cli.speech import Answer, say
from crm_data.errors import CrmError
from crm_data.models import User
from crm_data.services import changes, defaults, undoing
from crm_data.vocabulary import N_, ChangeAction

ME = access.system("command line")


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


def ready() -> Engine:
    """Give the database's engine; raises CrmError unless its schema is the newest."""
    bind = db.engine()
    if not schema.is_current(bind):
        raise CrmError(N_("The database is not set up or not up to date. Run: python -m crm_data init"))
    return bind


def _init(arguments: argparse.Namespace) -> Answer:
    bind = db.engine()
    schema.upgrade(bind)
    db.retrying(lambda: _install(bind))
    lines, document = [say(N_("The database is ready."))], {"ready": True, "demo_rows": 0}
    if arguments.demo_if_new and _nobody(bind):
        answer = demonstration.plant(bind)
        lines += answer.lines
        document["demo_rows"] = answer.document["rows"]
    return Answer(lines, document)


def _install(bind: Engine) -> None:
    with changes.writing(bind, ME, action=ChangeAction.CONFIGURE) as session:
        defaults.install(session)


def _nobody(bind: Engine) -> bool:
    with db.reading(bind) as session:
        return session.scalar(select(User.id).limit(1)) is None


def _undo(arguments: argparse.Namespace) -> Answer:
    bind = ready()
    records, change_set = db.retrying(lambda: _taken_back(bind, arguments.change_set))
    message = N_("Change {number} was undone: {count} records. This was change {own}.")
    lines = [say(message, number=arguments.change_set, count=records, own=change_set)]
    return Answer(lines, {"undone": arguments.change_set, "records": records, "change_set": change_set})


def _taken_back(bind: Engine, number: int) -> tuple[int, int]:
    with changes.writing(bind, ME, action=ChangeAction.UNDO) as session:
        return undoing.undo(session, ME, number), changes.change_set_id(session)
