"""Exchange rates of the demo company's currencies, month by month, wavering about a usual value."""

from __future__ import annotations

from datetime import date
from random import Random

from sqlalchemy import select

from crm_data.models import ExchangeRate
from crm_data.seed import chance
from crm_data.seed.plot import YEARS, history_start
from crm_data.seed.sheets import Sheets

# What one unit was worth in yuan, roughly.
_YUAN = {"CNY": 1.0, "USD": 7.2, "EUR": 7.8, "JPY": 0.048, "GBP": 9.2}
FOREIGN = ("USD", "EUR", "JPY")


def quote(sheets: Sheets, *, rng: Random, today: date, base: str) -> dict[str, float]:
    """Write the rates that are not known yet and give the usual one of each currency."""
    usual = {code: _YUAN[code] / _YUAN.get(base, 1.0) for code in FOREIGN if code != base}
    known = set(sheets.session.execute(select(ExchangeRate.currency, ExchangeRate.day)).all())
    start = chance.months_later(history_start(today), -1)
    rows = []
    for code, value in usual.items():
        drift = 1.0
        for month in range(12 * YEARS + 2):
            day = chance.months_later(start, month)
            drift *= 1 + rng.gauss(0, 0.008)
            if (code, day) not in known and day <= today:
                rows.append({"currency": code, "day": day, "rate_e6": round(value * drift * 1_000_000)})
    sheets.write(ExchangeRate, rows)
    return usual
