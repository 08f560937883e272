"""Cells as people write them, decided column by column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_data.exchange import parsing
from crm_data.exchange.parsing import DayOrder, Marks, NumberRule, Parsed

CENTS = NumberRule(decimals=2, exact=False)


def column(cells: Sequence[str | None]) -> pl.Series:
    return pl.Series("cells", cells, dtype=pl.String)


def outcomes(parsed: Parsed) -> list[Any]:
    """The value of a cell, or the reason against it."""
    return [reason or value for value, reason in zip(parsed.values, parsed.reasons, strict=True)]


def days(*cells: str | None, order: DayOrder | None = None) -> list[Any]:
    return outcomes(parsing.parse_days(column(cells), order=order))


def cents(*cells: str | None, **how: Any) -> list[Any]:
    return outcomes(parsing.parse_numbers(column(cells), rule=CENTS, **how))


@pytest.mark.parametrize(
    "cell",
    [
        "2010-12-01", "2010-12-01 08:26", "2010-12-01T08:26:00.000Z", "2010/12/1", "2010.12.1", "2010年12月1日",
        "２０１０年１２月１日", "20101201", "1.12.2010", "1 Dec 2010", "01-Dec-10", "December 1, 2010", "40513",
        "40513.35",
    ],
)  # fmt: skip
def test_a_day_is_understood_in_every_usual_form(cell: str) -> None:
    assert days(cell) == [date(2010, 12, 1)]


def test_one_day_above_twelve_settles_a_column_as_day_first() -> None:
    assert days("13/1/2010", "3/4/2010 8:26", None) == [date(2010, 1, 13), date(2010, 4, 3), None]


def test_one_day_above_twelve_settles_a_column_as_month_first() -> None:
    assert days("1/13/2010", "3/4/10 8:26 PM") == [date(2010, 1, 13), date(2010, 3, 4)]


def test_a_day_that_could_be_two_is_refused_unless_the_format_is_stated() -> None:
    assert days("3/4/2010", "4/4/2010") == ["ambiguous_date", date(2010, 4, 4)]
    assert days("3/4/2010", order=DayOrder.DAY_FIRST) == [date(2010, 4, 3)]


def test_a_column_that_contradicts_itself_settles_nothing() -> None:
    assert days("13/1/2010", "1/13/2010", "3/4/2010") == [date(2010, 1, 13), date(2010, 1, 13), "ambiguous_date"]


def test_impossible_days_are_told_apart() -> None:
    assert days("2010-02-30", "1799-01-01", "soon", "n/a", "") == [
        "no_such_day", "date_range", "not_a_date", None, None,
    ]  # fmt: skip


def test_local_times_become_instants_and_stated_offsets_count() -> None:
    parsed = parsing.parse_instants(column(["2026-06-01 12:00", "2026-06-01T12:00:00+02:00"]), zone="Asia/Shanghai")
    assert [instant.strftime("%H:%M") for instant in parsed.values] == ["04:00", "10:00"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "Europe/Berlin"])
def test_an_hour_that_the_clocks_skip_is_an_hour_later(zone: str) -> None:
    parsed = parsing.parse_instants(column(["2026-03-29 02:30"]), zone=zone)
    assert outcomes(parsed) != [None]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,234.50", 123450), ("1.234,50", 123450), ("¥1,234", 123400), ("$5", 500), ("(12.00)", -1200),
        ("１２３", 12300),
        ("1 234,5", 123450), ("1'234.5", 123450), ("12-", -1200), ("−5", -500), ("$-5", -500), ("5元", 500),
        ("1.2E+05", 12000000), ("3.5万", 3500000), (".5", 50), ("RMB 10", 1000), ("￥１，２３４．５", 123450),
        ("12.345", 1235), ("-0.005", -1), ("12,50,000.00", 125000000),
    ],
)  # fmt: skip
def test_money_is_understood_in_every_usual_form(cell: str, expected: int) -> None:
    assert cents(cell) == [expected if cell != "12.345" else "ambiguous_number"]


@pytest.mark.parametrize("cell", ["abc", "--5", "(5", "5%", "1,23,4", "1..2", "5 apples", "1e400", "+-3"])
def test_what_is_no_amount_is_refused(cell: str) -> None:
    assert cents(cell)[0] in {"not_a_number", "number_range"}


def test_a_column_with_decimal_commas_reads_points_as_thousands() -> None:
    assert cents("1,5", "1.234") == [150, 123400]


def test_a_column_with_decimal_points_reads_commas_as_thousands() -> None:
    assert cents("1.5", "1,234", "1.234") == [150, 123400, 123]


def test_a_point_that_may_mean_thousands_is_refused_unless_stated_or_written_by_a_machine() -> None:
    assert cents("1.234", "5") == ["ambiguous_number", 500]
    assert cents("1.234", marks=Marks.COMMA) == [123400]
    assert cents("1.234", usual=Marks.POINT) == [123]


def test_decimals_that_cannot_be_kept_are_refused_but_not_the_noise_of_programs() -> None:
    rule = NumberRule(decimals=4)
    parsed = parsing.parse_numbers(column(["0.00125", "0.30000000000000004", "99999999999999"]), rule=rule)
    assert outcomes(parsed) == ["too_precise", 3000, "number_range"]


def test_bounds_are_kept() -> None:
    rule = NumberRule(percent=True, lowest=0, highest=100)
    parsed = parsing.parse_numbers(column(["50%", "101", "-1", "0.5"]), rule=rule)
    assert outcomes(parsed) == [50, "out_of_bounds", "out_of_bounds", "too_precise"]


@given(amount=st.decimals(min_value=-(10**11), max_value=10**11, places=2))
@settings(deadline=None)
@pytest.mark.parametrize("template", ["{:,.2f}", "{:.2f}", "¥{:,.2f}"])
def test_every_amount_survives_being_written(template: str, amount: Decimal) -> None:
    assert cents(template.format(amount)) == [int(amount * 100)]


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
@settings(deadline=None)
@pytest.mark.parametrize("template", ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%d.%m.%Y", "%Y%m%d", "%d %b %Y"])
def test_every_day_survives_being_written(template: str, day: date) -> None:
    assert days(day.strftime(template)) == [day]


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
@settings(deadline=None)
def test_no_day_is_ever_read_as_another(day: date) -> None:
    read = days(day.strftime("%d/%m/%Y"), "31/12/2020")[0]
    assert read == day


def test_codes_lose_the_decimals_that_a_program_added_to_all_of_them() -> None:
    assert outcomes(parsing.parse_codes(column(["17850.0", " 7.0", None]))) == ["17850", "7", None]
    assert outcomes(parsing.parse_codes(column(["17850.0", "A1"]))) == ["17850.0", "A1"]


def test_what_a_spreadsheet_shortened_is_refused() -> None:
    assert outcomes(parsing.parse_codes(column(["1.38E+10"]))) == ["shortened"]
    assert outcomes(parsing.parse_phones(column(["1.38E+10"]))) == ["shortened"]


def test_phones_are_kept_as_typed() -> None:
    cells = ["+86 138-0013-8000", "(021) 6888 8888 转 12", "call me", "12"]
    assert outcomes(parsing.parse_phones(column(cells))) == [*cells[:2], "not_a_phone", "not_a_phone"]


def test_addresses_are_checked() -> None:
    cells = ["a@b.cn", "mailto:x@y.com", "ａ＠ｂ.ｃｎ", "王@例子.中国", "a@b", "a b@c.de", "a@b..de"]
    assert outcomes(parsing.parse_emails(column(cells))) == [
        "a@b.cn", "x@y.com", "a@b.cn", "王@例子.中国", "not_an_email", "not_an_email", "not_an_email",
    ]  # fmt: skip


def test_web_addresses_are_checked_and_completed() -> None:
    cells = ["www.acme.com", "https://例子.中国/a?b=c", "HTTP://a.de:80", "javascript:alert(1)", "acme", "ftp://a.de"]
    assert outcomes(parsing.parse_websites(column(cells))) == [
        "https://www.acme.com", cells[1], cells[2], "not_a_website", "not_a_website", "not_a_website",
    ]  # fmt: skip


def test_choices_are_understood_in_both_languages() -> None:
    words = {"person": "person", "Person": "person", "个人": "person", "company": "company"}
    parsed = parsing.parse_choices(column(["PERSON", " 个人 ", "robot", None]), words=words)
    assert outcomes(parsed) == ["person", "person", "not_a_choice", None]
    assert parsed.detail == "person, company"


def test_flags_are_understood_in_both_languages() -> None:
    parsed = parsing.parse_flags(column(["Yes", "是", "1", "否", "FALSE", "maybe"]))
    assert parsed.values.to_list() == [True, True, True, False, False, None]


def test_lists_are_split_and_every_word_counts_once() -> None:
    parsed = parsing.parse_lists(column(["a; b, c;a", "甲，乙、丙", " ; ", None]))
    assert parsed.values.to_list() == [["a", "b, c"], ["甲", "乙", "丙"], [], None]


def test_texts_are_trimmed_and_freed_of_what_nobody_sees() -> None:
    parsed = parsing.parse_texts(column(["\ufeff 瑞丰 Ｌｔｄ\u200b ", "a\x00b", "toolong"]), longest=6)
    assert outcomes(parsed) == ["瑞丰 Ltd", "ab", "too_long"]


def test_an_instant_alone_is_the_beginning_of_its_day() -> None:
    parsed = parsing.parse_instants(column(["2026-06-01"]), zone="UTC")
    assert parsed.values.to_list()[0].replace(tzinfo=None) == datetime(2026, 6, 1)
