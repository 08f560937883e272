"""Exact amounts: what a line comes to, and how many decimals a currency has."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

QUANTITY_UNITS = 1_000
PRICE_UNITS = 10_000
DISCOUNT_UNITS = 10_000

# ISO 4217: currencies whose minor unit is not a hundredth.
OTHER_DECIMALS = {
    "BHD": 3, "CLP": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3,
    "PYG": 0, "TND": 3, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


def decimals(currency: str) -> int:
    """Give the number of decimals of a currency's minor unit (ISO 4217)."""
    return OTHER_DECIMALS.get(currency, 2)


def line_amount(*, quantity_e3: int, unit_price_e4: int, discount_bp: int, currency: str) -> int:
    """Give a line's net amount in minor units, rounded once, half away from zero.

    Quantity in thousandths, unit price in ten-thousandths of the currency's major unit, discount in hundredths of a
    percent; a negative quantity is a return.
    """
    scale = QUANTITY_UNITS * PRICE_UNITS * DISCOUNT_UNITS
    exact: int = quantity_e3 * unit_price_e4 * (DISCOUNT_UNITS - discount_bp) * 10 ** decimals(currency)
    sign = -1 if exact < 0 else 1
    return sign * ((2 * abs(exact) + scale) // (2 * scale))


def parts(amount: int, *, count: int) -> list[int]:
    """Cut an amount into `count` parts that add up to it exactly and differ by one minor unit at most."""
    return [amount * (place + 1) // count - amount * place // count for place in range(count)]


def months_after(day: date, *, months: int) -> date:
    """Give the same day some months on; where the month is too short, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
