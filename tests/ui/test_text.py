"""Words, numbers and dates reach people in their language, and what people typed is never read as markup."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from crm_data import locale
from crm_data.errors import CrmError, NotFoundError
from crm_data.vocabulary import Better, Unit
from pages.ui import text

NASTY = [
    "**bold** _it_ ~~no~~", "[link](https://evil.example)", "![x](https://evil.example/p.png)",
    "<script>alert(1)</script>",
    "$2b$12$abc$", ":red[now] :material/home: :streamlit:", "www.example.com a@b.cn https://x.y",
    "a -> b <- c <-> d -- e",
    "# head", "1. one", "> quote", "| a | b |", "`code`", "back\\slash", "a\nb\r\nc\u2028d", "mailto:x@y.z xmpp:a@b",
]  # fmt: skip

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Higher is better"
msgstr "越高越好"

msgid "There is no change {number}."
msgstr "没有编号为 {number} 的更改。"

msgid "{n} customer"
msgid_plural "{n} customers"
msgstr[0] "{n} 位客户"
"""


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    path = tmp_path / "zh_CN" / "LC_MESSAGES" / "crm.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    monkeypatch.setattr(locale, "FOLDER", tmp_path)
    for module in ("language", "formats", "text"):
        monkeypatch.setattr(f"pages.ui.{module}.language", lambda: "zh_CN")
    locale.translator.cache_clear()
    yield
    locale.translator.cache_clear()


@pytest.mark.parametrize("nasty", NASTY)
def test_every_mark_that_markdown_knows_is_taken_its_meaning(nasty: str) -> None:
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text.md(nasty))
    assert re.findall(r"[!-/:-@\[-`{-~\n\r\u2028]", bare) == []


@pytest.mark.parametrize("address", ["www.x.cn", "a@b.cn", "https://x.y", "mailto:a", "xmpp:a", ":streamlit:", "->"])
def test_what_streamlit_links_by_itself_is_broken_invisibly(address: str) -> None:
    assert "\u2060" in text.md(address)


@given(st.text())
def test_escaping_changes_nothing_that_people_see(typed: str) -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text.md(typed)).replace("\u2060", "")
    assert shown == text.plain(typed).replace("\u2060", "")


def test_a_badge_gets_its_brackets_bare_because_streamlit_escapes_them() -> None:
    assert text.md("[a] *b*", badge=True) == r"[a] \*b\*"


@pytest.mark.parametrize(
    ("minor", "currency", "compact", "shown"),
    [
        (123450, "USD", False, "$1,234.50"),
        (-123450, "USD", False, "-$1,234.50"),
        (1234, "JPY", False, "¥1,234"),
        (1234567, "KWD", False, "KWD\u00a01,234.567"),
        (123456789, "USD", True, "$1.2M"),
        (95050, "USD", True, "$951"),
        (-4, "USD", True, "$0"),
        (None, "USD", False, "—"),
    ],
)
def test_money_has_its_currencys_decimals(minor: int | None, currency: str, compact: bool, shown: str) -> None:
    assert text.money(minor, currency=currency, compact=compact).replace("KWD1", "KWD\u00a01") == shown


@pytest.mark.usefixtures("chinese")
def test_chinese_money_counts_in_ten_thousands() -> None:
    assert text.money(123_456_789, currency="CNY", compact=True) == "¥123.5万"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, Unit.MONEY, "n/a"), (250000, Unit.MONEY, "$2.5K"), (0.1234, Unit.PERCENT, "12.3%"),
        (0, Unit.PERCENT, "0.0%"),
        (1234, Unit.COUNT, "1,234"), (1, Unit.DAYS, "1 day"), (12.46, Unit.DAYS, "12.5 days"),
        (5.25, Unit.HOURS, "5.3 hr"),
        (-32.4, Unit.POINTS, "-32"), (71.26, Unit.SCORE, "71.3"), (5.678, Unit.SCALE, "5.68"),
        (2.5, Unit.TIMES, "2.5×"),
        (12345, Unit.MONEY_PER_DAY, "$123 a day"), (Decimal("0.5"), Unit.PERCENT, "50.0%"),
    ],
)  # fmt: skip
def test_a_figure_is_written_with_its_unit(value: float | None, unit: Unit, shown: str) -> None:
    assert text.kpi_value(value, unit=unit, currency="USD") == shown


def test_every_unit_has_a_way_of_writing() -> None:
    assert [unit for unit in Unit if not text.kpi_value(1, unit=unit, currency="EUR")] == []


