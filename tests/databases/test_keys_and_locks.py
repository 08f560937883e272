"""Many writers at once on every database: no key twice, no lock error, no lost save."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.models import Customer
from crm_data.services import changes, customers
from crm_data.vocabulary import ChangeAction

THREADS, SAVES = 8, 20


def at_once(act: Callable[[int], Any], *, threads: int = THREADS) -> list[Any]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(act, range(threads)))


def save(engine: Engine, actor: Actor, act: Callable[[Session], Any]) -> Any:
    def run() -> Any:
        with changes.writing(engine, actor, action=ChangeAction.EDIT) as session:
            return act(session)

    return db.retrying(run)


def test_eight_threads_never_get_the_same_key(any_engine: Engine) -> None:
    def take(_number: int) -> list[int]:
        keys: list[int] = []
        for count in (1, 7, 300, 1, 600):
            with db.transaction(any_engine) as session:
                keys += db.take_keys(session, table="customers", count=count)
        return keys

    taken = [key for keys in at_once(take) for key in keys]
    assert len(taken) == len(set(taken)) == THREADS * 909


def test_eight_writers_with_twenty_saves_each_lose_none(any_engine: Engine, root: Actor) -> None:
    def write(number: int) -> None:
        for turn in range(SAVES):
            save(any_engine, root, lambda s: customers.create(s, root, values={"name": f"客户 {number}-{turn}"}))  # noqa: B023

    at_once(write)
    with db.reading(any_engine) as session:
        names = session.scalars(select(Customer.name)).all()
    assert len(set(names)) == THREADS * SAVES


def test_eight_editors_of_one_record_save_one_after_the_other(any_engine: Engine, root: Actor) -> None:
    customer = save(any_engine, root, lambda s: customers.create(s, root, values={"name": "A", "employees": 0}))

    def raise_by_one(_number: int) -> None:
        save(any_engine, root, lambda s: _one_more(s, customer.id))

    at_once(raise_by_one)
    with db.reading(any_engine) as session:
        assert session.get(Customer, customer.id).employees == THREADS


def _one_more(session: Session, customer_id: int) -> None:
    row = session.get(Customer, customer_id)
    row.employees += 1


def test_a_deadlock_is_tried_again(any_engine: Engine, root: Actor) -> None:
    pair = [save(any_engine, root, lambda s: customers.create(s, root, values={"name": "A"})).id for _ in "12"]
    both_hold_one = Barrier(2)

    def cross(number: int) -> None:
        tries = iter([True])
        save(any_engine, root, lambda s: _touch_both(s, pair if number else pair[::-1], meet=next(tries, False)))

    def _touch_both(session: Session, keys: list[int], *, meet: bool) -> None:
        for key in keys:
            session.get(Customer, key).employees = (session.get(Customer, key).employees or 0) + 1
            session.flush()
            if meet and key == keys[0] and any_engine.dialect.name != "sqlite":
                both_hold_one.wait(timeout=10)

    at_once(cross, threads=2)
    with db.reading(any_engine) as session:
        assert [session.get(Customer, key).employees for key in pair] == [2, 2]


def test_a_server_that_is_gone_is_said_in_words(any_engine: Engine) -> None:
    def fail() -> None:
        raise OperationalError("SELECT 1", {}, any_engine.dialect.dbapi.OperationalError("connection refused"))

    with pytest.raises(CrmError, match="cannot be reached"):
        db.retrying(fail)


def test_a_connection_that_the_server_closed_is_replaced(any_engine: Engine, root: Actor) -> None:
    with any_engine.connect() as connection:
        connection.connection.dbapi_connection.close()
    customer = save(any_engine, root, lambda s: customers.create(s, root, values={"name": "A"}))
    assert customer.id > 0
