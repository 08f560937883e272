"""The schema on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from crm_data import db, schema


def test_the_tables_are_what_the_models_say(any_engine: Engine) -> None:
    assert schema.differences(any_engine) == []


@pytest.mark.parametrize("empty_url", ["sqlite", "postgresql", "mariadb"], indirect=True)
def test_two_servers_that_start_at_once_make_the_schema_once(empty_url: str) -> None:
    engines = [db._engine.__wrapped__(empty_url) for _ in "12"]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(schema.upgrade, engines))
    current = schema.is_current(engines[0])
    for bind in engines:
        bind.dispose()
    assert current
