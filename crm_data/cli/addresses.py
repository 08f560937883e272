"""The command that lists the screens: routes."""

from __future__ import annotations

import argparse
from typing import Any

from crm_data.cli import speech
from crm_data.cli.speech import Answer, say
from crm_data.vocabulary import N_
from crm_data.vocabulary.screens import SCREENS


def offer(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    routes = commands.add_parser("routes", parents=[shared], help=say(N_("list the screens with their addresses")))
    routes.set_defaults(run=_routes)


def _routes(_arguments: argparse.Namespace) -> Answer:
    headers = [say(words) for words in (N_("Address"), N_("Screen"), N_("Part"), N_("Permission"))]
    rows = [
        (f"/{screen.address}", say(screen.title), screen.module or say(N_("everybody who is signed in")), screen.action)
        for screen in SCREENS
    ]
    document = [
        {
            "address": f"/{screen.address}", "title": say(screen.title), "section": say(screen.section),
            "module": screen.module.value if screen.module else None, "action": screen.action.value,
        }
        for screen in SCREENS
    ]  # fmt: skip
    return Answer(speech.table(headers, rows), document)
