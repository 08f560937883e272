"""Exchange rates: what other currencies are worth in the organisation's own, day by day."""

from __future__ import annotations

from datetime import date

from babel.numbers import list_currencies
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import InvalidError
from crm_data.models import ExchangeRate
from crm_data.services import checks
from crm_data.terms import terms
from crm_data.vocabulary import N_, Action, Module

_MOST = 10**15


def quote(session: Session, actor: Actor, *, currency: str, day: date | None, rate_e6: int | None) -> ExchangeRate:
    """Say what a unit of a currency is worth from a day on, in millionths of the base currency.

    A rate that is there for the day gets the new value, one in the bin comes back with it.
    """
    access.require(actor, Module.SETTINGS, Action.CONFIGURE)
    code = currency.strip().upper()
    checks.all_of(lambda: _foreign(session, code), lambda: _dated(day), lambda: _positive(rate_e6))
    wanted = select(ExchangeRate).where(ExchangeRate.currency == code, ExchangeRate.day == day)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        row = ExchangeRate(currency=code, day=day, rate_e6=rate_e6)
        session.add(row)
    row.rate_e6, row.deleted_at = int(rate_e6 or 0), None
    session.flush()
    return row


def delete(session: Session, actor: Actor, rate_id: int) -> None:
    """Put a rate into the bin; from its day on the one before it counts again."""
    row = access.fetch(session, actor, ExchangeRate, rate_id, action=Action.CONFIGURE)
    row.deleted_at = clock.now()
    session.flush()


def _foreign(session: Session, code: str) -> None:
    if code not in list_currencies():
        raise InvalidError(
            N_("“{value}” is not a currency code. Write it like CNY or EUR."), field="currency", value=code
        )
    if code == terms(session).base_currency:
        raise InvalidError(N_("This is the base currency: it needs no rate."), field="currency")


def _dated(day: date | None) -> None:
    if day is None:
        raise InvalidError(N_("Please fill in this field."), field="day")


def _positive(rate_e6: int | None) -> None:
    if rate_e6 is None or not 0 < rate_e6 < _MOST:
        raise InvalidError(N_("A rate is a number above zero, like 7.2."), field="rate_e6")
