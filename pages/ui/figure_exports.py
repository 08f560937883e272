"""Which records are behind a figure, and the file of them that one takes along."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from crm_data import db, locale
from crm_data.access import Actor
from crm_data.analytics import footing, series
from crm_data.analytics.kpi import Measure
from crm_data.analytics.tables import Tables
from crm_data.exchange import lists, writing
from crm_data.money import decimals
from crm_data.services import changes
from crm_data.vocabulary import N_, ChangeAction
from crm_data.vocabulary.fields import FIELDS
from pages.ui import analysis, row_columns
from pages.ui.doors import engine
from pages.ui.figures import of_view
from pages.ui.period_bar import View
from pages.ui.pictures import NOBODY
from pages.ui.text import _, language

_MIME = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_FIRST = ("name", "customer", "owner", "day")


@dataclass(frozen=True)
class Chosen:
    """Which of a figure's records: all, or those of one member of a dimension (as it stands in the address)."""

    by: str | None = None
    member: str | None = None


@dataclass(frozen=True)
class Behind:
    """All records behind a figure and what they add up to."""

    rows: pl.DataFrame
    total: float | None


def behind(actor: Actor, measure: Measure, view: View, chosen: Chosen) -> Behind:
    """Give the records behind a figure, newest first."""

    def ask(tables: Tables) -> Behind:
        narrowed = of_view(measure, view.members)
        member = key_of(measure, chosen)
        rows = series.rows_of(narrowed, tables, period=view.period, by=chosen.by, member=member)
        return Behind(rows, footing.total(narrowed, rows, period=view.period))

    return analysis.load(
        ask, actor=actor, key=("rows", measure.key, chosen, view.key), reads=analysis.reads(measure), large=True,
        whose=analysis.whose_of(actor, [measure], view.members),
    ).value  # fmt: skip


def chosen_part(measure: Measure) -> Chosen:
    """Read from the address which of a figure's records are meant; what makes no sense means all of them."""
    by, member = st.query_params.get("part"), st.query_params.get("member")
    dimension = next((each for each in measure.by if each.key == by), None)
    if dimension is None or member is None:
        return Chosen()
    if dimension.names is not None:
        known = member == NOBODY or (member.isascii() and member.isdigit() and len(member) < 17)
    else:
        known = dimension.vocabulary is None or member in {NOBODY, *(each.value for each in dimension.vocabulary)}
    return Chosen(by, member) if known else Chosen()


def key_of(measure: Measure, chosen: Chosen) -> Any:
    """Give the member that is chosen as the breakdown knows it; None where it is the records without."""
    if chosen.by is None or chosen.member in {None, NOBODY}:
        return None
    dimension = series.dimension_of(measure, chosen.by)
    return int(str(chosen.member)) if dimension.names is not None else chosen.member


def export_button(actor: Actor, measure: Measure, view: View, chosen: Chosen) -> None:
    """Draw the export of the records behind a figure, for those who may take any of them along."""
    if not analysis.open_to(analysis.exporter(actor), measure):
        return
    with st.popover(_("Export"), icon=":material/download:", key="export"):
        st.caption(_("All records of this list that you may take along. The file is made when you click."))
        with st.container(horizontal=True):
            for ending, words in (("csv", _("CSV")), ("xlsx", _("Excel"))):
                name = f"{measure.key}-{view.period.start}-{view.period.last}.{ending}"
                st.download_button(words, _maker(actor, measure, view, chosen, name), name, _MIME[ending],
                                   key=f"export:{ending}", on_click="ignore", icon=":material/table:")  # fmt: skip


def _maker(actor: Actor, measure: Measure, view: View, chosen: Chosen, name: str) -> Callable[[], bytes]:
    """Give what makes the file on the click: it runs outside the screen, so that it keeps the language of now."""
    code = language()
    return lambda: made(actor, measure, view, chosen, file=(name, code))


def made(actor: Actor, measure: Measure, view: View, chosen: Chosen, *, file: tuple[str, str]) -> bytes:
    """Make the file (name, language) with the rights of this moment, and write down that it was taken along."""
    name, code = file
    with db.reading(engine()) as session:
        present = lists.still(session, actor)
    frame = export_frame(analysis.exporter(present), measure, view, chosen, code=code)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        writing.write_table(frame, path)
        with changes.writing(engine(), present, action=ChangeAction.EXPORT) as session:
            changes.note_event(
                session, action=ChangeAction.EXPORT, kind="figures", record_id=None, figure=measure.key,
                rows=frame.height, period=[str(view.period.start), str(view.period.last)], format=path.suffix,
            )  # fmt: skip
        return path.read_bytes()


def export_frame(actor: Actor, measure: Measure, view: View, chosen: Chosen, *, code: str) -> pl.DataFrame:
    """Give the records as people read them: names first, amounts in units, closed lists in words."""
    rows = behind(actor, measure, view, chosen).rows
    terms, _calendar = analysis.calendar(actor)
    reads = footing.reads(rows["kind"].unique().to_list())
    named = analysis.load(lambda tables: footing.named(rows, tables), actor=actor, reads=reads, large=True,
                          key=("export", measure.key, chosen, view.key)).value  # fmt: skip
    places = decimals(terms.base_currency)
    names = [*_FIRST, *(name for name in rows.columns if row_columns.shown(name))]

    def words(name: str) -> str:
        return locale.translated({"name": N_("Record"), "day": N_("Day"), "owner": N_("Owner"),
                                  "customer": N_("Customer")}.get(name) or row_columns.message_of(name),
                                 language=code)  # fmt: skip

    return named.select(_exported(named, name, places=places, code=code).alias(words(name)) for name in names)


def _exported(frame: pl.DataFrame, name: str, *, places: int, code: str) -> pl.Expr:
    kind, column = frame.schema[name], pl.col(name)
    if name in row_columns.VOCABULARIES:
        families = row_columns.VOCABULARIES[name]
        shown = {each.value: locale.translated(each.label, language=code) for members in families for each in members}
        return column.replace_strict(shown, default=column)
    if name in row_columns.MONEY:
        return writing.money(column.round(0).cast(pl.Int64), decimals=places)
    if name == "quantity_e3":
        return writing.money(column, decimals=3)
    if kind == pl.Boolean:
        yes, no = (locale.translated(word, language=code) for word in (N_("Yes"), N_("No")))
        return pl.when(column).then(pl.lit(yes)).when(~column).then(pl.lit(no))
    if isinstance(kind, pl.List):
        fields = {key: locale.translated(words, language=code) for key, words in FIELDS.items()}
        return column.list.eval(pl.element().replace(fields)).list.join(", ")
    return column