@pytest.mark.parametrize(
    ("change", "shown"),
    [(0.032, "+3.2%"), (-0.011, "-1.1%"), (0, "0.0%"), (0.0001, "0.0%"), (-0.0001, "0.0%"), (None, "n/a")],
)  # fmt: skip
def test_a_change_shows_its_sign_unless_it_is_nothing(change: float | None, shown: str) -> None:
    assert text.signed(change) == shown


def test_the_change_of_a_percentage_is_in_percentage_points() -> None:
    assert text.signed_value(0.0123, unit=Unit.PERCENT) == "+1.2 pp"


@pytest.mark.parametrize(
    ("write", "shown"),
    [
        (lambda: text.day(dt.date(2026, 6, 15)), "Jun 15, 2026"),
        (lambda: text.short_day(dt.date(2026, 6, 15)), "Jun 15"),
        (lambda: text.month(dt.date(2026, 6, 15)), "Jun 2026"),
        (lambda: text.moment(dt.datetime(2026, 6, 15, 20, 5), zone="Asia/Shanghai"), "Jun 16, 2026 04:05"),
        (lambda: text.span_days(1), "1 day"),
        (lambda: text.duration(dt.timedelta(days=3, hours=4, minutes=5)), "3 days 4 hr"),
        (lambda: text.duration(dt.timedelta(hours=2, seconds=5)), "2 hr"),
        (lambda: text.duration(dt.timedelta(0)), "0 sec"),
        (lambda: text.day(None), "—"),
    ],
)
def test_dates_and_spans_are_written_as_people_do(write: Callable[[], str], shown: str) -> None:
    assert write() == shown


def test_an_error_says_its_sentence_with_its_values_formatted() -> None:
    error = CrmError("{count} of {total} on {day}: {unit}", count=12345, total=(99900, "USD"), day=dt.date(2026, 6, 15), unit=Better.LOWER)  # fmt: skip # noqa: E501
    assert text.say(error) == "12,345 of $999.00 on Jun 15, 2026: Lower is better"


def test_a_number_that_names_a_record_is_not_grouped() -> None:
    assert text.say(NotFoundError("There is no change {number}.", number=12345)) == "There is no change 12345."


def test_a_value_that_looks_like_a_placeholder_is_only_text() -> None:
    assert text.say(CrmError("“{value}” is taken, {missing}.", value="{evil}")) == "“{evil}” is taken, {missing}."


@pytest.mark.usefixtures("chinese")
def test_an_error_is_translated_before_its_values_are_filled_in() -> None:
    assert text.say(NotFoundError("There is no change {number}.", number=7)) == "没有编号为 7 的更改。"


@pytest.mark.usefixtures("chinese")
def test_labels_and_plurals_come_in_the_readers_language() -> None:
    assert (text.label(Better.HIGHER), text.ngettext("{n} customer", "{n} customers", 1)) == ("越高越好", "{n} 位客户")


@pytest.mark.usefixtures("chinese")
def test_nothing_stays_nothing_and_the_unknown_stays_english() -> None:
    assert (text.translated(""), text.translated("Not there")) == ("", "Not there")


@pytest.mark.parametrize(
    ("code", "ours"),
    [("zh-CN", "zh_CN"), ("zh-Hans-CN", "zh_CN"), ("en_GB", "en"), ("de", None), (None, None), ("", None)],
)
def test_a_browsers_language_is_matched_to_ours(code: str | None, ours: str | None) -> None:
    assert locale.matched(code) == ours


def show_language() -> None:
    import streamlit as st

    from pages.ui.text import language

    st.text(language())


def ask_language(*, lang: str | None = None, browser: str | None = None, chosen: str | None = None) -> str:
    app = AppTest.from_function(show_language)
    app.session_state["ui.language"] = chosen
    if lang:
        app.query_params["lang"] = lang
    if browser:
        app.context["locale"] = browser
    return str(app.run().text[0].value)


def test_the_persons_language_goes_before_the_address_and_the_browser() -> None:
    assert ask_language(lang="en", browser="en-US", chosen="zh_CN") == "zh_CN"


def test_the_address_goes_before_the_browser() -> None:
    assert ask_language(lang="zh", browser="en-US") == "zh_CN"


def test_the_browser_decides_where_nobody_chose() -> None:
    assert (ask_language(browser="zh-CN"), ask_language(browser="fr")) == ("zh_CN", "en")


def test_namesakes_among_choices_get_their_number() -> None:
    assert text.told_apart({1: "Li Na", 2: "Wang Wei", 3: "Li Na"}) == {
        1: "Li Na · 1", 2: "Wang Wei", 3: "Li Na · 3"}  # fmt: skip
