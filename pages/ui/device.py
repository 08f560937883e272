"""What the browser says about the device it runs on, and what a list shows there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.tables import Column

_NAME, _NAME_ON_PHONE = 320, 200


def on_phone() -> bool:
    """Tell whether the browser says that it is a phone's."""
    agent = st.context.headers.get("User-Agent")
    return isinstance(agent, str) and "Mobi" in agent


def name_width() -> int:
    """Give the width of the column that leads to the record."""
    return _NAME_ON_PHONE if on_phone() else _NAME


def fitting(columns: Sequence[Column], *, phone: Sequence[str]) -> list[Column]:
    """Give the columns that a list has room for: on a phone only those that are named."""
    return [column for column in columns if not on_phone() or column.name in phone]
