"""Opportunities and the board as the screens show them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import NotFoundError
from crm_data.models import ExchangeRate
from crm_data.queries import opportunities, pipeline
from crm_data.queries.listing import Wanted
from crm_data.services import opportunities as service
from tests import factories


def found(session: Session, actor: Actor, **wanted: object) -> list[str]:
    return opportunities.listing(session, actor, wanted=Wanted(sort="name", **wanted)).rows["name"].to_list()  # type: ignore[arg-type]


def test_an_opportunity_is_found_by_part_of_its_customers_name(session: Session, root: Actor) -> None:
    factories.an_opportunity(session, factories.a_customer(session, name="瑞丰机械"), name="Pumps")
    factories.an_opportunity(session, factories.a_customer(session), name="Valves")
    assert found(session, root, search="丰机") == ["Pumps"]


def test_percent_signs_are_searched_for_as_they_are(session: Session, root: Actor) -> None:
    factories.an_opportunity(session, factories.a_customer(session), name="50% more")
    factories.an_opportunity(session, factories.a_customer(session), name="500 more")
    assert found(session, root, search="50% M") == ["50% more"]


def test_a_seller_sees_their_own_only(session: Session, seller: Actor) -> None:
    factories.an_opportunity(session, factories.a_customer(session, owner_id=seller.user_id), name="Mine")
    factories.an_opportunity(session, factories.a_customer(session, owner_id=factories.a_user(session).id))
    assert found(session, seller) == ["Mine"]


def test_amounts_sort_with_the_unknown_last_downwards(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    for name, amount in (("A", 5), ("B", None), ("C", 9)):
        factories.an_opportunity(session, customer, name=name, amount=amount)
    page = opportunities.listing(session, root, wanted=Wanted(sort="amount", descending=True))
    assert page.rows["name"].to_list() == ["C", "A", "B"]


def test_a_page_is_cut_and_the_total_counts_all(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    for name in "ABCDE":
        factories.an_opportunity(session, customer, name=name)
    page = opportunities.listing(session, root, wanted=Wanted(sort="name", page=2, size=2))
    assert (page.rows["name"].to_list(), page.total, page.more) == (["C", "D"], 5, False)


def test_a_guessed_number_shows_nothing(session: Session, seller: Actor) -> None:
    theirs = factories.an_opportunity(session, factories.a_customer(session, owner_id=factories.a_user(session).id))
    with pytest.raises(NotFoundError):
        opportunities.record(session, seller, theirs.id)


def test_the_parts_of_a_hidden_opportunity_are_hidden_too(session: Session, seller: Actor, root: Actor) -> None:
    theirs = factories.an_opportunity(session, factories.a_customer(session, owner_id=factories.a_user(session).id))
    assert opportunities.events(session, root, theirs.id).height > 0
    assert opportunities.events(session, seller, theirs.id).height == 0


def test_the_board_adds_up_in_the_base_currency(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    session.add(ExchangeRate(currency="JPY", day=date(2026, 6, 1), rate_e6=50_000))
    factories.an_opportunity(session, customer, amount=100_001)
    factories.an_opportunity(session, customer, amount=1_000, currency="JPY")  # 50.00 yuan
    factories.an_opportunity(session, customer, amount=1_000, currency="USD")  # no rate
    factories.an_opportunity(session, customer, amount=None)
    column = pipeline.board(session, root, wanted=Wanted())[2]
    assert (column.count, column.amount, column.weighted, column.unpriced) == (4, 105_001, 50_001 + 2_500, 2)


def test_the_board_shows_what_was_closed_lately_but_not_long_ago(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    factories.an_opportunity(session, customer, at="won", name="Fresh")
    factories.an_opportunity(session, customer, at="won", name="Old", closed_on=date(2026, 1, 1))
    columns = {column.stage.key: column for column in pipeline.board(session, root, wanted=Wanted())}
    assert columns["won"].cards["name"].to_list() == ["Fresh"]


def test_a_card_says_how_long_it_has_been_in_its_stage_in_all(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    values = {"customer_id": customer.id, "name": "A", "opened_on": date(2026, 6, 5)}
    row = service.create(session, root, values=values)
    for key in ("needs", "qualification"):  # there and back on one day, as an undo does
        service.move(session, root, row.id, to=factories.stage(session, key).id)
    columns = {column.stage.key: column for column in pipeline.board(session, root, wanted=Wanted())}
    assert columns["qualification"].cards["days_here"].to_list() == [10]


def test_the_board_is_searched_like_the_list(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    factories.an_opportunity(session, customer, name="Pumps")
    factories.an_opportunity(session, customer, name="Valves")
    assert [column.count for column in pipeline.board(session, root, wanted=Wanted(search="pump"))] == [
        0,
        0,
        1,
        0,
        0,
        0,
    ]


def test_a_look_up_offers_the_customers_own(session: Session, root: Actor) -> None:
    customer = factories.a_customer(session)
    row = factories.an_opportunity(session, customer, name="Pumps")
    factories.an_opportunity(session, factories.a_customer(session), name="Pumps too")
    assert opportunities.choices(session, root, search="pumps", customer_id=customer.id) == {
        row.id: f"{row.number} Pumps"
    }
