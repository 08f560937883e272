"""What a column of cells comes to once it is understood: values, and a reason where a cell is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

_INVISIBLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{200b}\u{2060}\u{feff}]"
_NOTHING = ("null", "nan", "none", "n/a", "#n/a", "na", "-", "--", "—", "/", "无")


@dataclass(frozen=True)
class Parsed:
    """A column understood: `values` of the field's type, `reasons` (Reason keys, null where all is well).

    `detail` completes the sentence of a reason, for example with the words that would have been understood.
    """

    values: pl.Series
    reasons: pl.Series
    detail: str = ""


def per_value(column: pl.Series, *, rule: Callable[[pl.DataFrame], pl.DataFrame], detail: str = "") -> Parsed:
    """Apply a rule once to every different text of a column.

    The rule gets the text columns `cell` (as it is in the file) and `text` (cleaned, null when nothing is there) and
    adds `value` and `reason`.
    """
    cells = pl.DataFrame({"cell": column.cast(pl.String)})
    different = cells.unique().with_columns(text=cleaned(pl.col("cell")))
    judged = rule(different).select("cell", "value", reason=pl.col("reason").cast(pl.String))
    known = cells.join(judged, on="cell", how="left", nulls_equal=True, maintain_order="left")
    return Parsed(known["value"].alias(column.name), known["reason"].alias(column.name), detail)


def cleaned(text: pl.Expr) -> pl.Expr:
    """Write compatible characters one way (NFKC), drop invisible ones and blanks at both ends; empty becomes null."""
    plain = text.str.normalize("NFKC").str.replace_all("\r\n", "\n", literal=True)
    bare = plain.str.replace_all(_INVISIBLE, "").str.strip_chars()
    return pl.when(bare != "").then(bare)


def without_fillers(text: pl.Expr) -> pl.Expr:
    """Read NULL, NaN, n/a and dashes as nothing, where a number or a day is expected."""
    return pl.when(~text.str.to_lowercase().is_in(_NOTHING)).then(text)
