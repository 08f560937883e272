"""What an administrator does with accounts and teams: the forms of the users screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from crm_data.access import Actor
from crm_data.queries.users import Account, Group
from crm_data.services import sessions, teams, users
from crm_data.vocabulary import Action, ChangeAction, Module, Role
from pages.ui import state
from pages.ui.doors import saving
from pages.ui.forms import Sheet
from pages.ui.text import _, md, moment, ngettext

Names = Mapping[int, str]


def waiting_list(actor: Actor, accounts: Sequence[Account], names: Names) -> None:
    """Draw those who asked for an account, each with role, team and the button that lets them in."""
    waiting = [account for account in accounts if not account.approved]
    if not waiting or not actor.may(Module.USERS, Action.EDIT):
        return
    words = ngettext("{count} person asks for an account", "{count} people ask for an account", len(waiting))
    st.subheader(words.format(count=len(waiting)), anchor=False)
    for account in waiting:
        _asking(actor, account, names)


def account_panel(actor: Actor, account: Account, names: Names, *, zone: str) -> None:
    """Draw one account: what is known of it, and what may be changed."""
    with st.container(border=True, key="account"):
        st.subheader(md(account.name), anchor=False)
        st.caption(md(_facts(account, zone=zone)))
        if not actor.may(Module.USERS, Action.EDIT):
            return
        _edit_form(actor, account, names)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if st.button(_("Sign out everywhere"), key="end_all", icon=":material/logout:"):
                _end_all(actor, account)
            if not account.is_demo:
                st.button(_("New password"), key="reset", icon=":material/password:", on_click=state.open_dialog,
                          args=("reset_password",))  # fmt: skip
    reset_dialog(actor, account)


def new_account(actor: Actor, names: Names) -> None:
    """Show the form for a new account when its button was pressed."""
    if state.dialog()[0] != "new_account":
        return

    @st.dialog(_("New user"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet("account:new", base={"role": Role.SALES})
        with st.form(sheet.key):
            sheet.text("name", _("Name"), required=True)
            sheet.text(
                "username", _("User name"), required=True, hint=_("One word, like li.na. People sign in with it.")
            )
            sheet.text("email", _("E-mail"), kind="email")
            sheet.choice("role", _("Role"), Role, required=True)
            sheet.choice("team_id", _("Team"), names)
            _password_field(sheet)
            sent = st.form_submit_button(_("Add user"), key="save_account", type="primary")
        if not sent:
            return
        username, password = str(sheet.typed.pop("username") or ""), str(sheet.typed.pop("password") or "")
        if saving(lambda s: users.create(s, actor, username=username, password=password, values=sheet.typed).id,
                  actor=actor, sheet=sheet, done=_("The account was added."), action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def reset_dialog(actor: Actor, account: Account) -> None:
    """Show the form for somebody's new password when its button was pressed."""
    if state.dialog()[0] != "reset_password":
        return

    @st.dialog(_("New password"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet("account:password")
        st.markdown(_("The person is signed out everywhere. Tell them the new password in person."))
        with st.form(sheet.key):
            _password_field(sheet)
            sent = st.form_submit_button(_("Set password"), key="save_password", type="primary")
        password = str(sheet.typed.pop("password") or "")
        done = _("The password was set.")
        if sent and saving(lambda s: users.reset_password(s, actor, account.id, password=password).id, actor=actor,
                           sheet=sheet, done=done, action=ChangeAction.PASSWORD):  # fmt: skip
            state.close_dialog()
            state.flash(done)  # without an undo: nobody can have the old password back
            st.rerun()

    ask()


def team_list(actor: Actor, groups: Sequence[Group], names: Names) -> None:
    """Draw the teams with their members' number, each to be renamed or put below another one."""
    may_edit = actor.may(Module.USERS, Action.EDIT)
    for group in groups:
        members = ngettext("{count} member", "{count} members", group.members).format(count=group.members)
        with st.expander(md(f"{group.name} · {members}"), key=f"team:{group.id}"):
            if may_edit:
                _team_form(actor, group, names)
    if actor.may(Module.USERS, Action.CREATE):
        _new_team(actor, names)


def _facts(account: Account, *, zone: str) -> str:
    seen = _("last signed in {moment}").format(moment=moment(account.last_seen_at, zone=zone))
    parts = [account.username, seen if account.last_seen_at else _("never signed in")]
    parts += [_("demo company")] * account.is_demo + [_("cannot sign in")] * (not account.can_sign_in)
    return " · ".join(parts)


def _asking(actor: Actor, account: Account, names: Names) -> None:
    with st.container(border=True, key=f"asking:{account.id}"):
        st.markdown(md(" · ".join(filter(None, [account.name, account.username, account.email]))))
        sheet = Sheet(f"approve:{account.id}", base={"role": account.role}, version=account.version)
        with st.form(sheet.key, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            sheet.choice("role", _("Role"), Role, required=True)
            sheet.choice("team_id", _("Team"), names)
            sent = st.form_submit_button(_("Approve"), key=f"approve:{account.id}", type="primary")
        if sent and saving(lambda s: users.approve(s, actor, account.id, **sheet.typed).id, actor=actor, sheet=sheet,
                           done=_("The account is open now.")):  # fmt: skip
            st.rerun()


def _edit_form(actor: Actor, account: Account, names: Names) -> None:
    base = {name: getattr(account, name) for name in users.EDITABLE}
    sheet = Sheet(f"account:{account.id}", base=base, version=account.version)
    with st.form(sheet.key, border=False):
        sheet.text("name", _("Name"), required=True)
        sheet.text("email", _("E-mail"), kind="email")
        sheet.choice("role", _("Role"), Role, required=True)
        sheet.choice("team_id", _("Team"), names)
        sheet.tick("active", _("May sign in"))
        sent = st.form_submit_button(_("Save"), key="save_account", type="primary")
    if sent and saving(
        lambda s: users.edit(s, actor, account.id, version=account.version, base=base, mine=sheet.typed).id,
        actor=actor, sheet=sheet, done=_("The account was changed."),
    ):  # fmt: skip
        st.rerun()


def _end_all(actor: Actor, account: Account) -> None:
    done = _("{name} is signed out everywhere.").format(name=account.name)
    if saving(lambda s: sessions.end_all(s, actor, account.id), actor=actor, action=ChangeAction.REVOKED, done=done):
        state.flash(done)
        st.rerun()


def _team_form(actor: Actor, group: Group, names: Names) -> None:
    base = {"name": group.name, "parent_id": group.parent_id}
    sheet = Sheet(f"team:{group.id}", base=base, version=group.version)
    above = {key: name for key, name in names.items() if key != group.id}
    with st.form(sheet.key, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        sheet.text("name", _("Name"), required=True)
        sheet.choice("parent_id", _("Below the team"), above)
        sent = st.form_submit_button(_("Save"), key=f"save_team:{group.id}")
        away = st.form_submit_button(_("Delete"), key=f"delete_team:{group.id}")
    if sent and saving(
        lambda s: teams.edit(s, actor, group.id, version=group.version, base=base, mine=sheet.typed).id,
        actor=actor, sheet=sheet, done=_("The team was changed."),
    ):  # fmt: skip
        st.rerun()
    if away and saving(lambda s: teams.delete(s, actor, group.id), actor=actor, action=ChangeAction.DELETE,
                       done=_("The team was deleted.")):  # fmt: skip
        st.rerun()


def _new_team(actor: Actor, names: Names) -> None:
    sheet = Sheet("team:new")
    with st.form(sheet.key, clear_on_submit=False), st.container(horizontal=True, vertical_alignment="bottom"):
        sheet.text("name", _("New team"))
        sheet.choice("parent_id", _("Below the team"), names)
        sent = st.form_submit_button(_("Add team"), key="save_team")
    if sent and saving(lambda s: teams.create(s, actor, values=sheet.typed).id, actor=actor, sheet=sheet,
                       done=_("The team was added."), action=ChangeAction.CREATE):  # fmt: skip
        st.rerun()


def _password_field(sheet: Sheet) -> None:
    sheet.text("password", _("Password"), required=True, kind="password",
               hint=_("At least ten characters; a sentence of several words is good."))  # fmt: skip
