"""Which language this person reads, and the sentences in it."""

from __future__ import annotations

from typing import Protocol

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from crm_data import locale
from pages.ui import state


class Labelled(Protocol):
    """Anything whose `label` is a message id: the closed lists and the figures."""

    @property
    def label(self) -> str:
        """Give the words in English."""


def language() -> str:
    """Give "en" or "zh_CN": the person's own choice, else `?lang=`, else the browser's, else English."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return locale.SOURCE_LANGUAGE
    chosen = state.chosen_language() or locale.matched(st.query_params.get("lang"))
    return chosen or locale.matched(st.context.locale) or locale.SOURCE_LANGUAGE


def set_language(code: str | None) -> None:
    """Keep a person's language for this session, at sign-in or by choice; None goes back to the browser's."""
    state.choose_language(locale.matched(code))


def _(message: str) -> str:
    """Give a marked sentence in the reader's language."""
    return translated(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Give the form that fits a number in the reader's language, `{n}` still to be filled in."""
    return locale.translator(language()).ngettext(singular, plural, n)


def translated(message_id: str) -> str:
    """Give the sentence of a message id that was marked elsewhere."""
    return locale.translated(message_id, language=language())


def label(member: Labelled) -> str:
    """Give the words for a member of a closed list, in the reader's language."""
    return translated(member.label)
