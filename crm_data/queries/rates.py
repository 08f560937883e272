"""What amounts in other currencies are worth in the organisation's own, at the newest rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import ExchangeRate
from crm_data.money import decimals
from crm_data.terms import terms, today

_MILLION = 1_000_000


@dataclass(frozen=True)
class Rates:
    """The newest rate a currency up to today, in millionths of the base currency."""

    base: str
    millionths: dict[str, int]

    def in_base(self, amount: int, *, currency: str) -> int | None:
        """Give an amount in minor units of the base currency, rounded half away from zero; None without a rate."""
        if currency == self.base:
            return amount
        rate = self.millionths.get(currency)
        if rate is None:
            return None
        divisor: int = _MILLION * 10 ** decimals(currency)
        exact: int = amount * rate * 10 ** decimals(self.base)
        return (1 if exact >= 0 else -1) * ((2 * abs(exact) + divisor) // (2 * divisor))

    def total(self, amounts: Iterable[tuple[int, str]]) -> int:
        """Add amounts with their currencies up in the base currency; those without a rate are left out."""
        return sum(self.in_base(amount, currency=currency) or 0 for amount, currency in amounts)


def newest(session: Session) -> Rates:
    """Load the newest rates up to today."""
    latest = (
        select(ExchangeRate.currency, func.max(ExchangeRate.day).label("day"))
        .where(ExchangeRate.day <= today(session), ExchangeRate.deleted_at.is_(None))
        .group_by(ExchangeRate.currency)
        .subquery()
    )
    wanted = select(ExchangeRate.currency, ExchangeRate.rate_e6).join(
        latest, (latest.c.currency == ExchangeRate.currency) & (latest.c.day == ExchangeRate.day)
    )
    found = {row.currency: row.rate_e6 for row in session.execute(wanted)}
    return Rates(terms(session).base_currency, found)


def listing(session: Session, actor: Actor) -> list[ExchangeRate]:
    """Give all rates, the newest first within each currency."""
    wanted = access.visible(actor, select(ExchangeRate), ExchangeRate)
    return list(session.scalars(wanted.order_by(ExchangeRate.currency, ExchangeRate.day.desc())))


def currencies(session: Session, actor: Actor) -> list[str]:  # noqa: ARG001 - every look-up takes an actor
    """Give the currencies that amounts may be in: the organisation's own, then those with a rate."""
    found = newest(session)
    return [found.base, *sorted(set(found.millionths) - {found.base})]
