"""user add, password, list, disable."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from crm_data import db
from crm_data.access import system
from crm_data.models import User
from crm_data.services import changes, passwords
from crm_data.vocabulary import ChangeAction
from tests import factories
from tests.cli.conftest import Outcome, Run

SECRET = "correct horse battery"


def test_an_account_is_added_with_the_password_from_standard_input(run: Run, engine: Engine):
    outcome = _add(run)
    assert (outcome.code, outcome.out) == (0, "The account li.na was added as Sales.\n")
    assert passwords.matches(SECRET, _user(engine).password_hash)


def test_name_email_and_team_are_taken(run: Run, engine: Engine):
    with changes.writing(engine, system("tests"), action=ChangeAction.CREATE) as session:
        team = factories.a_team(session, name="North")
    _add(run, "--full-name", "Li Na", "--email", "li.na@example.com", "--team", "north")
    user = _user(engine)
    assert (user.name, user.email, user.team_id) == ("Li Na", "li.na@example.com", team.id)


@pytest.mark.parametrize("typed", ["", "\n", "short\n", "li.na is my name\n"])
def test_a_missing_or_weak_password_is_refused_and_nothing_is_written(run: Run, engine: Engine, typed: str):
    outcome = run("user", "add", "li.na", "--role", "sales", typed=typed)
    assert outcome.code == 1
    assert outcome.err
    assert run("user", "list", "--json").document == []


def test_a_taken_name_is_refused(run: Run, engine: Engine):
    _add(run)
    outcome = _add(run)
    assert outcome.code == 1
    assert "“li.na” is taken by another record." in outcome.err


def test_an_unknown_team_is_refused(run: Run, engine: Engine):
    outcome = _add(run, "--team", "Nobody")
    assert (outcome.code, outcome.err) == (1, "There is no team “Nobody”.\n")


def test_an_unknown_role_is_wrong_usage(run: Run, engine: Engine):
    assert run("user", "add", "li.na", "--role", "emperor", typed=SECRET).code == 2
    assert run("user", "add", "li.na", typed=SECRET).code == 2
    assert run("user").code == 2


def test_a_new_password_replaces_the_old_one(run: Run, engine: Engine):
    _add(run)
    outcome = run("user", "password", "LI.NA", typed="another long sentence\n")
    assert outcome.code == 0
    assert passwords.matches("another long sentence", _user(engine).password_hash)


def test_a_password_for_nobody_is_refused(run: Run, engine: Engine):
    outcome = run("user", "password", "nobody", typed="another long sentence\n")
    assert (outcome.code, outcome.err) == (1, "There is no account “nobody”.\n")


def test_a_disabled_account_stays_in_the_list(run: Run, engine: Engine):
    _add(run)
    assert run("user", "disable", "li.na").code == 0
    assert [(user["username"], user["active"]) for user in run("user", "list", "--json").document] == [("li.na", False)]


def test_the_last_administrator_is_not_disabled(run: Run, engine: Engine):
    run("user", "add", "boss", "--role", "admin", typed=SECRET)
    outcome = run("user", "disable", "boss")
    assert outcome.code == 1
    assert "last administrator" in outcome.err


def test_the_list_is_a_table_for_people(run: Run, engine: Engine):
    _add(run)
    lines = run("user", "list").out.splitlines()
    assert lines[0].split() == ["User", "name", "Name", "Role", "Team", "May", "sign", "in"]
    assert lines[1].split() == ["li.na", "li.na", "Sales", "—", "Yes"]


def _add(run: Run, *more: str) -> Outcome:
    return run("user", "add", "li.na", "--role", "sales", *more, typed=f"{SECRET}\n")


def _user(bind: Engine) -> User:
    with db.reading(bind) as session:
        return session.scalars(select(User).where(User.username == "li.na")).one()
