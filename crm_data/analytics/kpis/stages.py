"""Figures about the way through the pipeline: passing stages, being put off, standing still."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.dimensions import EVERYBODY, STAGE
from crm_data.analytics.kpi import Counting, Kpi
from crm_data.analytics.pipeline import NEEDS
from crm_data.analytics.stages import passage_rows, push_rows, stalled_rows
from crm_data.analytics.statistics import wilson
from crm_data.vocabulary import N_, Better, Unit

_PASSED = pl.col("passed")

STAGE_CONVERSION = Kpi(
    key="stage_conversion",
    label=N_("Stage conversion"),
    meaning=N_(
        "Of the opportunities that entered an open stage in the period, the share that got further since. Each counts "
        "once a stage, lost ones too; a stage jumped over counts as passed."
    ),
    formula=N_("Opportunities that reached a later stage / opportunities that entered the stage"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=N_("Day of entering the stage"),
    needs=("opportunities", "stage_stays", "stages"),
    rows=passage_rows,
    value=_PASSED.mean(),
    tally={"passed": _PASSED.sum(), "still": pl.col("still").sum()},
    limits=wilson(_PASSED.sum(), pl.len()),
    counting=Counting.WINDOW,
    by=(STAGE, *EVERYBODY),
    empty=N_("No opportunity entered an open stage in this period."),
)

SLIPPAGE = Kpi(
    key="slippage",
    label=N_("Expected closes put off"),
    meaning=N_("How many times an expected close was moved to a later month; the first 24 hours do not count."),
    formula=N_("Number of moves of the expected close to a later month"),
    unit=Unit.COUNT,
    better=Better.LOWER,
    day=N_("Day of the move"),
    needs=("opportunities", "opportunity_events"),
    rows=push_rows,
    value=pl.len(),
    n=pl.col("id").n_unique(),
    tally={"opportunities": pl.col("id").n_unique(), "days": pl.col("pushed_days").sum()},
    additive=True,
    by=EVERYBODY,
)

STALLED = Kpi(
    key="stalled",
    label=N_("Stalled opportunities"),
    meaning=N_(
        "Open opportunities without a next step ahead that have stayed in their stage longer than three of four won "
        "ones did, or have heard nothing from us for long. Time counts from the last movement."
    ),
    formula=N_("Number of open opportunities that stand still"),
    unit=Unit.COUNT,
    better=Better.LOWER,
    day=N_("Today"),
    needs=(*NEEDS, "stage_stays", "activities"),
    rows=stalled_rows,
    value=pl.len(),
    counting=Counting.NOW,
    additive=True,
    by=(*EVERYBODY, STAGE),
)

FIGURES = (STAGE_CONVERSION, SLIPPAGE, STALLED)
