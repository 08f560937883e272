"""The parts of the import screen: the file, its columns, what would happen, and what was imported before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import streamlit as st

from crm_data import locale
from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.exchange import imports, uploads
from crm_data.exchange.fields import Kind, map_columns
from crm_data.exchange.imports import ImportOptions, ImportPlan, Verdict
from crm_data.exchange.kinds import KINDS
from crm_data.exchange.parsing import DayOrder, Marks
from crm_data.exchange.reading import ROW, Source, open_source
from crm_data.queries import imports as stored
from crm_data.vocabulary.fields import RECORDS
from pages.ui import changes, state
from pages.ui.doors import look
from pages.ui.downloads import download_rows
from pages.ui.formats import money
from pages.ui.forms import options_of
from pages.ui.tables import Column, plain_table, text_column
from pages.ui.text import _, label, language, md, moment, ngettext, number, say, translated

_REASON = "__reason__"
_PREVIEW, _SHOWN_COLUMNS = 200, 6
_THINGS = {"customers": "customers", "products": "products", "categories": "product_categories", "owners": "users"}


def ask_for_file() -> None:
    """Draw the place to drop a file; it goes to the disk, so that the screen need not keep it in memory."""
    st.caption(_("CSV, TSV, XLSX or Parquet, up to 200 MB. The first row names the columns."))
    given = st.file_uploader(_("File"), type=list(uploads.ENDINGS), key="file", label_visibility="collapsed",
                             max_upload_size=uploads.MOST_BYTES >> 20)  # fmt: skip
    if given is None:
        return
    try:
        kept = uploads.keep(given, name=given.name)
    except CrmError as error:
        st.error(md(say(error)), icon=":material/error:")
        return
    state.keep_upload(state.Upload(kept.path, given.name, kept.size, kept.digest))
    st.rerun()


@st.cache_resource(max_entries=2, ttl=3600, show_spinner=False)
def _opened(path: str, sheet: str | None) -> Source:
    return open_source(Path(path), sheet=sheet)


def opened(upload: state.Upload) -> Source | None:
    """Draw which file it is and open it; say what is wrong with it."""
    with st.container(horizontal=True, vertical_alignment="center", key="file_line"):
        small = upload.size < 1 << 20
        size = (_("{size} KB") if small else _("{size} MB")).format(
            size=number(upload.size / (1 << 10 if small else 1 << 20), digits=1)
        )
        st.markdown(f":material/description: **{md(upload.name)}** · {size}", width="content")
        if st.button(_("Another file"), key="other", icon=":material/swap_horiz:"):
            _drop(upload)
    try:
        with st.spinner(_("Reading the file …")):
            source = _opened(str(upload.path), st.session_state.get("sheet"))
    except CrmError as error:
        st.error(md(say(error)), icon=":material/error:")
        return None
    if len(source.sheets) > 1:
        place = source.sheets.index(source.sheet or source.sheets[0])
        st.selectbox(_("Sheet"), source.sheets, index=place, key="sheet", placeholder="")
    words = ngettext("{count} row", "{count} rows", source.rows).format(count=number(source.rows))
    st.caption(f"{label(source.format)} · {words}")
    return source


def _drop(upload: state.Upload) -> None:
    uploads.forget(upload.path)
    state.keep_upload(None)
    st.session_state.pop("sheet", None)
    st.rerun()


def columns_of(source: Source, kind: Kind, *, token: str) -> Mapping[str, str]:
    """Draw which column stands for which field and give what was chosen; fields map by their names at first."""
    found = map_columns(source.headers, kind)
    words = _("Columns: {found} of {all} found").format(found=len(found.columns), all=len(kind.fields))
    chosen: dict[str, str] = {}
    with (
        st.expander(words, expanded=bool(found.missing), icon=":material/table_chart:"),
        st.grid(3, min_column_width=220),
    ):
        for field in kind.fields:
            have = found.columns.get(field.key)
            star = " \\*" if field.required else ""
            picked = st.selectbox(translated(field.label) + star, source.headers,
                                  key=f"map:{token}:{kind.key}:{field.key}",
                                  index=source.headers.index(have) if have else None,
                                  placeholder=_("Not in the file"))  # fmt: skip
            if picked is not None:
                chosen[field.key] = picked
    if found.unmapped:
        st.caption(md(_("Not used: {columns}").format(columns=", ".join(found.unmapped[:20]))))
    return chosen


def options_for(kind: Kind, columns: Mapping[str, str], *, token: str) -> ImportOptions:
    """Draw what may be made on the way, what is updated, and the formats that a file does not settle itself."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        create: list[str] = []
        if kind.creates:
            create = st.multiselect(_("Make what is unknown"), kind.creates, key=f"create:{token}:{kind.key}",
                                    format_func=lambda thing: translated(RECORDS[_THINGS[thing]]), select_all=False,
                                    placeholder=_("Nothing: reject the row"))  # fmt: skip
        update = None
        if kind.update_by:
            update = st.selectbox(_("Update what is known by"), kind.update_by, index=None,
                                  key=f"update:{token}:{kind.key}",
                                  format_func=lambda key: translated(kind[key].label),
                                  placeholder=_("Nothing: skip the row"))  # fmt: skip
        orders, signs = options_of(DayOrder), options_of(Marks)
        order = st.selectbox(_("Dates like 3/4/2026"), list(orders), index=None, format_func=lambda key: orders[key],
                             key=f"order:{token}", placeholder=_("As the file shows"))  # fmt: skip
        marks = st.selectbox(_("Numbers"), list(signs), index=None, format_func=lambda key: signs[key],
                             key=f"marks:{token}", placeholder=_("As the file shows"))  # fmt: skip
    return ImportOptions(
        columns=columns, create=frozenset(create), update_by=update,
        day_order=DayOrder(order) if order else None, marks=Marks(marks) if marks else None,
    )  # fmt: skip


