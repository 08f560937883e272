"""Accounts: who is added, approved, changed or closed, and how passwords are set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError, NotAllowedError
from crm_data.models import Base, FormNonce, Team, User
from crm_data.models.base import fold
from crm_data.services import changes, checks, passwords, sessions
from crm_data.vocabulary import N_, Action, ChangeAction, Module, Role

EDITABLE = ("name", "email", "role", "team_id", "active")
MOST_WAITING = 20
_FIRST = "the first administrator"


def create(session: Session, actor: Actor, *, username: str, password: str | None, values: Mapping[str, Any]) -> User:
    """Add an account; without a password it cannot sign in and only owns records."""
    access.require(actor, Module.USERS, Action.CREATE)
    user = _new(username, values)
    _only_administrators_make_administrators(actor, user.role)
    return _add(session, user, password=password)


def first_administrator(session: Session, *, username: str, password: str, values: Mapping[str, Any]) -> User:
    """Make the account of the person who sets the company up, as long as nobody can sign in yet.

    Of two who ask at the same moment one comes through: the other's note of it is refused by the database.
    """
    if session.scalar(select(func.count(User.id)).where(User.password_hash.is_not(None) | User.is_demo)):
        raise NotAllowedError(N_("There is an account already. Sign in, or ask an administrator for one."))
    session.add(FormNonce(nonce=_FIRST, at=clock.now()))
    return _add(session, _new(username, dict(values) | {"role": Role.ADMIN}), password=password)


def ask_for_account(session: Session, *, username: str, password: str, values: Mapping[str, Any]) -> User:
    """Leave the wish for an account, which cannot sign in until an administrator approves it."""
    waiting = session.scalar(select(func.count(User.id)).where(User.approved.is_(False), User.deleted_at.is_(None)))
    if (waiting or 0) >= MOST_WAITING:
        raise CrmError(N_("Too many requests are waiting already. Please ask an administrator in person."))
    user = _new(username, dict(values) | {"role": Role.VIEWER})
    user.approved = False
    return _add(session, user, password=password)


def approve(session: Session, actor: Actor, user_id: int, *, role: Role, team_id: int | None) -> User:
    """Let somebody in who asked for an account, in a role and a team."""
    user = access.fetch(session, actor, User, user_id, action=Action.EDIT)
    _only_administrators_make_administrators(actor, role)
    user.approved, user.active, user.role, user.team_id = True, True, role, team_id
    session.flush()
    return user


def edit(
    session: Session, actor: Actor, user_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> User:
    """Change an account. Another role or closing it signs the person out everywhere."""
    user = access.fetch(session, actor, User, user_id, action=Action.EDIT)
    _only_administrators_make_administrators(actor, user.role)
    changes.apply_edit(user, version=version, base=base, mine=checks.only(mine, EDITABLE))
    _only_administrators_make_administrators(actor, user.role)
    checks.all_of(*_checks(session, user))
    session.flush()
    return user


def reset_password(session: Session, actor: Actor, user_id: int, *, password: str) -> User:
    """Give somebody a new password and sign them out everywhere."""
    user = access.fetch(session, actor, User, user_id, action=Action.EDIT)
    _only_administrators_make_administrators(actor, user.role)
    _set_password(session, user, password)
    return user


def change_password(session: Session, actor: Actor, *, password: str) -> User:
    """Give oneself a new password, after the old one was proven (sign_in.prove), and end all sessions."""
    user = access.fetch(session, actor, User, actor.user_id or 0)
    _set_password(session, user, password)
    return user


def choose_language(session: Session, actor: Actor, code: str | None) -> None:
    """Keep the language that a person reads."""
    access.fetch(session, actor, User, actor.user_id or 0).locale = code
    session.flush()


def _new(username: str, values: Mapping[str, Any]) -> User:
    return User(username=fold(username), active=True, approved=True, **checks.only(values, EDITABLE))


def _add(session: Session, user: User, *, password: str | None) -> User:
    found = _checks(session, user)
    if password is not None:
        found.append(lambda: passwords.check(password, username=user.username))
    checks.all_of(*found)
    user.password_hash = None if password is None else passwords.hashed(password)
    session.add(user)
    session.flush()
    return user


def _set_password(session: Session, user: User, password: str) -> None:
    if user.is_demo:
        raise NotAllowedError(N_("People of the demo company keep the demo password. Add an account instead."))
    passwords.check(password, username=user.username)
    user.password_hash = passwords.hashed(password)
    changes.note_event(session, action=ChangeAction.PASSWORD, kind="users", record_id=user.id)
    session.flush()


def _checks(session: Session, user: User) -> list[Callable[[], None]]:
    return [
        lambda: checks.filled(user, "username", "name", "role"),
        lambda: checks.short_enough(user),
        lambda: _one_word(user),
        lambda: checks.unique(session, user, "username"),
        lambda: checks.email(user, "email"),
        lambda: _known_team(session, user),
    ]


def _one_word(user: User) -> None:
    if user.username and (" " in user.username or not user.username.isprintable()):
        raise InvalidError(N_("A user name is one word, like li.na."), field="username")


def _known_team(session: Session, user: User) -> None:
    if user.team_id is not None and session.get(Team, user.team_id) is None:
        raise InvalidError(N_("This team does not exist any more."), field="team_id")


def _only_administrators_make_administrators(actor: Actor, role: Role) -> None:
    if role is Role.ADMIN and actor.role is not Role.ADMIN:
        raise NotAllowedError(N_("Only an administrator may change administrators."))


@changes.follows(User)
def _sign_out_and_keep_an_administrator(
    session: Session, actor: Actor, user: User, before: Mapping[str, Any]
) -> Sequence[Base]:
    """However an account changed (by hand, by an import, by undoing): who lost something is signed out."""
    if not before.keys() & {"role", "active", "deleted_at", "password_hash"}:
        return []
    if _administers(user, before) != _administers(user, {}):
        _only_administrators_make_administrators(actor, Role.ADMIN)
    with session.no_autoflush:
        if _administers(user, before) and not _administers(user, {}):
            _require_another_administrator(session, user)
        sessions.revoke(session, user)
    return []


def _administers(user: User, before: Mapping[str, Any]) -> bool:
    role, active, deleted = (before.get(name, getattr(user, name)) for name in ("role", "active", "deleted_at"))
    return role == Role.ADMIN and bool(active) and deleted is None


def _require_another_administrator(session: Session, user: User) -> None:
    others = select(User.id).where(
        User.id != user.id, User.role == Role.ADMIN, User.active, User.approved, User.deleted_at.is_(None),
        User.is_demo if user.is_demo else User.password_hash.is_not(None),
    )  # fmt: skip
    if not session.scalars(others.with_for_update()).all():
        raise CrmError(N_("This is the last administrator. Make somebody else an administrator first."))
