"""Writes a table as an Excel sheet, a few thousand rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from crm_data.errors import CrmError
from crm_data.vocabulary import N_

MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767
_BATCH = 5_000
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_Cell = Callable[[int, int, Any], object]


def write_sheet(frame: pl.LazyFrame, path: Path) -> None:
    """Write a table as the only sheet of a workbook, its first row naming the columns."""
    table = frame.collect(engine="streaming")
    _refuse_what_does_not_fit(table)
    with xlsxwriter.Workbook(str(path), _OPTIONS) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for place, name in enumerate(table.columns):
            sheet.write_string(0, place, name, bold)
        cells = [_cell(workbook, sheet, kind=kind) for kind in table.dtypes]
        for start in range(0, table.height, _BATCH):
            _write_rows(table.slice(start, _BATCH), cells, first=start + 1)


def _write_rows(table: pl.DataFrame, cells: list[_Cell], *, first: int) -> None:
    for number, row in enumerate(table.iter_rows(), start=first):
        for place, value in enumerate(row):
            if value is not None:
                cells[place](number, place, value)


def _refuse_what_does_not_fit(table: pl.DataFrame) -> None:
    if table.height > MOST_ROWS:
        raise CrmError(N_("A sheet holds {most} rows at most. Export as CSV or Parquet."), most=MOST_ROWS)
    texts = table.select(pl.col(pl.String).str.len_chars().max())
    if any((longest or 0) > LONGEST_TEXT for longest in (texts.row(0) if texts.height else ())):
        raise CrmError(N_("A text is too long for a cell of a sheet. Export as CSV or Parquet."))


def _cell(workbook: Any, sheet: Any, *, kind: pl.DataType) -> _Cell | Any:
    """Give how a value of a column's type is written: never as a formula, never as a link."""
    if isinstance(kind, pl.Decimal):
        money = workbook.add_format({"num_format": f"#,##0.{'0' * kind.scale}" if kind.scale else "#,##0"})
        return lambda row, place, value: sheet.write_number(row, place, float(value), money)
    if kind.is_numeric():
        return lambda row, place, value: value == value and sheet.write_number(row, place, value)  # noqa: PLR0124 - NaN
    if kind == pl.Boolean:
        return sheet.write_boolean
    if isinstance(kind, pl.Date | pl.Datetime):
        shape = "yyyy-mm-dd" if isinstance(kind, pl.Date) else "yyyy-mm-dd hh:mm:ss"
        day = workbook.add_format({"num_format": shape})
        return lambda row, place, value: _write_day(sheet, row, place, value=value, shape=day)
    if isinstance(kind, pl.List):
        return lambda row, place, value: sheet.write_string(row, place, ";".join(map(str, value)))
    return lambda row, place, value: sheet.write_string(row, place, str(value))


def _write_day(sheet: Any, row: int, place: int, *, value: date, shape: Any) -> None:
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if value.year < 1900:
        sheet.write_string(row, place, value.isoformat())
    else:
        sheet.write_datetime(row, place, value, shape)
