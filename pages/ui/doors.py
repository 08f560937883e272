"""The two doors of a screen: looking things up, and saving."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import AlreadyDoneError, ConflictError, CrmError, InvalidError, InvalidFormError
from crm_data.services import changes, undoing
from crm_data.vocabulary import N_, ChangeAction
from pages.ui import state
from pages.ui.forms import Sheet
from pages.ui.signin import confirm
from pages.ui.text import _, md, ngettext, say

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Saved(Generic[T]):
    """Something was written: what the service gave, and the change set by which it can be undone."""

    value: T
    change_set: int


# When which sending of whose form was saved, and for a moment what it gave.
_SENT: dict[str, tuple[float, Saved[Any] | None]] = {}
_MOMENT, _KEPT = 3.0, 2_000


def engine() -> Engine:
    """Give the engine on the configured database."""
    return db.engine()


def look(query: Callable[Concatenate[Session, Actor, P], T], actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a query function in a reading session of its own: `look(customers.record, actor, 42)`."""
    with db.reading(engine()) as session:
        return query(session, actor, *args, **kwargs)


def saving(
    act: Callable[[Session], T],
    *,
    actor: Actor,
    done: str,
    action: ChangeAction = ChangeAction.EDIT,
    sheet: Sheet | None = None,
) -> Saved[T] | None:
    """Write in one transaction; afterwards the next run says `done` (translated) with an undo.

    When it is refused nothing is written: the reason stands at the field of the sheet or above, what was typed stays.
    Give a sheet for every form, so that impatient clicks write once. The caller reruns or goes elsewhere on success.
    """
    if sheet and sheet.unreadable:
        _show_unreadable(sheet)
        return None
    # Where an impatient click cut the run of the first sending short, this run finishes it.
    saved: Saved[Any] | None = _just_sent(sheet) if sheet and sheet.overtaken else None
    try:
        if saved is None:
            _refuse_overtaken(sheet)
            nonce = _sending(sheet) if sheet else None
            saved = db.retrying(lambda: _write(act, actor=actor, action=action, nonce=nonce))
    except AlreadyDoneError as error:
        saved = _just_sent(sheet)
        if saved is None:
            state.renew_nonce(sheet.key if sheet else "")
            _show(error, sheet)
            return None
    except ConflictError as conflict:
        state.conflict_of_draft(conflict.fields, version=conflict.version, mine=sheet.typed if sheet else {})
        st.rerun()
    except CrmError as error:
        _show(error, sheet)
        return None
    # Points are booked in a ledger: a wrong entry is adjusted, never taken out.
    state.flash(done, undo=None if action is ChangeAction.BOOK else saved.change_set)
    return saved


def show_flash(actor: Actor) -> None:
    """Show what was just done, with its undo, until something else is done."""
    found = state.take_flash()
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="flash"):
        st.success(md(found.message), icon=":material/check_circle:")
        if found.undo is not None:
            st.button(_("Undo"), icon=":material/undo:", key="undo", on_click=_undo, args=(actor, found.undo))
        st.button(_("Dismiss"), key="dismiss", type="tertiary", on_click=state.drop_flash)


def _refuse_overtaken(sheet: Sheet | None) -> None:
    if sheet and sheet.overtaken:
        raise CrmError(
            N_("Somebody else changed this meanwhile. Nothing was saved: look at the new values and type yours again.")
        )


def _just_sent(sheet: Sheet | None) -> Saved[Any] | None:
    """Give what this form saved a moment ago."""
    form = f"{state.nonce(sheet.key)}." if sheet else "."
    fresh = time.monotonic() - _MOMENT
    found = [saved for name, (at, saved) in list(_SENT.items()) if name.startswith(form) and at > fresh]
    return found[-1] if found else None


def _sending(sheet: Sheet) -> str:
    """Name what is being sent: the same values of the same form within a moment are the same sending."""
    typed = hashlib.sha256(repr(sorted(sheet.typed.items())).encode()).hexdigest()[:16]
    name = f"{state.nonce(sheet.key)}.{typed}"
    if name in _SENT and time.monotonic() - _SENT[name][0] > _MOMENT:
        state.renew_nonce(sheet.key)
        name = f"{state.nonce(sheet.key)}.{typed}"
    return name


def _write(act: Callable[[Session], T], *, actor: Actor, action: ChangeAction, nonce: str | None) -> Saved[T]:
    confirm(actor)
    with changes.writing(engine(), actor, action=action, nonce=nonce) as session:
        value = act(session)
        saved = Saved(value, changes.change_set_id(session))
    # Nothing of Streamlit's may come between the commit and this line: another click would end the run there.
    if nonce is not None:
        _remember(nonce, saved)
    return saved


def _remember(nonce: str, saved: Saved[Any]) -> None:
    now = time.monotonic()
    for name, (at, _saved) in list(_SENT.items()):
        if now - at > _MOMENT:
            _SENT[name] = (at, None)
    _SENT[nonce] = (now, saved)
    for name in list(_SENT)[:-_KEPT]:
        _SENT.pop(name, None)


def undo_change(actor: Actor, change_set: int) -> None:
    """Take back a whole change; the next run says so, with the way back. Raises CrmError when it cannot be."""
    saved = db.retrying(lambda: _write(lambda s: undoing.undo(s, actor, change_set), actor=actor,
                                       action=ChangeAction.UNDO, nonce=None))  # fmt: skip
    state.flash(_("Undone."), undo=saved.change_set)


def _undo(actor: Actor, change_set: int) -> None:
    state.drop_flash()
    try:
        undo_change(actor, change_set)
    except CrmError as error:
        state.flash(say(error))


def _show_unreadable(sheet: Sheet) -> None:
    for name, message in sheet.unreadable.items():
        sheet.point_out(name, message)
    st.error(_refusal(len(sheet.unreadable)), icon=":material/error:")


def _refusal(count: int) -> str:
    text = ngettext("One field needs another value. Nothing was saved.",
                    "{count} fields need another value. Nothing was saved.", count)  # fmt: skip
    return text.format(count=count)


def _show(error: CrmError, sheet: Sheet | None) -> None:
    problems: tuple[Any, ...] = error.problems if isinstance(error, InvalidFormError) else ()
    if isinstance(error, InvalidError) and error.field:
        problems = (error,)
    left = [problem for problem in problems if sheet is None or not sheet.point_out(problem.field, say(problem))]
    if problems and not left:
        st.error(_refusal(len(problems)), icon=":material/error:")
        return
    for text in [say(problem) for problem in left] or [say(error)]:
        st.error(md(text), icon=":material/error:")
