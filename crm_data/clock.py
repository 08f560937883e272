"""Today and now, which tests and demonstrations may pin with CRM_TODAY."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def today(*, zone: str = "UTC") -> date:
    """Give the organisation's current day, or the day that CRM_TODAY pins."""
    pinned = os.environ.get("CRM_TODAY")
    return date.fromisoformat(pinned) if pinned else datetime.now(ZoneInfo(zone)).date()


def now() -> datetime:
    """Give the present instant in UTC; with CRM_TODAY set, the present time of day on that day."""
    instant = datetime.now(UTC)
    pinned = os.environ.get("CRM_TODAY")
    return (
        datetime.combine(
            date.fromisoformat(pinned), time(instant.hour, instant.minute, instant.second, instant.microsecond), UTC
        )
        if pinned
        else instant
    )


def instant() -> datetime:
    """Give the real present instant, which nothing pins: for sessions, locks and waiting times."""
    return datetime.now(UTC)
