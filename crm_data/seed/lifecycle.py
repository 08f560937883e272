"""How far the demo company's relation with each customer has come, and every step on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update

from crm_data.models import Customer, LifecycleMove
from crm_data.seed import points
from crm_data.seed.deals import Deal
from crm_data.seed.plot import Client, Plot
from crm_data.seed.sheets import Row
from crm_data.vocabulary import LifecycleStage, StageKind

_Steps = list[tuple[date, LifecycleStage, str | None]]
_GROWING_AFTER, _STEADY_AFTER = 120, 480
_TALKING = (LifecycleStage.CONTACTED, LifecycleStage.NEEDS, LifecycleStage.SOLUTION, LifecycleStage.SOLUTION)


def walk(plot: Plot, clients: list[Client], deals: list[Deal]) -> None:
    """Write the steps of a chunk of customers and where they stand now, with their tier."""
    talks: dict[int, list[Deal]] = {}
    for deal in deals:
        talks.setdefault(deal.client.id, []).append(deal)
    moves: list[Row] = []
    places: list[dict[str, Any]] = []
    for client in clients:
        steps = _steps(plot, client, talks.get(client.id, []))
        moves += _moves(plot, client, steps)
        places.append({"key": client.id, "stage_now": steps[-1][1], "tier_now": points.tier_of(plot, client)})
    plot.sheets.write(LifecycleMove, moves)
    table = Customer.__table__
    statement = update(Customer).where(table.c.id == bindparam("key"))
    values: dict[str, Any] = {"stage": bindparam("stage_now"), "tier": bindparam("tier_now")}
    plot.sheets.session.connection().execute(statement.values(values), places)


def _steps(plot: Plot, client: Client, deals: list[Deal]) -> _Steps:
    steps: _Steps = [(client.acquired_on, LifecycleStage.PROSPECT, None)]
    bought = sorted(each.day for each in client.spent)
    for day, stage in _talks(deals, bought[0] if bought else None):
        steps.append((day, stage, None))
    if bought:
        steps.append((bought[0], LifecycleStage.WON, "首次成交 First purchase"))
        steps += _loyal(plot, client, bought)
    return steps


def _talks(deals: list[Deal], until: date | None) -> list[tuple[date, LifecycleStage]]:
    """Give how far the first opportunity brought the talks, each stage once."""
    seen: dict[LifecycleStage, date] = {}
    stays = deals[0].stays if deals else []
    for place, (stage, entered, _left) in enumerate(stays):
        if stage.kind is StageKind.OPEN and (until is None or entered < until):
            seen.setdefault(_TALKING[min(place, len(_TALKING) - 1)], entered)
    return [(day, stage) for stage, day in seen.items()]


def _loyal(plot: Plot, client: Client, bought: list[date]) -> _Steps:
    steps: _Steps = []
    running = any(each.ends_on and each.ends_on >= plot.today for each in client.spent)
    for days, stage in ((_GROWING_AFTER, LifecycleStage.GROWING), (_STEADY_AFTER, LifecycleStage.MAINTAINED)):
        later = next((day for day in bought if (day - bought[0]).days >= days), None)
        if later:
            steps.append((later, stage, "再次购买 Bought again"))
    silent = bought[-1] + timedelta(days=240)
    if silent < plot.today and not running:
        last = max([silent, *(day for day, _stage, _why in steps)])
        steps.append((last, LifecycleStage.AT_RISK, "长期未购买 No purchase for long"))
    return steps


def _moves(plot: Plot, client: Client, steps: _Steps) -> list[Row]:
    rng = plot.dice("moves", client.number)
    before: LifecycleStage | None = None
    moment = datetime.min.replace(tzinfo=UTC)
    made = []
    for day, stage, reason in steps:
        moment = max(plot.at(rng, day), moment + timedelta(minutes=5))
        row = {
            "customer_id": client.id,
            "from_stage": before,
            "to_stage": stage,
            "at": moment,
            "user_id": client.seller.id,
            "reason": reason,
        }
        made.append(row)
        before = stage
    return made
