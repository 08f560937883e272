"""Writes the demo company's opportunities with their lines, their dated log and their stays in the stages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from crm_data.models import Opportunity, OpportunityEvent, OpportunityLine, StageStay
from crm_data.seed import chance
from crm_data.seed.deals import Deal
from crm_data.seed.plot import Plot
from crm_data.seed.sheets import Row
from crm_data.vocabulary import ForecastCategory, LostReason, OpportunityEventKind, StageKind

_REASONS = {
    LostReason.PRICE: 0.3,
    LostReason.COMPETITOR: 0.2,
    LostReason.NO_BUDGET: 0.14,
    LostReason.NO_DECISION: 0.14,
    LostReason.FEATURES: 0.08,
    LostReason.TIMING: 0.08,
    LostReason.DISQUALIFIED: 0.04,
    LostReason.DUPLICATE: 0.02,
}
_RIVALS = ("灰鸥电器 Greygull", "北岬系统 Northcape", "铜铃办公 Copperbell")
_STEPS = (
    "寄送样机 Send a sample",
    "约见决策人 Meet the decider",
    "发送报价 Send the offer",
    "现场勘测 Survey the site",
)
_WORKING_SECONDS = 8 * 3600
_PATIENT = 3.0  # a slower seller than this does not look after dates


def write(plot: Plot, deals: list[Deal], *, number: int) -> None:
    """Write the opportunities of a chunk; `number` is how many there are already."""
    rows: list[Row] = []
    log: list[list[Row]] = []
    for place, deal in enumerate(deals, start=number + 1):
        rng = plot.dice("opportunity", place)
        closes = _closes(rng, plot, deal)
        rows.append(_row(rng, plot, deal, closes[-1][1]) | {"number": f"DO-{deal.opened_on.year}-{place:05d}"})
        log.append(list(_events(rng, plot, deal, rows[-1], closes)))
    for deal, key in zip(deals, plot.sheets.write(Opportunity, rows), strict=True):
        deal.id = key
    own = [(deal, {"opportunity_id": deal.id, "customer_id": deal.client.id}) for deal in deals]
    plot.sheets.write(OpportunityLine, [
        item.line() | keys | {"created_at": row["created_at"]}
        for (deal, keys), row in zip(own, rows, strict=True) for item in deal.items
    ])  # fmt: skip
    plot.sheets.write(OpportunityEvent, [
        event | keys for (_deal, keys), events in zip(own, log, strict=True) for event in events
    ])  # fmt: skip
    plot.sheets.write(StageStay, [stay | keys for deal, keys in own for stay in _stays(plot, deal)])


def _row(rng: Random, plot: Plot, deal: Deal, expected: date) -> Row:
    client, stage = deal.client, deal.stage
    begun = _moment(plot, deal, deal.opened_on)
    row: Row = {
        "customer_id": client.id,
        "contact_id": client.contacts[0] if client.contacts else None,
        "name": f"{client.name[:60]} · {deal.items[0].good.name}",
        "stage_id": stage.id,
        "outcome": stage.kind,
        "opened_on": deal.opened_on,
        "closed_on": deal.closed_on,
        "amount": deal.amount,
        "currency": client.currency,
        "probability": stage.probability,
        "expected_close_on": expected,
        "forecast_category": _forecast(rng, deal),
        "owner_id": client.seller.id,
        "source": "营销活动 Campaign" if deal.drive else "客户经理 Account manager",
        "source_campaign_id": deal.drive.id if deal.drive else None,
        "competitor": rng.choice(_RIVALS) if rng.random() < 0.35 else None,
        "created_at": begun,
        "updated_at": _moment(plot, deal, deal.stays[-1][1]),
    }
    if stage.kind is StageKind.LOST:
        row["lost_reason"] = chance.pick(rng, _REASONS)
    if stage.kind is StageKind.OPEN and rng.random() < 0.1:
        row |= {"probability": rng.choice((0, 30, 60, 90)), "probability_set": True}
    if stage.kind is StageKind.OPEN and client.seller.pace < _PATIENT and rng.random() < 0.8:
        row |= {"next_step": rng.choice(_STEPS), "next_step_on": plot.today + timedelta(days=rng.randint(-4, 18))}
    return row


def _forecast(rng: Random, deal: Deal) -> ForecastCategory:
    if deal.stage.kind is not StageKind.OPEN:
        return ForecastCategory.COMMIT if deal.is_won else ForecastCategory.OMITTED
    if deal.stage.probability >= 70:
        return ForecastCategory.COMMIT if rng.random() < 0.5 else ForecastCategory.BEST_CASE
    return ForecastCategory.BEST_CASE if deal.stage.probability >= 50 else ForecastCategory.PIPELINE


def _closes(rng: Random, plot: Plot, deal: Deal) -> list[tuple[date, date]]:
    """Give on which day which closing day was expected: put off whenever it came too near."""
    expected = deal.opened_on + timedelta(days=chance.days_of(rng, median=75, spread=0.35))
    said = [(deal.opened_on, expected)]
    for stage, entered, _left in deal.stays[1:]:
        if stage.kind is StageKind.OPEN and expected < entered + timedelta(days=12):
            expected = entered + timedelta(days=rng.choice((21, 30, 45)))
            said.append((entered, expected))
    careless = deal.client.seller.pace >= _PATIENT and rng.random() < 0.7
    if deal.stage.kind is StageKind.OPEN and expected < plot.today and not careless:
        on = max(said[-1][0] + timedelta(days=1), expected - timedelta(days=3))
        if on <= plot.last:
            said.append((on, plot.today + timedelta(days=rng.randint(3, 60))))
    return said


def _events(rng: Random, plot: Plot, deal: Deal, row: Row, closes: list[tuple[date, date]]) -> Iterator[Row]:
    """Give the dated log as the rules of the business would have written it."""
    first = deal.stays[0][0]
    kinds = OpportunityEventKind
    changed = deal.stays[1][1] if len(deal.stays) > 1 and rng.random() < 0.3 else None
    offer = round(deal.amount * rng.uniform(0.75, 1.2)) if changed else deal.amount
    log: list[tuple[date, OpportunityEventKind, Any, Any]] = [
        (deal.opened_on, kinds.CREATED, None, None),
        (deal.opened_on, kinds.STAGE, None, first.id),
        (deal.opened_on, kinds.AMOUNT, None, offer),
        (deal.opened_on, kinds.OWNER, None, row["owner_id"]),
        (deal.opened_on, kinds.PROBABILITY, None, first.probability),
    ]
    if changed and offer != deal.amount:
        log.append((changed, kinds.AMOUNT, offer, deal.amount))
    before = None
    for on, expected in closes:
        log.append((on, kinds.EXPECTED_CLOSE, before, expected))
        before = expected
    for (old, _in, left), (new, _entered, _out) in zip(deal.stays, deal.stays[1:], strict=False):
        assert left is not None
        log.append((left, kinds.STAGE, old.id, new.id))
        log.append((left, kinds.PROBABILITY, old.probability, new.probability))
    if row.get("probability_set"):
        log.append((plot.last, kinds.PROBABILITY, deal.stage.probability, row["probability"]))
    log.sort(key=lambda entry: entry[0])
    return (_event(plot, deal, entry) for entry in log)


def _event(plot: Plot, deal: Deal, entry: tuple[date, OpportunityEventKind, Any, Any]) -> Row:
    on, kind, old, new = entry
    return {
        "kind": kind,
        "old": None if old is None else str(old),
        "new": None if new is None else str(new),
        "on": on,
        "at": _moment(plot, deal, on),
        "user_id": deal.client.seller.id,
    }


def _stays(plot: Plot, deal: Deal) -> Iterator[Row]:
    following = [stage.id for stage, _entered, _left in deal.stays[1:]]
    for (stage, entered, left), after in zip(deal.stays, [*following, None], strict=True):
        yield {
            "stage_id": stage.id,
            "entered_on": entered,
            "entered_at": _moment(plot, deal, entered),
            "left_on": left,
            "left_at": None if left is None else _moment(plot, deal, left),
            "next_stage_id": after,
        }


def _moment(plot: Plot, deal: Deal, day: date) -> datetime:
    """Give the one moment of a day at which everything about an opportunity happened."""
    seconds = (deal.client.number * 7_919 + day.toordinal() * 104_729) % _WORKING_SECONDS
    return datetime.combine(day, time(9), plot.zone).astimezone(UTC) + timedelta(seconds=seconds)
