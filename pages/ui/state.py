"""What a person is in the middle of doing: the only module that names keys of the session state."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from crm_data.errors import FieldConflict

_FLASH, _DIALOG, _DRAFT, _NONCES, _SCREEN = "ui.flash", "ui.dialog", "ui.draft", "ui.nonces", "ui.screen"
_UPLOAD, _DRAWN = "ui.upload", "ui.drawn"
_LISTS, _SEEN, _GOODBYES = "ui.lists", "ui.seen", "ui.goodbyes"
_LANGUAGE, _SEAT, _LEFT = "ui.language", "auth.seat", "auth.left"


@dataclass(frozen=True)
class Flash:
    """A message, already translated, for the next run; `undo` is the change set that its button takes back."""

    message: str
    undo: int | None = None
    moved: bool = False


@dataclass
class Draft:
    """A form under way: which record, from which version and values, and the conflict that its saving met."""

    key: str
    version: int
    base: Mapping[str, Any]
    mine: Mapping[str, Any] = field(default_factory=dict)
    conflict: Mapping[str, FieldConflict] = field(default_factory=dict)
    conflict_version: int = 0


@dataclass(frozen=True)
class Upload:
    """A file that somebody brought along: where it lies, what it is called, its size in bytes and its digest."""

    path: Path
    name: str
    size: int
    digest: str


@dataclass(frozen=True)
class Seat:
    """This window's place in a signed-in session: the session's digest and the connection it was recognised on.

    `ticket` is what the browser swaps for its cookie, until `ticket_until`.
    """

    digest: str
    connection: str | None
    ticket: str | None = None
    ticket_until: datetime | None = None


def seat() -> Seat | None:
    """Give this window's place in a signed-in session."""
    found: Seat | None = st.session_state.get(_SEAT)
    return found


def take_seat(found: Seat) -> None:
    """Sign this window in: nothing that somebody else began here is kept."""
    language = chosen_language()
    st.session_state.clear()
    st.session_state[_LANGUAGE] = language
    st.session_state[_SEAT] = found


def reseat(connection: str | None) -> None:
    """Go on over a new connection, after the browser was recognised on it."""
    found = seat()
    if found is not None:
        st.session_state[_SEAT] = replace(found, connection=connection)


def leave_seat(*, forget_cookie: bool) -> None:
    """Sign this window out and forget what was begun in it; with `forget_cookie` the browser is told to forget too."""
    language = chosen_language()
    st.session_state.clear()
    st.session_state[_LANGUAGE] = language
    if forget_cookie:
        st.session_state[_LEFT] = secrets.token_urlsafe(8)


def left() -> str | None:
    """Give the name of the last signing out, while the browser may still have to be told."""
    found: str | None = st.session_state.get(_LEFT)
    return found


def flash(message: str, *, undo: int | None = None) -> None:
    """Leave a message for the top of the next run."""
    st.session_state[_FLASH] = Flash(message, undo)


def take_flash() -> Flash | None:
    """Give the message for this run; it stays until the next click, so that its undo can be reached."""
    found: Flash | None = st.session_state.get(_FLASH)
    return found


def drop_flash() -> None:
    """Forget the message."""
    st.session_state.pop(_FLASH, None)


def _age_flash() -> None:
    # A message may follow to one other screen (deleted, back on the list), no further.
    found: Flash | None = st.session_state.get(_FLASH)
    if found is not None and found.moved:
        drop_flash()
    elif found is not None:
        st.session_state[_FLASH] = replace(found, moved=True)


def open_dialog(name: str, **about: Any) -> None:
    """Say which dialog is open and what it is about; meant as a button's callback."""
    _begin_anew()
    st.session_state[_DIALOG] = (name, about)


def dialog() -> tuple[str, Mapping[str, Any]]:
    """Give the open dialog's name and what it is about; ("", {}) when none is open."""
    found: tuple[str, Mapping[str, Any]] = st.session_state.get(_DIALOG, ("", {}))
    return found


