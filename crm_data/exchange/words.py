"""The words by which a choice is understood: its key and its label in every language of the product."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from crm_data.vocabulary import Labelled

_CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


def words_of(choices: type[Labelled]) -> dict[str, str]:
    """Give every word that stands for a member of a closed list, with the value it stands for."""
    return {word: member.value for member in choices for word in (member.value, *spellings(member.label))}


@cache
def spellings(message: str) -> tuple[str, ...]:
    """Give a text as it is written in every language: in English and as the catalogues have it."""
    return tuple(dict.fromkeys([message, *(catalogue.gettext(message) for catalogue in _catalogues())]))


@cache
def _catalogues() -> tuple[gettext.NullTranslations, ...]:
    found = sorted(_CATALOGUES.glob("*/LC_MESSAGES/*.mo"))
    opened = []
    for path in found:
        with path.open("rb") as file:
            opened.append(gettext.GNUTranslations(file))
    return tuple(opened)
