"""Reads CSV and TSV files: finds the delimiter, keeps the line numbers a person sees, reports broken rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from crm_data.errors import CrmError
from crm_data.exchange.reasons import Reason
from crm_data.vocabulary import N_

ROW = "__row__"
BROKEN = pl.Schema({ROW: pl.Int64, "reason": pl.String, "value": pl.String})
DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 1 << 16
_BATCH = 5_000
_LONGEST_SHOWN = 2_000


@dataclass(frozen=True)
class TextTable:
    """A text file taken apart: column names, rows as text in columns "0", "1", …, rows that could not be split."""

    names: tuple[str, ...]
    frame: pl.DataFrame
    broken: pl.DataFrame
    delimiter: str


@dataclass(frozen=True)
class _Heading:
    names: tuple[str, ...]
    delimiter: str
    lines: int  # lines up to and including the column names
    usual_endings: bool


def read_text(path: Path) -> TextTable:
    """Read a UTF-8 text file (with or without a byte order mark) whose first filled line names the columns.

    The frame has the line number in ROW and one text column for each name, in their order. A file without surprises
    is read by Polars; any other by the csv module, five thousand rows at a time, so that odd rows become `broken`.
    """
    heading = _heading(path)
    if _is_plain(path, heading=heading):
        return TextTable(heading.names, _read_plain(path, heading=heading), BROKEN.to_frame(), heading.delimiter)
    return _read_odd(path, heading=heading)


def _heading(path: Path) -> _Heading:
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = file.read(_SAMPLE)
    first, _, rest = sample.partition("\n")
    told = first.strip().lower()
    if told.startswith("sep=") and len(told) == len("sep=") + 1:  # Excel's way of naming the delimiter
        delimiter, skipped, sample = first.strip()[-1], 1, rest
    else:
        delimiter, skipped = _delimiter(sample), 0
    lines = _Lines(io.StringIO(sample, newline=""))
    try:
        names = next(
            (tuple(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, cells))), ()
        )
    except csv.Error as error:
        raise CrmError(
            N_("The column names in {file} cannot be read. Check its first line."), file=path.name
        ) from error
    return _Heading(names, delimiter, skipped + lines.number, not re.search(r"\r(?!\n)", sample))


def _delimiter(sample: str) -> str:
    """Choose the delimiter that splits most lines into as many cells as the first one."""
    lines = list(io.StringIO(sample, newline=""))
    lines = lines[:-1] if len(lines) > 1 and len(sample) >= _SAMPLE else lines

    def fitness(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
        except csv.Error:
            return (0.0, 0)
        width = widths[0] if widths else 1
        return (Counter(widths)[width] / len(widths), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=fitness)


def _is_plain(path: Path, *, heading: _Heading) -> bool:
    """Tell whether every line is one row with as many cells as there are columns, quoted by the book."""
    if not heading.usual_endings:
        return False
    mark, width = heading.delimiter, len(heading.names)
    line = pl.col("line")
    cell = rf'(?:"(?:[^"]|"")*"|[^"{_escaped(mark)}]*)'
    quoted = rf"^{cell}(?:{_escaped(mark)}{cell}){{{width - 1}}}$"
    lines = pl.scan_lines(path, row_index_name="number").filter(pl.col("number") >= heading.lines)
    has_quote = line.str.contains('"', literal=True)
    simple = (
        (line.str.count_matches(mark, literal=True) == width - 1)
        & (line != "")
        & ~line.str.contains("\r", literal=True)
    )
    checks = [
        lines.filter(~has_quote).select(simple.all()),
        lines.filter(has_quote).select(line.str.contains(quoted).all()),
    ]
    return all(check.collect(engine="streaming").item() for check in checks)


def _escaped(mark: str) -> str:
    return "\\" + mark if mark in "|^]-\\" else mark


def _read_plain(path: Path, *, heading: _Heading) -> pl.DataFrame:
    frame = pl.read_csv(
        path,
        separator=heading.delimiter,
        has_header=False,
        skip_lines=heading.lines,
        schema=dict.fromkeys(map(str, range(len(heading.names))), pl.String),
        row_index_name=ROW,
        row_index_offset=heading.lines + 1,
        raise_if_empty=False,
    )
    return _filled(frame.with_columns(pl.col(ROW).cast(pl.Int64)))


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop rows in which nothing is written, as spreadsheets leave them at the end."""
    return frame.filter(pl.any_horizontal(pl.exclude(ROW).str.strip_chars() != ""))


