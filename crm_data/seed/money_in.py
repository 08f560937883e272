"""What agreements oblige both sides to: milestones we owe, instalments they owe, and what came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from crm_data.models import Instalment, Milestone, Receipt
from crm_data.seed import chance
from crm_data.seed.agreements import Agreement, pays_late
from crm_data.seed.plot import Plot
from crm_data.seed.sheets import Row
from crm_data.vocabulary import ReceiptMethod

_QUARTERS = 3
_CARE = ("季度巡检 Quarterly inspection", "滤芯更换 Filter change")


def write(plot: Plot, agreements: list[Agreement]) -> None:
    """Write milestones, instalments and receipts of the signed agreements."""
    milestones: list[Row] = []
    instalments: list[Row] = []
    receipts: list[Row] = []
    for each in agreements:
        if each.draft:
            continue
        rng = plot.dice("money", each.client.number, each.starts_on, each.term)
        own = {"contract_id": each.id, "customer_id": each.client.id, "created_at": plot.at(rng, each.signed_on)}
        milestones += [row | own for row in _milestones(rng, plot, each)]
        dues = list(_instalments(each))
        instalments += [{"due_on": due, "amount": amount} | own for due, amount in dues]
        receipts += [row | own for row in _receipts(rng, plot, each, dues)]
    plot.sheets.write(Milestone, milestones)
    plot.sheets.write(Instalment, instalments)
    plot.sheets.write(Receipt, receipts)


def _milestones(rng: Random, plot: Plot, each: Agreement) -> Iterator[Row]:
    first = [("交付 Delivery", 10), ("验收 Acceptance", 25)] if each.renews is None else []
    months = (each.ends_on - each.starts_on).days // 30
    care = [(rng.choice(_CARE), 30 * month) for month in range(_QUARTERS, months + 1, _QUARTERS)]
    for title, after in [*first, *care]:
        due = each.starts_on + timedelta(days=after)
        late = rng.randint(1, 16) if rng.random() < 0.17 else -rng.randint(0, 6)
        done = due + timedelta(days=late)
        missed = done > plot.last or rng.random() < 0.02
        yield {"title": title, "due_on": due, "done_on": None if missed else max(done, each.starts_on)}


def _instalments(each: Agreement) -> Iterator[tuple[date, int]]:
    """Split the amount over the quarters of the agreement, to the last cent."""
    months = round((each.ends_on - each.starts_on).days / 30.4)
    count = max(1, months // _QUARTERS)
    for place in range(count):
        share = each.amount * (place + 1) // count - each.amount * place // count
        yield chance.months_later(each.starts_on, _QUARTERS * place) + timedelta(days=29), share


def _receipts(rng: Random, plot: Plot, each: Agreement, dues: list[tuple[date, int]]) -> Iterator[Row]:
    for due, amount in dues:
        late = rng.randint(70, 150) if pays_late(each.client) else _usual_delay(rng, each)
        received = due + timedelta(days=late)
        if received > plot.last or (rng.random() < 0.012 and not pays_late(each.client)):
            continue
        share = amount // 2 if rng.random() < 0.03 else amount
        yield {
            "received_on": received,
            "amount": share,
            "method": rng.choices((ReceiptMethod.TRANSFER, ReceiptMethod.CHEQUE), weights=(19, 1))[0],
            "reference": f"TT{rng.randint(100_000, 999_999)}",
        }
        rest = received + timedelta(days=rng.randint(15, 40))
        if share != amount and rest <= plot.last:
            yield {"received_on": rest, "amount": amount - share, "method": ReceiptMethod.TRANSFER, "reference": None}


def _usual_delay(rng: Random, each: Agreement) -> int:
    return rng.randint(-12, 4) if rng.random() < 0.45 + 0.35 * each.client.mood else rng.randint(5, 40)
