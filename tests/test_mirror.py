"""The copy that analysis reads: always what was committed, never what was not."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import access, db, mirror, schema
from crm_data.access import Actor
from crm_data.models import Customer, Setting
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction
from tests import factories


def names(engine: Engine, actor: Actor) -> list[str]:
    """Give the names of the customers in the copy."""
    with db.reading(engine) as session:
        frame = access.frames(session, actor, names=["customers"])["customers"]
    return sorted(frame.select(pl.col("name")).collect()["name"])


def written(engine: Engine, actor: Actor, name: str) -> int:
    with changes.writing(engine, actor, action=ChangeAction.CREATE) as session:
        return factories.a_customer(session, name=name).id


def test_a_committed_change_shows_in_the_next_look(engine: Engine, root: Actor) -> None:
    key = written(engine, root, "First")
    names(engine, root)
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        session.get_one(Customer, key).name = "Second"
    assert names(engine, root) == ["Second"]


def test_the_mark_stays_while_nothing_is_committed(engine: Engine, root: Actor) -> None:
    written(engine, root, "First")
    with db.reading(engine) as one, db.reading(engine) as two:
        assert mirror.mark(one) == mirror.mark(two)


def test_what_is_not_committed_cannot_reach_the_copy(engine: Engine, root: Actor, session: Session) -> None:
    factories.a_customer(session)
    with pytest.raises(RuntimeError):
        access.frames(session, root)


def test_another_database_in_the_same_place_is_read_anew(engine: Engine, root: Actor, tmp_path: Path) -> None:
    written(engine, root, "Before the backup")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(tmp_path / "guanxi.db")) as source:
        source.execute(f"VACUUM INTO '{other}'")
    copy = db.engine(f"sqlite:///{other}")
    with changes.writing(copy, root, action=ChangeAction.CONFIGURE) as session:
        session.scalars(select(Setting).where(Setting.key == "database_id")).one().value = schema.new_database_id()
        factories.a_customer(session, name="Only in the backup")
    copy.dispose()
    names(engine, root)
    written(engine, root, "Only here")
    engine.dispose()
    for leftover in tmp_path.glob("guanxi.db-*"):
        leftover.unlink()
    shutil.copy(other, tmp_path / "guanxi.db")
    assert names(engine, root) == ["Before the backup", "Only in the backup"]
