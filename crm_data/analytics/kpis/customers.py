"""Figures about customers: new, active, kept, lost, back again, and how well they are known."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.customers import NEEDS, active_rows, buyer_rows, filled_rows, kept_rows, new_rows
from crm_data.analytics.dimensions import EVERYBODY
from crm_data.analytics.kpi import Counting, Kpi, ratio
from crm_data.analytics.statistics import wilson
from crm_data.vocabulary import N_, Better, Unit

_EVENING = N_("State on the evening of the period's last day, or today while it runs")
_EDGES = N_("Evenings before the period and at its end, or today while it runs")
_BY = (*EVERYBODY[:2], *EVERYBODY[3:])
_KEPT, _AGAIN = pl.col("kept"), pl.col("purchase_days") > 1
_NOBODY = N_("No customer was active when the period began.")

NEW_CUSTOMERS = Kpi(
    key="new_customers",
    label=N_("New customers"),
    meaning=N_("Customers whose very first signed contract or sale lies in the period; a return alone is no purchase."),
    formula=N_("Number of customers with their first purchase in the period"),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    day=N_("Day of the first purchase"),
    needs=NEEDS,
    rows=new_rows,
    value=pl.len(),
    additive=True,
    by=_BY,
)

ACTIVE_CUSTOMERS = Kpi(
    key="active_customers",
    label=N_("Active customers"),
    meaning=N_(
        "Customers with a running agreement, or with a sale within the days of inactivity that the settings name."
    ),
    formula=N_("Number of active customers"),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    day=_EVENING,
    needs=NEEDS,
    rows=active_rows,
    value=pl.len(),
    counting=Counting.STOCK,
    additive=True,
    by=_BY,
)

RETENTION = Kpi(
    key="retention",
    label=N_("Customer retention"),
    meaning=N_(
        "Of the customers active when the period began, the share still active at its end; new ones are not in it."
    ),
    formula=N_("Active at the start and at the end / active at the start"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=_EDGES,
    needs=NEEDS,
    rows=kept_rows,
    value=_KEPT.mean(),
    tally={"kept": _KEPT.sum(), "lost": (~_KEPT).sum()},
    limits=wilson(_KEPT.sum(), pl.len()),
    counting=Counting.WINDOW,
    by=_BY,
    empty=_NOBODY,
)

CHURN = Kpi(
    key="churn",
    label=N_("Customer churn"),
    meaning=N_("Of the customers active when the period began, the share no longer active at its end."),
    formula=N_("Active at the start but not at the end / active at the start"),
    unit=Unit.PERCENT,
    better=Better.LOWER,
    day=_EDGES,
    needs=NEEDS,
    rows=kept_rows,
    value=(~_KEPT).mean(),
    tally={"kept": _KEPT.sum(), "lost": (~_KEPT).sum()},
    limits=wilson((~_KEPT).sum(), pl.len()),
    counting=Counting.WINDOW,
    by=_BY,
    empty=_NOBODY,
)

REPEAT_RATE = Kpi(
    key="repeat_rate",
    label=N_("Repeat purchase rate"),
    meaning=N_("Of the customers that bought in the period, the share that bought on two days or more."),
    formula=N_("Customers with two purchase days or more / customers with one or more"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=N_("Day of signing"),
    needs=NEEDS,
    rows=buyer_rows,
    value=_AGAIN.mean(),
    tally={"again": _AGAIN.sum()},
    limits=wilson(_AGAIN.sum(), pl.len()),
    counting=Counting.WINDOW,
    by=_BY,
    empty=N_("No customer bought in this period."),
)

COMPLETENESS = Kpi(
    key="completeness",
    label=N_("Completeness of customer records"),
    meaning=N_("How much of what should be known about customers is filled in; phone, e-mail and owner weigh double."),
    formula=N_("Weights of the filled fields / weights of all fields"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=N_("Today"),
    needs=("customers",),
    rows=filled_rows,
    value=ratio(pl.col("filled").sum(), pl.col("wanted").sum()),
    counting=Counting.NOW,
    by=_BY,
    empty=N_("There are no customers yet."),
)

FIGURES = (NEW_CUSTOMERS, ACTIVE_CUSTOMERS, RETENTION, CHURN, REPEAT_RATE, COMPLETENESS)
