"""Figures about money owed to us: how much is due, how late it is, how quickly it comes in."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.dimensions import EVERYBODY, Dimension, by_column
from crm_data.analytics.kpi import UNCONVERTIBLE, Composed, Counting, Kpi, ratio
from crm_data.analytics.kpis.sales import CREDIT_SALES
from crm_data.analytics.receivables import NEEDS, Ageing, collected_rows, due_rows, outstanding_rows
from crm_data.vocabulary import N_, Better, Unit

_EVENING = N_("State on the evening of the period's last day, or today while it runs")
_SALES_OUT = N_("One-off sales are paid at once and not in it.")
_OPEN, _LATE = pl.col("open"), pl.col("days_overdue") > 0
AGEING = Dimension(key="ageing", label=N_("Days past due"), attach=by_column("ageing"), vocabulary=Ageing)
_BY = (*EVERYBODY, AGEING)

RECEIVABLES = Kpi(
    key="receivables",
    label=N_("Receivables"),
    meaning=N_("What is due by that evening and not covered by receipts; these settle the oldest instalment first."),
    formula=N_("Sum of due instalments − receipts that cover them"),
    unit=Unit.MONEY,
    better=Better.LOWER,
    day=_EVENING,
    needs=NEEDS,
    rows=due_rows,
    value=_OPEN.sum(),
    counting=Counting.STOCK,
    additive=True,
    by=_BY,
    remarks=(UNCONVERTIBLE,),
)

OUTSTANDING = Kpi(
    key="outstanding",
    label=N_("Outstanding instalments"),
    meaning=N_("All that is still to come in under agreements, due already or not."),
    formula=N_("Sum of all instalments − receipts that cover them"),
    unit=Unit.MONEY,
    better=Better.NEITHER,
    day=_EVENING,
    needs=NEEDS,
    rows=outstanding_rows,
    value=_OPEN.sum(),
    counting=Counting.STOCK,
    additive=True,
    by=_BY,
    remarks=(UNCONVERTIBLE,),
)

OVERDUE_RATIO = Kpi(
    key="overdue_ratio",
    label=N_("Overdue share"),
    meaning=N_("Of all that is still to come in under agreements, the share whose day due has passed."),
    formula=N_("Open amount past due / open amount of all instalments"),
    unit=Unit.PERCENT,
    better=Better.LOWER,
    day=_EVENING,
    needs=NEEDS,
    rows=outstanding_rows,
    value=ratio(_OPEN.filter(_LATE).sum(), _OPEN.sum()),
    tally={"late": _LATE.sum()},
    counting=Counting.STOCK,
    by=EVERYBODY,
    remarks=(UNCONVERTIBLE,),
    empty=N_("Nothing is outstanding."),
)

COLLECTION_RATE = Kpi(
    key="collection_rate",
    label=N_("Collection rate"),
    meaning=N_("Of what fell due in the period, the share paid by now; money that came early counts where it was due."),
    formula=N_("Paid of the instalments due / instalments due"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=N_("Day due"),
    needs=NEEDS,
    rows=collected_rows,
    value=ratio(pl.col("covered").sum(), pl.col("amount").sum()),
    by=EVERYBODY,
    remarks=(UNCONVERTIBLE,),
    empty=N_("No instalment was due in this period."),
)

DSO = Composed(
    key="dso",
    label=N_("Days sales outstanding"),
    meaning=N_("How many days of sales on credit the receivables make up."),
    formula=N_("Receivables at the end / sales on credit × days of the period"),
    unit=Unit.DAYS,
    better=Better.LOWER,
    day=N_("Evening of the last day; day of signing for the sales"),
    parts=(RECEIVABLES, CREDIT_SALES),
    value=ratio(pl.col("receivables"), pl.col("credit_sales")) * pl.col("days"),
    n_of="receivables",
    reasons=((pl.col("credit_sales") <= 0, N_("Nothing was sold on credit in this period.")),),
    remarks=(_SALES_OUT,),
)

FIGURES = (RECEIVABLES, OVERDUE_RATIO, COLLECTION_RATE, DSO, OUTSTANDING)