def close_dialog() -> None:
    """Close the open dialog."""
    st.session_state.pop(_DIALOG, None)


def begin_draft(key: str, version: int, base: Mapping[str, Any]) -> None:
    """Start editing from the values that are shown now; meant as a button's callback."""
    _begin_anew()
    st.session_state[_DRAFT] = Draft(key, version, dict(base))


def draft(key: str) -> Draft | None:
    """Give the form under way for this record, if it is this one that is being edited."""
    found: Draft | None = st.session_state.get(_DRAFT)
    return found if found is not None and found.key == key else None


def conflict_of_draft(fields: Mapping[str, FieldConflict], *, version: int, mine: Mapping[str, Any]) -> None:
    """Keep what a saving met: the fields somebody else changed, the version that has them, and all that was typed."""
    found: Draft | None = st.session_state.get(_DRAFT)
    if found is not None:
        found.mine = dict(mine)
        found.conflict, found.conflict_version = dict(fields), version


def end_draft() -> None:
    """Stop editing."""
    st.session_state.pop(_DRAFT, None)


def nonce(form: str) -> str:
    """Give the name of this filling-in of a form: the same until it was saved."""
    nonces: dict[str, str] = st.session_state.setdefault(_NONCES, {})
    return nonces.setdefault(form, secrets.token_urlsafe(24))


def renew_nonce(form: str) -> None:
    """Begin a new filling-in of a form."""
    st.session_state.get(_NONCES, {}).pop(form, None)


def redrawn(form: str, version: int) -> bool:
    """Tell whether a form was last drawn for another version of its record: what was typed into it is gone then."""
    drawn: dict[str, int] = st.session_state.setdefault(_DRAWN, {})
    before = drawn.get(form, version)
    drawn[form] = version
    return before != version


def _begin_anew() -> None:
    # Another dialog or draft is another filling-in, even of a form of the same name.
    st.session_state.pop(_NONCES, None)


def enter(screen: str) -> None:
    """Leave what was begun on another screen: its dialog, its draft."""
    if st.session_state.get(_SCREEN) != screen:
        close_dialog()
        end_draft()
        _age_flash()
        st.session_state[_SCREEN] = screen


def first_time(what: str) -> bool:
    """Tell whether this window sees something for the first time."""
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    if what in seen:
        return False
    seen.add(what)
    return True


def say_goodbye(what: str, words: str) -> None:
    """Keep the last words, already translated, to somebody who has nothing more to do here."""
    st.session_state.setdefault(_GOODBYES, {})[what] = words


def goodbye(what: str) -> str | None:
    """Give the last words that were said about something."""
    goodbyes: dict[str, str] = st.session_state.get(_GOODBYES, {})
    return goodbyes.get(what)


def upload() -> Upload | None:
    """Give the file that is being imported."""
    found: Upload | None = st.session_state.get(_UPLOAD)
    return found


def keep_upload(found: Upload | None) -> None:
    """Go on with an uploaded file; None begins with another one."""
    st.session_state[_UPLOAD] = found


def chosen_language() -> str | None:
    """Give the language that the person chose or was signed in with."""
    found: str | None = st.session_state.get(_LANGUAGE)
    return found


def choose_language(code: str | None) -> None:
    """Keep the language for this session; None leaves it to the address and the browser."""
    st.session_state[_LANGUAGE] = code


def remember_list() -> None:
    """Keep the filters, order and page of the list that is being left for one of its records."""
    lists: dict[str, dict[str, list[str]]] = st.session_state.setdefault(_LISTS, {})
    lists[st.session_state.get(_SCREEN, "")] = {name: st.query_params.get_all(name) for name in st.query_params}


def list_left(address: str) -> dict[str, list[str]]:
    """Give the query that a list had when it was left for one of its records."""
    lists: dict[str, dict[str, list[str]]] = st.session_state.get(_LISTS, {})
    return lists.get(address, {})
