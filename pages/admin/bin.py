"""The recycle bin: what was deleted, when and by whom, and the way back."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.queries import bin, organisation
from crm_data.services import restoring
from crm_data.vocabulary import Action, ChangeAction, Module
from crm_data.vocabulary.fields import RECORDS
from pages.ui import address
from pages.ui.doors import look, saving
from pages.ui.filters import nothing_found, search_box, to_first_page, wanted
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.tables import moment_column, pages_below, plain_table, text_column, total_line
from pages.ui.text import _, ngettext, number, translated

actor = guard(Module.CUSTOMERS, Action.DELETE)
zone = look(organisation.terms_for, actor).time_zone
screen_title(actor, _("Recycle bin"), about=_("A record comes back with all that was deleted together with it."))

counts = look(bin.kinds, actor)
if not counts:
    st.info(_("The recycle bin is empty."), icon=":material/delete:")
    st.stop()
order = sorted(counts, key=lambda kind: (kind != "customers", -counts[kind]))
words = {
    kind: _("{kind} ({count})").format(kind=translated(RECORDS[kind]), count=number(counts[kind])) for kind in order
}
kind = address.from_list("kind", _("Kind of record"), words, then=to_first_page)
search = search_box(_("Name or number"))

asked = wanted(search=search, filters={}, sort="", descending=True)
page = look(bin.listing, actor, kind=kind, wanted=asked)
if page.rows.is_empty():
    nothing_found(filtered=bool(search), empty=_("There is nothing of this kind in the bin."))
    st.stop()

chosen = plain_table(
    page.rows,
    key=f"bin:{kind}:{page.total}:{asked.page}",  # what was restored must not leave its neighbour chosen
    select=True,
    columns=[
        text_column("name", _("Name"), width="large"),
        moment_column("deleted_at", _("Deleted"), zone=zone),
        text_column("username", _("By")),
    ],
)


def restore(session: Session) -> int:
    """Bring the chosen records back, all or none."""
    return sum(restoring.restore(session, actor, kind=kind, record_id=key) for key in chosen)


with st.container(horizontal=True, vertical_alignment="center"):
    text = ngettext("Restore {count} record", "Restore {count} records", len(chosen)).format(count=len(chosen))
    if st.button(text if chosen else _("Restore"), key="restore", type="primary", icon=":material/restore_from_trash:",
                 disabled=not chosen) and saving(
        restore, actor=actor, action=ChangeAction.RESTORE, done=_("The records are back."),
    ):  # fmt: skip
        st.rerun()
    total_line(page)
pages_below(page)
