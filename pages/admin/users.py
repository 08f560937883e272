"""Who works here: accounts, their roles and teams, and who asks for one."""

from __future__ import annotations

import polars as pl
import streamlit as st

from crm_data.queries import organisation
from crm_data.queries import users as accounts_query
from crm_data.vocabulary import Action, Module, Role
from pages.ui import state
from pages.ui.accounts import account_panel, new_account, team_list, waiting_list
from pages.ui.doors import look
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.links import go
from pages.ui.tables import Column, choice_column, moment_column, record_table, text_column
from pages.ui.text import _

actor = guard(Module.USERS)
zone = look(organisation.terms_for, actor).time_zone
accounts = look(accounts_query.accounts, actor)
groups = look(accounts_query.groups, actor)
names = {group.id: group.name for group in groups}

screen_title(actor, _("Users"))
if actor.may(Module.USERS, Action.CREATE):
    st.button(_("New user"), key="new", type="primary", icon=":material/person_add:", on_click=state.open_dialog,
              args=("new_account",))  # fmt: skip
waiting_list(actor, accounts, names)

chosen = next((account for account in accounts if str(account.id) == st.query_params.get("id")), None)
if chosen is not None:
    account_panel(actor, chosen, names, zone=zone)
    if st.button(_("Close"), key="close", type="tertiary", icon=":material/close:"):
        go("users")

people, teams = st.tabs([_("People"), _("Teams")])
with people:
    members = [account for account in accounts if account.approved]
    record_table(
        pl.DataFrame({name: [getattr(each, name) for each in members] for name in
                      ("id", "name", "username", "role", "team", "active", "last_seen_at")}, strict=False),
        kind="users",
        key="accounts",
        columns=[
            text_column("name", _("Name")),
            text_column("username", _("User name")),
            choice_column("role", _("Role"), Role),
            text_column("team", _("Team")),
            Column("active", _("May sign in"), lambda yes: _("Yes") if yes else _("No")),
            moment_column("last_seen_at", _("Last signed in"), zone=zone),
        ],
    )  # fmt: skip
with teams:
    st.caption(_("Whoever may see the team’s records sees those of the own team and of the teams below it."))
    team_list(actor, groups, names)

new_account(actor, names)
