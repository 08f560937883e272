"""My own account: password, language, and signing out everywhere."""

from __future__ import annotations

import streamlit as st

from crm_data import db
from crm_data.errors import CrmError
from crm_data.services import sessions, sign_in, users
from crm_data.vocabulary import ChangeAction
from pages.ui import signin, state
from pages.ui.doors import saving
from pages.ui.forms import Sheet
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.text import _, label, md, say
from pages.ui.visitor import visitor

actor = guard(None)
facts = [actor.username, label(actor.role), actor.team_name]
screen_title(actor, actor.name, about=" · ".join(fact for fact in facts if fact))


def prove(password: str) -> bool:
    """Ask for the present password before a new one; too many wrong ones have to wait as at the sign-in."""
    try:
        sign_in.prove(db.engine(), username=actor.username, password=password, visitor=visitor())
    except sign_in.TooManyAttemptsError as refusal:
        st.error(md(say(refusal)), icon=":material/error:")
        return False
    except CrmError:
        sheet.point_out("current", _("This is not your present password."))
        return False
    return True


def change_password(password: str) -> None:
    """Set the new password, which ends all sessions, and stay signed in here with a new one."""
    done = _("Your password was changed. Other devices are signed out.")
    if saving(lambda s: users.change_password(s, actor, password=password).id, actor=actor, sheet=sheet, done=done,
              action=ChangeAction.PASSWORD):  # fmt: skip
        signin.come_in(
            sign_in.with_password(db.engine(), username=actor.username, password=password, visitor=visitor())
        )
        state.flash(done)
        st.rerun()


with st.container(width=520):
    st.subheader(_("Password"), anchor=False)
    if actor.is_demo:
        st.caption(_("People of the demo company keep the demo password."))
    else:
        sheet = Sheet("password")
        with st.form("password"):
            sheet.text("current", _("Present password"), required=True, kind="password")
            sheet.text("password", _("New password"), required=True, kind="password",
                       hint=_("At least ten characters; a sentence of several words is good."))  # fmt: skip
            sent = st.form_submit_button(_("Change password"), key="change_password", type="primary")
        if sent and prove(str(sheet.typed["current"] or "")):
            change_password(str(sheet.typed["password"] or ""))

    st.subheader(_("Devices"), anchor=False)
    st.caption(_("Ends every sign-in of yours on all devices, this one included."))
    if st.button(_("Sign out everywhere"), key="end_all", icon=":material/logout:") and saving(
        lambda s: sessions.end_all(s, actor, actor.user_id or 0), actor=actor, action=ChangeAction.REVOKED, done=""
    ):
        state.leave_seat(forget_cookie=True)
        st.rerun()
