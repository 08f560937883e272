"""Reads numbers and money as people write them: 1,234.50, 1.234,50, ¥1,234, (12.00), １２３, 1 234,5 or 3.5万."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from crm_data.exchange.cells import Parsed, per_value, without_fillers
from crm_data.exchange.reasons import Reason
from crm_data.vocabulary import N_, Labelled

LARGEST = 1 << 53
NOISE = 1e-9  # what programs that calculate in binary leave behind
_MONEY = r"(?:US\$|HK\$|CN¥|[¥$€£₩₹]|RMB|CNY|USD|EUR|GBP|HKD|JPY)"
_SHAPE = (
    rf"(?i)^(?P<open>\()?\s*(?P<sign>[-+−]?)\s*{_MONEY}?\s*(?P<inner>[-+−]?)\s*(?P<body>\d[\d.,'’ ]*|[.,]\d+)"
    rf"(?P<power>e[-+]?\d{{1,2}})?\s*(?P<times>[千万亿])?\s*(?:{_MONEY}|元|圆|块)?(?P<percent>%)?\s*(?P<tail>-)?(?P<close>\))?$"
)
_SPACES = r"['’ ]"
_TIMES = {"千": 1_000, "万": 10_000, "亿": 100_000_000}


class Marks(Labelled):
    """Which sign separates decimals."""

    POINT = "point", N_("1,234.50")
    COMMA = "comma", N_("1.234,50")


@dataclass(frozen=True)
class NumberRule:
    """What a number may be: decimals kept, whether more of them are refused or rounded, and its bounds."""

    decimals: int = 0
    exact: bool = True
    lowest: int | None = None
    highest: int | None = None
    percent: bool = False


def parse_numbers(
    column: pl.Series, *, rule: NumberRule, marks: Marks | None = None, usual: Marks | None = None
) -> Parsed:
    """Read a column of numbers as integers in units of ten to the power of minus `rule.decimals`.

    Which sign separates decimals is decided by the column: values such as 12.5 or 1.234,50 settle it. In a column that
    settles nothing, 1,234 means thousands, and 1.234 is refused as ambiguous unless `usual` says what plain numbers
    mean in this kind of file. `marks` states the format and is then the only one understood.

    Rounding, where `rule.exact` is false, is half away from zero.
    """

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        read = _taken_apart(different)
        style = marks or _settled(read)
        return read.with_columns(number=_number(style, usual=usual)).with_columns(**_verdict(rule))

    detail = _bounds(rule) if rule.highest is not None else str(rule.decimals)
    return per_value(column, rule=judge, detail=detail)


def _bounds(rule: NumberRule) -> str:
    return f"{(rule.lowest or 0) / 10**rule.decimals:g}–{(rule.highest or 0) / 10**rule.decimals:g}"


def _body(group: str, *, decimal: str) -> str:
    separator = rf"(?:\{group}|{_SPACES})"
    return rf"^(?:[1-9]\d{{0,2}}(?:{separator}\d{{2,3}})*{separator}\d{{3}}|\d+)(?:\{decimal}\d*)?$|^\{decimal}\d+$"


def _taken_apart(different: pl.DataFrame) -> pl.DataFrame:
    text = without_fillers(pl.col("text"))
    parts = text.str.extract_groups(_SHAPE).alias("parts")
    read = different.with_columns(text=text).with_columns(parts).unnest("parts")
    signs = pl.concat_str("open", "sign", "inner", "tail", ignore_nulls=True)
    closed = (pl.col("open") == "(") == (pl.col("close") == ")")
    return read.with_columns(body=pl.col("body").str.strip_chars()).with_columns(
        point=pl.col("body").str.contains(_body(",", decimal=".")),
        comma=pl.col("body").str.contains(_body(".", decimal=",")),
        negative=signs.str.contains(r"[-−(]"),
        sound=(signs.str.len_chars() <= 1) & (closed | (pl.col("open").is_null() & pl.col("close").is_null())),
    )


def _settled(read: pl.DataFrame) -> Marks | None:
    """Give the style that the column's values prove, None when they prove nothing or contradict each other."""
    only_point = read.select((pl.col("point") & ~pl.col("comma")).any()).item()
    only_comma = read.select((pl.col("comma") & ~pl.col("point")).any()).item()
    if only_point == only_comma:
        return None
    return Marks.POINT if only_point else Marks.COMMA


def _number(style: Marks | None, *, usual: Marks | None) -> pl.Expr:
    """Give the number as text that a machine reads; "?" where it is ambiguous."""
    body = pl.col("body")
    as_point = pl.when(pl.col("point")).then(body.str.replace_all(r"[,'’ ]", ""))
    as_comma = pl.when(pl.col("comma")).then(body.str.replace_all(r"[.'’ ]", "").str.replace(",", ".", literal=True))
    if style is not None:
        digits: pl.Expr = as_point if style is Marks.POINT else as_comma
    else:
        doubtful = pl.col("point") & pl.col("comma") & body.str.contains(".", literal=True) & (usual is None)
        digits = pl.when(doubtful).then(pl.lit("?")).otherwise(pl.coalesce(as_point, as_comma))
    return pl.when(pl.col("sound")).then(digits)


def _verdict(rule: NumberRule) -> dict[str, pl.Expr]:
    plain = pl.col("number") + pl.col("power").fill_null("")
    times = pl.col("times").replace_strict(_TIMES, default=1, return_dtype=pl.Int64).fill_null(1)
    fits = plain.cast(pl.Float64, strict=False) * times < LARGEST / 10**rule.decimals
    size = pl.when(fits).then(plain).cast(pl.Decimal(38, 12), strict=False) * times
    exact = pl.when(pl.col("negative")).then(-size).otherwise(size)
    kept = exact.round(rule.decimals, mode="half_away_from_zero")
    value = kept.cast(pl.Decimal(38, rule.decimals)).to_physical().cast(pl.Int64)
    unread = pl.col("number").is_null() | (pl.col("percent").is_not_null() & (not rule.percent))
    outside = Reason.NEGATIVE if rule.highest is None else Reason.OUT_OF_BOUNDS
    reason = (
        pl.when(pl.col("text").is_null()).then(None)
        .when(pl.col("number") == "?").then(pl.lit(Reason.AMBIGUOUS_NUMBER.value))
        .when(unread).then(pl.lit(Reason.NOT_A_NUMBER.value))
        .when(~fits).then(pl.lit(Reason.NUMBER_RANGE.value))
        .when(((exact - kept).abs().cast(pl.Float64) > NOISE) & rule.exact).then(pl.lit(Reason.TOO_PRECISE.value))
        .when(_out_of_bounds(value, rule=rule)).then(pl.lit(outside.value))
    )  # fmt: skip
    return {"value": pl.when(reason.is_null()).then(value), "reason": reason}


def _out_of_bounds(value: pl.Expr, *, rule: NumberRule) -> pl.Expr:
    low = value < rule.lowest if rule.lowest is not None else pl.lit(value=False)
    high = value > rule.highest if rule.highest is not None else pl.lit(value=False)
    return low | high
