"""What passed between us and a customer, and what is to be done next."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import Code, Instant, Key, Moment, Name, Record, choice
from crm_data.vocabulary import ActivityKind, Channel, Direction, TaskKind, TouchpointKind


class Touchpoint(Record):
    """A place where customers meet the company."""

    __tablename__ = "touchpoints"

    name: Mapped[Name]
    kind: Mapped[TouchpointKind] = mapped_column(choice(TouchpointKind))
    channel: Mapped[Channel | None] = mapped_column(choice(Channel))
    team_id: Mapped[int | None] = mapped_column(Key, ForeignKey("teams.id"))


class Activity(Record):
    """A call, e-mail, visit, meeting, chat, message, note or web visit."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_customer_id_at", "customer_id", "at"),)

    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"))
    contact_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contacts.id"))
    opportunity_id: Mapped[int | None] = mapped_column(Key, ForeignKey("opportunities.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contracts.id"))
    campaign_id: Mapped[int | None] = mapped_column(Key, ForeignKey("campaigns.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("touchpoints.id"))
    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind))
    direction: Mapped[Direction] = mapped_column(choice(Direction), default=Direction.OUTBOUND)
    user_id: Mapped[int | None] = mapped_column(Key, ForeignKey("users.id"))
    at: Mapped[Moment]
    minutes: Mapped[int | None] = mapped_column(Integer)
    subject: Mapped[Name]
    text: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(200))


class Task(Record):
    """Something to do for a customer, by whom and by when."""

    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_assignee_id_due_on", "assignee_id", "due_on"),)

    customer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    opportunity_id: Mapped[int | None] = mapped_column(Key, ForeignKey("opportunities.id"))
    contract_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contracts.id"))
    kind: Mapped[TaskKind] = mapped_column(choice(TaskKind), default=TaskKind.FOLLOW_UP)
    title: Mapped[Name]
    text: Mapped[str | None] = mapped_column(Text)
    assignee_id: Mapped[int | None] = mapped_column(Key, ForeignKey("users.id"))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(200))
    created_by_rule: Mapped[Code | None]
