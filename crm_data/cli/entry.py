"""Reads a command line, runs the command and answers with 0 (done), 1 (refused) or 2 (wrong usage)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from sqlalchemy.exc import ArgumentError, OperationalError

from crm_data.cli import accounts, addresses, database, demonstration, exchange, figures, inspection, speech
from crm_data.errors import CrmError, UndoConflictError
from crm_data.vocabulary import N_

DONE, REFUSED = 0, 1
_FAMILIES = (database, demonstration, accounts, exchange, figures, inspection, addresses)


def main(argv: Sequence[str]) -> int:
    """Run one command and give its exit code; wrong usage raises SystemExit with 2, as argparse does."""
    arguments = parser().parse_args(argv)
    try:
        answer: speech.Answer = arguments.run(arguments)
        speech.tell(answer, as_json=arguments.json)
    except UndoConflictError as error:
        return _refuse([*speech.problem(error), *("  {} {}: {}".format(*record) for record in error.records)])
    except CrmError as error:
        return _refuse(speech.problem(error))
    except (ArgumentError, OperationalError):
        return _refuse([speech.say(N_("The database cannot be reached. Check CRM_DATABASE_URL and that it runs."))])
    except KeyboardInterrupt:
        return _refuse(["", speech.say(N_("Stopped. What was not finished was not written."))])
    except BrokenPipeError:
        # who listened has heard enough; Python would complain once more while it closes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return REFUSED if answer.refused else DONE


def parser() -> argparse.ArgumentParser:
    """Make the reader of command lines, with its help in the reader's language."""
    made = argparse.ArgumentParser(
        prog="python -m crm_data", description=speech.say(N_("Guanxi from the command line.")), allow_abbrev=False
    )
    commands = made.add_subparsers(metavar="COMMAND", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help=speech.say(N_("print one JSON document")))
    for family in _FAMILIES:
        family.offer(commands, shared)
    return made


def _refuse(lines: Sequence[str]) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return REFUSED
