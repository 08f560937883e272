"""What needs somebody now: stalled opportunities, overdue money, renewals, unhappy customers, spent budgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from crm_data.analytics import campaigns, contracts, receivables, satisfaction
from crm_data.analytics.periods import Period, between
from crm_data.analytics.pipeline import NEEDS as PIPELINE_NEEDS
from crm_data.analytics.stages import stalled_rows
from crm_data.analytics.tables import Tables, gather
from crm_data.vocabulary import N_, CampaignStatus, Labelled

_YEAR = timedelta(days=365)
COLUMNS = ("kind", "id", "customer_id", "owner_id", "reason", "day", "days", "amount", "number")


class Reason(Labelled):
    """Why a record needs action; the label is a sentence with {days}, {amount} and {number}."""

    IDLE_STAGE = "idle_stage", N_("In its stage for {days} days, longer than usual.")
    SILENT = "silent", N_("Nothing happened for {days} days.")
    OVERDUE = "overdue", N_("{amount} overdue for {days} days.")
    RENEWAL = "renewal", N_("Runs out in {days} days.")
    NOTICE_PASSED = "notice_passed", N_("Runs out in {days} days; the day of notice has passed.")
    UNHEARD = "unheard", N_("Answered {number} of 10 {days} days ago; nobody has been in touch.")
    OVER_BUDGET = "over_budget", N_("Spent {amount} more than the budget.")


Needing = Callable[[Tables, Period], pl.LazyFrame]


@dataclass(frozen=True, eq=False)
class Matter:
    """One kind of thing that needs action: `rows` gives the records as of a period's today, the most urgent first.

    Columns: kind, id, customer_id, owner_id, reason (a value of Reason), day, days, amount (minor units of the base
    currency) and number, the last three null where the reason does not speak of them.
    """

    key: str
    label: str
    needs: tuple[str, ...]
    rows: Needing


def stalled(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the open opportunities that stand still, the most valuable first."""
    today = _today(period)
    rows = stalled_rows(tables, today)
    idle = (pl.col("days_in_stage") > pl.col("stage_limit")).fill_null(value=False)
    return _shaped(
        rows.sort("amount", descending=True, nulls_last=True),
        reason=pl.when(idle).then(pl.lit(Reason.IDLE_STAGE.value)).otherwise(pl.lit(Reason.SILENT.value)),
        days=pl.when(idle).then("days_in_stage").otherwise("silent_days"),
        amount=pl.col("amount"),
    )


def overdue(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the instalments past due and not fully paid, the largest open amount first."""
    rows = receivables.due_rows(tables, _today(period)).filter(pl.col("days_overdue") > 0)
    return _shaped(
        rows.sort("open", descending=True, nulls_last=True).with_columns(day=pl.col("due_on")),
        reason=pl.lit(Reason.OVERDUE.value),
        days=pl.col("days_overdue"),
        amount=pl.col("open"),
    )


def renewals(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the agreements that run out within the notice that the terms name and have no signed successor yet."""
    today = period.calendar.today
    last = today + timedelta(days=tables.terms.renewal_notice_days)
    rows = contracts.expiring_rows(tables, between(today, last, calendar=period.calendar))
    late = (pl.col("notice_on") < today).fill_null(value=False)
    return _shaped(
        rows.filter(pl.col("renewal") == contracts.Renewal.OPEN).sort("day", "id"),
        reason=pl.when(late).then(pl.lit(Reason.NOTICE_PASSED.value)).otherwise(pl.lit(Reason.RENEWAL.value)),
        days=(pl.col("day") - pl.lit(today)).dt.total_days(),
        amount=pl.col("amount"),
    )


def unheard(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the detractors' answers of the last year that nobody followed up, the newest first."""
    today = period.calendar.today
    rows = satisfaction.detractor_rows(tables, between(today - _YEAR, today, calendar=period.calendar))
    return _shaped(
        rows.filter(pl.col("followed_up_at").is_null()).sort("answered_at", "id", descending=True),
        reason=pl.lit(Reason.UNHEARD.value),
        days=(pl.lit(today) - pl.col("day")).dt.total_days(),
        number=pl.col("score"),
    )


def over_budget(tables: Tables, period: Period) -> pl.LazyFrame:  # noqa: ARG001 - all matters are asked alike
    """Give the campaigns, not finished or cancelled, that cost more than their budget, the furthest over first."""
    rows = campaigns.campaign_rows(tables, None)
    over = pl.col("cost") - pl.col("budget")
    done = pl.col("status").is_in([CampaignStatus.FINISHED.value, CampaignStatus.CANCELLED.value])
    chosen = rows.filter(over > 0, ~done).with_columns(over=over)
    return _shaped(chosen.sort("over", descending=True), reason=pl.lit(Reason.OVER_BUDGET.value), amount=pl.col("over"))


STALLED = Matter(
    "stalled",
    N_("Stalled opportunities"),
    (*PIPELINE_NEEDS, "stage_stays", "activities"),
    stalled,
)
OVERDUE = Matter("overdue", N_("Overdue instalments"), receivables.NEEDS, overdue)
RENEWALS = Matter("renewals", N_("Renewals due"), contracts.NEEDS, renewals)
UNHEARD = Matter("unheard", N_("Detractors without a follow-up"), satisfaction.NEEDS, unheard)
OVER_BUDGET = Matter("over_budget", N_("Campaigns over budget"), campaigns.NEEDS, over_budget)

MATTERS = (OVERDUE, STALLED, RENEWALS, UNHEARD, OVER_BUDGET)


def needing_action(matters: Sequence[Matter], tables: Tables, *, period: Period) -> Mapping[str, pl.DataFrame]:
    """Compute what needs action as of the period's today in one pass, by key of the matter (columns: see Matter)."""
    frames = gather([matter.rows(tables, period) for matter in matters])
    return {matter.key: frame for matter, frame in zip(matters, frames, strict=True)}


def _today(period: Period) -> Period:
    return between(period.calendar.today, period.calendar.today, calendar=period.calendar)


def _shaped(rows: pl.LazyFrame, *, reason: pl.Expr, **said: pl.Expr) -> pl.LazyFrame:
    values = [said.get(name, pl.lit(None)).cast(pl.Int64).alias(name) for name in ("days", "amount", "number")]
    return rows.select("kind", "id", "customer_id", "owner_id", reason.alias("reason"), "day", *values)
