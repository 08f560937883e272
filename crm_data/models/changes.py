"""What was changed, by whom and when: the audit log and the units of undo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import Base, Code, Instant, Key, Keyed, Moment, Name, choice
from crm_data.vocabulary import ChangeAction


class ChangeSet(Base, Keyed):
    """All that one act changed: an edit, a bulk edit, an import, a merge or an undo."""

    __tablename__ = "change_sets"

    at: Mapped[Moment]
    user_id: Mapped[int | None] = mapped_column(Key)
    username: Mapped[Name]
    action: Mapped[ChangeAction] = mapped_column(choice(ChangeAction))
    note: Mapped[str | None] = mapped_column(String(300))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undoes_id: Mapped[int | None] = mapped_column(Key)


class AuditEntry(Base, Keyed):
    """One record that a change set touched, with its fields before and after. Append-only."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_record_kind_record_id", "record_kind", "record_id"),
        Index("ix_audit_entries_at", "at", "id"),
    )

    change_set_id: Mapped[int] = mapped_column(Key, ForeignKey("change_sets.id"), index=True)
    at: Mapped[Moment]
    user_id: Mapped[int | None] = mapped_column(Key)
    username: Mapped[Name]
    action: Mapped[ChangeAction] = mapped_column(choice(ChangeAction))
    record_kind: Mapped[Code]
    record_id: Mapped[int | None] = mapped_column(Key)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ChangeClock(Base):
    """The one row whose value every writing transaction on SQLite raises: its change mark."""

    __tablename__ = "change_clock"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(BigInteger)


class ChangeLog(Base):
    """One row a writing transaction on MariaDB, where transactions have no number of their own."""

    __tablename__ = "change_log"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    at: Mapped[Moment]
