"""The demo company's ledger of loyalty points, as the programme's own rules would have booked it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from crm_data import money
from crm_data.models import LoyaltyEntry
from crm_data.seed.plot import Client, Plot
from crm_data.seed.sheets import Row
from crm_data.vocabulary import LoyaltyEntryKind

_FEWEST_TO_SPEND = 40


def book(plot: Plot, clients: list[Client]) -> None:
    """Write the points that customers earned, spent and lost."""
    plot.sheets.write(LoyaltyEntry, [row for client in clients for row in _ledger(plot, client)])


def tier_of(plot: Plot, client: Client) -> str | None:
    """Give the tier that the points earned within a year lead to; None without a purchase."""
    if not client.spent:
        return None
    since = plot.today - timedelta(days=365)
    earned = sum(_points(plot, each.amount) for each in client.spent if each.day > since)
    return next((tier.name for tier in reversed(plot.tiers) if max(earned, 0) >= tier.threshold), None)


def _points(plot: Plot, amount: int) -> int:
    """Give the whole points for an amount in the base currency; a return has negative ones."""
    unit: int = 10 ** money.decimals(plot.terms.base_currency)
    points = abs(amount) * plot.terms.points_per_hundred // (100 * unit)
    return points if amount >= 0 else -points


def _ledger(plot: Plot, client: Client) -> Iterator[Row]:
    """Give a customer's entries in order: what was spent counts against the oldest points first."""
    rng = plot.dice("points", client.number)
    balance = used = due = 0
    alive: list[tuple[date, int]] = []
    for each in sorted(client.spent, key=lambda spending: spending.day):
        for row in _expired(plot, client, alive, (due, used), each.day):
            due, used, balance = row.pop("due"), row.pop("used"), balance + row["points"]
            yield row
        points = _points(plot, each.amount)
        points = max(points, -balance)
        if points:
            yield _entry(plot, client, each.day, points) | {"contract_id": each.contract_id}
        if points > 0:
            alive.append((each.day + timedelta(days=plot.terms.points_expire_days), points))
        balance, used = balance + points, used + max(-points, 0)
        if balance >= _FEWEST_TO_SPEND and rng.random() < 0.15:
            spent = _spent(rng, plot, client, each.day, balance)
            yield spent
            balance, used = balance + spent["points"], used - spent["points"]
    for row in _expired(plot, client, alive, (due, used), plot.today):
        row.pop("due"), row.pop("used")
        yield row


def _spent(rng: Random, plot: Plot, client: Client, day: date, balance: int) -> Row:
    points = -max(1, round(balance * rng.uniform(0.4, 0.95)))
    return _entry(plot, client, day, points) | {"kind": LoyaltyEntryKind.SPENT, "reason": "兑换 Redeemed"}


def _expired(
    plot: Plot, client: Client, alive: list[tuple[date, int]], sums: tuple[int, int], until: date
) -> Iterator[Row]:
    due, used = sums
    while alive and alive[0][0] < until:
        last, points = alive.pop(0)
        due += points
        if due > used:
            row = _entry(plot, client, last + timedelta(days=1), used - due)
            used = due
            yield row | {"kind": LoyaltyEntryKind.EXPIRED, "due": due, "used": used}


def _entry(plot: Plot, client: Client, day: date, points: int) -> Row:
    days = plot.terms.points_expire_days
    return {
        "customer_id": client.id,
        "kind": LoyaltyEntryKind.EARNED if points > 0 else LoyaltyEntryKind.ADJUSTED,
        "points": points,
        "on": day,
        "expires_on": day + timedelta(days=days) if points > 0 and days else None,
        "at": plot.at(plot.dice("point", client.number, day), day),
    }
