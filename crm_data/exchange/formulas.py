"""Keeps text from being taken for a formula when a table is opened in a spreadsheet, and takes the shield off again."""

from __future__ import annotations

import polars as pl

# Spreadsheets run what starts so, also after blanks. Text that already starts with apostrophes before such a start
# gets one more, so that taking one off always gives back what was there.
_RISKY = r"^('*\s*[=+\-@＝＋－＠\t\r])"
_SHIELDED = r"^'('*\s*[=+\-@＝＋－＠\t\r])"


def shielded(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before text that a spreadsheet would take for a formula; numbers must not come here."""
    return text.str.replace(_RISKY, "'${1}")


def without_shield(text: pl.Expr) -> pl.Expr:
    """Take off the apostrophe that `shielded` put there."""
    return text.str.replace(_SHIELDED, "${1}")
