"""Numbers, money and dates as people of the reader's language write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from babel import dates, numbers, units

from crm_data.money import decimals
from crm_data.vocabulary import Unit
from pages.ui.language import _, language

NOTHING = "—"
Number = int | float | Decimal


def money(minor: Number | None, *, currency: str, compact: bool = False) -> str:
    """Give an amount of minor units with its currency; `compact` shortens it for cards and axes (¥1.2M, ¥123.5万)."""
    if minor is None:
        return NOTHING
    places = decimals(currency)
    amount = Decimal(str(minor)).scaleb(-places)
    if compact and abs(amount) >= 1000:
        return numbers.format_compact_currency(amount, currency, locale=language(), fraction_digits=1)
    digits = 0 if compact else places
    pattern = "¤" + _pattern(digits, fixed=True)
    rounded = _rounded(amount, digits)
    return numbers.format_currency(rounded, currency, pattern, locale=language(), currency_digits=False)


def number(value: Number | None, *, digits: int = 0, compact: bool = False) -> str:
    """Give a number with grouping and at most `digits` decimals; `compact` shortens it from ten thousand on."""
    if value is None:
        return NOTHING
    if compact and abs(Decimal(str(value))) >= 10_000:
        return numbers.format_compact_decimal(Decimal(str(value)), locale=language(), fraction_digits=1)
    return numbers.format_decimal(_rounded(value, digits), _pattern(digits), locale=language())


def percent(fraction: Number | None, *, digits: int = 1) -> str:
    """Give a fraction as a percentage; null is "n/a", for nothing to measure is not zero."""
    if fraction is None:
        return _("n/a")
    rounded = _rounded(fraction, digits + 2)
    return numbers.format_percent(rounded, _pattern(digits, fixed=True) + "%", locale=language())


def signed(change: Number | None, *, digits: int = 1) -> str:
    """Give a relative change with its sign: +3.2 %, -1.1 %; the minus is the one st.metric knows."""
    return _with_sign(change, percent(change, digits=digits))


def signed_value(change: Number | None, *, unit: Unit, currency: str = "") -> str:
    """Give an absolute change of a figure with its sign; that of a percentage is in percentage points."""
    if unit is Unit.PERCENT and change is not None:
        points = _rounded(Decimal(str(change)) * 100, 1)
        return _with_sign(points, _("{points} pp").format(points=number(points, digits=1)))
    return _with_sign(change, kpi_value(change, unit=unit, currency=currency))


def kpi_value(value: Number | None, *, unit: Unit, currency: str = "") -> str:
    """Give a figure with its unit; null is "n/a". Money is shortened: the exact amount is in the rows behind it."""
    if value is None:
        return _("n/a")
    return _FIGURES[unit](value, currency)


def day(value: dt.date | None) -> str:
    """Give a date in full: Jun 15, 2026 or 2026年6月15日."""
    return NOTHING if value is None else dates.format_date(value, "medium", locale=language())


def short_day(value: dt.date | None) -> str:
    """Give a date without its year, for axes and narrow columns."""
    return NOTHING if value is None else dates.format_skeleton("MMMd", value, locale=language())


def month(value: dt.date | None) -> str:
    """Give the month a date lies in: Jun 2026 or 2026年6月."""
    return NOTHING if value is None else dates.format_skeleton("yMMM", value, locale=language())


def bucket(value: dt.date, *, grain: str) -> str:
    """Give the name of a day, week (by its first day), month, quarter or year that begins on a day, for axes."""
    skeleton = {"month": "yMMM", "quarter": "yQQQ", "year": "y"}.get(grain, "MMMd")
    return dates.format_skeleton(skeleton, value, locale=language())


def moment(value: dt.datetime | None, *, zone: str) -> str:
    """Give an instant (UTC where it does not say) as day and clock time in the organisation's time zone."""
    if value is None:
        return NOTHING
    instant = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    local = instant.astimezone(dates.get_timezone(zone))
    return f"{day(local.date())} {local:%H:%M}"


def span_days(days: Number | None) -> str:
    """Give a number of days: 1 day, 12.5 days."""
    return NOTHING if days is None else _measure(days, "duration-day")


def duration(span: dt.timedelta | None) -> str:
    """Give a length of time in its two largest units: 3 days 4 hr, 2 hr 20 min, 45 sec."""
    if span is None:
        return NOTHING
    seconds = abs(int(span.total_seconds()))
    lead = "-" if span < dt.timedelta(0) and seconds else ""
    parts: list[str] = []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count or (unit == "second" and not parts):
            parts.append(_measure(count, f"duration-{unit}"))
        elif parts:
            break
    return lead + " ".join(parts[:2])


def _daily(value: Number, currency: str) -> str:
    return _("{amount} a day").format(amount=money(value, currency=currency, compact=True))


def _times(value: Number, _currency: str) -> str:
    return _("{number}×").format(number=number(value, digits=2))


def _measure(value: Number, unit: str) -> str:
    # Babel has Chinese words only for the short length
    return units.format_unit(_rounded(value, 1).normalize(), unit, length="short", locale=language())


def _rounded(value: Number, digits: int) -> Decimal:
    """Round half away from zero, as people do, and give no negative zero."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + Decimal(0)


def _pattern(digits: int, *, fixed: bool = False) -> str:
    return "#,##0" + ("." + ("0" if fixed else "#") * digits if digits else "")


def _with_sign(change: Number | None, text: str) -> str:
    plus = change is not None and change > 0 and any(character in "123456789" for character in text)
    return f"+{text}" if plus else text


_FIGURES: dict[Unit, Callable[[Number, str], str]] = {
    Unit.MONEY: lambda value, currency: money(value, currency=currency, compact=True),
    Unit.MONEY_PER_DAY: _daily,
    Unit.PERCENT: lambda value, _currency: percent(value),
    Unit.COUNT: lambda value, _currency: number(value),
    Unit.DAYS: lambda value, _currency: _measure(value, "duration-day"),
    Unit.HOURS: lambda value, _currency: _measure(value, "duration-hour"),
    Unit.POINTS: lambda value, _currency: number(value),
    Unit.SCORE: lambda value, _currency: number(value, digits=1),
    Unit.SCALE: lambda value, _currency: number(value, digits=2),
    Unit.TIMES: _times,
}
