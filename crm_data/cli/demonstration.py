"""The command for the demo company: demo."""

from __future__ import annotations

import argparse
from typing import Any

from sqlalchemy import Engine

from crm_data import seed
from crm_data.cli import speech
from crm_data.cli.connection import ready, written
from crm_data.cli.speech import Answer, say
from crm_data.vocabulary import N_, ChangeAction


def offer(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    demo = commands.add_parser("demo", parents=[shared], help=say(N_("plant or remove the demo company")))
    demo.add_argument("--customers", type=_count, default=seed.CUSTOMERS, metavar="N")
    demo.add_argument("--seed", type=int, default=seed.SEED, metavar="S")
    demo.add_argument("--remove", action="store_true", help=say(N_("remove exactly what was planted")))
    demo.set_defaults(run=_demo)


def plant(bind: Engine, *, customers: int, number: int) -> Answer:
    """Plant the demo company and say who may enter it."""
    rows = written(
        bind,
        lambda session: seed.plant(session, customers=customers, seed=number, progress=speech.progress()),
        action=ChangeAction.DEMO,
    )
    lines = [
        say(N_("The demo company is here: {customers} customers, {rows} rows."), customers=customers, rows=rows),
        say(N_("On this machine, enter as {users} with the password {password}."),
            users=list(seed.ACCOUNTS), password=seed.PASSWORD),
    ]  # fmt: skip
    document = {
        "customers": customers, "seed": number, "rows": rows, "users": list(seed.ACCOUNTS), "password": seed.PASSWORD,
    }  # fmt: skip
    return Answer(lines, document)


def _demo(arguments: argparse.Namespace) -> Answer:
    bind = ready()
    if arguments.remove:
        return _remove(bind)
    return plant(bind, customers=arguments.customers, number=arguments.seed)


def _remove(bind: Engine) -> Answer:
    removed = written(bind, seed.remove, action=ChangeAction.DEMO)
    lines = [say(N_("The demo company is gone: {rows} rows."), rows=removed.rows)]
    if removed.kept:
        lines.append(say(N_("These demo records stay, because your own records stand on them:")))
        lines += [f"  {table}: {count}" for table, count in removed.kept.items()]
    return Answer(lines, {"rows": removed.rows, "kept": dict(removed.kept)})


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(say(N_("at least one customer")))
    return value
