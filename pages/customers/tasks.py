"""What is to be done: due, overdue and done tasks."""

from __future__ import annotations

import streamlit as st

from crm_data.queries import activities, organisation
from crm_data.vocabulary import Action, Module, TaskKind
from pages.ui import address, state
from pages.ui.customer_dialogs import add_task
from pages.ui.customer_sections import task_line
from pages.ui.doors import look
from pages.ui.filters import choose, nothing_found, search_box, sort_choice, to_first_page, wanted
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.tables import pages_below, total_line
from pages.ui.text import _

actor = guard(Module.TASKS)
screen_title(actor, _("Tasks"))
with st.container(horizontal=True, vertical_alignment="bottom"):
    search = search_box(_("Words of the task"))
    if actor.may(Module.TASKS, Action.CREATE):
        st.button(_("New task"), key="new", type="primary", icon=":material/add:", on_click=state.open_dialog,
                  args=("add_task",))  # fmt: skip
shown = address.one_of("show", _("Show"), {"open": _("Open tasks"), "all": _("All tasks")}, then=to_first_page)
with st.expander(_("More filters and order"), icon=":material/tune:"), st.container(horizontal=True):
    filters = {"kind": choose("kind", _("Kind"), TaskKind),
               "assignee": choose("assignee", _("Assignee"), look(organisation.people, actor))}  # fmt: skip
    sort, descending = sort_choice({"due": _("Due on"), "title": _("Title")})

asked = wanted(search=search, filters=filters, sort=sort, descending=descending)
page = look(activities.tasks, actor, wanted=asked, open_only=shown != "all")
if page.rows.is_empty():
    nothing_found(filtered=bool(search or any(filters.values())), empty=_("There is nothing to do. Plan a task."))
for task in page.rows.iter_rows(named=True):
    task_line(actor, task)
total_line(page)
pages_below(page)
add_task(actor)
