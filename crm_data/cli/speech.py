"""What a command says: sentences in the reader's language, one JSON document for programs, progress on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from crm_data import locale, money
from crm_data.errors import CrmError, InvalidFormError

_BAR = 30


@dataclass(frozen=True)
class Answer:
    """What a command found or did: lines for people, one document for programs; `refused` makes it exit with 1."""

    lines: Sequence[str]
    document: Any
    refused: bool = False


def language() -> str:
    """Give the language that the environment asks for, English when it names none that we speak."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return locale.matched(next(filter(None, named), None)) or locale.SOURCE_LANGUAGE


def say(message: str, /, **values: Any) -> str:
    """Give a marked sentence in the reader's language with its values filled in."""
    words = locale.translated(message, language=language())
    return words.format(**{name: spoken(value) for name, value in values.items()})


def spoken(value: Any) -> str:
    """Give a value as a person reads it; a pair of minor units and currency is money."""
    match value:
        case Enum() if hasattr(value, "label"):
            words = locale.translated(str(value.label), language=language())
        case (int() as minor, str() as currency):
            words = f"{major(minor, currency)} {currency}"
        case datetime():
            words = value.isoformat(" ", "seconds")
        case list() | tuple() | set() | frozenset():
            words = ", ".join(map(spoken, value))
        case _:
            words = "—" if value is None else str(value)
    return words


def major(minor: int, currency: str) -> str:
    """Give minor units as an exact decimal in major units."""
    places = money.decimals(currency)
    if not places:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{places}d}"


def problem(error: CrmError) -> list[str]:
    """Give an error's sentence, and beneath it one line for every field that is wrong."""
    lines = [say(error.message_id, **error.values)]
    if isinstance(error, InvalidFormError):
        lines += [f"  {each.field}: {say(each.message_id, **each.values)}" for each in error.problems]
    return lines


def tell(answer: Answer, *, as_json: bool) -> None:
    """Print what a command has to say."""
    if as_json:
        print(json.dumps(answer.document, ensure_ascii=False, default=_plain))
    else:
        for line in answer.lines:
            print(line)
    sys.stdout.flush()


def table(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Give a table as lines with aligned columns, Chinese characters counted as two."""
    cells = [list(headers), *([spoken(value) for value in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def progress() -> Callable[[int, int], None] | None:
    """Give a bar to be moved on (done, of all) on a terminal, nothing elsewhere."""
    return _move if sys.stderr.isatty() else None


def _move(done: int, every: int) -> None:
    share = done / every if every else 1.0
    filled = round(share * _BAR)
    end = "\n" if done >= every else ""
    print(f"\r[{'#' * filled}{' ' * (_BAR - filled)}] {share:4.0%}", end=end, file=sys.stderr, flush=True)


def _width(text: str) -> int:
    return sum(2 if "\u1100" <= letter <= "\uffdc" else 1 for letter in text)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
