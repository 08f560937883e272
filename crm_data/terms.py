"""The organisation's settings, as the rules of the business use them."""

from __future__ import annotations

from datetime import date
from typing import get_type_hints

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import clock
from crm_data.models import Setting
from crm_data.vocabulary.terms import Terms


def terms(session: Session) -> Terms:
    """Give the organisation's settings, typed, with the defaults of what was never set."""
    wanted = select(Setting.key, Setting.value).where(Setting.deleted_at.is_(None))
    stored = {row.key: row.value for row in session.execute(wanted)}
    return Terms(**{name: kind(stored[name]) for name, kind in get_type_hints(Terms).items() if name in stored})


def today(session: Session) -> date:
    """Give the day it is where the organisation is, whatever the server's clock says."""
    return clock.today(zone=terms(session).time_zone)
