"""Taking rows along as a file that is safe to open in a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import streamlit as st

from crm_data.exchange.writing import write_table

_MIME = "text/csv"


def download_rows(rows: pl.DataFrame, *, name: str, words: str, headers: Mapping[str, str]) -> None:
    """Draw the button that saves the columns of `headers` under their names as a CSV file."""
    known = {column: title for column, title in headers.items() if column in rows.columns}
    st.download_button(words, lambda: _made(rows.select(known), known, name), name, _MIME, key=f"download:{name}",
                       on_click="ignore", icon=":material/download:")  # fmt: skip


def _made(rows: pl.DataFrame, headers: Mapping[str, str], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_table(rows, path, headers=headers)
        return path.read_bytes()
