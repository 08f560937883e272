"""What customers say: surveys, invitations and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm_data.models.base import Instant, Key, Listing, Moment, Name, Record, choice
from crm_data.vocabulary import Channel, Orientation, SurveyKind, SurveyStatus


class Survey(Record):
    """A questionnaire: `questions` is a list of {key, text, type, scale, orientation}; the first is the score."""

    __tablename__ = "surveys"

    name: Mapped[Name]
    kind: Mapped[SurveyKind] = mapped_column(choice(SurveyKind))
    status: Mapped[SurveyStatus] = mapped_column(choice(SurveyStatus), default=SurveyStatus.DRAFT)
    question: Mapped[str] = mapped_column(String(500))
    scale_low: Mapped[int] = mapped_column(Integer)
    scale_high: Mapped[int] = mapped_column(Integer)
    orientation: Mapped[Orientation] = mapped_column(choice(Orientation), default=Orientation.HIGH)
    relationship_survey: Mapped[bool] = mapped_column(default=True)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    languages: Mapped[Listing] = mapped_column(default=list)
    cool_down_days: Mapped[int] = mapped_column(Integer, default=90)
    reward_points: Mapped[int] = mapped_column(Integer, default=0)


class Invitation(Record):
    """A customer asked to answer a survey; only the digest of the link's secret is kept."""

    __tablename__ = "invitations"

    survey_id: Mapped[int] = mapped_column(Key, ForeignKey("surveys.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contacts.id"))
    contract_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contracts.id"))
    touchpoint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("touchpoints.id"))
    channel: Mapped[Channel | None] = mapped_column(choice(Channel))
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    bounced_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)


class Response(Record):
    """An answer to a survey; `score` is null where the scoring question was skipped."""

    __tablename__ = "responses"
    __table_args__ = (Index("ix_responses_survey_id_answered_at", "survey_id", "answered_at"),)

    survey_id: Mapped[int] = mapped_column(Key, ForeignKey("surveys.id"))
    invitation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("invitations.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("customers.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contacts.id"))
    answered_at: Mapped[Moment]
    score: Mapped[int | None] = mapped_column(Integer)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    comment: Mapped[str | None] = mapped_column(Text)
    follow_up_task_id: Mapped[int | None] = mapped_column(Key, ForeignKey("tasks.id"))
    followed_up_at: Mapped[datetime | None] = mapped_column(Instant)