def judged(actor: Actor, source: Source, kind: Kind, options: ImportOptions, *, token: str) -> ImportPlan | None:
    """Try the import without writing anything; say what is missing when it cannot be tried."""
    missing = [translated(kind[key].label) for key in kind.needed if key not in options.columns]
    if missing:
        st.warning(md(_("Choose the columns for: {fields}").format(fields=", ".join(missing))), icon=":material/rule:")
        return None
    try:
        with st.spinner(_("Checking every row …"), show_time=True):
            asked = repr((token, kind.key, source.sheet, options, actor.user_id, actor.role))
            return _tried(asked, actor, source, kind.key, options)
    except CrmError as error:
        st.error(md(say(error)), icon=":material/error:")
        return None


@st.cache_resource(max_entries=2, ttl=300, show_spinner=False)
def _tried(  # `asked` says what the answer is kept under; Streamlit leaves out the others
    asked: str,  # noqa: ARG001
    _actor: Actor,
    _source: Source,
    _kind: str,
    _options: ImportOptions,
) -> ImportPlan:
    return look(imports.plan, _actor, kind=_kind, source=_source, options=_options)


def verdict(plan: ImportPlan, source: Source, *, token: str) -> None:
    """Draw what would happen: counts, money, new records on the way, and the first rows with their reasons."""
    with st.grid(4, min_column_width=130):
        for each in Verdict:
            st.metric(label(each), number(plan.counts[each]), border=True)
    made = {kind: count for kind, count in plan.makes.items() if count}
    if made:
        parts = [f"{translated(RECORDS[kind])}: {number(count)}" for kind, count in made.items()]
        st.caption(md(_("New records: {records}").format(records=", ".join(parts))))
    _money(plan)
    _preview(plan, source, token=token)


def _money(plan: ImportPlan) -> None:
    if plan.money.is_empty():
        return
    plain_table(plan.money.with_columns(shown=pl.struct("amount", "currency")), key="money", columns=[
        Column("verdict", _("Rows"), lambda value: label(Verdict(value))),
        Column("shown", _("Amount"), lambda value: money(value["amount"], currency=value["currency"]), right=True),
    ])  # fmt: skip
    if plan.without_amount:
        words = ngettext(
            "{count} row has no readable amount.", "{count} rows have no readable amount.", plan.without_amount
        )
        st.caption(words.format(count=number(plan.without_amount)))


def _preview(plan: ImportPlan, source: Source, *, token: str) -> None:
    names = {each.value: f"{label(each)} ({number(plan.counts[each])})" for each in Verdict if plan.counts[each]}
    first = next((key for key in (Verdict.REJECT.value, *names) if key in names), None)
    if first is None:
        return
    picked = st.segmented_control(_("Rows"), list(names), default=first, required=True, key=f"preview:{token}",
                                  format_func=lambda key: names[key], label_visibility="collapsed")  # fmt: skip
    chosen = plan.verdicts.filter(pl.col("verdict") == picked).head(_PREVIEW)
    texts = imports.explained(plan, translate=translated).rename({"text": _REASON})
    rows = chosen.join(texts, on=ROW, how="left").join(source.frame, on=ROW, how="left", maintain_order="left")
    used = [header for header in source.headers if header in set(plan.columns.columns.values())][:_SHOWN_COLUMNS]
    plain_table(rows, key=f"rows:{token}:{picked}", columns=[
        text_column(ROW, _("Row"), width=70), text_column(_REASON, _("Reason"), width="large"),
        *(text_column(header, header) for header in used),
    ])  # fmt: skip
    if plan.counts[Verdict(picked)] > _PREVIEW:
        st.caption(_("The first {count} rows are shown.").format(count=number(_PREVIEW)))
    if plan.counts[Verdict.REJECT]:
        code = language()
        rejected = imports.rejects(plan, source, translate=lambda words: locale.translated(words, language=code))
        download_rows(rejected, name="rejects.csv", words=_("Download the rejected rows"),
                      headers={column: column for column in rejected.columns})  # fmt: skip


def result_panel(actor: Actor, found: stored.Import, *, zone: str) -> None:
    """Draw what an import did, and its undo."""
    with st.container(border=True, key="result"):
        st.subheader(md(_("{file} was imported").format(file=found.file)), anchor=False)
        st.caption(md(_facts(found, zone=zone)))
        if found.undone_at is None:
            changes.undo_button(actor, found.change_set_id, key="undo_import")


def recent_list(actor: Actor, *, zone: str) -> None:
    """Draw the last imports; each leads to its result."""
    found = look(stored.recent, actor)
    if not found:
        st.caption(_("Nothing was imported yet."))
        return
    st.subheader(_("Recent imports"), anchor=False)
    for each in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{md(each.file)}** · {md(_facts(each, zone=zone))}")
            if st.button(_("Open"), key=f"open:{each.change_set_id}", type="tertiary"):
                st.query_params["done"] = str(each.change_set_id)
                st.rerun()


def _facts(found: stored.Import, *, zone: str) -> str:
    facts = [translated(KINDS[found.kind].label) if found.kind in KINDS else found.kind, found.username,
             moment(found.at, zone=zone)]  # fmt: skip
    facts += [f"{label(each)}: {number(found.counts[each.value])}" for each in Verdict if found.counts[each.value]]
    if found.undone_at is not None:
        facts.append(_("undone on {when}").format(when=moment(found.undone_at, zone=zone)))
    return " · ".join(facts)
