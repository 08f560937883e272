"""Signing in: who may come in, how often somebody may try, and what is written down about it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import NoReturn

from sqlalchemy import ColumnElement, Engine, delete, func, select
from sqlalchemy.orm import Session

from crm_data import access, clock, db, settings
from crm_data.access import Actor
from crm_data.errors import CrmError, NotAllowedError
from crm_data.models import AuthSession, SignInAttempt, User
from crm_data.models.base import fold
from crm_data.services import changes, passwords, sessions
from crm_data.services.sessions import Opened, Visitor
from crm_data.vocabulary import N_, ChangeAction

# So many failures are free; each further one doubles the waiting time, up to the longest.
FREE_FOR_NAME, FREE_FOR_ADDRESS = 5, 30
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)
REMEMBERED = timedelta(hours=6)
_LONGEST_NAME = 64


class SignInError(CrmError):
    """The name or the password is wrong, or the account is closed: nobody is told which."""


class TooManyAttemptsError(CrmError):
    """Somebody tried too often; the password was not even looked at."""


def with_password(bind: Engine, *, username: str, password: str, visitor: Visitor) -> Opened:
    """Open a session for the right name and password.

    Raises SignInError, or TooManyAttemptsError with the minutes to wait.
    """
    user_id, attempt_id = prove(bind, username=username, password=password, visitor=visitor)
    opened = db.retrying(lambda: _open(bind, user_id, visitor=visitor, attempt_id=attempt_id))
    if opened is None:
        _refuse(bind, fold(username), user_id=user_id, visitor=visitor)
    return opened


def prove(bind: Engine, *, username: str, password: str, visitor: Visitor) -> tuple[int, int]:
    """Check a password and give the user's key and that of the attempt, which counts as failed until somebody came in.

    The attempt is counted before the password is looked at, so that many at once count too; each step is a short
    transaction, because checking a password takes a fifth of a second.

    Raises SignInError, or TooManyAttemptsError with the minutes to wait.
    """
    name = fold(username)[:_LONGEST_NAME]
    attempt_id = db.retrying(lambda: _count(bind, name, visitor))
    user_id, kept = _account(bind, name)
    if not passwords.matches(password, kept) or user_id is None:
        _refuse(bind, name, user_id=user_id, visitor=visitor)
    return user_id, attempt_id


def as_demo(bind: Engine, *, user_id: int, visitor: Visitor) -> Opened:
    """Open a session for a person of the demo company: without a password, and on this very machine only."""
    opened = db.retrying(lambda: _open(bind, user_id, visitor=visitor, demo=True)) if visitor.local else None
    if opened is None:
        raise NotAllowedError(N_("The demo company can only be entered on the machine that it runs on."))
    return opened


def forget_old(bind: Engine) -> None:
    """Delete attempts that no longer count and sessions that ended long ago; the audit log keeps what happened."""
    attempts = delete(SignInAttempt).where(SignInAttempt.at < clock.instant() - REMEMBERED)
    ended = delete(AuthSession).where(AuthSession.expires_at < clock.instant() - settings.SESSION_LIMIT)
    with db.transaction(bind) as session:
        session.execute(attempts)
        session.execute(ended)


def _count(bind: Engine, name: str, visitor: Visitor) -> int:
    with db.transaction(bind) as session:
        wait = _wait(session, name, visitor.address)
        if wait > timedelta(0):
            minutes = math.ceil(wait / timedelta(minutes=1))
            raise TooManyAttemptsError(
                N_("Too many failed sign-ins. Wait {minutes} min and try again."), minutes=minutes
            )
        attempt = SignInAttempt(username=name, address=visitor.address, at=clock.instant(), succeeded=False)
        session.add(attempt)
        session.flush()
        return attempt.id


def _wait(session: Session, name: str, address: str | None) -> timedelta:
    since = clock.instant() - REMEMBERED
    succeeded = select(func.max(SignInAttempt.at)).where(SignInAttempt.username == name, SignInAttempt.succeeded)
    last_success = session.scalar(succeeded.where(SignInAttempt.at > since)) or since
    waits = [_wait_after(*_failures(session, SignInAttempt.username == name, last_success), free=FREE_FOR_NAME)]
    if address:
        by_address = _failures(session, SignInAttempt.address == address, since)
        waits.append(_wait_after(*by_address, free=FREE_FOR_ADDRESS))
    return max(waits)


def _failures(session: Session, whose: ColumnElement[bool], since: datetime) -> tuple[int, datetime | None]:
    failed = (whose, SignInAttempt.at > since, SignInAttempt.succeeded.is_(False))
    count, last = session.execute(select(func.count(), func.max(SignInAttempt.at)).where(*failed)).one()
    return count, last


def _wait_after(count: int, last: datetime | None, *, free: int) -> timedelta:
    if last is None or count < free:
        return timedelta(0)
    pause = min(FIRST_WAIT * (1 << min(count - free, 16)), LONGEST_WAIT)
    return last + pause - clock.instant()


def _account(bind: Engine, name: str) -> tuple[int | None, str | None]:
    with db.reading(bind) as session:
        found = session.execute(select(User.id, User.password_hash).where(User.username == name)).one_or_none()
    return (None, None) if found is None else (found.id, found.password_hash)


def _open(
    bind: Engine, user_id: int, *, visitor: Visitor, attempt_id: int | None = None, demo: bool = False
) -> Opened | None:
    with db.reading(bind) as session:
        user = session.get(User, user_id)
        if user is None:
            return None
        actor = Actor(user.id, user.username, user.name, user.role, {})
    with changes.writing(bind, actor, action=ChangeAction.SIGN_IN) as session:
        user = session.get_one(User, user_id)
        welcome = user.active and user.approved and user.deleted_at is None
        if not welcome or (user.is_demo and not visitor.local) or (demo and not user.is_demo):
            return None
        if attempt_id is not None:
            session.get_one(SignInAttempt, attempt_id).succeeded = True
        return sessions.start(session, user, visitor=visitor)


def _refuse(bind: Engine, name: str, *, user_id: int | None, visitor: Visitor) -> NoReturn:
    db.retrying(lambda: _note_failure(bind, name, user_id=user_id, visitor=visitor))
    raise SignInError(N_("The user name or the password is wrong, or the account is not open."))


def _note_failure(bind: Engine, name: str, *, user_id: int | None, visitor: Visitor) -> None:
    # A name that nobody has is not written down: people type their password there.
    nobody = access.system("sign-in", rights=())
    with changes.writing(bind, nobody, action=ChangeAction.SIGN_IN_FAILED) as session:
        locked = _wait(session, name, visitor.address) > timedelta(0)
        for action in [ChangeAction.SIGN_IN_FAILED] + [ChangeAction.LOCKED] * locked:
            changes.note_event(session, action=action, kind="users", record_id=user_id, address=visitor.address)
