"""The words by which a choice is understood: its key and its label in every language of the product."""

from __future__ import annotations

from functools import cache

from crm_data import locale
from crm_data.vocabulary import Labelled


def words_of(choices: type[Labelled]) -> dict[str, str]:
    """Give every word that stands for a member of a closed list, with the value it stands for."""
    return {word: member.value for member in choices for word in (member.value, *spellings(member.label))}


@cache
def spellings(message: str) -> tuple[str, ...]:
    """Give a text as it is written in every language."""
    return tuple(dict.fromkeys(locale.translated(message, language=language) for language in locale.LANGUAGES))
