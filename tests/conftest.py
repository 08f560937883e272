"""A fresh database for every test, and people of every role to act in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm_data import db, schema, seed
from crm_data.access import Actor, system
from crm_data.services import changes, defaults, passwords
from crm_data.vocabulary import ChangeAction, Role
from tests import factories

TODAY = "2026-06-15"


@pytest.fixture(autouse=True)
def _pinned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CRM_TODAY", TODAY)
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CRM_SECRET_KEY", "a key for tests that is long enough to be accepted")
    monkeypatch.delenv("CRM_DATABASE_URL", raising=False)
    monkeypatch.delenv("CRM_SMTP_URL", raising=False)
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with the schema and a new company's defaults, to be copied."""
    path = tmp_path_factory.mktemp("template") / "guanxi.db"
    bind = db.engine(f"sqlite:///{path}")
    schema.upgrade(bind)
    with changes.writing(bind, system("tests"), action=ChangeAction.CONFIGURE) as session:
        defaults.install(session)
    with bind.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    bind.dispose()
    return path


@pytest.fixture
def engine(template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a fresh database of the test's own, the one that the settings point to."""
    path = tmp_path / "guanxi.db"
    shutil.copy(template, path)
    bind = db.engine(f"sqlite:///{path}")
    yield bind
    bind.dispose()


@pytest.fixture(scope="session")
def demo_template(template: Path) -> Path:
    """Give a SQLite file with a small demo company on the pinned day, to be copied."""
    path = template.with_name("demo.db")
    shutil.copy(template, path)
    bind = db.engine(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as pinned:
        pinned.setenv("CRM_TODAY", TODAY)
        with changes.writing(bind, system("tests"), action=ChangeAction.DEMO) as session:
            seed.plant(session, customers=120)
    with bind.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    bind.dispose()
    return path


@pytest.fixture
def demo_engine(demo_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a fresh copy of the small demo company, the one that the settings point to."""
    path = tmp_path / "guanxi.db"
    shutil.copy(demo_template, path)
    bind = db.engine(f"sqlite:///{path}")
    yield bind
    bind.dispose()


@pytest.fixture
def root() -> Actor:
    """Give an actor who may do everything."""
    return system("tests")


@pytest.fixture
def session(engine: Engine, root: Actor) -> Iterator[Session]:
    """Give a writing session of the system's, committed at the end of the test."""
    with changes.writing(engine, root, action=ChangeAction.EDIT) as opened:
        yield opened


@pytest.fixture
def admin(session: Session) -> Actor:
    """Give a signed-in administrator."""
    return factories.an_actor(session, role=Role.ADMIN)


@pytest.fixture
def seller(session: Session) -> Actor:
    """Give a signed-in sales user without a team."""
    return factories.an_actor(session, role=Role.SALES)
