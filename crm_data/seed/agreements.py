"""The demo company's agreements: signed after a win, renewed or not, with lines, obligations and money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crm_data.models import Contract, ContractLine
from crm_data.seed import baskets, chance, places
from crm_data.seed.baskets import Item
from crm_data.seed.customers import LATE_PAYER
from crm_data.seed.deals import Deal
from crm_data.seed.plot import Client, Plot, Spending
from crm_data.seed.sheets import Row
from crm_data.vocabulary import ContractKind, ContractStatus


@dataclass
class Agreement:
    """A contract that runs for a time; `term` counts the renewals from nought."""

    client: Client
    signed_on: date
    starts_on: date
    ends_on: date
    items: list[Item]
    deal: Deal | None = None
    term: int = 0
    terminated: bool = False
    draft: bool = False
    renews: Agreement | None = None
    renewed: bool = False
    id: int = 0

    @property
    def amount(self) -> int:
        """The sum of its lines in its currency."""
        return sum(item.amount for item in self.items)


def sign(plot: Plot, deals: list[Deal]) -> list[Agreement]:
    """Make up the agreements of won opportunities with all their renewals, first terms first."""
    terms = [agreement for deal in deals if deal.is_won for agreement in _chain(plot, deal)]
    drafts = [_draft(plot, deal) for deal in deals if deal.stage.probability == _almost(plot)][::3]
    return sorted([*terms, *drafts], key=lambda each: each.term)


def write(plot: Plot, agreements: list[Agreement], *, number: int) -> None:
    """Write agreements term by term, so that a renewal finds what it renews, with their lines."""
    lines: list[Row] = []
    for term in sorted({each.term for each in agreements}):
        ours = [each for each in agreements if each.term == term]
        rows = [_row(plot, each) for each in ours]
        for place, row in enumerate(rows, start=number + 1):
            row["number"] = f"DA-{(row['signed_on'] or plot.today).year}-{place:05d}"
        number += len(rows)
        for each, key in zip(ours, plot.sheets.write(Contract, rows), strict=True):
            each.id = key
            lines += [line | {"created_at": rows[0]["created_at"]} for line in _lines(each)]
            _remember(plot, each)
    plot.sheets.write(ContractLine, lines)


def _chain(plot: Plot, deal: Deal) -> Iterator[Agreement]:
    rng = plot.dice("agreement", deal.client.number, deal.opened_on)
    assert deal.closed_on is not None
    signed = min(deal.closed_on + timedelta(days=rng.randint(0, 6)), plot.last)
    starts = chance.months_later(signed.replace(day=1), 1)
    months = rng.choice((12, 12, 12, 24))
    each = Agreement(deal.client, signed, starts, _end(starts, months), deal.items, deal)
    while True:
        yield each
        follower = _renewal(rng, plot, each, months)
        if follower is None:
            return
        each.renewed = True
        each = follower


def _renewal(rng: Random, plot: Plot, each: Agreement, months: int) -> Agreement | None:
    """Renew an agreement some weeks before or after its end, or not at all."""
    client = each.client
    signed = chance.weekday(each.ends_on + timedelta(days=rng.randint(-45, 10)))
    loyal = 0.62 + 0.35 * client.mood - (0.18 if client.region == places.SOUTHWEST else 0)
    each.terminated = rng.random() < 0.04
    if (
        each.terminated
        or signed > plot.last
        or not client.here_on(each.ends_on)
        or rng.random() > loyal
        or not _lasting(each)
    ):
        return None
    growth = rng.uniform(0.9, 1.35)
    items = [
        baskets.again(
            item, quantity_e3=max(1, round(item.quantity_e3 * growth / 1000)) * 1000, currency=client.currency
        )
        for item in each.items
        if item.good.dying_from is None
    ]
    starts = each.ends_on + timedelta(days=1)
    return Agreement(client, signed, starts, _end(starts, months), items, term=each.term + 1, renews=each)


def _lasting(each: Agreement) -> bool:
    return any(item.good.dying_from is None for item in each.items)


def _draft(plot: Plot, deal: Deal) -> Agreement:
    starts = chance.months_later(plot.today.replace(day=1), 1)
    return Agreement(deal.client, plot.today, starts, _end(starts, 12), deal.items, deal, draft=True)


def _almost(plot: Plot) -> int:
    return max(stage.probability for stage in plot.stages if stage.probability < 100)


def _end(starts: date, months: int) -> date:
    return chance.months_later(starts, months) - timedelta(days=1)


def _row(plot: Plot, each: Agreement) -> Row:
    rng = plot.dice("terms", each.client.number, each.starts_on)
    return {
        "kind": ContractKind.AGREEMENT,
        "customer_id": each.client.id,
        "opportunity_id": each.deal.id if each.deal else None,
        "title": f"{each.items[0].good.name} · {each.client.name[:80]}",
        "status": _status(plot, each),
        "signed_on": None if each.draft else each.signed_on,
        "starts_on": each.starts_on,
        "ends_on": each.ends_on,
        "notice_on": each.ends_on - timedelta(days=rng.choice((30, 60, 90))),
        "renews_id": each.renews.id if each.renews else None,
        "auto_renewal": rng.random() < 0.3,
        "amount": each.amount,
        "currency": each.client.currency,
        "owner_id": each.client.seller.id,
        "region": each.client.region,
        "payment_terms": rng.choice(("30 天 30 days net", "60 天 60 days net", "预付 In advance")),
        "created_at": plot.at(rng, plot.last if each.draft else each.signed_on),
    }


def _status(plot: Plot, each: Agreement) -> ContractStatus:
    if each.draft:
        return ContractStatus.DRAFT
    if each.ends_on >= plot.today:
        return ContractStatus.ACTIVE
    if each.terminated:
        return ContractStatus.TERMINATED
    return ContractStatus.FULFILLED if each.renewed else ContractStatus.EXPIRED


def _lines(each: Agreement) -> Iterator[Row]:
    for item in each.items:
        yield item.line() | {
            "contract_id": each.id,
            "customer_id": each.client.id,
            "unit_cost_e4": item.good.cost_e4,
        }


def _remember(plot: Plot, each: Agreement) -> None:
    if not each.draft:
        worth = plot.worth(each.amount, each.client.currency)
        each.client.spent.append(Spending(each.id, each.signed_on, worth, True, each.ends_on))


def pays_late(client: Client) -> bool:
    """Tell whether this is the big customer that pays late."""
    return client.story == LATE_PAYER
