"""The same tests on every database that the product runs on: SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, delete, func, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from crm_data import db, schema
from crm_data.access import Actor, system
from crm_data.models import Base, KeyBlock, Setting
from crm_data.services import changes, defaults
from crm_data.vocabulary import ChangeAction
from tests.environment import mariadb_url, postgres_url, require_or_skip

_SERVERS: dict[str, Callable[[], str | None]] = {"postgresql": postgres_url, "mariadb": mariadb_url}
_TABLES = Base.metadata.sorted_tables


@dataclass
class Database:
    """A database of this test process's own on a server, and the rows that a new company starts with."""

    engine: Engine
    first_rows: dict[str, list[dict[str, Any]]]

    def empty(self) -> None:
        """Bring it back to a new company under another name; keys go on, for this process has reserved some."""
        with self.engine.begin() as connection:
            _without_checks(connection)
            for table in reversed(_TABLES):
                if table.name != KeyBlock.__tablename__:
                    connection.execute(delete(table))
            for table in _TABLES:
                if rows := self.first_rows.get(table.name):
                    connection.execute(insert(table), rows)
            name = update(Setting).where(Setting.key == "database_id").values(value=schema.new_database_id())
            connection.execute(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests by the server that they talk to."""
    for item in items:
        kind = getattr(item, "callspec", None) and item.callspec.params.get("any_engine")
        if kind in _SERVERS:
            item.add_marker(getattr(pytest.mark, {"postgresql": "postgres"}.get(kind, kind)))


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Database]]:
    """Give databases on the servers, each made when it is first asked for and dropped at the end."""
    made: dict[str, Database] = {}

    def database(kind: str) -> Database:
        if kind not in made:
            made[kind] = _made(kind)
        return made[kind]

    yield database
    for each in made.values():
        _drop(each.engine)


@pytest.fixture(params=["sqlite", *_SERVERS])
def any_engine(
    request: pytest.FixtureRequest,
    servers: Callable[[str], Database],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Engine]:
    """Give an engine on a new company's database on each server in turn, the one that the settings point to."""
    if request.param == "sqlite":
        template = request.getfixturevalue("template")
        shutil.copy(template, tmp_path / "guanxi.db")
        bind = db.engine(f"sqlite:///{tmp_path / 'guanxi.db'}")
    else:
        found = servers(request.param)
        found.empty()
        bind = found.engine
    monkeypatch.setenv("CRM_DATABASE_URL", bind.url.render_as_string(hide_password=False))
    yield bind
    if request.param == "sqlite":
        bind.dispose()


@pytest.fixture
def any_session(any_engine: Engine, root: Actor) -> Iterator[Session]:
    """Give a writing session of the system's, committed at the end of the test."""
    with changes.writing(any_engine, root, action=ChangeAction.EDIT) as opened:
        yield opened


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database without any table (parametrise it indirectly with the kind)."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    url = _created(request.param, suffix="_empty")
    yield url
    _drop(db.engine(url))


def _made(kind: str) -> Database:
    bind = db.engine(_created(kind))
    schema.upgrade(bind)
    with changes.writing(bind, system("tests"), action=ChangeAction.CONFIGURE) as session:
        defaults.install(session)
    with bind.connect() as connection:
        filled = [table for table in _TABLES if connection.scalar(select(func.count()).select_from(table))]
        rows = {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in filled}
    return Database(bind, {name: found for name, found in rows.items() if name != KeyBlock.__tablename__})


def _created(kind: str, *, suffix: str = "") -> str:
    url = _SERVERS[kind]()
    if url is None:
        require_or_skip(f"no {kind} server answers")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"guanxi_test_{worker}_{os.getpid()}{suffix}"
    options = " CHARACTER SET utf8mb4" if kind == "mariadb" else ""
    _run(url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}{options}")
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _drop(bind: Engine) -> None:
    bind.dispose()
    kind = "postgresql" if bind.dialect.name == "postgresql" else "mariadb"
    force = " WITH (FORCE)" if kind == "postgresql" else ""
    _run(str(_SERVERS[kind]()), f"DROP DATABASE IF EXISTS {bind.url.database}{force}")


def _run(url: str, *statements: str) -> None:
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    server.dispose()


def _without_checks(connection: Any) -> None:
    if connection.dialect.name != "postgresql":
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
