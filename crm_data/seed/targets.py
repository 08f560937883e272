"""The demo company's goals: by quarter, broken down from the company to teams and people."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from crm_data.models import Goal
from crm_data.seed import chance
from crm_data.seed.deals import Deal
from crm_data.seed.plot import Client, Plot
from crm_data.seed.sheets import Row

Reached = Counter[tuple[str, int, date]]
_METRICS = ("revenue", "won_amount")
_STEP = 1_000_000  # targets are round: ten thousand of the major unit
_AHEAD = 2


def add(plot: Plot, reached: Reached, *, clients: list[Client], deals: list[Deal]) -> None:
    """Add what was reached by metric, seller and quarter, in minor units of the base currency."""
    for client in clients:
        for each in client.spent:
            reached["revenue", client.seller.id, _quarter(each.day)] += each.amount
    for deal in deals:
        if deal.is_won and deal.closed_on:
            worth = plot.worth(deal.amount, deal.client.currency)
            reached["won_amount", deal.client.seller.id, _quarter(deal.closed_on)] += worth


def set_goals(plot: Plot, reached: Reached) -> None:
    """Write the targets of all quarters, some missed and some surpassed; people, teams and company add up."""
    rows: list[Row] = []
    start = _quarter(plot.first)
    for place in range(12 + _AHEAD):
        first = chance.months_later(start, 3 * place)
        days = {"starts_on": first, "ends_on": chance.months_later(first, 3) - timedelta(days=1)}
        for metric in _METRICS:
            rows += [row | days for row in _breakdown(plot, reached, metric, first)]
        rows.append({"metric": "nps", "target": 30.0 + place} | days)
    plot.sheets.write(Goal, rows)


def _breakdown(plot: Plot, reached: Reached, metric: str, first: date) -> list[Row]:
    rows: list[Row] = []
    teams: Counter[str] = Counter()
    for seller in plot.staff.sellers:
        target = _target(plot, reached, (metric, seller.id, first))
        rows.append({"metric": metric, "user_id": seller.id, "target": float(target)})
        teams[seller.team] += target
    rows += [
        {"metric": metric, "team_id": plot.staff.teams[name], "target": float(sum_)} for name, sum_ in teams.items()
    ]
    return [*rows, {"metric": metric, "target": float(teams.total())}]


def _target(plot: Plot, reached: Reached, what: tuple[str, int, date]) -> int:
    """Give a target near what was reached; above it while the quarter runs, and from last year's for those ahead."""
    metric, seller_id, first = what
    rng = plot.dice("target", metric, seller_id, first)
    base = reached[what] * rng.uniform(0.85, 1.25)
    if first == _quarter(plot.today):
        base = reached[what] * rng.uniform(1.25, 1.6)
    elif first > plot.today:
        base = reached[metric, seller_id, chance.months_later(first, -12)] * rng.uniform(1.3, 1.6)
    return max(1, round(base / _STEP)) * _STEP


def _quarter(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
