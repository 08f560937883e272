"""Taking a list along: the filtered list with the shown columns, as far as the reader may export it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from crm_data import clock, db, locale
from crm_data.access import Actor
from crm_data.exchange import lists
from crm_data.exchange.lists import Exported, Listing, Reading
from crm_data.exchange.sheets import MOST_ROWS
from crm_data.queries import campaigns, contracts, customers, opportunities, organisation, products, surveys
from crm_data.queries.listing import Wanted
from crm_data.services import changes, undoing
from crm_data.vocabulary import ChangeAction
from pages.ui.doors import engine, look
from pages.ui.text import _, language, ngettext, number

_LISTINGS: dict[str, Listing] = {
    "campaigns": campaigns.listing,
    "contracts": contracts.listing,
    "customers": customers.listing,
    "opportunities": opportunities.listing,
    "products": products.listing,
    "surveys": surveys.listing,
}
_MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_button(actor: Actor, kind: str, *, wanted: Wanted, listing: Listing | None = None) -> None:
    """Draw the export of a list of `kind` (its table's name), as it is filtered and sorted.

    `listing` is the query behind the list where it is not the kind's usual one. The file is made on the click.
    """
    exported = Exported(listing or _LISTINGS[kind], undoing.model_of(kind), wanted)
    if not lists.may_export(actor, exported=exported):
        return
    box = st.popover(_("Export"), icon=":material/download:", key=f"export:{kind}", on_change="rerun")
    if not box.open:
        return
    with box:
        count = look(lists.count, actor, exported=exported)
        words = ngettext("{count} record that you may export, with the columns of the list.",
                         "{count} records that you may export, with the columns of the list.", count)  # fmt: skip
        st.caption(words.format(count=number(count)))
        with st.container(horizontal=True):
            _download(actor, exported, ending="csv", words=_("CSV"), possible=count > 0)
            _download(actor, exported, ending="xlsx", words=_("Excel"), possible=0 < count <= MOST_ROWS)
        if count > MOST_ROWS:
            st.caption(_("A sheet holds {most} rows at most: take the CSV file.").format(most=number(MOST_ROWS)))


def _download(actor: Actor, exported: Exported, *, ending: str, words: str, possible: bool) -> None:
    name = f"{exported.model.__tablename__}-{clock.today().isoformat()}.{ending}"
    st.download_button(
        words,
        _maker(actor, exported, name=name),
        name,
        _MIME[ending],
        key=f"export:{ending}",
        on_click="ignore",
        disabled=not possible,
        icon=":material/table:",
    )


def _maker(actor: Actor, exported: Exported, *, name: str) -> Callable[[], bytes]:
    """Give what makes the file: it runs after the screen, in no session, so that it keeps the language of now."""
    code = language()

    def make() -> bytes:
        return made(actor, exported, name=name, code=code)

    return make


def made(actor: Actor, exported: Exported, *, name: str, code: str) -> bytes:
    """Make the file with the rights of this moment, and write down that it was taken along."""
    with db.reading(engine()) as session:
        present = lists.still(session, actor)
        terms = organisation.terms_for(session, present)
        reading = Reading(lambda words: locale.translated(words, language=code), terms.time_zone, terms.base_currency)
        frame = lists.read(session, present, exported=exported, reading=reading)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        lists.write(frame, path)
        with changes.writing(engine(), present, action=ChangeAction.EXPORT) as writing:
            lists.note(writing, exported=exported, rows=frame.height, file=path)
        return path.read_bytes()
