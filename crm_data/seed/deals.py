"""How the demo company's opportunities went: stage by stage, won, lost or still open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from crm_data.models import Stage
from crm_data.seed import baskets, chance
from crm_data.seed.baskets import Item
from crm_data.seed.customers import LATE_PAYER
from crm_data.seed.plot import Client, Drive, Plot
from crm_data.vocabulary import CustomerKind, StageKind

# For the first, second … open stage: usual days in it, and the chance that it ends there.
_DAYS = (16, 20, 24, 17)
_LOSS = (0.22, 0.18, 0.19, 0.14)
_NEXT_AFTER_DAYS = 250


@dataclass
class Deal:
    """An opportunity from its first to its last day; `stays` are (stage, entered, left)."""

    client: Client
    opened_on: date
    items: list[Item]
    drive: Drive | None = None
    stays: list[tuple[Stage, date, date | None]] = field(default_factory=list)
    id: int = 0

    @property
    def stage(self) -> Stage:
        """Where it is now."""
        return self.stays[-1][0]

    @property
    def amount(self) -> int:
        """The sum of its lines in its currency."""
        return sum(item.amount for item in self.items)

    @property
    def closed_on(self) -> date | None:
        """The day on which it was won or lost."""
        return None if self.stage.kind is StageKind.OPEN else self.stays[-1][1]

    @property
    def is_won(self) -> bool:
        """Whether the customer signed."""
        return self.stage.kind is StageKind.WON


def tell(plot: Plot, clients: list[Client]) -> list[Deal]:
    """Make up the opportunities of all companies, oldest first."""
    deals = [deal for client in clients if client.is_business for deal in _of(plot, client)]
    return sorted(deals, key=lambda deal: (deal.opened_on, deal.client.number))


def _of(plot: Plot, client: Client) -> list[Deal]:
    rng = plot.dice("deals", client.number)
    deals = [_deal(rng, plot, client, day) for day in _days(rng, plot, client)]
    for invite in client.invites:
        if not invite.control and rng.random() < invite.drive.pull and invite.drive.last < plot.last:
            day = chance.weekday(invite.drive.first + timedelta(days=rng.randint(1, 20)))
            if client.acquired_on <= day <= plot.last and client.here_on(day):
                deal = _deal(rng, plot, client, day)
                deal.drive = invite.drive
                invite.bought_on = deal.closed_on if deal.is_won else None
                deals.append(deal)
    return deals


def _days(rng: Random, plot: Plot, client: Client) -> list[date]:
    days = []
    day = client.acquired_on + timedelta(days=rng.randint(0, 30))
    while day <= plot.last and client.here_on(day):
        days.append(min(chance.weekday(day), plot.last))
        pause = _NEXT_AFTER_DAYS / (2 if client.story == LATE_PAYER else 1)
        day += timedelta(days=40 + round(rng.expovariate(1 / pause)))
    return days


def _deal(rng: Random, plot: Plot, client: Client, day: date) -> Deal:
    deal = Deal(client, day, _items(rng, plot, client, day))
    _walk(rng, plot, deal)
    return deal


def _items(rng: Random, plot: Plot, client: Client, day: date) -> list[Item]:
    rate = plot.rates.get(client.currency, 1.0)
    goods = baskets.choose(rng, plot, day=day, count=rng.choice((1, 1, 2, 2, 3)), business=True)
    size = client.size * (3.5 if client.story == LATE_PAYER else 1)
    return [
        baskets.item(
            good,
            quantity=max(1, round(size * rng.lognormvariate(1.2 if good.business else 2.8, 0.6))),
            discount_bp=rng.choice((0, 0, 0, 300, 500, 800, 1200)),
            rate=rate,
            currency=client.currency,
        )
        for good in goods
    ]


def _walk(rng: Random, plot: Plot, deal: Deal) -> None:
    """Let an opportunity pass the stages until it is closed or history ends."""
    stages = [stage for stage in plot.stages if stage.kind is StageKind.OPEN]
    place, entered = 0, deal.opened_on
    while True:
        seller = deal.client.seller
        days = chance.days_of(rng, median=_DAYS[min(place, 3)] * seller.pace, spread=0.6)
        left = chance.weekday(entered + timedelta(days=days))
        if left > plot.last:
            deal.stays.append((stages[place], entered, None))
            return
        deal.stays.append((stages[place], entered, left))
        entered = left
        ending = _ending(rng, deal, place, len(stages))
        if ending is not None:
            final = next(stage for stage in plot.stages if stage.kind is ending)
            deal.stays.append((final, left, None))
            return
        place = _next(rng, place, len(stages))


def _ending(rng: Random, deal: Deal, place: int, count: int) -> StageKind | None:
    """Tell whether a stay ends in a signature, a loss or another stage."""
    loss = _LOSS[min(place, 3)] * deal.client.seller.luck * (0.3 if deal.client.story else 1)
    if rng.random() < loss * (1.25 - 0.4 * deal.client.mood):
        return StageKind.LOST
    return StageKind.WON if place == count - 1 else None


def _next(rng: Random, place: int, count: int) -> int:
    turn = rng.random()
    if turn < 0.04 and place > 0:
        return place - 1
    return min(place + (2 if turn > 0.93 else 1), count - 1)


def is_buyer(kind: CustomerKind) -> bool:
    """Tell whether a kind of customer buys without negotiating."""
    return kind in {CustomerKind.PERSON, CustomerKind.RETAILER, CustomerKind.DISTRIBUTOR}
