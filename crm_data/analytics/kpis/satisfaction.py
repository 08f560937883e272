"""Figures about what customers say: would they recommend us, are they satisfied, was it easy, do they answer."""

from __future__ import annotations

import polars as pl

from crm_data.analytics.dimensions import EVERYBODY, SURVEY
from crm_data.analytics.kpi import Counting, Kpi, Remark, ratio
from crm_data.analytics.satisfaction import (
    DETRACTOR,
    EASY,
    NEEDS,
    PROMOTER,
    detractor_rows,
    effort_rows,
    invitation_rows,
    occasion_rows,
    recommendation_rows,
    satisfaction_rows,
)
from crm_data.analytics.statistics import adjusted_wald, t_limits, wilson
from crm_data.vocabulary import N_, Better, Unit

_ANSWERED = N_("Day of the answer")
_NOBODY = N_("Nobody answered in this period.")
_BY = (SURVEY, *EVERYBODY)
_FEWEST = 10
_PROMOTERS, _DETRACTORS = (pl.col("score") >= PROMOTER).sum(), (pl.col("score") <= DETRACTOR).sum()
_SCORE = ratio(100 * (_PROMOTERS.cast(pl.Int64) - _DETRACTORS.cast(pl.Int64)), pl.len())
_CLASSES = {"promoters": _PROMOTERS, "passives": pl.len() - _PROMOTERS - _DETRACTORS, "detractors": _DETRACTORS}
_FEW_CLASSES = N_("{promoters} promoters and {detractors} detractors among {n} answers; a score needs {needed}.")
_TOP, _IS_EASY, _IN_TIME = pl.col("top"), pl.col("score") >= EASY, pl.col("in_time")

NPS = Kpi(
    key="nps",
    label=N_("Recommendation (NPS)"),
    meaning=N_(
        "The share of customers who would recommend us (9 or 10) less the share who would not (0 to 6), asked about "
        "the relation as a whole. Each respondent's last answer counts; who skipped the question did not answer."
    ),
    formula=N_("(Promoters − detractors) / answers × 100"),
    unit=Unit.POINTS,
    better=Better.HIGHER,
    day=_ANSWERED,
    needs=NEEDS,
    rows=recommendation_rows,
    value=_SCORE,
    min_n=_FEWEST,
    tally=_CLASSES,
    few=_FEW_CLASSES,
    limits=adjusted_wald(_PROMOTERS, _DETRACTORS, pl.len()),
    counting=Counting.WINDOW,
    by=_BY,
    empty=_NOBODY,
)

NPS_TRANSACTIONAL = Kpi(
    key="nps_transactional",
    label=N_("Recommendation after an occasion"),
    meaning=N_("The same score from surveys about single occasions; it is never mixed with that about the relation."),
    formula=NPS.formula,
    unit=Unit.POINTS,
    better=Better.HIGHER,
    day=_ANSWERED,
    needs=NEEDS,
    rows=occasion_rows,
    value=_SCORE,
    min_n=_FEWEST,
    tally=_CLASSES,
    few=_FEW_CLASSES,
    limits=adjusted_wald(_PROMOTERS, _DETRACTORS, pl.len()),
    by=_BY,
    empty=_NOBODY,
)

CSAT = Kpi(
    key="csat",
    label=N_("Satisfaction (CSAT)"),
    meaning=N_(
        "The share of answers in the best box of their scale: the best of 3, the best two of 4 to 7, the best three of "
        "10. Answers on another scale or occasion than most are left out."
    ),
    formula=N_("Answers in the best box / answers"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=_ANSWERED,
    needs=NEEDS,
    rows=satisfaction_rows,
    value=_TOP.mean(),
    min_n=_FEWEST,
    tally={"satisfied": _TOP.sum()},
    few=N_("{satisfied} of {n} answers are in the best box; a share needs {needed}."),
    limits=wilson(_TOP.sum(), pl.len()),
    counting=Counting.WINDOW,
    by=_BY,
    remarks=(Remark(pl.col("others").max(), N_("Answers on another scale or occasion, left out: {count}.")),),
    empty=_NOBODY,
)

CES = Kpi(
    key="ces",
    label=N_("Ease (CES)"),
    meaning=N_(
        "How easy customers find it to deal with us, from 1 to 7 with 7 the easiest; turned scales are turned back."
    ),
    formula=N_("Mean of the answers"),
    unit=Unit.SCALE,
    better=Better.HIGHER,
    day=_ANSWERED,
    needs=NEEDS,
    rows=effort_rows,
    value=pl.col("score").mean(),
    min_n=_FEWEST,
    tally={"easy": _IS_EASY.sum()},
    few=N_("{easy} of {n} answers say it was easy; a mean needs {needed}."),
    limits=t_limits(pl.col("score")),
    counting=Counting.WINDOW,
    by=_BY,
    empty=_NOBODY,
)

CES_EASY = Kpi(
    key="ces_easy",
    label=N_("Share that finds it easy"),
    meaning=N_("The share of answers about effort that say it was easy: 5, 6 or 7 of 7."),
    formula=N_("Answers of 5 to 7 / answers"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=_ANSWERED,
    needs=NEEDS,
    rows=effort_rows,
    value=_IS_EASY.mean(),
    min_n=_FEWEST,
    tally={"easy": _IS_EASY.sum()},
    few=CES.few,
    limits=wilson(_IS_EASY.sum(), pl.len()),
    counting=Counting.WINDOW,
    by=_BY,
    empty=_NOBODY,
)

RESPONSE_RATE = Kpi(
    key="response_rate",
    label=N_("Response rate"),
    meaning=N_("Of the invitations sent in the period that arrived, the share answered since, even after the period."),
    formula=N_("Answered / delivered invitations"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=N_("Day of sending"),
    needs=("invitations", *NEEDS),
    rows=invitation_rows,
    value=pl.col("answered").mean(),
    tally={"answered": pl.col("answered").sum()},
    limits=wilson(pl.col("answered").sum(), pl.len()),
    by=_BY,
    empty=N_("No invitation was sent in this period."),
)

FOLLOW_UP_RATE = Kpi(
    key="follow_up_rate",
    label=N_("Detractors contacted in time"),
    meaning=N_("Of the detractors' answers in the period, the share that somebody followed up within 48 hours."),
    formula=N_("Followed up within 48 hours / answers of detractors"),
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    day=_ANSWERED,
    needs=NEEDS,
    rows=detractor_rows,
    value=_IN_TIME.mean(),
    n=_IN_TIME.count(),
    tally={"in_time": _IN_TIME.sum()},
    limits=wilson(_IN_TIME.sum(), _IN_TIME.count()),
    by=_BY,
    remarks=(Remark(_IN_TIME.is_null().sum(), N_("Answered less than 48 hours ago, left out: {count}.")),),
    empty=N_("No detractor answered in this period."),
)

FIGURES = (NPS, NPS_TRANSACTIONAL, CSAT, CES, CES_EASY, RESPONSE_RATE, FOLLOW_UP_RATE)
