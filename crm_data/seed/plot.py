"""What all parts of the demo company share: the days it covers, who works there, what it sells, whom it serves."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from crm_data import money
from crm_data.models import LoyaltyTier, Stage
from crm_data.seed import chance
from crm_data.seed.sheets import Sheets
from crm_data.vocabulary import CampaignKind, CustomerKind, LifecycleStage
from crm_data.vocabulary.terms import Terms

YEARS = 3


@dataclass(frozen=True)
class Seller:
    """A user who owns customers; `pace` above one is slower, `luck` above one loses more."""

    id: int
    name: str
    team: str
    pace: float = 1.0
    luck: float = 1.0


@dataclass(frozen=True)
class Staff:
    """Who works here, by what they do."""

    sellers: tuple[Seller, ...]
    service: tuple[int, ...]
    marketing: tuple[int, ...]
    teams: dict[str, int]


@dataclass(frozen=True, eq=False)
class Good:
    """A product; prices in ten-thousandths of the base currency, `appeal` its weight when customers choose."""

    id: int
    sku: str
    name: str
    branch: str
    price_e4: int
    cost_e4: int
    appeal: float
    launched_on: date
    dying_from: date | None = None
    business: bool = False


@dataclass(frozen=True)
class Drive:
    """A campaign as far as it touches customers: whom it aims at and how well it does."""

    id: int
    name: str
    kind: CampaignKind
    wins_new: bool
    audience: CustomerKind
    first: date
    last: date
    reach: float
    pull: float
    control_share: int
    owner_id: int
    variants: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plot:
    """The ground that everything grows on. History ends yesterday, so that no moment lies ahead."""

    sheets: Sheets
    seed: int
    today: date
    zone: ZoneInfo
    terms: Terms
    staff: Staff
    goods: tuple[Good, ...]
    drives: tuple[Drive, ...]
    stages: tuple[Stage, ...]
    tiers: tuple[LoyaltyTier, ...]
    rates: dict[str, float]

    @property
    def first(self) -> date:
        """The first day of the history."""
        return history_start(self.today)

    @property
    def last(self) -> date:
        """The last day of the history: yesterday."""
        return self.today - timedelta(days=1)

    def dice(self, *names: object) -> Random:
        """Give the chance of one matter."""
        return chance.dice(self.seed, *names)

    def worth(self, amount: int, currency: str) -> int:
        """Give what an amount in minor units is worth in minor units of the base currency, about."""
        if currency == self.terms.base_currency:
            return amount
        places = money.decimals(self.terms.base_currency) - money.decimals(currency)
        return round(amount * self.rates[currency] * math.pow(10, places))

    def at(self, rng: Random, day: date) -> datetime:
        """Give a moment in the working hours of a day."""
        return chance.at(rng, day, self.zone)


@dataclass
class Invite:
    """A customer's part in a campaign: held out, or reached and perhaps moved to buy on a day."""

    drive: Drive
    control: bool
    bought_on: date | None = None


@dataclass
class Client:
    """A customer while its story is told; `mood` from 0 to 1 is what it thinks of the company."""

    number: int
    kind: CustomerKind
    name: str
    chinese: bool
    region: str
    city: str
    seller: Seller
    acquired_on: date
    mood: float
    size: float
    currency: str
    left_on: date | None = None
    story: str = ""
    id: int = 0
    contacts: list[int] = field(default_factory=list)
    invites: list[Invite] = field(default_factory=list)
    spent: list[Spending] = field(default_factory=list)
    talks: list[tuple[date, LifecycleStage]] = field(default_factory=list)

    @property
    def is_business(self) -> bool:
        """Whether it buys by negotiation and agreement."""
        return self.kind is CustomerKind.COMPANY

    def here_on(self, day: date) -> bool:
        """Tell whether the customer still was one on a day."""
        return self.left_on is None or day < self.left_on


@dataclass(frozen=True)
class Spending:
    """A signed contract or sale of a customer, in minor units of the base currency."""

    contract_id: int
    day: date
    amount: int
    agreement: bool
    ends_on: date | None = None


def history_start(today: date) -> date:
    """Give the first day of the three years of history."""
    return chance.months_later(today.replace(day=1), -12 * YEARS)
