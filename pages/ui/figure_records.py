"""The records behind a figure: exactly those it counts, with the same total below, to open or to take along."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import footing, series
from crm_data.analytics.kpi import Composed, Measure
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import Unit
from crm_data.vocabulary.terms import Terms
from pages.ui import analysis
from pages.ui.figure_exports import Behind, Chosen, behind, export_button, key_of
from pages.ui.figures import value_words
from pages.ui.period_bar import View
from pages.ui.pictures import member_name
from pages.ui.row_columns import value_columns
from pages.ui.tables import SIZE, Column, day_column, record_table, text_column
from pages.ui.text import _, md, money, ngettext, number, translated


def records(actor: Actor, measure: Measure, view: View, terms: Terms, *, chosen: Chosen) -> None:
    """Draw one page of the records behind a figure, what all of them add up to, and the export."""
    found = behind(actor, measure, view, chosen)
    if found.rows.is_empty():
        st.info(_("No records are counted here."), icon=":material/inbox:")
        return
    pages = -(-found.rows.height // SIZE)
    page = min(_page(), pages)
    rows = _named(actor, found.rows.slice((page - 1) * SIZE, SIZE), key=(measure.key, chosen, view.key, page))
    record_table(rows, kind="customers", columns=_columns(measure, rows, terms), key=f"records:{measure.key}:{page}")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="foot"):
        st.markdown(f"**{md(foot(measure, found, terms))}**")
        if pages > 1:
            st.pagination(pages, key="p", bind="query-params")
        export_button(actor, measure, view, chosen)


def foot(measure: Measure, found: Behind, terms: Terms) -> str:
    """Say how many records there are and what they come to: the figure once more, from the list alone."""
    count = ngettext("{count} record", "{count} records", found.rows.height).format(count=number(found.rows.height))
    exact = measure.unit is Unit.MONEY and found.total is not None
    value = money(found.total, currency=terms.base_currency) if exact else value_words(found.total, measure, terms)
    return _("{records}, together: {figure} {value}").format(
        records=count, figure=translated(measure.label), value=value
    )


def chosen_words(actor: Actor, measure: Measure, chosen: Chosen) -> str | None:
    """Say which part of a figure's records is shown; None when it is all of them."""
    if chosen.by is None or chosen.member is None:
        return None
    dimension = series.dimension_of(measure, chosen.by)
    key = key_of(measure, chosen)
    name: Any = key
    if key is not None and dimension.names is not None:
        name = _name_of(actor, dimension.names, int(key))
    return _("{filter}: {values}").format(
        filter=translated(dimension.label), values=member_name(name, dimension)
    )  # fmt: skip


def _name_of(actor: Actor, table: str, key: int) -> str:
    def ask(tables: Tables) -> str:
        found = tables[table].filter(pl.col("id") == key).select("name").collect()["name"]
        return str(found[0]) if len(found) else str(key)

    return analysis.load(ask, actor=actor, key=("name", table, key), reads=[table]).value


def _page() -> int:
    given = st.query_params.get("p", "1")
    return max(int(given), 1) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def _named(actor: Actor, rows: pl.DataFrame, *, key: tuple[Any, ...]) -> pl.DataFrame:
    reads = footing.reads(rows["kind"].unique().to_list())
    return analysis.load(
        lambda tables: footing.named(rows, tables), actor=actor, key=("named", *key), reads=reads
    ).value  # fmt: skip


def _columns(measure: Measure, rows: pl.DataFrame, terms: Terms) -> list[Column]:
    labels = {part.key: translated(part.label) for part in measure.parts} if isinstance(measure, Composed) else {}
    columns = [
        text_column("name", _("Record")),
        *([Column("part", _("Counted in"), lambda key: labels.get(key, key))] if len(labels) > 1 else []),
        text_column("customer", _("Customer")),
        text_column("owner", _("Owner")),
        day_column("day", _("Day")),
        *value_columns(rows, currency=terms.base_currency, zone=terms.time_zone),
    ]
    return [column for column in columns if rows[column.name].null_count() < rows.height]
