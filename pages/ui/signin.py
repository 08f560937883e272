"""Signing in and out: who sits at this window, and the page that asks for name and password."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

import streamlit as st

from crm_data import clock, db
from crm_data.access import Actor
from crm_data.errors import NotAllowedError
from crm_data.queries import sessions as known
from crm_data.services import changes, sessions
from crm_data.services.sessions import Opened
from crm_data.vocabulary import N_, ChangeAction
from pages.ui import state
from pages.ui.language import set_language
from pages.ui.text import _
from pages.ui.visitor import connection, cookie

_TOUCH_EVERY = timedelta(minutes=1)

# A script in the page asks for the cookie, because only an answer to a request can set one that no script can read.
_CALL = """
const made = new Set();
export default function ({ data }) {
  if (made.has(data.once)) return;
  made.add(data.once);
  const sent = fetch(data.path, { method: "POST", credentials: "same-origin", headers: { "X-CRM": data.once } });
  if (data.afresh) sent.finally(() => window.location.reload());
}
"""
_call = st.components.v2.component("guanxi_cookie", js=_CALL)


def person() -> Actor | None:
    """Give who is signed in at this window, with the rights of this moment; None when nobody is.

    One indexed read: a session that was ended anywhere, a closed account or another role counts from the next click.
    """
    seat = state.seat()
    if seat is None:
        return _recognised()
    if seat.connection != connection():
        _reconnect(seat)
    found = _signed_in(seat.digest)
    if found is None:
        state.leave_seat(forget_cookie=False)
        state.flash(_("You were signed out. Sign in again to go on."))
        return None
    if clock.instant() - found.last_seen_at > _TOUCH_EVERY:
        sessions.touch(db.engine(), digest=seat.digest)
    if state.chosen_language() is None:
        set_language(found.actor.locale)
    return found.actor


def confirm(actor: Actor) -> None:
    """Make sure, before anything is written, that the person still sits here with the rights that the screen drew for.

    Raises NotAllowedError when they were signed out or got other rights since the screen was drawn.
    """
    if actor.user_id is None:
        return
    found = person()
    if found is None or found.user_id != actor.user_id:
        raise NotAllowedError(N_("You are not signed in any more. Nothing was saved."))
    if (found.role, found.grants, found.member_ids) != (actor.role, actor.grants, actor.member_ids):
        raise NotAllowedError(N_("Your permissions were changed meanwhile. Nothing was saved; look and try again."))


def come_in(opened: Opened) -> None:
    """Sit down at this window after a good sign-in."""
    seat = state.Seat(opened.digest, connection(), opened.ticket, opened.ticket_until)
    _sit_down(seat, _signed_in(opened.digest))


def leave(actor: Actor) -> None:
    """Sign out, here and for whoever has a copy of the cookie; meant as a button's callback."""
    seat = state.seat()
    if seat is not None:
        with changes.writing(db.engine(), actor, action=ChangeAction.SIGN_OUT) as session:
            sessions.end(session, actor, digest=seat.digest)
    state.leave_seat(forget_cookie=True)


def settle_cookie() -> None:
    """Let the browser fetch its cookie after a sign-in, or forget it after a sign-out."""
    if connection() is None:
        return
    seat, left = state.seat(), state.left()
    if seat is not None and seat.ticket and seat.ticket_until and clock.instant() < seat.ticket_until:
        _call(key="cookie", data={"path": "/crm-auth/exchange", "once": seat.ticket}, height=1)
    elif seat is None and left:
        _call(key="cookie", data={"path": "/crm-auth/leave", "once": left, "afresh": True}, height=1)


def ask() -> NoReturn:
    """Draw the page that asks for name and password (or makes the first account), and end the run there."""
    from pages.ui import reception

    settle_cookie()
    reception.draw()
    st.stop()


def _recognised() -> Actor | None:
    """Give whom the browser's cookie names, and let them sit down; not right after signing out at this window."""
    digest = sessions.recognised(cookie()) if state.left() is None else None
    found = _signed_in(digest) if digest else None
    if digest is None or found is None:
        return None
    _sit_down(state.Seat(digest, connection()), found)
    return found.actor


def _signed_in(digest: str) -> known.SignedIn | None:
    with db.reading(db.engine()) as session:
        return known.signed_in(session, digest)


def _sit_down(seat: state.Seat, found: known.SignedIn | None) -> None:
    state.take_seat(seat)
    if found is not None and found.actor.locale:
        set_language(found.actor.locale)


def _reconnect(seat: state.Seat) -> None:
    # Whoever knows the number of a session of Streamlit's can join it; only the owner's browser has the cookie too.
    if sessions.recognised(cookie()) != seat.digest:
        st.info(_("The connection was lost. Reload the page to go on."), icon=":material/refresh:")
        st.stop()
    state.reseat(connection())
