"""Figures about contracts: what runs out, what is renewed, what we kept of our promises."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.contracts import NEEDS, Renewal, ending_rows, expiring_rows, milestone_rows
from crm_data.analytics.dimensions import EVERYBODY, Dimension, by_column
from crm_data.analytics.kpi import UNCONVERTIBLE, Kpi, Remark, ratio
from crm_data.analytics.statistics import wilson
from crm_data.vocabulary import N_, Better, Unit

_LAST_DAY = N_("Last day of the agreement")
_RENEWED, _ON_TIME = pl.col("renewed"), pl.col("on_time")
_DECIDED = pl.col("amount").filter(_RENEWED.is_not_null())
_OPEN = Remark(_RENEWED.is_null().sum(), N_("Not decided yet, left out: {count}."))
_NONE_ENDED = N_("No agreement whose renewal is decided ended in this period.")
RENEWAL = Dimension(key="renewal", label=N_("Renewal"), attach=by_column("renewal"), vocabulary=Renewal)

RENEWAL_RATE = Kpi(
    key="renewal_rate",
    label=N_("Renewal rate"),
    meaning=N_(
        "Of the agreements whose last day lies in the period, the share with a signed successor, early or late. Those "
        "that still run and are not renewed yet are left out."
    ),
    formula=N_("Renewed / (renewed + not renewed)"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=_LAST_DAY,
    needs=NEEDS,
    rows=ending_rows,
    value=_RENEWED.mean(),
    n=_RENEWED.count(),
    tally={"renewed": _RENEWED.sum(), "lapsed": (~_RENEWED).sum(), "late": pl.col("late").sum()},
    limits=wilson(_RENEWED.sum(), _RENEWED.count()),
    by=EVERYBODY,
    remarks=(_OPEN,),
    empty=_NONE_ENDED,
)

RENEWAL_RATE_VALUE = Kpi(
    key="renewal_rate_value",
    label=N_("Renewal rate by value"),
    meaning=N_("Of the amounts of agreements whose last day lies in the period, the share that was renewed."),
    formula=N_("Amount of renewed agreements / amount of decided agreements"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=_LAST_DAY,
    needs=NEEDS,
    rows=ending_rows,
    value=ratio(pl.col("amount").filter(_RENEWED).sum(), _DECIDED.sum()),
    n=_DECIDED.count(),
    by=EVERYBODY,
    remarks=(_OPEN, UNCONVERTIBLE),
    empty=_NONE_ENDED,
)

EXPIRING_VALUE = Kpi(
    key="expiring_value",
    label=N_("Value running out"),
    meaning=N_("What the agreements that end in the period are worth a year, renewed or not; terminated ones are out."),
    formula=N_("Sum of amount × 365 / days of the term"),
    unit=Unit.MONEY,
    better=Better.NEITHER,
    day=_LAST_DAY,
    needs=NEEDS,
    rows=expiring_rows,
    value=pl.col("annual").sum(),
    additive=True,
    ahead=True,
    by=(RENEWAL, *EVERYBODY),
    remarks=(UNCONVERTIBLE,),
)

FULFILMENT_RATE = Kpi(
    key="fulfilment_rate",
    label=N_("Fulfilment rate"),
    meaning=N_(
        "Of the milestones due in the period, the share done on the day or before. Days to come do not count yet."
    ),
    formula=N_("Milestones done in time / milestones due"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=N_("Day due"),
    needs=("contracts", "milestones"),
    rows=milestone_rows,
    value=_ON_TIME.mean(),
    tally={"in_time": _ON_TIME.sum(), "late": (~_ON_TIME).sum()},
    limits=wilson(_ON_TIME.sum(), pl.len()),
    by=EVERYBODY,
    empty=N_("No milestone was due in this period."),
)

FIGURES = (RENEWAL_RATE, RENEWAL_RATE_VALUE, EXPIRING_VALUE, FULFILMENT_RATE)
