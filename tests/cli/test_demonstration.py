"""demo: plant and remove."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.cli.conftest import Run


def test_demo_plants_a_company_and_says_how_to_enter(run: Run, engine: Engine):
    outcome = run("demo", "--customers", "5", "--seed", "3")
    assert outcome.code == 0
    assert "5 customers" in outcome.out
    assert "guanxi-demo" in outcome.out


def test_demo_as_json_is_one_document(run: Run, engine: Engine):
    document = run("demo", "--customers", "5", "--json").document
    assert document["customers"] == 5
    assert document["users"] == ["admin", "manager", "sales", "marketing", "service", "viewer"]


def test_a_second_demo_is_refused(run: Run, engine: Engine):
    run("demo", "--customers", "5")
    outcome = run("demo", "--customers", "5")
    assert outcome.code == 1
    assert "already" in outcome.err


def test_removing_is_refused_without_an_administrator_of_ones_own(run: Run, demo_engine: Engine):
    outcome = run("demo", "--remove")
    assert outcome.code == 1
    assert "administrator of your own" in outcome.err


def test_removing_takes_everything(run: Run, demo_engine: Engine):
    run("user", "add", "boss", "--role", "admin", typed="correct horse battery\n")
    outcome = run("demo", "--remove", "--json")
    assert outcome.code == 0
    assert outcome.document["kept"] == {}
    assert [user["username"] for user in run("user", "list", "--json").document] == ["boss"]


def test_a_company_without_customers_is_wrong_usage(run: Run, engine: Engine):
    assert run("demo", "--customers", "0").code == 2
    assert run("demo", "--customers", "many").code == 2


def test_no_progress_bar_is_drawn_outside_a_terminal(run: Run, engine: Engine):
    assert run("demo", "--customers", "5").err == ""
