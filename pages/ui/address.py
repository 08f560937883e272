"""Choices that stand in the address by their keys: the same in every language, to be bookmarked and sent.

Streamlit's own `bind="query-params"` writes the words that are shown, which differ from language to language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st


def chosen(name: str, known: Sequence[str]) -> list[str]:
    """Give the values that the address has under a name, those that are known, in the address's order."""
    return [value for value in st.query_params.get_all(name) if value in known]


def widget(name: str) -> str:
    """Give the key of the widget whose choice stands in the address under a name."""
    return f"address:{name}"


def remember(name: str, default: str | None, then: Callable[[], None] | None) -> None:
    """Write what was chosen into the address; a default is left out. Meant as a widget's callback."""
    value = st.session_state[widget(name)]
    values = list(value) if isinstance(value, list | tuple) else [value]
    kept = [str(each) for each in values if each is not None and each != default]
    if kept:
        st.query_params[name] = kept
    else:
        st.query_params.pop(name, None)
    if then is not None:
        then()


def change(**values: str | list[str]) -> None:
    """Set choices (a list where several may be chosen) on the screen and in the address; meant as a button's callback.

    The widgets' states are set, not dropped: the browser would go on showing what it showed before.
    """
    for name, value in values.items():
        st.session_state[widget(name)] = value
        st.query_params[name] = value


def one_of(name: str, words: str, options: Mapping[str, str], *, then: Callable[[], None] | None = None) -> str:
    """Draw a choice of exactly one as a row of buttons (key → words); the first is the default."""
    default = next(iter(options))
    begin = (chosen(name, list(options)) or [default])[0]
    picked = st.segmented_control(words, list(options), key=widget(name), default=begin, required=True,
                                  format_func=lambda key: options[key], label_visibility="collapsed",
                                  on_change=remember, args=(name, default, then))  # fmt: skip
    return picked if picked in options else default


def from_list(name: str, words: str, options: Mapping[str, str], *, then: Callable[[], None] | None = None) -> str:
    """Draw a choice of exactly one from a list that unfolds (key → words); the first is the default."""
    default = next(iter(options))
    begin = (chosen(name, list(options)) or [default])[0]
    picked = st.selectbox(words, list(options), key=widget(name), index=list(options).index(begin),
                          format_func=lambda key: options.get(key, key), on_change=remember,
                          args=(name, default, then))  # fmt: skip
    return picked or default


def some_of(
    name: str, words: str, options: Mapping[str, str], *, placeholder: str, then: Callable[[], None] | None = None
) -> list[str]:
    """Draw a choice of several from a list that unfolds (key → words); none chosen means all."""
    return st.multiselect(words, list(options), key=widget(name), default=chosen(name, list(options)),
                          format_func=lambda key: options.get(key, key), placeholder=placeholder, select_all=False,
                          on_change=remember, args=(name, None, then))  # fmt: skip


def pills_of(name: str, words: str, options: Mapping[str, str], *, then: Callable[[], None] | None = None) -> list[str]:
    """Draw a choice of several as pills (key → words); none chosen means all."""
    picked: Any = st.pills(words, list(options), key=widget(name), selection_mode="multi",
                           default=chosen(name, list(options)), format_func=lambda key: options.get(key, key),
                           label_visibility="collapsed", on_change=remember, args=(name, None, then))  # fmt: skip
    return list(picked or [])
