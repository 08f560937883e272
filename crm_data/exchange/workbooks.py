"""Reads a sheet of an Excel workbook as text, with the row numbers that Excel shows."""

from __future__ import annotations

import zipfile
from pathlib import Path

import fastexcel
import polars as pl

from crm_data.errors import CrmError
from crm_data.exchange.text_files import ROW
from crm_data.vocabulary import N_

LARGEST_UNPACKED = 2 << 30


def sheet_names(path: Path) -> tuple[str, ...]:
    """Name the sheets of a workbook; raises CrmError when it is no workbook or damaged."""
    _refuse_strangers(path)
    try:
        return tuple(fastexcel.read_excel(path).sheet_names)
    except fastexcel.FastExcelError as error:
        raise _damaged(path) from error


def read_sheet(path: Path, *, sheet: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read a sheet as text: rows below the first filled one, and that one's cells as column names.

    Numbers are written with a decimal point and without grouping, days and times in ISO form, yes and no as true and
    false; cells with an Excel error are empty.
    """
    try:
        loaded = fastexcel.read_excel(path).load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        frame = loaded.to_polars()
    except fastexcel.FastExcelError as error:
        raise _damaged(path) from error
    frame = frame.rename({name: str(place) for place, name in enumerate(frame.columns)})
    frame = frame.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))
    filled = (
        frame.filter(pl.any_horizontal(pl.exclude(ROW).str.strip_chars() != "")) if frame.width > 1 else frame.clear()
    )
    names = filled.drop(ROW).row(0) if filled.height else ()
    return filled.slice(1), tuple(name or "" for name in names)


def _refuse_strangers(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _damaged(path) from error
    if not any(member.filename.startswith("xl/workbook.") for member in members):
        raise CrmError(N_("{file} is not an Excel workbook. Import CSV, TSV, XLSX or Parquet."), file=path.name)
    if sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise CrmError(N_("The workbook {file} is too large. Save the sheet as CSV and import that."), file=path.name)


def _damaged(path: Path) -> CrmError:
    return CrmError(
        N_("The workbook {file} is damaged. Open it in a spreadsheet program, save it again as XLSX and try again."),
        file=path.name,
    )
