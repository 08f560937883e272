"""Lists of records: columns in the reader's language, the first of which leads to the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from crm_data.queries.listing import Page
from crm_data.vocabulary import Labelled
from pages.ui.links import open_record
from pages.ui.text import NOTHING, _, day, label, moment, money, ngettext, number, percent

ROW_HEIGHT = 40
SIZE = 25
_LONG = 560


@dataclass(frozen=True)
class Column:
    """One column of a list: where its value is, its heading, how it is shown, and whether it stands to the right."""

    name: str
    words: str
    show: Callable[[Any], str] = str
    right: bool = False
    width: Any = None


def text_column(name: str, words: str, *, width: Any = None) -> Column:
    """Make a column of texts."""
    return Column(name, words, lambda value: NOTHING if value is None else str(value), width=width)


def choice_column(name: str, words: str, vocabulary: type[Labelled]) -> Column:
    """Make a column of members of a closed list."""
    return Column(name, words, lambda value: NOTHING if value is None else label(vocabulary(value)))


def money_column(name: str, words: str, *, currency: str) -> Column:
    """Make a column of amounts in minor units of one currency."""
    return Column(name, words, lambda value: money(value, currency=currency), right=True)


def number_column(name: str, words: str, *, digits: int = 0) -> Column:
    """Make a column of numbers."""
    return Column(name, words, lambda value: number(value, digits=digits), right=True)


def percent_column(name: str, words: str) -> Column:
    """Make a column of fractions shown as percentages."""
    return Column(name, words, percent, right=True)


def day_column(name: str, words: str) -> Column:
    """Make a column of days."""
    return Column(name, words, day)


def moment_column(name: str, words: str, *, zone: str) -> Column:
    """Make a column of instants, shown in the organisation's time zone."""
    return Column(name, words, lambda value: moment(value, zone=zone))


def record_table(
    rows: pl.DataFrame, *, kind: str, columns: Sequence[Column], key: str, select: bool = False
) -> list[int]:
    """Draw rows with an `id`; the first column opens the record of that kind. Give the ids of the selected rows.

    Rows of several kinds say themselves what opens: in the columns `opens` (a table with a page) and `opens_id`.
    """
    shown = _shown(rows, columns)
    first, *rest = columns
    config: dict[str, Any] = {column.name: _config(column) for column in rest}
    config[first.name] = st.column_config.ButtonColumn(
        first.words, type="tertiary", pinned=True, alignment="left", key=f"{key}:open", width=first.width or 220
    )
    state = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        column_config=config,
        row_height=ROW_HEIGHT,
        on_select="rerun" if select else "ignore",
        selection_mode="multi-row",
        height="content",
        alt=_("List of records"),
    )
    clicked = st.session_state.get(f"{key}:open")
    if clicked:
        _open(rows.row(clicked["row"], named=True), kind)
    chosen = state["selection"]["rows"] if isinstance(state, Mapping) and select else []
    return [int(rows["id"][row]) for row in chosen]


def plain_table(rows: pl.DataFrame, *, columns: Sequence[Column], key: str, select: bool = False) -> list[int]:
    """Draw rows that lead nowhere; give the ids of the selected ones where rows can be selected.

    A long table scrolls in itself.
    """
    config: dict[str, Any] = {column.name: _config(column) for column in columns}
    state = st.dataframe(_shown(rows, columns), key=key, hide_index=True, column_config=config, row_height=ROW_HEIGHT,
                         height="content" if rows.height <= SIZE else _LONG, selection_mode="multi-row",
                         on_select="rerun" if select else "ignore", alt=_("Table"))  # fmt: skip
    chosen = state["selection"]["rows"] if isinstance(state, Mapping) and select else []
    return [int(rows["id"][row]) for row in chosen if row < rows.height]


def total_line(page: Page) -> None:
    """Say how many records there are in all."""
    if page.more:
        st.caption(_("More than {count} records").format(count=number(page.total)))
    else:
        words = ngettext("{count} record", "{count} records", page.total)
        st.caption(words.format(count=number(page.total)))


def pages_below(page: Page, *, size: int = SIZE) -> None:
    """Draw the choice of the page, kept in the address as `p`."""
    pages = max(1, -(-page.total // size))
    if pages > 1:
        st.pagination(pages, key="p", bind="query-params")


def _open(row: Mapping[str, Any], kind: str) -> None:
    key = row["opens_id"] if "opens" in row else row["id"]
    if key is not None:
        open_record(row.get("opens") or kind, int(key))


def _shown(rows: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    return pl.DataFrame({column.name: [column.show(value) for value in rows[column.name]] for column in columns})


def _config(column: Column) -> Any:
    return st.column_config.TextColumn(column.words, alignment="right" if column.right else "left", width=column.width)
