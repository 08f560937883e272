"""Says in words what is wrong with the rows of a file, and gives the rejected ones back to be corrected."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from crm_data.exchange.imports.plans import ImportPlan, Verdict
from crm_data.exchange.reading import ROW, Source
from crm_data.exchange.reasons import Reason
from crm_data.vocabulary import N_

Translate = Callable[[str], str]


def explained(plan: ImportPlan, *, translate: Translate = str) -> pl.DataFrame:
    """Give ROW and text, all that is held against a row in the reader's language, for every row with a problem."""
    named = plan.problems.with_columns(pl.col("column", "value", "detail").fill_null("")).with_row_index("place")
    told = [_told(part, reason=Reason(str(key)), translate=translate) for (key,), part in named.group_by("reason")]
    if not told:
        return pl.DataFrame(schema={ROW: pl.Int64, "text": pl.String})
    return pl.concat(told).sort("place").group_by(ROW, maintain_order=True).agg(pl.col("text").str.join(" "))


def rejects(
    plan: ImportPlan, source: Source, *, translate: Translate = str, names: tuple[str, str] = (N_("Row"), N_("Reason"))
) -> pl.DataFrame:
    """Give the rejected rows as they stand in the file, with their row number and the reasons in front.

    A row that could not be split into cells has its text in the first of its columns. `names` are the columns in front.
    """
    rejected = plan.verdicts.filter(pl.col("verdict") == Verdict.REJECT.value).select(ROW)
    texts = explained(plan, translate=translate).rename({"text": "__text__"})
    whole = source.broken.select(ROW, pl.col("value").alias("__whole__"))
    first = source.headers[0]
    rows = rejected.join(texts, on=ROW, how="left", maintain_order="left")
    rows = rows.join(source.frame, on=ROW, how="left", maintain_order="left").join(whole, on=ROW, how="left")
    rows = rows.with_columns(pl.coalesce(first, "__whole__").alias(first)).drop("__whole__").sort(ROW)
    front = dict(zip((ROW, "__text__"), (_free(translate(name), source) for name in names), strict=True))
    return rows.select(ROW, "__text__", *source.headers).rename(front)


def _told(part: pl.DataFrame, *, reason: Reason, translate: Translate) -> pl.DataFrame:
    pieces = re.split(r"\{(column|value|detail)\}", translate(reason.label))
    words = [pl.col(piece) if place % 2 else pl.lit(piece) for place, piece in enumerate(pieces)]
    return part.select(ROW, "place", text=pl.concat_str(words))


def _free(name: str, source: Source) -> str:
    """Give a column name that the file does not have."""
    while name in source.headers:
        name += "+"
    return name
