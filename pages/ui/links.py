"""Going from one screen to another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import streamlit as st

from crm_data.vocabulary.screens import RECORD_SCREENS, screen_at
from pages.ui import state

Value = str | int | list[str]
PAGES = Path(__file__).resolve().parent.parent


def go(address: str, **query: Value) -> NoReturn:
    """Go to the screen at an address with these query parameters: `go("customer", id=42)`."""
    st.switch_page(str(PAGES / screen_at(address).file), query_params=_parameters(query))


def open_record(kind: str, record_id: int) -> NoReturn:
    """Go to the page of a record, by its table's name."""
    state.remember_list()
    go(RECORD_SCREENS[kind], id=record_id)


def back_to(address: str) -> NoReturn:
    """Go back to a list as it was left: with its filters, order and page."""
    st.switch_page(str(PAGES / screen_at(address).file), query_params=state.list_left(address))


def link(address: str, words: str, *, icon: str | None = None, **query: Value) -> None:
    """Draw a link to the screen at an address."""
    screen = screen_at(address)
    st.page_link(
        str(PAGES / screen.file),
        label=words,
        icon=f":material/{icon or screen.icon}:",
        query_params=_parameters(query),
    )


def _parameters(query: Mapping[str, Value]) -> dict[str, str | list[str]]:
    return {name: value if isinstance(value, list) else str(value) for name, value in query.items()}
