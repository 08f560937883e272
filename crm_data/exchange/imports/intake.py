"""Turns the text of a file into the values of its fields, and says of every cell that has none why."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from crm_data import money
from crm_data.errors import CrmError
from crm_data.exchange import parsing
from crm_data.exchange.fields import ColumnMap, Field, Kind, Reads, map_columns
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.plans import ImportOptions, Job
from crm_data.exchange.numbers import Marks, NumberRule
from crm_data.exchange.parsing import Parsed
from crm_data.exchange.reading import ROW, Source
from crm_data.exchange.reasons import Reason
from crm_data.exchange.words import words_of
from crm_data.vocabulary import N_

_EMPTY: Mapping[Reads, type[pl.DataType] | pl.DataType] = {
    Reads.DAY: pl.Date,
    Reads.MONEY: pl.Int64,
    Reads.PRICE: pl.Int64,
    Reads.QUANTITY: pl.Int64,
    Reads.WHOLE: pl.Int64,
    Reads.PERCENT: pl.Int64,
    Reads.DISCOUNT: pl.Int64,
    Reads.FLAG: pl.Boolean,
    Reads.LIST: pl.List(pl.String),
}
_PRICE_DECIMALS, _QUANTITY_DECIMALS, _DISCOUNT_DECIMALS = 4, 3, 2
_LARGEST_WHOLE = (1 << 31) - 1


def mapped(source: Source, *, kind: Kind, options: ImportOptions) -> ColumnMap:
    """Find the columns of the fields; raises CrmError when a needed field has none.

    A file of updates needs only the field by which records are found.
    """
    columns = map_columns(source.headers, kind, chosen=options.columns)
    needed = [options.update_by] if options.update_by else kind.needed
    missing = [key for key in needed if key not in columns.columns]
    if missing:
        raise CrmError(
            N_("The file has no column for: {fields}. Say which columns these are. The file has: {columns}."),
            fields=", ".join(missing),
            columns=", ".join(source.headers),
        )
    return columns


def take_in(source: Source, job: Job, *, columns: ColumnMap) -> tuple[pl.DataFrame, Findings]:
    """Read every cell of the mapped columns.

    Gives a frame with ROW and one column for each field of the kind (empty where the file has none):
    money and prices in ten-thousandths, quantities in thousandths, discounts in basis points,
    percentages and counts as whole numbers, choices as stored values, days as days.
    """
    findings = Findings(columns, cells=source.frame)
    findings.add(source.broken, pl.col("reason"), value=pl.col("value"))
    read = [source.frame[ROW]]
    for each in job.kind.fields:
        header = columns.columns.get(each.key)
        if header is None:
            read.append(
                pl.Series(each.key, [None], _EMPTY.get(each.reads, pl.String)).new_from_index(0, source.frame.height)
            )
            continue
        cells = source.frame[header]
        parsed = _parsed(each, cells, job=job, usual=Marks.POINT if source.point_numbers else None)
        read.append(parsed.values.alias(each.key))
        _hold(findings, each, rows=source.frame.select(ROW), parsed=parsed)
    rows = pl.DataFrame(read)
    if job.options.update_by is None:
        refuse_incomplete(rows, findings, kind=job.kind)
    return rows, findings


def refuse_incomplete(rows: pl.DataFrame, findings: Findings, *, kind: Kind) -> None:
    """Hold against rows that a needed field is empty, unless its cell could not be read anyway."""
    for key in kind.needed:
        unread = findings.problems().filter(pl.col("field") == key).select(ROW)
        empty = rows.filter(pl.col(key).is_null()).join(unread, on=ROW, how="anti", maintain_order="left")
        findings.add(empty, Reason.MISSING, field=key)


def in_minor_units(rows: pl.DataFrame, job: Job, *, currency: pl.Expr) -> pl.DataFrame:
    """Turn amounts of money from ten-thousandths into minor units of each row's currency, half away from zero."""
    codes = rows.select(currency.unique().alias("code"))["code"].drop_nulls().to_list()
    steps = {code: 10 ** (_PRICE_DECIMALS - money.decimals(code)) for code in codes}
    step = currency.replace_strict(steps, default=None, return_dtype=pl.Int64)
    amounts = [pl.col(each.key) for each in job.kind.fields if each.reads is Reads.MONEY]
    return rows.with_columns(each.sign() * ((2 * each.abs() + step) // (2 * step)) for each in amounts)


def _hold(findings: Findings, each: Field, *, rows: pl.DataFrame, parsed: Parsed) -> None:
    wrong = rows.with_columns(found=parsed.reasons).filter(pl.col("found").is_not_null())
    findings.add(wrong, pl.col("found"), field=each.key, detail=parsed.detail)


def _parsed(each: Field, cells: pl.Series, *, job: Job, usual: Marks | None) -> Parsed:
    rules = _number_rules(each)
    if each.reads in rules:
        return parsing.parse_numbers(cells, rule=rules[each.reads], marks=job.options.marks, usual=usual)
    if each.reads is Reads.DAY:
        return parsing.parse_days(cells, order=job.options.day_order)
    if each.choices is not None:
        return parsing.parse_choices(cells, words=words_of(each.choices))
    if each.reads in _MEASURED:
        return _MEASURED[each.reads](cells, longest=each.longest)
    return _PLAIN[each.reads](cells)


_MEASURED = {
    Reads.TEXT: parsing.parse_texts,
    Reads.CODE: parsing.parse_codes,
    Reads.REFERENCE: parsing.parse_codes,
    Reads.WEBSITE: parsing.parse_websites,
}
_PLAIN = {
    Reads.CURRENCY: parsing.parse_currencies,
    Reads.EMAIL: parsing.parse_emails,
    Reads.FLAG: parsing.parse_flags,
    Reads.LIST: parsing.parse_lists,
    Reads.PHONE: parsing.parse_phones,
}


def _number_rules(each: Field) -> Mapping[Reads, NumberRule]:
    lowest = None if each.negative else 0
    return {
        Reads.MONEY: NumberRule(decimals=_PRICE_DECIMALS, exact=False, lowest=lowest),
        Reads.PRICE: NumberRule(decimals=_PRICE_DECIMALS, lowest=lowest),
        Reads.QUANTITY: NumberRule(decimals=_QUANTITY_DECIMALS, lowest=lowest),
        Reads.WHOLE: NumberRule(lowest=lowest, highest=_LARGEST_WHOLE),
        Reads.PERCENT: NumberRule(lowest=0, highest=100, percent=True),
        Reads.DISCOUNT: NumberRule(decimals=_DISCOUNT_DECIMALS, lowest=0, highest=money.DISCOUNT_UNITS, percent=True),
    }
