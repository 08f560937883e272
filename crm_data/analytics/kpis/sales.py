"""Figures about what was sold: revenue, money received, margin."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.dimensions import EVERYBODY, LINE_CATEGORY, LINE_PRODUCT, SALE_REGION, SALES
from crm_data.analytics.kpi import UNCONVERTIBLE, Kpi, Remark
from crm_data.analytics.sales import NEEDS, credit_rows, line_rows, received_rows, signed_rows
from crm_data.vocabulary import N_, Better, Unit

_SIGNING_DAY = N_("Day of signing")
_KNOWN = pl.col("cost").is_not_null() & pl.col("amount").is_not_null()
_NET = pl.col("amount").filter(_KNOWN).sum()

REVENUE = Kpi(
    key="revenue",
    label=N_("Revenue"),
    meaning=N_(
        "The net value of contracts and one-off sales signed in the period; returns are taken off. Drafts and "
        "opportunities are not in it."
    ),
    formula=N_("Sum of the amounts of signed contracts and sales"),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    day=_SIGNING_DAY,
    needs=NEEDS,
    rows=signed_rows,
    value=pl.col("amount").sum(),
    n=pl.col("id").n_unique(),
    additive=True,
    by=SALES,
    remarks=(UNCONVERTIBLE,),
)

CREDIT_SALES = Kpi(
    key="credit_sales",
    label=N_("Sales on credit"),
    meaning=N_("The net value of agreements signed in the period. One-off sales are paid at once and not in it."),
    formula=N_("Sum of the amounts of signed agreements"),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    day=_SIGNING_DAY,
    needs=NEEDS,
    rows=credit_rows,
    value=pl.col("amount").sum(),
    additive=True,
    by=EVERYBODY,
    remarks=(UNCONVERTIBLE,),
)

REVENUE_RECEIVED = Kpi(
    key="revenue_received",
    label=N_("Money received"),
    meaning=N_(
        "What came in during the period: receipts for agreements less refunds, and one-off sales on their day, which "
        "have no receipts of their own."
    ),
    formula=N_("Sum of receipts + sum of one-off sales"),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    day=N_("Day of receipt"),
    needs=(*NEEDS, "receipts"),
    rows=received_rows,
    value=pl.col("amount").sum(),
    additive=True,
    by=EVERYBODY,
    remarks=(UNCONVERTIBLE,),
)

GROSS_MARGIN = Kpi(
    key="gross_margin",
    label=N_("Gross margin"),
    meaning=N_(
        "What is left of the net value of sold lines after their cost at the time; lines without a cost are out."
    ),
    formula=N_("(Net value − unit cost at sale × quantity) / net value"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=_SIGNING_DAY,
    needs=(*NEEDS, "contract_lines", "products"),
    rows=line_rows,
    value=pl.when(_NET > 0).then((_NET - pl.col("cost").filter(_KNOWN).sum()) / _NET),
    n=_KNOWN.sum(),
    tally={"without_cost": pl.col("cost").is_null().sum(), "lines": pl.len()},
    by=(*EVERYBODY[:3], LINE_PRODUCT, LINE_CATEGORY, SALE_REGION, *EVERYBODY[4:]),
    remarks=(
        UNCONVERTIBLE,
        Remark(pl.col("cost").is_null().sum(), N_("Lines without a known cost, left out: {count}.")),
    ),
    empty=N_("No line with a known cost was sold in this period."),
)

FIGURES = (REVENUE, REVENUE_RECEIVED, GROSS_MARGIN, CREDIT_SALES)
