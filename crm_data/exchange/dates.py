"""Reads days and times as people write them, and decides column by column whether 3/4 is in March or in April."""

from __future__ import annotations

from datetime import date

import polars as pl

from crm_data.exchange.cells import Parsed, per_value, without_fillers
from crm_data.exchange.reasons import Reason
from crm_data.vocabulary import N_, Labelled

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_CLOCK = (
    r"(?:T|\s)\s*((?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?:[.,]\d+)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_YEAR_FIRST = r"^(\d{4})(?:[-/.年]\s?)(\d{1,2})(?:[-/.月]\s?)(\d{1,2})日?$"
_COMPACT = r"^(\d{4})(\d{2})(\d{2})$"
_DOTTED = r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})$"
_EITHER = r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})$"
_DAY_NAMED = r"^(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?,?[ -](\d{4}|\d{2})$"
_MONTH_NAMED = r"^([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})$"
_SERIAL = r"^(\d{5})(?:\.\d+)?$"
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: place for place, name in enumerate(_NAMES, start=1)}
_EXCEL_ZERO = date(1899, 12, 30)
_PIVOT = 69  # POSIX: years 69 to 99 without a century lie before 2000


class DayOrder(Labelled):
    """Whether the day or the month stands first in 3/4/2026."""

    DAY_FIRST = "day_first", N_("Day/month/year")
    MONTH_FIRST = "month_first", N_("Month/day/year")


def parse_days(column: pl.Series, *, order: DayOrder | None = None) -> Parsed:
    """Read a column of days; a time of day beside them is left out.

    Understood are year-month-day with - / . or 年月日, YYYYMMDD, day.month.year, English month names, Excel's day
    numbers, and day/month or month/day, whichever the column's values prove. Where they prove neither, a value that
    could be both is refused as ambiguous unless `order` states the format.
    """

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        return _judged(different, order=order).with_columns(value=pl.col("day"))

    return per_value(column, rule=judge)


def parse_instants(column: pl.Series, *, zone: str, order: DayOrder | None = None) -> Parsed:
    """Read a column of days with or without a time as instants in UTC; local times are those of `zone`.

    A day alone is its beginning. A time that the clocks show twice is the earlier instant, one that they skip an hour
    later.
    """

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        return _judged(different, order=order).with_columns(value=_instant(zone))

    return per_value(column, rule=judge)


def _judged(different: pl.DataFrame, *, order: DayOrder | None) -> pl.DataFrame:
    """Add the day that is meant, and the reason where none is."""
    text = without_fillers(pl.col("text"))
    read = different.with_columns(text=text, written=text.str.replace(_CLOCK, "").str.strip_chars()).with_columns(
        first=pl.col("written").str.extract(_EITHER, 1).cast(pl.Int32),
        second=pl.col("written").str.extract(_EITHER, 2).cast(pl.Int32),
    )
    style = order or _settled(read)
    read = read.with_columns(iso=pl.coalesce(_one_way(), _either_way(style)))
    day = pl.coalesce(pl.col("iso").str.to_date("%Y-%m-%d", strict=False), _serial_day())
    return read.with_columns(day=day).with_columns(reason=_reason(), day=pl.when(_reason().is_null()).then("day"))


def _settled(read: pl.DataFrame) -> DayOrder | None:
    """Give the order that the column's values prove, None when they prove nothing or contradict each other."""
    day_first, month_first = read.select(
        ((pl.col("first") > 12) & (pl.col("second") <= 12)).any(),
        ((pl.col("second") > 12) & (pl.col("first") <= 12)).any().alias("month_first"),
    ).row(0)
    if day_first == month_first:
        return None
    return DayOrder.DAY_FIRST if day_first else DayOrder.MONTH_FIRST


def _group(shape: str, place: int) -> pl.Expr:
    return pl.col("written").str.extract(shape, place)


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    short = year.str.len_bytes() == 2
    century = pl.when(year.cast(pl.Int32, strict=False) >= _PIVOT).then(pl.lit("19")).otherwise(pl.lit("20"))
    return pl.when(short).then(century + year).otherwise(year) + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)


