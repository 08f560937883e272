"""Who works here: users, teams, what each role may do, settings and targets."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Double, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import Base, Code, Instant, Key, Keyed, Moment, Money, Name, Record, Words, choice
from crm_data.vocabulary import Action, Module, Role, Scope


class Team(Record):
    """A group of users; a team's records include those of the teams below it."""

    __tablename__ = "teams"

    name: Mapped[Name]
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("teams.id"))
    manager_id: Mapped[int | None] = mapped_column(Key)


class User(Record):
    """Somebody who signs in, or owned records once."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("username"),)

    username: Mapped[Code]
    name: Mapped[Name]
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(128))
    role: Mapped[Role] = mapped_column(choice(Role))
    team_id: Mapped[int | None] = mapped_column(Key, ForeignKey("teams.id"))
    active: Mapped[bool] = mapped_column(default=True)
    approved: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str | None] = mapped_column(String(8))
    session_version: Mapped[int] = mapped_column(default=1)
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)
    is_demo: Mapped[bool] = mapped_column(default=False)


class RolePermission(Record):
    """What a role may do in a module, and with whose records."""

    __tablename__ = "role_permissions"
    __table_args__ = (UniqueConstraint("role", "module", "action"),)

    role: Mapped[Role] = mapped_column(choice(Role))
    module: Mapped[Module] = mapped_column(choice(Module))
    action: Mapped[Action] = mapped_column(choice(Action))
    scope: Mapped[Scope] = mapped_column(choice(Scope))


class Setting(Record):
    """One setting of the organisation, as text; its type and default are declared in vocabulary.terms."""

    __tablename__ = "settings"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[Code]
    value: Mapped[Words]


class Goal(Record):
    """A target for the company, a team or a person, in the metric's own unit (money in minor units, rates as
    fractions): exact as a double below 2^53.
    """

    __tablename__ = "goals"
    __table_args__ = (Index("ix_goals_metric_starts_on", "metric", "starts_on"),)

    metric: Mapped[Code]
    team_id: Mapped[int | None] = mapped_column(Key, ForeignKey("teams.id"))
    user_id: Mapped[int | None] = mapped_column(Key, ForeignKey("users.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    target: Mapped[float] = mapped_column(Double)


class AuthSession(Base):
    """A signed-in browser; only the digest of its secret is kept."""

    __tablename__ = "auth_sessions"

    sid_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(Key, ForeignKey("users.id"), index=True)
    session_version: Mapped[int]
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    ticket_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    ticket_expires_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str | None] = mapped_column(String(64))
    browser: Mapped[str | None] = mapped_column(String(300))


class SignInAttempt(Base, Keyed):
    """One try to sign in, counted against the name and the address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_username_at", "username", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    username: Mapped[Code]
    address: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[Moment]
    succeeded: Mapped[bool]


class KeyBlock(Base):
    """Up to where the keys of a table are handed out."""

    __tablename__ = "key_blocks"

    table_name: Mapped[Code] = mapped_column(primary_key=True)
    next_key: Mapped[Money]


class FormNonce(Base):
    """A form that was sent: the second sending of the same form finds its first."""

    __tablename__ = "form_nonces"

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[Moment]


class ExchangeRate(Record):
    """What one unit of a currency is worth in the base currency from a day on, in millionths."""

    __tablename__ = "exchange_rates"
    __table_args__ = (UniqueConstraint("currency", "day"),)

    currency: Mapped[str] = mapped_column(String(3))
    day: Mapped[date]
    rate_e6: Mapped[Money]
