"""Who is signed in, asked at every click, and who could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, exists, func, select
from sqlalchemy.orm import Session

from crm_data import clock, mirror, settings
from crm_data.access import Actor
from crm_data.models import AuthSession, User
from crm_data.queries import organisation
from crm_data.vocabulary import Role

Known = dict[int, tuple[str, Actor]]
_KNOWN: WeakKeyDictionary[Engine | Connection, Known] = WeakKeyDictionary()


@dataclass(frozen=True)
class SignedIn:
    """The person behind a session that is still good."""

    actor: Actor
    last_seen_at: datetime


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo company whose place one can take."""

    id: int
    name: str
    role: Role


def signed_in(session: Session, digest: str) -> SignedIn | None:
    """Give who is signed in by a session, with the rights of this moment.

    None when the session was ended, has expired or was idle too long, or when the account was closed or its
    sessions were ended everywhere since.
    """
    now = clock.instant()
    good = select(AuthSession.user_id, AuthSession.last_seen_at).join(User, User.id == AuthSession.user_id).where(
        AuthSession.sid_sha256 == digest,
        AuthSession.revoked_at.is_(None),
        AuthSession.expires_at > now,
        AuthSession.last_seen_at > now - settings.IDLE_LIMIT,
        AuthSession.session_version == User.session_version,
        User.active, User.approved, User.deleted_at.is_(None),
    )  # fmt: skip
    found = session.execute(good).one_or_none()
    actor = _actor(session, found.user_id) if found else None
    return SignedIn(actor, found.last_seen_at) if found and actor else None


def nobody_yet(session: Session) -> bool:
    """Tell whether no account with a password exists: the first person to come makes the administrator's."""
    return not session.scalar(select(exists().where(User.password_hash.is_not(None)))) and not demo_people(session)


def demo_people(session: Session) -> Sequence[DemoPerson]:
    """Give one person of the demo company a role; none when there is no demo company."""
    open_to_all = (User.is_demo, User.active, User.approved, User.deleted_at.is_(None))
    first = select(func.min(User.id)).where(*open_to_all).group_by(User.role)
    rows = session.execute(select(User.id, User.name, User.role).where(User.id.in_(first))).all()
    order = list(Role)
    return sorted((DemoPerson(*row) for row in rows), key=lambda person: order.index(person.role))


def _actor(session: Session, user_id: int) -> Actor | None:
    """Give an actor from memory while nothing was committed; teams and rights take several reads."""
    known = _KNOWN.setdefault(session.get_bind(), {})
    mark = mirror.mark(session)
    kept = known.get(user_id)
    if kept is not None and kept[0] == mark:
        return kept[1]
    actor = organisation.actor_of(session, user_id)
    if actor is not None:
        known[user_id] = (mark, actor)
    return actor
