"""What a person narrows a list or an analysis by, kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from crm_data.queries.listing import Wanted
from crm_data.vocabulary import Labelled
from pages.ui import address
from pages.ui.tables import SIZE
from pages.ui.text import _, label, told_apart

Options = Mapping[Any, str] | Sequence[str] | type[Labelled]


def search_box(words: str) -> str:
    """Draw the search box of a list; what was typed is `q` in the address."""
    typed = st.text_input(words, key="q", bind="query-params", type="search", live="300ms", placeholder=words,
                          label_visibility="collapsed", icon=":material/search:", on_change=to_first_page)  # fmt: skip
    return typed or ""


def choose(name: str, words: str, options: Options) -> list[Any]:
    """Draw a choice of several values for a filter, kept in the address under its name; none means all."""
    picked = address.some_of(name, words, _shown(options), placeholder=_("All"), then=to_first_page)
    return [_original(options, value) for value in picked]


def quick_choice(name: str, words: str, options: Options) -> list[Any]:
    """Draw a filter as pills, kept in the address under its name; none means all."""
    picked = address.pills_of(name, words, _shown(options), then=to_first_page)
    return [_original(options, value) for value in picked]


def sort_choice(options: Mapping[str, str], *, default_descending: bool = False) -> tuple[str, bool]:
    """Draw the choice of the order; give the sort's name and whether it runs downwards."""
    ways = (("-", "↓"), ("", "↑")) if default_descending else (("", "↑"), ("-", "↓"))
    names = {f"{name}{way}": f"{words} {arrow}" for name, words in options.items() for way, arrow in ways}
    picked = address.from_list("sort", _("Sort by"), names, then=to_first_page)
    return picked.removesuffix("-"), picked.endswith("-")


def wanted(*, search: str, filters: Mapping[str, Sequence[Any]], sort: str, descending: bool) -> Wanted:
    """Put together what was asked for, with the page from the address."""
    page = str(st.session_state.get("p") or st.query_params.get("p", "1"))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return Wanted(search=search, filters=filters, sort=sort, descending=descending, page=number, size=SIZE)


def to_first_page() -> None:
    """Go back to the first page, because another filter shows other records."""
    if "p" in st.session_state:
        st.session_state["p"] = 1  # while the choice of the page is drawn, its place in the address is not ours
    else:
        st.query_params.pop("p", None)


def nothing_found(*, filtered: bool, empty: str) -> None:
    """Say that there is nothing: nothing yet (`empty` says what to do first), or nothing that the filters allow."""
    if not filtered:
        st.info(empty, icon=":material/inbox:")
        return
    st.info(_("Nothing fits the search and the filters."), icon=":material/search_off:")
    st.button(_("Clear the filters"), key="clear", on_click=clear)


def clear() -> None:
    """Forget the search and all filters, but not the view or the order."""
    # States are set, not dropped: the browser would go on showing them, and what is bound may not leave the address.
    prefix = address.widget("")
    for key in [str(key) for key in st.session_state if str(key).startswith(prefix)]:
        if isinstance(st.session_state[key], list):
            st.session_state[key] = []
            st.query_params.pop(key.removeprefix(prefix), None)
    if "q" in st.session_state:
        st.session_state["q"] = ""
    to_first_page()


def _shown(options: Any) -> dict[str, str]:
    if isinstance(options, type) and issubclass(options, Labelled):
        return {member.value: label(member) for member in options}
    if isinstance(options, Mapping):
        return told_apart({str(key): words for key, words in options.items()})
    return {str(option): str(option) for option in options}


def _original(options: Any, value: str) -> Any:
    if isinstance(options, type) and issubclass(options, Labelled):
        return options(value)
    if isinstance(options, Mapping):
        return {str(key): key for key in options}[value]
    return value
