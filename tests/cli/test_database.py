"""init, undo and routes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from crm_data import db, seed
from crm_data.access import system
from crm_data.cli import speech
from crm_data.models import Customer
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction
from crm_data.vocabulary.screens import SCREENS
from tests import factories
from tests.cli.conftest import Run


def test_init_makes_a_database_and_may_be_repeated(run: Run, tmp_path: Path):
    first, second = run("init"), run("init")
    assert (first.code, second.code, second.out) == (0, 0, "The database is ready.\n")
    assert (tmp_path / "guanxi.db").exists()


def test_init_plants_the_demo_company_where_nobody_has_an_account(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seed, "CUSTOMERS", 5)
    assert run("init", "--demo-if-new", "--json").document["demo_rows"] > 0
    assert run("init", "--demo-if-new", "--json").document["demo_rows"] == 0


def test_init_plants_nothing_beside_own_accounts(run: Run):
    run("init")
    run("user", "add", "boss", "--role", "admin", typed="correct horse battery\n")
    assert run("init", "--demo-if-new", "--json").document["demo_rows"] == 0


def test_a_command_before_init_says_what_to_do(run: Run):
    outcome = run("user", "list")
    assert outcome.code == 1
    assert outcome.out == ""
    assert "python -m crm_data init" in outcome.err


def test_a_database_that_does_not_answer_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CRM_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    outcome = run("init")
    assert outcome.code == 1
    assert outcome.err == "The database cannot be reached. Check CRM_DATABASE_URL and that it runs.\n"


def test_undo_takes_a_change_back(run: Run, engine: Engine):
    number = _changed(engine)
    outcome = run("undo", str(number), "--json")
    assert outcome.code == 0
    assert outcome.document["records"] == 1
    with db.reading(engine) as session:
        assert session.scalars(select(Customer.deleted_at)).one() is not None


def test_undo_refuses_what_was_changed_again_and_lists_it(run: Run, engine: Engine):
    number = _changed(engine)
    with changes.writing(engine, system("tests"), action=ChangeAction.EDIT) as session:
        session.scalars(select(Customer)).one().city = "Elsewhere"
    outcome = run("undo", str(number))
    assert outcome.code == 1
    assert outcome.err.splitlines()[1] == "  customers 1: city"


def test_undo_of_nothing_is_refused(run: Run, engine: Engine):
    outcome = run("undo", "999")
    assert (outcome.code, outcome.err) == (1, "There is no change 999.\n")


def test_undo_wants_a_number(run: Run):
    assert run("undo", "yesterday").code == 2


def test_routes_names_every_screen(run: Run):
    addresses = [screen["address"] for screen in run("routes", "--json").document]
    assert addresses == [f"/{screen.address}" for screen in SCREENS]


def test_an_unknown_command_is_wrong_usage(run: Run):
    assert run("dance").code == 2
    assert run().code == 2


@pytest.mark.parametrize(("named", "spoken"), [("zh_CN.UTF-8", "zh_CN"), ("en_GB", "en"), ("fr_FR", "en"), ("C", "en")])
def test_sentences_come_in_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch, named: str, spoken: str):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", named)
    assert speech.language() == spoken


def _changed(bind: Engine) -> int:
    with changes.writing(bind, system("tests"), action=ChangeAction.CREATE) as session:
        factories.a_customer(session)
        return changes.change_set_id(session)
