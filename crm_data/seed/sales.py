"""The demo company's one-off sales: shop and web orders, stock orders of the trade, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crm_data.models import Contract, ContractLine
from crm_data.seed import baskets, chance
from crm_data.seed.baskets import Item
from crm_data.seed.customers import FADING_GOLD
from crm_data.seed.deals import is_buyer
from crm_data.seed.plot import Client, Plot, Spending
from crm_data.seed.sheets import Row
from crm_data.vocabulary import ContractKind, ContractStatus, CustomerKind

_FADING_DAYS = 270


@dataclass
class Sale:
    """What one customer bought, or brought back, on a day."""

    client: Client
    day: date
    items: list[Item]

    @property
    def amount(self) -> int:
        """The sum of its lines."""
        return sum(item.amount for item in self.items)


def ring_up(plot: Plot, clients: list[Client], *, number: int) -> int:
    """Make up and write the sales of a chunk of customers and give how many there were."""
    sales = [sale for client in clients if is_buyer(client.kind) for sale in _of(plot, client)]
    sales.sort(key=lambda sale: (sale.day, sale.client.number))
    rows = [_row(plot, sale) for sale in sales]
    for place, row in enumerate(rows, start=number + 1):
        row["number"] = f"DS-{row['signed_on'].year}-{place:06d}"
    keys = plot.sheets.write(Contract, rows)
    lines = []
    for sale, key, row in zip(sales, keys, rows, strict=True):
        own = {"contract_id": key, "customer_id": sale.client.id, "created_at": row["created_at"]}
        lines += [item.line() | own | {"unit_cost_e4": item.good.cost_e4} for item in sale.items]
        sale.client.spent.append(Spending(key, sale.day, sale.amount, agreement=False))
    plot.sheets.write(ContractLine, lines)
    return len(sales)


def _of(plot: Plot, client: Client) -> list[Sale]:
    rng = plot.dice("sales", client.number)
    sales: list[Sale] = []
    for day in _days(rng, plot, client):
        sale = Sale(client, day, _items(rng, plot, client, day))
        sales.append(sale)
        back = day + timedelta(days=rng.randint(3, 20))
        if rng.random() < 0.045 - 0.03 * client.mood and back <= plot.last:
            item = rng.choice(sale.items)
            returned = baskets.again(item, quantity_e3=-item.quantity_e3, currency=client.currency)
            sales.append(Sale(client, back, [returned]))
    return sales


def _days(rng: Random, plot: Plot, client: Client) -> list[date]:
    """Give the days on which a customer bought: its own rhythm, busier in season, and what campaigns moved."""
    trade = client.kind is not CustomerKind.PERSON
    usual = rng.uniform(26, 48) if trade else rng.lognormvariate(4.75, 0.6)
    days = set()
    day = client.acquired_on + timedelta(days=rng.randint(0, 8 if trade else 25))
    if not trade and rng.random() < 0.12:
        day = plot.today  # signed up and never bought
    while day <= plot.last and client.here_on(day):
        days.add(_in_season(rng, plot, client, day))
        gap = usual / chance.SEASON[day.month]
        if client.story == FADING_GOLD:
            gap = 20 if (plot.last - day).days > _FADING_DAYS else 62
        day += timedelta(days=max(2, round(gap * (0.6 + 0.4 * rng.expovariate(1)))))
    bought = (invite.bought_on for invite in client.invites if invite.bought_on)
    return sorted(days | {each for each in bought if each <= plot.last})


def _in_season(rng: Random, plot: Plot, client: Client, day: date) -> date:
    """Move a purchase by some weeks to where people buy anyway."""
    leeway = timedelta(days=10 if client.kind is not CustomerKind.PERSON else 35)
    first, last = max(day - leeway, client.acquired_on), min(day + leeway, plot.last)
    return chance.busy_day(rng, first, last)


def _items(rng: Random, plot: Plot, client: Client, day: date) -> list[Item]:
    trade = client.kind is not CustomerKind.PERSON
    count = rng.choice((3, 4, 5)) if trade else rng.choice((1, 1, 1, 2, 2, 3))
    years = (day - plot.first).days / 365
    sold = []
    for good in baskets.choose(rng, plot, day=day, count=count, business=False):
        quantity = (
            round(client.size * (1 + 0.05 * years) * rng.uniform(6, 22)) if trade else rng.choice((1, 1, 1, 1, 2, 3))
        )
        if client.story == FADING_GOLD:
            quantity = rng.randint(38, 60) if (plot.last - day).days > _FADING_DAYS else rng.randint(5, 14)
        discount = rng.choice((1500, 2000, 2500)) if trade else rng.choice((0, 0, 0, 0, 500, 1000))
        sold.append(
            baskets.item(good, quantity=max(1, quantity), discount_bp=discount, rate=1.0, currency=client.currency)
        )
    return sold


def _row(plot: Plot, sale: Sale) -> Row:
    rng = plot.dice("sale", sale.client.number, sale.day)
    return {
        "kind": ContractKind.SALE,
        "customer_id": sale.client.id,
        "title": f"{'退货 Return' if sale.amount < 0 else '订单 Order'} · {sale.items[0].good.name}",
        "status": ContractStatus.FULFILLED,
        "signed_on": sale.day,
        "starts_on": sale.day,
        "amount": sale.amount,
        "currency": sale.client.currency,
        "owner_id": sale.client.seller.id,
        "region": sale.client.region,
        "created_at": plot.at(rng, sale.day),
    }
