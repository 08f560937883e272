"""Everything that turns a value or a marked sentence into what a person reads, from one place."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, cast

from babel.lists import format_list

from crm_data.errors import CrmError
from pages.ui.formats import (
    NOTHING,
    bucket,
    day,
    duration,
    kpi_value,
    moment,
    money,
    month,
    number,
    percent,
    short_day,
    signed,
    signed_value,
    span_days,
)
from pages.ui.language import Labelled, _, label, language, ngettext, set_language, translated

__all__ = [
    "NOTHING", "_", "bucket", "day", "duration", "kpi_value", "label", "language", "md", "moment", "money", "month",
    "ngettext", "number", "percent", "plain", "say", "set_language", "short_day", "signed", "signed_value", "span_days",
    "told_apart", "translated",
]  # fmt: skip

# Placeholders of errors whose whole numbers name something; the others are counted and grouped.
_NAMES = frozenset({"id", "line", "number", "port", "row", "version", "year"})

Key = TypeVar("Key")

_WORD_JOINER = "\u2060"
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# What Streamlit's markdown makes of bare text in spite of backslashes: web and mail addresses, `:streamlit:`, arrows.
_AUTOMATIC = re.compile(
    r"(?i)(?<=www)(?=\.)|(?=@)|(?<=:)(?=//)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)|(?<=:)(?=streamlit:)|(?<=[<\-~>])(?=[\->=])"
)


def plain(value: object) -> str:
    """Give a value as one line of literal text, for places that show no markdown."""
    return _BREAKS.sub(" ", str(value))


def told_apart(words: Mapping[Key, str]) -> dict[Key, str]:
    """Give choices (key → words) whose words all differ: namesakes get their number behind the name.

    Streamlit knows a choice by its words alone, and would take the last of those that are called the same.
    """
    often = Counter(words.values())
    return {key: text if often[text] == 1 else f"{text} · {key}" for key, text in words.items()}


def md(value: object, *, badge: bool = False) -> str:
    """Give people's text so that Streamlit's markdown shows it verbatim; `badge` for st.badge, which escapes [ ].

    An invisible word joiner keeps addresses from becoming links and copies along, so that a value people copy (an
    e-mail address, a number) belongs into a table or st.code instead.
    """
    escaped = _PUNCTUATION.sub(r"\\\1", _AUTOMATIC.sub(_WORD_JOINER, plain(value)))
    return escaped.replace("\\[", "[").replace("\\]", "]") if badge else escaped


def say(error: CrmError, *, zone: str = "UTC") -> str:
    """Give an error's sentence in the reader's language, its values formatted; escape it with `md` for Streamlit.

    A value that is (minor units, currency code) is money; whole numbers are grouped unless their name says identifier.
    """
    values = {name: _spoken(name, value, zone) for name, value in error.values.items()}
    return translated(error.message_id).format_map(_Known(values))


class _Known(dict[str, str]):
    """Values of a message; a placeholder without a value stays visible instead of hiding the whole sentence."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _spoken(name: str, value: Any, zone: str) -> str:
    match value:
        case None:
            words = NOTHING
        case Enum() if hasattr(value, "label"):
            words = label(cast(Labelled, value))
        case dt.datetime():
            words = moment(value, zone=zone)
        case dt.date():
            words = day(value)
        case (int() as minor, str() as currency):
            words = money(minor, currency=currency)
        case list() | tuple() | set() | frozenset():
            words = format_list([_spoken(name, item, zone) for item in value], locale=language())
        case int() | float() | Decimal() if not isinstance(value, bool) and not _names(name):
            words = number(value, digits=2)
        case _:
            words = str(value)
    return words


def _names(name: str) -> bool:
    return name in _NAMES or name.endswith("_id")
