"""Plants the demo company: three years of its life up to yesterday, and what lies ahead of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import clock
from crm_data.models import LoyaltyTier, Stage
from crm_data.seed import (
    agreements,
    catalogue,
    chance,
    contactlog,
    contacts,
    customers,
    deals,
    drives,
    lifecycle,
    members,
    money_in,
    opinions,
    opportunities,
    points,
    rates,
    sales,
    staff,
    stretches,
    targets,
    todo,
)
from crm_data.seed.plot import Plot
from crm_data.seed.sheets import Sheets
from crm_data.services import changes, defaults
from crm_data.terms import terms
from crm_data.vocabulary import ChangeAction, SurveyKind

CUSTOMERS, SEED = 2_000, 7
_CHUNK = 500
Progress = Callable[[int, int], None]


def plant(session: Session, *, customers: int = 120, seed: int = SEED, progress: Progress | None = None) -> int:
    """Write the demo company into a writing session as its change set and give the number of rows.

    The same seed, size and day give the same data. Raises CrmError when the demo company is here already.
    """
    stretches.refuse_second(session)
    defaults.install(session)
    changes.current(session).action = ChangeAction.DEMO
    session.flush()
    plot = _ground(session, customers=customers, seed=seed)
    life = _Life(opinions.draw_up(plot.sheets), contactlog.set_up(plot.sheets))
    for first in range(0, customers, _CHUNK):
        _live(plot, life, first=first, count=min(_CHUNK, customers - first))
        if progress:
            progress(min(first + _CHUNK, customers), customers)
    targets.set_goals(plot, life.reached)
    stretches.note(session, plot.sheets.ranges)
    return sum(last - first + 1 for kept in plot.sheets.ranges.values() for first, last in kept)


@dataclass
class _Life:
    """What goes on from one chunk of customers to the next."""

    polls: dict[SurveyKind, opinions.Poll]
    touchpoints: tuple[int, ...]
    reached: targets.Reached
    opportunities: int = 0
    agreements: int = 0
    sales: int = 0

    def __init__(self, polls: dict[SurveyKind, opinions.Poll], touchpoints: tuple[int, ...]) -> None:
        self.polls, self.touchpoints, self.reached = polls, touchpoints, Counter()


def _ground(session: Session, *, customers: int, seed: int) -> Plot:
    house = terms(session)
    zone = ZoneInfo(house.time_zone)
    today = clock.today(zone=house.time_zone)
    begun = chance.months_later(today.replace(day=1), -36)
    sheets = Sheets(session, moment=datetime.combine(begun, time(8), zone).astimezone(UTC))
    people = staff.hire(sheets)
    campaigns = drives.plan(
        sheets, rng=chance.dice(seed, "campaigns"), today=today, currency=house.base_currency, staff=people,
        customers=customers,
    )  # fmt: skip
    return Plot(
        sheets=sheets,
        seed=seed,
        today=today,
        zone=zone,
        terms=house,
        staff=people,
        goods=catalogue.stock(sheets, today=today),
        drives=campaigns,
        stages=tuple(session.scalars(select(Stage).where(Stage.deleted_at.is_(None)).order_by(Stage.position))),
        tiers=tuple(
            session.scalars(select(LoyaltyTier).where(LoyaltyTier.deleted_at.is_(None)).order_by(LoyaltyTier.threshold))
        ),
        rates=rates.quote(sheets, rng=chance.dice(seed, "rates"), today=today, base=house.base_currency),
    )


def _live(plot: Plot, life: _Life, *, first: int, count: int) -> None:
    """Tell and write the story of the next customers."""
    clients = customers.meet(plot, first=first, count=count)
    contacts.introduce(plot, clients)
    contacts.agree(plot, clients)
    members.invite(plot, clients)
    talks = deals.tell(plot, clients)
    opportunities.write(plot, talks, number=life.opportunities)
    signed = agreements.sign(plot, talks)
    agreements.write(plot, signed, number=life.agreements)
    money_in.write(plot, signed)
    life.sales += sales.ring_up(plot, clients, number=life.sales)
    life.opportunities += len(talks)
    life.agreements += len(signed)
    lifecycle.walk(plot, clients, talks)
    contactlog.talk(plot, clients, talks, touchpoints=life.touchpoints)
    todo.plan(plot, clients, talks, signed)
    opinions.ask(plot, clients, polls=life.polls, touchpoints=life.touchpoints)
    points.book(plot, clients)
    members.report(plot, clients)
    targets.add(plot, life.reached, clients=clients, deals=talks)
