"""What somebody puts into a basket: products that are on sale, that go together, and what the lines come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from crm_data import money
from crm_data.seed import chance
from crm_data.seed.plot import Good, Plot
from crm_data.seed.sheets import Row

# Who buys a device soon needs what it consumes.
_GOES_WITH = {
    "AIR-010": "AIR-110", "AIR-020": "AIR-120", "WAT-010": "WAT-110", "WAT-020": "WAT-110", "WAT-030": "WAT-120",
    "COF-010": "COF-120", "COF-020": "COF-110", "COF-900": "SRV-020", "WAT-900": "SRV-010", "AIR-900": "SRV-040",
    "LIG-900": "LIG-110", "LIG-010": "LIG-110",
}  # fmt: skip
_FADING_DAYS = 150


@dataclass(frozen=True)
class Item:
    """A product with quantity in thousandths, price in ten-thousandths of the contract's currency, and discount."""

    good: Good
    quantity_e3: int
    price_e4: int
    discount_bp: int
    amount: int

    def line(self) -> Row:
        """Give what a line of an opportunity or contract says."""
        return {
            "product_id": self.good.id,
            "quantity_e3": self.quantity_e3,
            "unit_price_e4": self.price_e4,
            "discount_bp": self.discount_bp,
            "amount": self.amount,
        }


def item(good: Good, *, quantity: int, discount_bp: int, rate: float, currency: str) -> Item:
    """Price a product in a currency; `rate` is what one unit of it is worth in the base currency."""
    price = round(good.price_e4 / rate) if rate == 1 else round(good.price_e4 / rate / 10_000) * 10_000
    amount = money.line_amount(
        quantity_e3=quantity * 1000, unit_price_e4=price, discount_bp=discount_bp, currency=currency
    )
    return Item(good, quantity * 1000, price, discount_bp, amount)


def again(before: Item, *, quantity_e3: int, currency: str) -> Item:
    """Give the same product at the same price in another quantity; a negative one is a return."""
    amount = money.line_amount(
        quantity_e3=quantity_e3, unit_price_e4=before.price_e4, discount_bp=before.discount_bp, currency=currency
    )
    return Item(before.good, quantity_e3, before.price_e4, before.discount_bp, amount)


def choose(rng: Random, plot: Plot, *, day: date, count: int, business: bool) -> list[Good]:
    """Pick different products that are on sale on a day, and what goes with them."""
    weights = {good: _appeal(good, day) for good in plot.goods if good.business is business or business}
    chosen: list[Good] = []
    for _turn in range(count):
        good = chance.pick(rng, {each: weight for each, weight in weights.items() if weight and each not in chosen})
        chosen.append(good)
        partner = _by_sku(plot.goods, _GOES_WITH.get(good.sku, ""))
        if partner and partner not in chosen and partner.launched_on <= day and rng.random() < 0.45:
            chosen.append(partner)
    return chosen


def _appeal(good: Good, day: date) -> float:
    if day < good.launched_on:
        return 0.0
    fading = 1.0
    if good.dying_from and day > good.dying_from:
        fading = max(0.0, 1 - (day - good.dying_from).days / _FADING_DAYS)
    return good.appeal * fading


def _by_sku(goods: Sequence[Good], sku: str) -> Good | None:
    return next((good for good in goods if good.sku == sku), None)