def _one_way() -> pl.Expr:
    """The shapes that can be read in one way only, as ISO days."""
    ordered = [_iso(_group(shape, 1), _group(shape, 2), _group(shape, 3)) for shape in (_YEAR_FIRST, _COMPACT)]
    dotted = _iso(_group(_DOTTED, 3), _group(_DOTTED, 2), _group(_DOTTED, 1))
    day_named = _iso(_group(_DAY_NAMED, 3), _month(_group(_DAY_NAMED, 2)), _group(_DAY_NAMED, 1))
    month_named = _iso(_group(_MONTH_NAMED, 3), _month(_group(_MONTH_NAMED, 1)), _group(_MONTH_NAMED, 2))
    return pl.coalesce(*ordered, dotted, day_named, month_named)


def _month(name: pl.Expr) -> pl.Expr:
    return name.str.to_lowercase().replace_strict(_MONTHS, default=None, return_dtype=pl.Int32).cast(pl.String)


def _either_way(style: DayOrder | None) -> pl.Expr:
    year = _group(_EITHER, 3)
    day_first = _iso(year, _group(_EITHER, 2), _group(_EITHER, 1))
    month_first = _iso(year, _group(_EITHER, 1), _group(_EITHER, 2))
    if style is not None:
        return day_first if style is DayOrder.DAY_FIRST else month_first
    first, second = pl.col("first"), pl.col("second")
    proves_day = (first > 12) | (first == second)
    return (
        pl.when(first.is_null()).then(None).when(proves_day).then(day_first)
        .when(second > 12).then(month_first).otherwise(pl.lit("?"))
    )  # fmt: skip


def _serial_day() -> pl.Expr:
    number = _group(_SERIAL, 1).cast(pl.Int32)
    return pl.lit(_EXCEL_ZERO) + pl.duration(days=number)


def _reason() -> pl.Expr:
    day = pl.col("day")
    return (
        pl.when(pl.col("text").is_null()).then(None)
        .when(pl.col("iso") == "?").then(pl.lit(Reason.AMBIGUOUS_DATE.value))
        .when(day.is_null() & pl.col("iso").is_not_null()).then(pl.lit(Reason.NO_SUCH_DAY.value))
        .when(day.is_null()).then(pl.lit(Reason.NOT_A_DATE.value))
        .when(~day.is_between(EARLIEST, LATEST)).then(pl.lit(Reason.DATE_RANGE.value))
    )  # fmt: skip


def _instant(zone: str) -> pl.Expr:
    clock = pl.col("text").str.extract(_CLOCK, 1).str.split(":")
    half = pl.col("text").str.extract(_CLOCK, 2).str.to_lowercase().str.head(1)
    hour = clock.list.get(0, null_on_oob=True).cast(pl.Int64)
    hour = pl.when(half == "p").then(hour % 12 + 12).when(half == "a").then(hour % 12).otherwise(hour)
    minute = clock.list.get(1, null_on_oob=True).cast(pl.Int64)
    second = clock.list.get(2, null_on_oob=True).cast(pl.Int64)
    local = pl.col("day").cast(pl.Datetime("us")) + pl.duration(
        hours=hour.fill_null(0), minutes=minute.fill_null(0), seconds=second.fill_null(0)
    )
    offset = pl.col("text").str.extract(_CLOCK, 3)
    ahead = offset.str.replace("Z", "+00:00", literal=True).str.replace(":", "", literal=True)
    minutes = ahead.str.slice(1, 2).cast(pl.Int64) * 60 + ahead.str.slice(3, 2).cast(pl.Int64)
    shift = pl.duration(minutes=pl.when(ahead.str.starts_with("-")).then(-minutes).otherwise(minutes))
    stated = (local - shift).dt.replace_time_zone("UTC")
    return pl.when(offset.is_not_null()).then(stated).otherwise(_in_zone(local, zone=zone).dt.convert_time_zone("UTC"))


def _in_zone(local: pl.Expr, *, zone: str) -> pl.Expr:
    usual = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    skipped = (local + pl.duration(hours=1)).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(usual, skipped)
