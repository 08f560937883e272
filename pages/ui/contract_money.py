"""What is still open under contracts: of one per instalment, and of all by how late it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from crm_data.access import Actor
from crm_data.analytics import periods, series
from crm_data.analytics.kpis.receivables import OUTSTANDING
from crm_data.analytics.periods import Preset
from crm_data.analytics.receivables import NEEDS, Ageing, settled
from crm_data.analytics.tables import Tables, gather
from crm_data.queries.contracts import Record
from pages.ui import analysis
from pages.ui.text import label, money


def open_by_instalment(actor: Actor, record: Record) -> Mapping[int, int]:
    """Give what is still open of each of a contract's instalments, by key, in the contract's own currency."""
    _terms, calendar = analysis.calendar(actor)
    row, today = record.row, calendar.today

    def question(tables: Tables) -> dict[int, int]:
        own = {name: tables[name] for name in NEEDS}
        for name in ("instalments", "receipts"):
            own[name] = own[name].filter(pl.col("contract_id") == row.id)
        alone = Tables(own, terms=replace(tables.terms, base_currency=row.currency))
        [frame] = gather([settled(alone, received=today, day=today).select("id", "open")])
        return dict(frame.iter_rows())

    return analysis.load(question, actor=actor, key=("open_by_instalment", row.id), reads=NEEDS).value


def ageing(actor: Actor) -> pl.DataFrame:
    """Give what is outstanding in one row, cut by how late it is, as `charts.composition.ageing_chart` draws it."""
    terms, calendar = analysis.calendar(actor)
    period = periods.preset(Preset.TODAY, calendar=calendar)
    found = analysis.load(
        lambda tables: series.breakdown(OUTSTANDING, tables, period=period, by="ageing"),
        actor=actor, reads=analysis.reads(OUTSTANDING), key=("ageing",),
    ).value  # fmt: skip
    values = dict(found.select("id", "value").iter_rows())
    if not values:
        return pl.DataFrame()
    amounts = {age.value: values.get(age.value, 0) for age in Ageing}
    base = terms.base_currency
    shown = {f"{key}_text": money(amount, currency=base, compact=True) for key, amount in amounts.items()}
    return pl.DataFrame([{"label": "", **amounts, **shown}])


def ageing_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the same as a table: age, amount (text)."""
    names = ageing_names()
    return pl.DataFrame({"age": list(names.values()), "amount": [frame[f"{key}_text"][0] for key in names]})


def ageing_names() -> dict[str, str]:
    """Give the names of the ages in order."""
    return {age.value: label(age) for age in Ageing}