def _read_odd(path: Path, *, heading: _Heading) -> TextTable:
    """Read a file part by part: quickly where each line is a row, row by row where it is not."""
    width = len(heading.names)
    texts = dict.fromkeys(map(str, range(width)), pl.String)
    schema = pl.Schema({ROW: pl.Int64, **texts})
    frames, broken = [schema.to_frame()], [BROKEN.to_frame()]
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _Lines(file)
        lines.skip(heading.lines)
        while part := lines.ahead(_BATCH):
            records = _simple(part, heading=heading)
            if records is not None:
                frame = pl.DataFrame(records, schema=texts, orient="row")
                frames.append(frame.with_row_index(ROW, offset=lines.number + 1).cast({ROW: pl.Int64}))
                lines.skip(len(part))
                continue
            rows = list(_rows(lines, heading=heading))
            good = [(number, *cells[:width]) for number, cells, reason in rows if reason is None]
            bad = [(number, reason, cells[0]) for number, cells, reason in rows if reason is not None]
            frames.append(pl.DataFrame(good, schema=schema, orient="row"))
            broken.append(pl.DataFrame(bad, schema=BROKEN, orient="row"))
    return TextTable(heading.names, _filled(pl.concat(frames)), pl.concat(broken), heading.delimiter)


def _simple(lines: list[str], *, heading: _Heading) -> list[list[str]] | None:
    """Give the cells of lines of which each is a row with as many cells as there are columns, or None."""
    try:
        records = list(csv.reader(lines, delimiter=heading.delimiter, strict=True))
    except csv.Error:
        return None
    fits = len(records) == len(lines) and set(map(len, records)) == {len(heading.names)}
    return records if fits else None


def _rows(lines: _Lines, *, heading: _Heading) -> Iterator[tuple[int, list[str], Reason | None]]:
    """Take the lines that wait and what belongs to the last row of them.

    Gives line number, cells and, for a row that cannot be used, the reason and its text as the only cell.
    """
    reader = csv.reader(lines, delimiter=heading.delimiter, strict=True)
    width = len(heading.names)
    while lines.waiting:
        lines.taken.clear()
        try:
            cells = next(reader)
        except csv.Error:
            # Only the first line is at fault; what an unclosed quotation mark swallowed is read again.
            yield lines.number - len(lines.taken) + 1, [_shown(lines.taken[0])], Reason.QUOTE
            lines.hand_back()
            continue
        number = lines.number - len(lines.taken) + 1
        reason = _width_problem(cells, width=width)
        yield number, [_shown("".join(lines.taken))] if reason else cells, reason


def _width_problem(cells: list[str], *, width: int) -> Reason | None:
    if not any(cells):
        cells.extend([""] * (width - len(cells)))
    elif len(cells) < width:
        return Reason.TOO_FEW_CELLS
    return Reason.TOO_MANY_CELLS if any(cells[width:]) else None


def _shown(text: str) -> str:
    return text.rstrip("\r\n")[:_LONGEST_SHOWN]


class _Lines:
    """The lines of a file, numbered, of which the last ones taken can be handed back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.waiting, self.taken, self.number = lines, list[str](), list[str](), 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.waiting.pop() if self.waiting else next(self.lines)
        self.taken.append(line)
        self.number += 1
        return line

    def ahead(self, count: int) -> list[str]:
        """Look at the lines that come next (more than `count` when some were handed back)."""
        more = list(islice(self.lines, max(count - len(self.waiting), 0)))
        self.waiting = [*reversed(more), *self.waiting]
        return self.waiting[::-1]

    def skip(self, count: int) -> None:
        """Leave lines out."""
        self.ahead(count)
        del self.waiting[len(self.waiting) - count :]
        self.number += count

    def hand_back(self) -> None:
        """Put all lines taken but the first back in front."""
        back = self.taken[1:]
        self.waiting.extend(reversed(back))
        self.number -= len(back)
