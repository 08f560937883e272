"""Files as people bring them: in any encoding, with any delimiter, odd rows and all."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_data.errors import CrmError
from crm_data.exchange.reading import ROW, Source, open_source

TABLE = "name,city\n瑞丰,武汉\nMüller,Köln\n"


def opened(folder: Path, content: bytes | str, *, name: str = "file.csv", encoding: str = "utf-8") -> Source:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return open_source(path)


def refusal(folder: Path, content: bytes, *, name: str = "file.csv") -> str:
    with pytest.raises(CrmError) as caught:
        opened(folder, content, name=name)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_text_file_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    assert opened(tmp_path, TABLE, encoding=encoding).frame["name"].to_list() == ["瑞丰", "Müller"]


def test_chinese_of_an_older_program_is_read(tmp_path: Path) -> None:
    source = opened(tmp_path, "客户名称,城市\n北京瑞丰机械有限公司,北京\n", encoding="gbk")
    assert (source.headers, source.encoding) == (("客户名称", "城市"), "gb18030")


def test_western_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    source = opened(tmp_path, "name,city\nMüller,Köln\nCafé Zürich,Genève\nRené,£5\n", encoding="cp1252")
    assert source.frame["name"].to_list() == ["Müller", "Café Zürich", "René"]


def test_damaged_utf_8_is_named_with_its_line_instead_of_garbled(tmp_path: Path) -> None:
    damaged = TABLE.encode() + "北京瑞丰机械,上海".encode() + b"\xff\n"
    assert "line 4" in refusal(tmp_path, damaged)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    text = f'name{mark}city\n"a, b; c"{mark}x\nd{mark}"1,5"\n'
    assert opened(tmp_path, text).frame.rows() == [(2, "a, b; c", "x"), (3, "d", "1,5")]


def test_a_delimiter_named_in_the_first_line_counts(tmp_path: Path) -> None:
    assert opened(tmp_path, "sep=;\na;b\n1;2\n").frame.rows() == [(3, "1", "2")]


def test_line_breaks_in_quotes_keep_the_line_numbers_of_the_file(tmp_path: Path) -> None:
    source = opened(tmp_path, 'a,b\n"one\ntwo",x\nthree,"say ""hi"""\n')
    assert source.frame.rows() == [(2, "one\ntwo", "x"), (4, "three", 'say "hi"')]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_ending_is_understood(tmp_path: Path, ending: str) -> None:
    assert opened(tmp_path, ending.join(["a,b", "1,2", "3,4", ""])).frame.rows() == [(2, "1", "2"), (3, "3", "4")]


def test_rows_with_too_few_or_too_many_cells_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    source = opened(tmp_path, "a,b\n1\n1,2,3\n1,2,,\n4,5\n")
    assert source.broken.rows() == [(2, "too_few_cells", "1"), (3, "too_many_cells", "1,2,3")]
    assert source.frame[ROW].to_list() == [4, 5]


def test_an_unclosed_quotation_mark_costs_its_own_line_only(tmp_path: Path) -> None:
    source = opened(tmp_path, 'a,b\n"open,1\nx,2\n"y",3\n"again,4\nz,5\n')
    assert source.broken.rows() == [(2, "quote", '"open,1'), (5, "quote", '"again,4')]
    assert source.frame["a"].to_list() == ["x", "y", "z"]


def test_a_quotation_mark_inside_a_text_is_an_inch(tmp_path: Path) -> None:
    assert opened(tmp_path, 'a,b\n5" pipe,2\n').frame.rows() == [(2, '5" pipe', "2")]


def test_empty_rows_are_left_out(tmp_path: Path) -> None:
    assert opened(tmp_path, "\n\na,b\n1,2\n\n,\n3,4\n\n").frame[ROW].to_list() == [4, 7]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "is empty"),
        (b"a,b\n", "a.csv", "no rows"),
        (b"a,b,a\n1,2,3\n", "a.csv", "several columns named a"),
        (b"a,,b\n1,2,3\n", "a.csv", "column 2 has values but no name"),
        (b"\x00\x01\x02\x03\x00" * 50, "a.csv", "not a text file"),
        (bytes(range(1, 256)) * 4, "a.csv", "not a text file"),
        (b"%PDF-1.7 ...", "a.csv", "not a table"),
        (b"<html><table></table></html>", "a.xls", "web page"),
        (b"a,b\n1,2\n", "a.parquet", "not a table"),
        (b"PAR1 and nothing else", "a.parquet", "damaged"),
        (b"PK\x03\x04 and nothing else", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "a.xlsx", "password"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path, content: bytes, name: str, said: str) -> None:
    assert said in refusal(tmp_path, content, name=name)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match=r"missing\.csv cannot be opened"):
        open_source(tmp_path / "missing.csv")


def a_workbook(path: Path, rows: dict[int, list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet("Empty")
        sheet = workbook.add_worksheet("Data")
        for number, cells in rows.items():
            sheet.write_row(number, 1, cells)
    return path


def test_a_sheet_is_read_as_text_with_the_numbers_of_its_rows(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", {2: ["code", "amount"], 3: [536365, 2.5], 6: ["C7", True]})
    source = open_source(path)
    assert (source.sheet, source.sheets) == ("Data", ("Empty", "Data"))
    assert source.frame.rows() == [(4, "536365", "2.5"), (7, "C7", "true")]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", {0: ["a"], 1: [1]})
    with pytest.raises(CrmError, match=r"no sheet named Sales. It has: Empty, Data"):
        open_source(path, sheet="Sales")


def test_parquet_becomes_text_that_is_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"id": [17850.0, None], "price": [2.55, float("nan")], "on": [pl.date(2010, 12, 1), None]}).select(
        "id", "price", day=pl.date(2010, 12, 1)
    ).write_parquet(path)
    assert open_source(path).frame.rows() == [(1, "17850", "2.55", "2010-12-01"), (2, None, None, "2010-12-01")]


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).filter(str.strip)


@given(rows=st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8))
@settings(deadline=None)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    frame = pl.DataFrame({"first": [row[0] for row in rows], "second": [row[1] for row in rows]})
    path = tmp_path_factory.mktemp("files") / "a.csv"
    frame.write_csv(path, quote_style="always")
    read = open_source(path).frame.drop(ROW)
    assert [[cell.removeprefix("'") for cell in row] for row in read.rows()] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
