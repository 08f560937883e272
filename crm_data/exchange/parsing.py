"""Reads columns of text, codes, choices, yes or no, e-mail addresses, phone numbers and lists, with reasons."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from crm_data.exchange.cells import Parsed, per_value
from crm_data.exchange.dates import DayOrder, parse_days, parse_instants
from crm_data.exchange.numbers import Marks, NumberRule, parse_numbers
from crm_data.exchange.reasons import Reason

__all__ = [
    "DayOrder",
    "Marks",
    "NumberRule",
    "Parsed",
    "parse_choices",
    "parse_codes",
    "parse_currencies",
    "parse_days",
    "parse_emails",
    "parse_flags",
    "parse_instants",
    "parse_lists",
    "parse_numbers",
    "parse_phones",
    "parse_texts",
    "parse_websites",
]

_YES = ("yes", "y", "true", "t", "1", "x", "on", "是", "有", "对", "真", "√", "✓")
_NO = ("no", "n", "false", "f", "0", "off", "否", "无", "没有", "不", "假", "×", "✗")
_FLAGS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
_SHORTENED = r"^\d(?:\.\d+)?E\+\d+$"
_EMAIL = r"^[^\s@<>()\[\],;:\"]{1,64}@(?:[^\s@.<>()\[\],;:\"]+\.)+[^\s@.<>()\[\],;:\"]{2,63}$"
_PHONE = r"(?i)^[+(]?[\d\s()+/.,#*·-]+(?:(?:ext\.?|x|转|分机)\s*\d+)?$"
_TEXT = pl.col("text")


def parse_texts(column: pl.Series, *, longest: int | None = None) -> Parsed:
    """Read text: compatible characters written one way, no blanks at the ends, no invisible characters."""

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        too_long = _TEXT.str.len_chars() > longest if longest else pl.lit(False)
        return _judged(different, value=_TEXT, wrong=too_long, reason=Reason.TOO_LONG)

    return per_value(column, rule=judge, detail=str(longest or ""))


def parse_codes(column: pl.Series, *, longest: int | None = None) -> Parsed:
    """Read what identifies something: codes, numbers of documents, SKUs.

    Where every code of the column is a whole number with “.0”, as programs write them that took codes for
    measurements, the “.0” is dropped. What a spreadsheet shortened (1.2E+11) is refused: its digits are lost.
    """
    filled = column.drop_nulls().str.strip_chars().replace("", None).drop_nulls()
    counted = bool(len(filled)) and bool(filled.str.contains(r"^\d+\.0$").all())

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        code = _TEXT.str.replace(r"\.0$", "") if counted else _TEXT
        shortened = _TEXT.str.contains(_SHORTENED)
        too_long = _TEXT.str.len_chars() > longest if longest else pl.lit(False)
        reason = (
            pl.when(shortened).then(pl.lit(Reason.SHORTENED.value)).when(too_long).then(pl.lit(Reason.TOO_LONG.value))
        )
        return different.with_columns(value=pl.when(reason.is_null()).then(code), reason=reason)

    return per_value(column, rule=judge, detail=str(longest or ""))


def parse_choices(column: pl.Series, *, words: Mapping[str, str]) -> Parsed:
    """Read a choice from a closed list; `words` gives for every word that is understood the value it stands for."""
    known = {word.lower(): value for word, value in words.items()}

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        value = _TEXT.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.String)
        return _judged(different, value=value, wrong=value.is_null(), reason=Reason.NOT_A_CHOICE)

    return per_value(column, rule=judge, detail=", ".join(dict.fromkeys(words.values())))


def parse_flags(column: pl.Series) -> Parsed:
    """Read yes or no in English and Chinese, or as 1 and 0."""

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        value = _TEXT.str.to_lowercase().replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean)
        return _judged(different, value=value, wrong=value.is_null(), reason=Reason.NOT_A_FLAG)

    return per_value(column, rule=judge)


def parse_emails(column: pl.Series) -> Parsed:
    """Read e-mail addresses; a `mailto:` in front is dropped."""
    address = _TEXT.str.replace(r"(?i)^mailto:\s*", "")

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        right = (
            address.str.contains(_EMAIL) & (address.str.len_chars() <= 254) & ~address.str.contains("..", literal=True)
        )
        return _judged(different, value=address, wrong=~right, reason=Reason.NOT_AN_EMAIL)

    return per_value(column, rule=judge)


def parse_phones(column: pl.Series) -> Parsed:
    """Read phone numbers, kept as they were typed; five to twenty digits make one."""

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        right = _TEXT.str.contains(_PHONE) & digits_of(_TEXT).str.len_bytes().is_between(5, 20)
        shortened = _TEXT.str.contains(_SHORTENED)
        reason = (
            pl.when(shortened).then(pl.lit(Reason.SHORTENED.value)).when(~right).then(pl.lit(Reason.NOT_A_PHONE.value))
        )
        return different.with_columns(value=pl.when(reason.is_null()).then(_TEXT), reason=reason)

    return per_value(column, rule=judge)


def parse_websites(column: pl.Series, *, longest: int | None = None) -> Parsed:
    """Read web addresses; one without https:// in front gets it, other protocols are refused."""
    domain = r"^(?i)[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?$"
    bare = _TEXT.str.replace(r"^(?i)https?://", "")

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        right = bare.str.contains(domain) & (_TEXT.str.len_chars() <= (longest or 300) - len("https://"))
        address = pl.when(bare == _TEXT).then(pl.lit("https://") + bare).otherwise(_TEXT)
        return _judged(different, value=address, wrong=~right, reason=Reason.NOT_A_WEBSITE)

    return per_value(column, rule=judge)


def parse_currencies(column: pl.Series) -> Parsed:
    """Read ISO 4217 codes such as CNY; ¥, 元 and RMB stand for CNY, € for EUR, £ for GBP."""
    signs = {"¥": "CNY", "元": "CNY", "人民币": "CNY", "RMB": "CNY", "€": "EUR", "£": "GBP"}

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        code = _TEXT.str.to_uppercase().replace(signs)
        return _judged(different, value=code, wrong=~code.str.contains(r"^[A-Z]{3}$"), reason=Reason.NOT_A_CURRENCY)

    return per_value(column, rule=judge)


def digits_of(phone: pl.Expr) -> pl.Expr:
    """Give the digits of a phone number alone, by which two spellings are the same number."""
    return phone.str.replace_all(r"[^0-9]", "")


def parse_lists(column: pl.Series) -> Parsed:
    """Read several words in one cell, separated by semicolons or else by commas or vertical bars; each counts once."""

    def judge(different: pl.DataFrame) -> pl.DataFrame:
        other = (
            pl.when(_TEXT.str.contains(";", literal=True))
            .then(_TEXT)
            .otherwise(_TEXT.str.replace_all(r"[,、|\n]", ";"))
        )
        words = other.str.split(";").list.eval(pl.element().str.strip_chars())
        kept = words.list.eval(pl.element().filter(pl.element() != "")).list.unique(maintain_order=True)
        return different.with_columns(value=kept, reason=pl.lit(None, pl.String))

    return per_value(column, rule=judge)


def _judged(different: pl.DataFrame, *, value: pl.Expr, wrong: pl.Expr, reason: Reason) -> pl.DataFrame:
    refused = _TEXT.is_not_null() & wrong
    return different.with_columns(
        value=pl.when(~refused).then(value), reason=pl.when(refused).then(pl.lit(reason.value))
    )
