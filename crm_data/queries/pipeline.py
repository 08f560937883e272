"""The pipeline as a board: the stages with what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from crm_data import access
from crm_data.access import Actor
from crm_data.mirror import read_frame
from crm_data.models import Customer, Opportunity, Stage, StageStay, User
from crm_data.queries import rates
from crm_data.queries.listing import Offer, Wanted, narrow, page_of
from crm_data.queries.opportunities import OFFER
from crm_data.terms import today
from crm_data.vocabulary import StageKind

# Won and lost would fill up for ever: the board shows what was closed lately.
CLOSED_SINCE = timedelta(days=30)
_CARDS = Offer(
    searched=OFFER.searched, filters=OFFER.filters, sorts={"expected": OFFER.sorts["expected"]}, key=OFFER.key
)


@dataclass(frozen=True)
class Column:
    """One stage of the board.

    Amounts in minor units of the base currency; `unpriced` counts those without an amount or a rate. `cards` has the
    first cards: id, number, name, customer_id, customer, owner, amount, currency, probability, outcome, opened_on,
    closed_on, expected_close_on, contact_id, competitor, next_step, next_step_on, lost_reason, stage_id, days_here.
    """

    stage: Stage
    count: int
    amount: int
    weighted: int
    unpriced: int
    cards: pl.DataFrame


def stages(session: Session, actor: Actor) -> Sequence[Stage]:
    """List the stages in the order of the pipeline."""
    wanted = access.visible(actor, select(Stage), Stage)
    return session.scalars(wanted.order_by(Stage.position, Stage.id)).all()


def board(session: Session, actor: Actor, *, wanted: Wanted, cards: int = 20) -> list[Column]:
    """Give the board: open opportunities by stage, and those that were won or lost within the last 30 days."""
    sums = _sums(session, actor, wanted)
    worth = rates.newest(session)
    shown = []
    for stage in stages(session, actor):
        amounts = [row for row in sums if row.stage_id == stage.id]
        first = replace(wanted, filters={**wanted.filters, "stage": [stage.id]}, sort="expected", page=1, size=cards)
        statement = _current(session, access.visible(actor, _card_columns(), Opportunity))
        priced = [(row, worth.in_base(int(row.amount or 0), currency=row.currency)) for row in amounts]
        shown.append(
            Column(
                stage=stage,
                count=sum(row.count for row in amounts),
                amount=sum(amount or 0 for _, amount in priced),
                weighted=worth.total((_hundredth(int(row.weighted or 0)), row.currency) for row in amounts),
                unpriced=sum(row.count if amount is None else row.count - row.priced for row, amount in priced),
                cards=page_of(session, statement, wanted=first, offer=_CARDS).rows,
            )
        )
    days = days_here(session, pl.concat([column.cards.select("id", "stage_id", "opened_on") for column in shown]))
    return [replace(column, cards=column.cards.join(days, on="id", how="left")) for column in shown]


def days_here(session: Session, rows: pl.DataFrame) -> pl.DataFrame:
    """Give the days that opportunities (id, stage_id, opened_on) have spent in their present stage: id, days_here.

    All their stays there are added up, so that a move that was undone does not begin the count anew; without a stay it
    counts from the opening.
    """
    day = today(session)
    wanted = select(
        StageStay.opportunity_id.label("id"), StageStay.stage_id, StageStay.entered_on, StageStay.left_on
    ).where(StageStay.opportunity_id.in_(rows["id"].to_list()))
    stays = read_frame(session.connection(), wanted).join(rows, on=["id", "stage_id"], how="semi")
    spent = (pl.col("left_on").fill_null(day) - pl.col("entered_on")).dt.total_days().clip(0).sum()
    known = stays.group_by("id").agg(days_here=spent)
    since = (pl.lit(day) - pl.col("opened_on")).dt.total_days().clip(0)
    return rows.join(known, on="id", how="left").select("id", pl.col("days_here").fill_null(since))


def _sums(session: Session, actor: Actor, wanted: Wanted) -> Sequence[Any]:
    columns = (
        select(
            Opportunity.stage_id,
            Opportunity.currency,
            func.count().label("count"),
            func.count(Opportunity.amount).label("priced"),
            func.sum(Opportunity.amount).label("amount"),
            func.sum(Opportunity.amount * Opportunity.probability).label("weighted"),
        )
        .select_from(Opportunity)
        .join(Customer, Customer.id == Opportunity.customer_id)
        .group_by(Opportunity.stage_id, Opportunity.currency)
    )
    return session.execute(
        _current(session, narrow(access.visible(actor, columns, Opportunity), wanted=wanted, offer=OFFER))
    ).all()


def _card_columns() -> Any:
    owner = aliased(User)
    own = (
        "id", "number", "name", "customer_id", "amount", "currency", "probability", "outcome", "opened_on", "closed_on",
        "expected_close_on", "contact_id", "competitor", "next_step", "next_step_on", "lost_reason", "stage_id",
    )  # fmt: skip
    return (
        select(*(getattr(Opportunity, name) for name in own), Customer.name.label("customer"),
               owner.name.label("owner"))
        .join(Customer, Customer.id == Opportunity.customer_id)
        .outerjoin(owner, owner.id == Opportunity.owner_id)
    )  # fmt: skip


def _current(session: Session, statement: Any) -> Any:
    since = today(session) - CLOSED_SINCE
    return statement.where((Opportunity.outcome == StageKind.OPEN) | (Opportunity.closed_on >= since))


def _hundredth(amount: int) -> int:
    return (1 if amount >= 0 else -1) * ((2 * abs(amount) + 100) // 200)
