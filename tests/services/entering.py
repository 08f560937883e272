"""Come in, fail, let time pass: what the tests of sign-ins and sessions do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from crm_data import db
from crm_data.access import Actor
from crm_data.models import AuditEntry, AuthSession, SignInAttempt, User
from crm_data.queries import sessions as known
from crm_data.services import changes, sign_in, users
from crm_data.services.sessions import Opened, Visitor
from crm_data.vocabulary import ChangeAction, Role

PASSWORD = "correct horse battery"
HERE, ELSEWHERE = Visitor("127.0.0.1", "A browser", local=True), Visitor("203.0.113.7")


def an_account(engine: Engine, root: Actor, username: str) -> int:
    """Make a seller who can sign in and give the key."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        values = {"name": username.title(), "role": Role.SALES}
        return users.create(session, root, username=username, password=PASSWORD, values=values).id


def come_in(
    engine: Engine, *, password: str = PASSWORD, username: str = "li.na", visitor: Visitor = ELSEWHERE
) -> Opened:
    return sign_in.with_password(engine, username=username, password=password, visitor=visitor)


def fail(engine: Engine, *, times: int, username: str = "li.na", visitor: Visitor = ELSEWHERE) -> None:
    for _ in range(times):
        with pytest.raises(sign_in.SignInError):
            come_in(engine, username=username, password="wrong wrong", visitor=visitor)


def who(engine: Engine, opened: Opened) -> Actor | None:
    with db.reading(engine) as session:
        found = known.signed_in(session, opened.digest)
        return found.actor if found else None


def events(engine: Engine) -> list[ChangeAction]:
    with db.reading(engine) as session:
        entries = select(AuditEntry.action).where(AuditEntry.record_kind == "users").order_by(AuditEntry.id)
        return [action for action in session.scalars(entries) if action not in {ChangeAction.CREATE, ChangeAction.EDIT}]


def later(engine: Engine, **by: float) -> None:
    """Let time pass: move what was written back by so much."""
    past = timedelta(**by)
    with db.transaction(engine) as session:
        for attempt in session.scalars(select(SignInAttempt)):
            attempt.at -= past
        for row in session.scalars(select(AuthSession)):
            row.last_seen_at, row.expires_at, row.created_at = (
                row.last_seen_at - past, row.expires_at - past, row.created_at - past)  # fmt: skip
            row.ticket_expires_at = row.ticket_expires_at and row.ticket_expires_at - past


def change(engine: Engine, actor: Actor, act: Callable[..., object]) -> None:
    with changes.writing(engine, actor, action=ChangeAction.EDIT) as session:
        act(session, actor)


def edit(user_id: int, **wanted: object) -> Callable[..., object]:
    def act(session, actor):
        user = session.get_one(User, user_id)
        base = {name: getattr(user, name) for name in wanted}
        return users.edit(session, actor, user_id, version=user.version, base=base, mine=wanted)

    return act
