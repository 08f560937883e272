"""Opens a file that somebody brings along, whatever it is, as one table of text with its row numbers."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from crm_data.errors import CrmError
from crm_data.exchange.encodings import decoded, encoding_of
from crm_data.exchange.formulas import without_shield
from crm_data.exchange.text_files import BROKEN, ROW, TextTable, read_text
from crm_data.exchange.workbooks import read_sheet, sheet_names
from crm_data.vocabulary import N_, Labelled

__all__ = ["BROKEN", "ROW", "Format", "Source", "open_source"]

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRANGERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"SQLite format 3",
    b"{\\rtf",
)
_WEB_PAGE = (b"<!doctype", b"<html", b"<table", b"<?xml")


class Format(Labelled):
    """The kinds of file that can be read."""

    TEXT = "text", N_("Text table (CSV, TSV)")
    WORKBOOK = "workbook", N_("Excel workbook")
    PARQUET = "parquet", N_("Parquet file")


@dataclass(frozen=True)
class Source:
    """A file opened for import.

    `frame` has the Int64 column ROW, the line or row number that a person sees in the file, and one text column for
    each of `headers`. `broken` lists rows that could not be split into cells: ROW, reason, value.
    """

    name: str
    format: Format
    frame: pl.DataFrame
    broken: pl.DataFrame
    encoding: str | None = None
    delimiter: str | None = None
    sheets: tuple[str, ...] = ()
    sheet: str | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The column names of the file."""
        return tuple(self.frame.columns[1:])

    @property
    def rows(self) -> int:
        """How many rows the file has, broken ones included."""
        return self.frame.height + self.broken.height

    @property
    def point_numbers(self) -> bool:
        """Whether 1.234 has decimals: a program wrote it, or the commas of the file are taken as delimiters."""
        return self.format is not Format.TEXT or self.delimiter == ","


def open_source(path: Path, *, sheet: str | None = None) -> Source:
    """Open a CSV, TSV, XLSX or Parquet file; what it holds decides, not how it is named.

    Raises CrmError, saying what to do, when the file is missing, empty, of another kind, damaged or protected, when
    it has column names only, or when column names are missing or repeated.
    """
    source = _opened(path, sheet=sheet)
    if not source.rows:
        raise CrmError(N_("{file} has column names but no rows below them."), file=path.name)
    return source


def _opened(path: Path, *, sheet: str | None) -> Source:
    start = _start_of(path)
    if start.startswith(b"PK\x03\x04"):
        return _workbook(path, sheet=sheet)
    if start.startswith(b"PAR1"):
        return _parquet(path)
    return _text(path)


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(64)
    except OSError as error:
        raise CrmError(
            N_("{file} cannot be opened. Check its name and whether you may read it."), file=path.name
        ) from error
    if not start:
        raise CrmError(N_("{file} is empty."), file=path.name)
    if start.startswith(_OLD_OFFICE):
        raise CrmError(
            N_("{file} is protected by a password or an old .xls workbook. Save it without a password as XLSX."),
            file=path.name,
        )
    if start.startswith(_STRANGERS) or (path.suffix.lower() == ".parquet" and not start.startswith(b"PAR1")):
        raise CrmError(N_("{file} is not a table. Import CSV, TSV, XLSX or Parquet."), file=path.name)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE):
        raise CrmError(
            N_("{file} is a web page or XML. Open it in a spreadsheet program and save it as XLSX or CSV."),
            file=path.name,
        )
    return start


def _text(path: Path) -> Source:
    encoding = encoding_of(path)
    if encoding in {"utf-8", "utf-8-sig"}:
        table = read_text(path)
    else:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            with copy.open("w", encoding="utf-8", newline="") as file:
                file.writelines(decoded(path, encoding=encoding))
            table = read_text(copy)
    return _text_source(path, table=table, encoding=encoding)


def _text_source(path: Path, *, table: TextTable, encoding: str) -> Source:
    frame = _named(table.frame, names=table.names, file=path.name)
    risky = [name for name in frame.columns[1:] if frame[name].str.starts_with("'").any()]
    frame = frame.with_columns(without_shield(pl.col(risky)))
    return Source(path.name, Format.TEXT, frame, table.broken, encoding=encoding, delimiter=table.delimiter)


def _workbook(path: Path, *, sheet: str | None) -> Source:
    sheets = sheet_names(path)
    if sheet is not None and sheet not in sheets:
        raise CrmError(
            N_("{file} has no sheet named {sheet}. It has: {sheets}."),
            file=path.name,
            sheet=sheet,
            sheets=", ".join(sheets),
        )
    for name in [sheet] if sheet is not None else sheets:
        frame, names = read_sheet(path, sheet=name)
        if names:
            named = _named(frame, names=names, file=path.name)
            return Source(path.name, Format.WORKBOOK, named, BROKEN.to_frame(), sheets=sheets, sheet=name)
    raise CrmError(N_("{file} is empty."), file=path.name)


def _parquet(path: Path) -> Source:
    try:
        frame = pl.read_parquet(path)
    except (PolarsError, OSError) as error:
        raise CrmError(
            N_("The Parquet file {file} is damaged. Write it anew and try again."), file=path.name
        ) from error
    if not frame.width:
        raise CrmError(N_("{file} is empty."), file=path.name)
    text = frame.select(_as_text(pl.col(name), kind=kind) for name, kind in frame.schema.items())
    numbered = text.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))
    return Source(path.name, Format.PARQUET, numbered, BROKEN.to_frame())


def _as_text(column: pl.Expr, *, kind: pl.DataType) -> pl.Expr:
    """Write a typed column the way the parsers read it exactly: point numbers, ISO days and instants."""
    if kind.is_float():
        whole = (column == column.floor()) & (column.abs() < 1 << 53)
        short = (
            pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))
        )
        return pl.when(column.is_finite()).then(short).alias(column.meta.output_name())
    if isinstance(kind, pl.Datetime):
        instant = column if kind.time_zone is None else column.dt.convert_time_zone("UTC")
        return instant.dt.to_string("iso:strict")
    if isinstance(kind, pl.List):
        return column.cast(pl.List(pl.String)).list.join(";")
    return column.cast(pl.String)


def _named(frame: pl.DataFrame, *, names: Sequence[str], file: str) -> pl.DataFrame:
    """Give the columns the names that the file has for them; columns with neither name nor values are left out."""
    places = dict(zip(frame.columns[1:], (name.strip() for name in names), strict=True))
    empty = {place for place, name in places.items() if not name and frame[place].null_count() == frame.height}
    nameless = [str(int(place) + 1) for place, name in places.items() if not name and place not in empty]
    if nameless:
        raise CrmError(
            N_("{file}: column {columns} has values but no name. Give it a name in the first row."),
            file=file,
            columns=", ".join(nameless),
        )
    kept = {place: name for place, name in places.items() if place not in empty}
    repeated = [name for name, times in Counter([ROW, *kept.values()]).items() if times > 1]
    if repeated:
        raise CrmError(
            N_("{file} has several columns named {columns}. Every column needs a name of its own."),
            file=file,
            columns=", ".join(repeated),
        )
    return frame.select(ROW, *kept).rename(kept)
