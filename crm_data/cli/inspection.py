"""The command that looks whether everything is as it should be: check."""

from __future__ import annotations

import argparse
from typing import Any

from crm_data import db, schema
from crm_data.cli.connection import ready
from crm_data.cli.speech import Answer, say
from crm_data.queries import soundness
from crm_data.vocabulary import N_


def offer(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    check = commands.add_parser("check", parents=[shared], help=say(N_("verify schema, links, sums, ledgers and copy")))
    check.set_defaults(run=_check)


def _check(_arguments: argparse.Namespace) -> Answer:
    bind = ready()
    found = [say(N_("The schema differs from the program: {difference}"), difference=each)
             for each in schema.differences(bind)]  # fmt: skip
    with db.reading(bind) as session:
        found += [say(each.message, **each.values) for each in soundness.findings(session)]
    lines = found or [say(N_("Everything is as it should be."))]
    return Answer(lines, {"sound": not found, "findings": found}, refused=bool(found))
