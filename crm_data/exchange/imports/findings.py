"""Gathers what is wrong with the rows of a file, cell by cell and row by row."""

from __future__ import annotations

import polars as pl

from crm_data.exchange.fields import ColumnMap
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import SKIPPED, Reason

PROBLEMS = pl.Schema(
    {
        ROW: pl.Int64,
        "reason": pl.String,
        "field": pl.String,
        "column": pl.String,
        "value": pl.String,
        "detail": pl.String,
    }
)


class Findings:
    """The problems found so far, from which the verdict on a row follows; `cells` has the texts of the file."""

    def __init__(self, columns: ColumnMap, *, cells: pl.DataFrame) -> None:
        self._columns = columns.columns
        self._cells = cells
        self._found = [PROBLEMS.to_frame()]

    def add(
        self,
        rows: pl.DataFrame,
        reason: Reason | pl.Expr,
        *,
        field: str | None = None,
        value: pl.Expr | None = None,
        detail: str | pl.Expr = "",
    ) -> None:
        """Hold a reason against rows; the value shown is the field's cell in the file unless another one is given."""
        if rows.is_empty():
            return
        header = self._columns.get(field) if field else None
        found = rows.select(
            pl.col(ROW),
            reason=pl.lit(reason.value) if isinstance(reason, Reason) else reason,
            field=pl.lit(field, pl.String),
            column=pl.lit(header or field, pl.String),
            value=(pl.lit(None) if value is None else value).cast(pl.String),
            detail=(pl.lit(detail) if isinstance(detail, str) else detail).cast(pl.String),
        )
        if value is None and header is not None:
            cells = self._cells.select(ROW, value=header)
            found = found.drop("value").join(cells, on=ROW, how="left", maintain_order="left")
        self._found.append(found.select(PROBLEMS.names()))

    def accepted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Give the rows against which nothing is held."""
        return rows.join(self.problems().select(ROW).unique(), on=ROW, how="anti", maintain_order="left")

    def problems(self) -> pl.DataFrame:
        """Give all problems in the order of the file."""
        return pl.concat(self._found).sort(ROW, maintain_order=True)

    def against(self) -> pl.DataFrame:
        """Give ROW and whether the row is only skipped, for every row that something is held against."""
        light = pl.col("reason").is_in([reason.value for reason in SKIPPED]).all()
        return self.problems().group_by(ROW).agg(skipped=light)
