"""The dated log of opportunities: whatever changes them, it is written with the change."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Opportunity, OpportunityEvent, StageStay
from crm_data.services import changes, opportunities, undoing
from crm_data.vocabulary import ChangeAction, LostReason, OpportunityEventKind
from tests import factories


def made(session: Session, actor: Actor) -> Opportunity:
    values = {
        "customer_id": factories.a_customer(session).id,
        "name": "A",
        "amount": 100,
        "opened_on": date(2026, 6, 1),
    }
    return opportunities.create(session, actor, values=values)


def events(session: Session, kind: OpportunityEventKind) -> list[tuple[str | None, str | None]]:
    wanted = select(OpportunityEvent).where(OpportunityEvent.kind == kind).order_by(OpportunityEvent.id)
    return [(event.old, event.new) for event in session.scalars(wanted)]


def stays(session: Session) -> list[tuple[int, date, date | None, int | None]]:
    wanted = session.scalars(select(StageStay).order_by(StageStay.id))
    return [(stay.stage_id, stay.entered_on, stay.left_on, stay.next_stage_id) for stay in wanted]


def test_a_new_opportunity_writes_down_what_it_starts_with(session: Session, root: Actor) -> None:
    made(session, root)
    kinds = session.scalars(select(OpportunityEvent.kind).order_by(OpportunityEvent.id)).all()
    assert kinds == ["created", "stage", "amount", "probability"]


def test_a_move_closes_one_stay_and_opens_the_next(session: Session, root: Actor) -> None:
    row = made(session, root)
    first, needs = row.stage_id, factories.stage(session, "needs").id
    opportunities.move(session, root, row.id, to=needs)
    today = date(2026, 6, 15)
    assert stays(session) == [(first, date(2026, 6, 1), today, needs), (needs, today, None, None)]


def test_a_stay_that_ends_reaches_the_analysis(session: Session, root: Actor) -> None:
    row = made(session, root)
    stay = session.scalars(select(StageStay)).one()
    stay.rev = 0
    opportunities.move(session, root, row.id, to=factories.stage(session, "needs").id)
    assert stay.rev == db.stamp(session)


def test_changed_values_are_written_down_with_old_and_new(session: Session, root: Actor) -> None:
    row = made(session, root)
    opportunities.edit(session, root, row.id, version=1, base={"amount": 100}, mine={"amount": 250})
    assert events(session, OpportunityEventKind.AMOUNT) == [(None, "100"), ("100", "250")]


def test_what_is_brought_in_closed_stands_in_its_stage_from_the_closing_day(session: Session, root: Actor) -> None:
    values = {
        "customer_id": factories.a_customer(session).id, "name": "A", "stage_id": factories.stage(session, "lost").id,
        "opened_on": date(2025, 1, 1), "closed_on": date(2025, 3, 1), "lost_reason": LostReason.PRICE,
    }  # fmt: skip
    opportunities.create(session, root, values=values)
    assert [entered for _, entered, _, _ in stays(session)] == [date(2025, 3, 1)]


def test_undoing_a_move_is_a_move_back(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        row = made(session, root)
        first, won = row.stage_id, factories.stage(session, "won").id
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        opportunities.move(session, root, row.id, to=won)
        moved = changes.change_set_id(session)
    with changes.writing(engine, root, action=ChangeAction.UNDO) as session:
        undoing.undo(session, root, moved)
    with db.reading(engine) as session:
        back = session.get_one(Opportunity, row.id)
        assert (back.stage_id, back.closed_on, back.probability) == (first, None, 10)
        assert events(session, OpportunityEventKind.STAGE)[1:] == [(str(first), str(won)), (str(won), str(first))]
        assert [stage for stage, _, left, _ in stays(session) if left is None] == [first]
