"""Tells when two customers or contacts are the same: by code, else by name with phone or e-mail."""

from __future__ import annotations

import polars as pl

from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.lookups import folded
from crm_data.exchange.parsing import digits_of
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import Reason

_MARKS = ("same_phone", "same_email", "same_name")


def with_marks(rows: pl.DataFrame, *, part_of: str | None = None) -> pl.DataFrame:
    """Add like (the folded name) and what two rows of one customer share: name and phone, name and e-mail, or the name.

    A name alone tells only rows that have neither code nor phone nor e-mail. `part_of` names the column of the whole
    within which names count.
    """
    name = folded(pl.col("name"))
    if part_of is not None:
        name = pl.col(part_of).cast(pl.String) + "\n" + name
    alone = pl.col("phone").is_null() & pl.col("email").is_null() & pl.col("code").is_null()
    return rows.with_columns(
        like=name,
        same_phone=name + "\n" + digits_of(pl.col("phone")),
        same_email=name + "\n" + folded(pl.col("email")),
        same_name=pl.when(alone).then(name),
    )


def refuse_repeated(rows: pl.DataFrame, findings: Findings) -> None:
    """Hold against a row that an earlier one of the file is the same; two different codes are two customers."""
    rows = findings.accepted(rows)
    first = [pl.col(ROW).min().over("code").alias("code_first")]
    for mark in _MARKS:
        coded = pl.col("code").is_not_null()
        any_row = pl.col(ROW).min().over(mark)
        uncoded = pl.when(~coded).then(ROW).min().over(mark)
        first.append(
            pl.when(pl.col(mark).is_not_null())
            .then(pl.when(coded).then(uncoded).otherwise(any_row))
            .alias(f"{mark}_first")
        )
    code_first = pl.when(pl.col("code").is_not_null()).then("code_first")
    judged = rows.with_columns(first).with_columns(
        earlier=pl.min_horizontal(code_first, *(f"{mark}_first" for mark in _MARKS))
    )
    findings.add(
        judged.filter(pl.col("earlier") < pl.col(ROW)), Reason.REPEATED, field="name", detail=pl.col("earlier")
    )


def refuse_known(rows: pl.DataFrame, findings: Findings, *, keys: pl.DataFrame) -> None:
    """Hold against a row that the customer is there already; two different codes are two customers."""
    open_keys = keys.filter(pl.col("seen") & ~pl.col("deleted"))
    known = rows.join(_known(open_keys, mark=pl.col("code")).rename({"mark": "code"}), on="code", how="left")
    marks = {
        "same_phone": pl.col("folded") + "\n" + pl.col("phone"),
        "same_email": pl.col("folded") + "\n" + pl.col("email"),
        "same_name": pl.col("folded"),
    }
    for name, mark in marks.items():
        of_all = _known(open_keys, mark=mark).rename({"mark": name, "known": f"{name}_any"})
        of_uncoded = _known(open_keys.filter(pl.col("code").is_null()), mark=mark)
        known = known.join(of_all, on=name, how="left")
        known = known.join(of_uncoded.rename({"mark": name, "known": f"{name}_uncoded"}), on=name, how="left")
    by_mark = [pl.when(pl.col("code").is_null()).then(f"{name}_any").otherwise(f"{name}_uncoded") for name in marks]
    known = known.with_columns(twin=pl.coalesce("known", *by_mark))
    findings.add(
        known.filter(pl.col("twin").is_not_null()).sort(ROW), Reason.EXISTS, field="name", detail=pl.col("twin")
    )


def _known(keys: pl.DataFrame, *, mark: pl.Expr) -> pl.DataFrame:
    """Give mark and known, what the record with a mark is called."""
    called = pl.concat_str("name", pl.lit(" #"), "id")
    return keys.select(mark=mark, known=called).drop_nulls().unique("mark", keep="first", maintain_order=True)
