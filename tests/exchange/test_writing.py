"""Files for other programs: complete, safe to open in a spreadsheet, and readable again."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_data.errors import CrmError
from crm_data.exchange import writing
from crm_data.exchange.formulas import shielded, without_shield
from crm_data.exchange.reading import ROW, open_source

NASTY = ["=1+1", "+86 138", "-5", "@x", "\tx", "  =2", "'=x", "＝1", "plain", "5-3", "a=b"]


def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path: Path) -> None:
    writing.write_table(pl.DataFrame({"a": NASTY}), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in csv.reader(file)][1:]
    assert cells == ["'" + cell for cell in NASTY[:8]] + NASTY[8:]


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    writing.write_table(pl.DataFrame({"a": [-5], "b": [-0.5]}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbfa,b\r\n-5,-0.5\r\n"


def test_a_column_name_is_shielded_too(tmp_path: Path) -> None:
    writing.write_table(pl.DataFrame({"=cmd()": ["x"]}), tmp_path / "a.csv")
    assert b"'=cmd()" in (tmp_path / "a.csv").read_bytes()


@given(st.text())
@settings(deadline=None)
def test_the_shield_comes_off_again(text: str) -> None:
    shown = pl.select(without_shield(shielded(pl.lit(text)))).item()
    assert shown == text


@given(st.text(alphabet="'=+-@ \t\rx"))
@settings(deadline=None)
def test_nothing_shielded_starts_like_a_formula(text: str) -> None:
    shown: str = pl.select(shielded(pl.lit(text))).item()
    assert not shown.lstrip(" ").startswith(("=", "+", "-", "@"))


def test_a_sheet_has_text_numbers_and_days_as_what_they_are(tmp_path: Path) -> None:
    values = {
        "text": "=1+1",
        "id": 7,
        "amount": 1250,
        "day": date(2026, 6, 1),
        "at": datetime(2026, 6, 1, 4, tzinfo=UTC),
    }
    writing.write_table(pl.DataFrame([values]).with_columns(writing.money(pl.col("amount"))), tmp_path / "a.xlsx")
    cells = openpyxl.load_workbook(tmp_path / "a.xlsx")["Sheet1"][2]
    assert [cell.value for cell in cells] == ["=1+1", 7, 12.5, datetime(2026, 6, 1), datetime(2026, 6, 1, 4)]
    assert (cells[0].data_type, cells[2].number_format) == ("s", "#,##0.00")


@given(st.integers(min_value=-(2**53), max_value=2**53), st.sampled_from([0, 2, 3, 4]))
@settings(deadline=None)
def test_money_is_written_exactly(minor: int, decimals: int) -> None:
    shown = pl.select(writing.money(pl.lit(minor), decimals=decimals)).item()
    assert shown * 10**decimals == minor


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "parquet"])
def test_a_table_can_be_read_again(tmp_path: Path, ending: str) -> None:
    frame = pl.DataFrame({"a": [*NASTY, None], "n": list(range(12))})
    writing.write_table(frame, tmp_path / f"a.{ending}", headers={"a": "名称"})
    read = open_source(tmp_path / f"a.{ending}").frame.drop(ROW)
    assert read.rows() == [(a, str(n)) for a, n in frame.rows()]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("old")
    with pytest.raises(CrmError, match="too long for a cell"):
        writing.write_table(pl.DataFrame({"a": ["x" * 40_000]}), path)
    assert (path.read_text(), [each.name for each in tmp_path.iterdir()]) == ("old", ["a.xlsx"])


@pytest.mark.parametrize("name", ["a.pdf", "missing/a.csv"])
def test_a_place_that_will_not_do_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CrmError):
        writing.write_table(pl.DataFrame({"a": [1]}), tmp_path / name)


def test_lists_and_instants_are_written_for_people(tmp_path: Path) -> None:
    frame = pl.DataFrame({"tags": [["a", "b"]], "at": [datetime(2026, 6, 1, 4, tzinfo=UTC)]})
    writing.write_table(frame, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1] == "a;b,2026-06-01T04:00:00Z"
