"""Writes a table to a file for people (CSV, XLSX) or machines (Parquet): complete or not at all, and safe to open."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from crm_data.errors import CrmError
from crm_data.exchange.formulas import shielded
from crm_data.exchange.sheets import write_sheet
from crm_data.vocabulary import N_


def write_table(table: pl.DataFrame | pl.LazyFrame, path: Path, *, headers: Mapping[str, str] | None = None) -> None:
    """Write a table to a .csv, .tsv, .xlsx or .parquet file; `headers` gives columns other names.

    CSV and TSV are UTF-8 with a byte order mark, and text that a spreadsheet would run as a formula gets an apostrophe
    in front. In XLSX text is text, numbers are numbers, days are days; instants stand in UTC. Parquet keeps all types.
    The file appears under its name only when it is complete; a file that was there is replaced then.

    Raises CrmError for another ending, for a folder that cannot be written to, and for what a sheet cannot hold.
    """
    writers: Mapping[str, Callable[[pl.LazyFrame, Path], None]] = {
        ".csv": lambda frame, target: _write_text(frame, target, delimiter=","),
        ".tsv": lambda frame, target: _write_text(frame, target, delimiter="\t"),
        ".xlsx": write_sheet,
        ".parquet": lambda frame, target: frame.sink_parquet(target),
    }
    write = writers.get(path.suffix.lower())
    if write is None:
        raise CrmError(N_("{file}: choose a name that ends in .csv, .tsv, .xlsx or .parquet."), file=path.name)
    frame = table.lazy().rename(dict(headers or {}), strict=False)
    with _whole(path) as part:
        write(frame, part)


def money(minor: pl.Expr, *, decimals: int = 2) -> pl.Expr:
    """Give minor units (or ten-thousandths, or any integer) as exact decimals for people to read."""
    exact: pl.Expr = minor.cast(pl.Decimal(38, decimals)) / 10**decimals
    return exact.cast(pl.Decimal(38, decimals))


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a file beside the wanted one, which takes its place once everything is on the disk."""
    part = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        yield part
        _to_disk(part)
        part.replace(path)
        _to_disk(path.parent)
    except OSError as error:
        raise CrmError(
            N_("{file} cannot be written. Check that the folder exists, may be written to and has room."),
            file=str(path),
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_text(frame: pl.LazyFrame, path: Path, *, delimiter: str) -> None:
    schema = frame.collect_schema()
    names = pl.DataFrame({"name": schema.names()}).select(shielded(pl.col("name")))["name"]
    ready = frame.select(_plain(pl.col(name), kind=kind) for name, kind in schema.items())
    ready.rename(dict(zip(schema.names(), names, strict=True))).sink_csv(
        path, separator=delimiter, include_bom=True, line_terminator="\r\n"
    )


def _plain(column: pl.Expr, *, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.List):
        joined = column.cast(pl.List(pl.String)).list.join(";")
        return shielded(pl.when(joined != "").then(joined))
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        return column.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ")
    if kind == pl.String or isinstance(kind, pl.Enum | pl.Categorical):
        return shielded(column.cast(pl.String))
    return column
