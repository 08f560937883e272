"""check finds what does not agree, and nothing where everything does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update

from crm_data.models import (
    Contract,
    ContractLine,
    Customer,
    LoyaltyEntry,
    Opportunity,
    Setting,
    StageStay,
)
from tests.cli.conftest import Run

# What is done to a sound database behind its back, and a word of what check then says.
DAMAGE: dict[str, tuple[Any, str]] = {
    "a sum": (update(Contract).where(Contract.id == 1).values(amount=1), "not the sum of their lines"),
    "a line": (update(ContractLine).where(ContractLine.id == 1).values(amount=1), "not quantity times price"),
    "a part's customer": (update(ContractLine).where(ContractLine.id == 1).values(customer_id=99), "another customer"),
    "a stage": (update(Opportunity).where(Opportunity.id == 1).values(stage_id=1, amount=7), "another stage"),
    "a stay": (delete(StageStay).where(StageStay.id == 1), "other stages than they stayed in"),
    "a life-cycle stage": (update(Customer).where(Customer.id == 1).values(stage="prospect"), "last move"),
    "points": (update(LoyaltyEntry).where(LoyaltyEntry.id == 1).values(points=-9), "below zero"),
    "the name": (delete(Setting).where(Setting.key == "database_id"), "name of its own"),
}


def test_a_sound_database_passes(run: Run, demo_engine: Engine):
    outcome = run("check")
    assert (outcome.code, outcome.out) == (0, "Everything is as it should be.\n")


def test_an_empty_database_passes(run: Run, engine: Engine):
    assert run("check", "--json").document == {"sound": True, "findings": []}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_found(run: Run, demo_engine: Engine, what: str):
    statement, words = DAMAGE[what]
    with demo_engine.begin() as connection:
        connection.execute(statement)
    outcome = run("check")
    assert outcome.code == 1
    assert words in outcome.out


def test_orphans_are_found(run: Run, demo_engine: Engine):
    with closing(sqlite3.connect(str(demo_engine.url.database))) as bare:  # it looks after no foreign keys
        bare.execute("UPDATE audit_entries SET change_set_id = 999 WHERE id = 1")
        bare.commit()
    outcome = run("check")
    assert outcome.code == 1
    assert "audit_entries.change_set_id: 1 rows name a record that does not exist (1)." in outcome.out


def test_a_table_that_is_not_the_models_is_found(run: Run, engine: Engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE products ADD COLUMN colour VARCHAR")
    outcome = run("check", "--json")
    assert outcome.code == 1
    assert "colour" in outcome.document["findings"][0]
