"""What each role may do: one table a role, a line a module, with whose records each permission covers."""

from __future__ import annotations

from zlib import crc32

import polars as pl
import streamlit as st

from crm_data.queries import users
from crm_data.services import permissions
from crm_data.vocabulary import Action, ChangeAction, Module, Role, Scope
from pages.ui import address
from pages.ui.doors import look, saving
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.text import _, label

actor = guard(Module.SETTINGS, Action.CONFIGURE)
screen_title(actor, _("Permissions"), about=_("A change counts from the next click of everybody in the role."))

roles = {role.value: label(role) for role in Role if role is not Role.ADMIN}
role = Role(address.one_of("role", _("Role"), roles))
st.caption(_("Administrators may always do everything."))
rights = look(users.rights, actor, role=role)

scopes = {label(scope): scope for scope in Scope}
table = pl.DataFrame(
    {"module": [label(module) for module in Module]}
    | {action.value: [label(rights[module, action]) for module in Module] for action in Action}
)
version = crc32(repr(sorted(rights.items())).encode())  # a table that was saved is drawn anew
edited = st.data_editor(
    table,
    key=f"rights:{role.value}:{version}",
    hide_index=True,
    num_rows="fixed",
    disabled=["module"],
    height="content",
    column_config={"module": st.column_config.TextColumn(_("Module"), pinned=True)}
    | {action.value: st.column_config.SelectboxColumn(label(action), options=list(scopes), required=True)
       for action in Action},
)  # fmt: skip
wanted = {
    (module, action): scopes.get(edited[action.value][row], Scope.NONE)
    for row, module in enumerate(Module)
    for action in Action
}
changed = {right: scope for right, scope in wanted.items() if rights[right] is not scope}

with st.container(horizontal=True):
    if st.button(_("Save"), key="save_rights", type="primary", disabled=not changed) and saving(
        lambda s: permissions.allow(s, actor, role=role, scopes=changed),
        actor=actor, action=ChangeAction.CONFIGURE, done=_("The permissions were changed."),
    ):  # fmt: skip
        st.rerun()
    if st.button(_("Back to the defaults"), key="default_rights") and saving(
        lambda s: permissions.restore_defaults(s, actor, role=role),
        actor=actor, action=ChangeAction.CONFIGURE, done=_("The role has its first permissions again."),
    ):  # fmt: skip
        st.rerun()
