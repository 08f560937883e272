"""Signed-in browsers: opened with a ticket, recognised by a signed cookie, ended one by one or all at once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import jwt
from sqlalchemy import CursorResult, Engine, select, update
from sqlalchemy.orm import Session

from crm_data import access, clock, db, settings
from crm_data.access import Actor
from crm_data.models import AuthSession, User
from crm_data.services import changes
from crm_data.vocabulary import Action, ChangeAction

AUDIENCE = "guanxi:session"
TICKET_LIMIT = timedelta(seconds=30)


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from; `local` when it was made on this very machine."""

    address: str | None = None
    browser: str | None = None
    local: bool = False


@dataclass(frozen=True)
class Opened:
    """A new session: the digest by which the server knows it, and the ticket that the browser swaps for its cookie."""

    digest: str
    ticket: str
    ticket_until: datetime


@dataclass(frozen=True)
class Cookie:
    """What the browser keeps to be recognised, and until when."""

    token: str
    expires_at: datetime


def start(session: Session, user: User, *, visitor: Visitor) -> Opened:
    """Open a session for a user whose identity was proven, and write the sign-in down."""
    now = clock.instant()
    ticket = secrets.token_urlsafe(32)
    opened = Opened(_digest(_secret_of(ticket)), ticket, now + TICKET_LIMIT)
    row = AuthSession(sid_sha256=opened.digest, user_id=user.id, session_version=user.session_version)
    row.created_at = row.last_seen_at = now
    row.expires_at = now + settings.SESSION_LIMIT
    row.ticket_sha256, row.ticket_expires_at = _digest(ticket), opened.ticket_until
    row.address, row.browser = visitor.address, (visitor.browser or "")[:300] or None
    session.add(row)
    # not through the record: signing in is no edit that somebody else's form could collide with
    seen = update(User).where(User.id == user.id).values(last_seen_at=clock.now(), rev=db.stamp(session))
    session.execute(seen)
    changes.note_event(session, action=ChangeAction.SIGN_IN, kind="users", record_id=user.id, address=visitor.address)
    return opened


def exchange(bind: Engine, *, ticket: str) -> Cookie | None:
    """Swap a ticket for the cookie of its session: once, and within half a minute."""
    secret, now = _secret_of(ticket), clock.instant()
    mine = AuthSession.sid_sha256 == _digest(secret)
    unused = (AuthSession.ticket_sha256 == _digest(ticket), AuthSession.ticket_expires_at > now)
    with db.transaction(bind) as session:
        swap = update(AuthSession).where(mine, *unused, AuthSession.revoked_at.is_(None)).values(ticket_sha256=None)
        if cast("CursorResult[None]", session.execute(swap)).rowcount != 1:
            return None
        expires_at = session.scalars(select(AuthSession.expires_at).where(mine)).one()
    claims = {"sid": secret, "aud": AUDIENCE, "exp": expires_at}
    return Cookie(jwt.encode(claims, settings.secret_key(), algorithm="HS256"), expires_at)


def recognised(token: str | None) -> str | None:
    """Give the digest of the session that a cookie names; None for a forged, stale or foreign one."""
    if not token:
        return None
    try:
        claims = jwt.decode(
            token, settings.secret_key(), algorithms=["HS256"], audience=AUDIENCE,
            options={"require": ["sid", "aud", "exp"]},
        )  # fmt: skip
    except jwt.PyJWTError:
        return None
    secret = claims["sid"]
    return _digest(secret) if isinstance(secret, str) else None


def touch(bind: Engine, *, digest: str) -> None:
    """Write down that a session is in use, so that it does not end for idleness."""
    with db.transaction(bind) as session:
        session.execute(
            update(AuthSession).where(AuthSession.sid_sha256 == digest).values(last_seen_at=clock.instant())
        )


def end(session: Session, actor: Actor, *, digest: str) -> None:
    """Sign out: nobody can use this session again, whoever kept a copy of its cookie."""
    live = (AuthSession.sid_sha256 == digest, AuthSession.user_id == actor.user_id, AuthSession.revoked_at.is_(None))
    session.execute(update(AuthSession).where(*live).values(revoked_at=clock.instant()))
    changes.note_event(session, action=ChangeAction.SIGN_OUT, kind="users", record_id=actor.user_id)


def end_all(session: Session, actor: Actor, user_id: int) -> None:
    """Sign a user out everywhere: oneself, or anybody for those who may edit users."""
    user = access.fetch(session, actor, User, user_id)
    if actor.user_id != user_id:
        access.demand(session, actor, user, action=Action.EDIT)
    revoke(session, user)
    session.flush()


def revoke(session: Session, user: User) -> None:
    """Make every session of a user worthless, as a new password, another role or a closed account does."""
    access_lost = update(AuthSession).where(AuthSession.user_id == user.id, AuthSession.revoked_at.is_(None))
    session.execute(access_lost.values(revoked_at=clock.instant()))
    user.session_version += 1
    changes.note_event(session, action=ChangeAction.REVOKED, kind="users", record_id=user.id)


def _secret_of(ticket: str) -> str:
    """Derive a session's secret from its ticket, so that scripts in the page, which see the ticket, never see it."""
    return hmac.new(settings.secret_key().encode(), b"session:" + ticket.encode(), hashlib.sha256).hexdigest()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
