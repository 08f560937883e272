"""Role × action × module: what the declared matrix says is what every query, every change and every figure obeys."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Date, Engine, Integer, String, inspect, select
from sqlalchemy.orm import Session

from crm_data import access, db, models
from crm_data.access import RULES, Actor, Owned, Part, Rule, Shared, system
from crm_data.errors import NotAllowedError, NotFoundError
from crm_data.models import Base, Record, User
from crm_data.models.base import Instant
from crm_data.queries import organisation
from crm_data.services import changes
from crm_data.services.defaults import permission_matrix
from crm_data.vocabulary import Action, ChangeAction, Module, Role, Scope
from tests import factories

MODELS = [model for model in RULES if not isinstance(RULES[model], Shared)]
OWNERS = ("me", "mate", "stranger", "nobody")
REACH = {Scope.NONE: set(), Scope.OWN: {"me"}, Scope.TEAM: {"me", "mate"}, Scope.ALL: set(OWNERS)}
CHANGING = [action for action in Action if action is not Action.VIEW]
_numbers = itertools.count(1)


@dataclass
class Company:
    """A database with a row of every kind for every owner, and who the owners are."""

    engine: Engine
    people: Mapping[str, int | None]
    rows: Mapping[type[Base], Mapping[str, int]]

    def actor(self, grants: access.Grants, *, role: Role = Role.SALES) -> Actor:
        members = frozenset({int(self.people["me"] or 0), int(self.people["mate"] or 0)})
        return Actor(self.people["me"], "me", "Me", role, grants, member_ids=members)


@pytest.fixture(scope="module")
def company(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    path = tmp_path_factory.mktemp("matrix") / "guanxi.db"
    copy(template, path)
    engine = db.engine(f"sqlite:///{path}")
    with changes.writing(engine, system("tests"), action=ChangeAction.CREATE) as session:
        people: dict[str, int | None] = {name: factories.a_user(session).id for name in OWNERS[:3]} | {"nobody": None}
        rows = {model: {name: a_row(session, model, key) for name, key in people.items()} for model in MODELS}
    yield Company(engine, people, rows)
    engine.dispose()


def a_row(session: Session, model: type[Base], owner: int | None) -> int:
    """Write any row of a model that belongs to an owner, with the rows that it is a part of; give its key."""
    rule, values = RULES[model], {}
    if isinstance(rule, Owned):
        values[rule.column] = owner
    if isinstance(rule, Part):
        values[rule.column] = a_row(session, rule.of, owner)
    for column in inspect(model).columns:
        required = not column.nullable and column.default is None and column.key not in {"id", *values}
        if required and column.key not in {"created_at", "updated_at"}:
            values[column.key] = a_value(session, column)
    return int(factories.added(session, model(**values)).id)


def a_value(session: Session, column: Any) -> Any:
    for key in column.foreign_keys:
        model = next(each for each in RULES if each.__table__ is key.column.table)
        return a_row(session, model, None)
    if getattr(column.type, "enum_class", None):
        return next(iter(column.type.enum_class))
    kinds: list[tuple[Any, Any]] = [
        (Instant, factories.NOON), (Date, date(2026, 6, 1)), (Boolean, True), (JSON, []), (Integer, next(_numbers)),
        (String, "CNY" if column.key == "currency" else f"x{next(_numbers)}"),
    ]  # fmt: skip
    return next((value for kind, value in kinds if isinstance(column.type, kind)), next(_numbers))


def reached(session: Session, actor: Actor, model: type[Base], action: Action, rows: Mapping[str, int]) -> set[str]:
    keys: Any = inspect(model).columns["id"]
    found = set(session.scalars(select(keys).where(access.covered(actor, model, action))))
    return {name for name, key in rows.items() if key in found}


def name_of(model: type[Base]) -> str:
    return model.__tablename__


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("scope", Scope)
def test_a_scope_covers_exactly_those_owners_whatever_the_record(
    company: Company, scope: Scope, action: Action
) -> None:
    with db.reading(company.engine) as session:
        for model in MODELS:
            actor = company.actor({(access.module_of(model), action): scope})
            assert reached(session, actor, model, action, company.rows[model]) == REACH[scope], model


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_guessed_number_opens_nothing_that_is_not_covered(company: Company, model: type[Any]) -> None:
    with db.reading(company.engine) as session:
        for scope in Scope:
            actor = company.actor({(access.module_of(model), Action.VIEW): scope})
            opened = {name for name, key in company.rows[model].items() if opens(session, actor, model, key)}
            assert opened == REACH[scope], scope


def opens(session: Session, actor: Actor, model: type[Any], key: int, action: Action = Action.VIEW) -> bool:
    try:
        return access.fetch(session, actor, model, key, action=action).id == key
    except (NotFoundError, NotAllowedError):
        return False


@pytest.mark.parametrize("action", CHANGING)
@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_what_may_be_looked_at_may_not_be_changed_beyond_the_scope(
    company: Company, model: type[Any], action: Action
) -> None:
    module = access.module_of(model)
    with db.reading(company.engine) as session:
        for scope in Scope:
            actor = company.actor({(module, Action.VIEW): Scope.ALL, (module, action): scope})
            changed = {name for name, key in company.rows[model].items() if opens(session, actor, model, key, action)}
            assert changed == REACH[scope], scope


@pytest.mark.parametrize("scope", Scope)
def test_figures_are_made_from_exactly_the_rows_that_lists_show(company: Company, scope: Scope) -> None:
    actor = company.actor({(module, Action.VIEW): scope for module in Module})
    with db.reading(company.engine) as session:
        frames = access.frames(session, actor)
        for model in RULES:
            keys: Any = inspect(model).columns["id"]
            listed = set(session.scalars(access.visible(actor, select(keys), model)))
            assert set(frames[model.__tablename__].select("id").collect()["id"]) == listed, model


@pytest.mark.parametrize("scope", [Scope.OWN, Scope.TEAM])
def test_a_narrow_right_to_one_module_opens_no_other(company: Company, scope: Scope) -> None:
    with db.reading(company.engine) as session:
        for model in MODELS:
            others = {(module, Action.VIEW): scope for module in Module if module is not access.module_of(model)}
            actor = company.actor(others)
            assert reached(session, actor, model, Action.VIEW, company.rows[model]) == set(), model


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_declared_matrix_says_and_nothing_else(company: Company, role: Role) -> None:
    matrix = permission_matrix()
    with db.reading(company.engine) as session:
        grants = organisation.grants_of(session, role)
        actor = company.actor(grants, role=role)
        for model, action in itertools.product(MODELS, Action):
            wanted = REACH[matrix[role, access.module_of(model), action]]
            assert reached(session, actor, model, action, company.rows[model]) == wanted, (model, action)
    assert grants == {(module, action): matrix[role, module, action] for module in Module for action in Action}


@pytest.mark.parametrize("role", Role)
def test_what_is_shared_is_open_to_whom_its_module_is_open(company: Company, role: Role) -> None:
    with db.reading(company.engine) as session:
        actor = company.actor(organisation.grants_of(session, role), role=role)
        for model, action in itertools.product(RULES, Action):
            rule = RULES[model]
            if isinstance(rule, Shared):
                wanted = actor.may(rule.module, action) or open_anyway(rule, action)
                keys: Any = inspect(model).columns["id"]
                covered = session.scalars(select(keys).where(access.covered(actor, model, action))).all()
                total = session.scalars(select(keys)).all()
                assert covered == (total if wanted else []), (model, action)


def open_anyway(rule: Rule, action: Action) -> bool:
    return isinstance(rule, Shared) and rule.open_to_view and action is Action.VIEW


def test_administrators_may_everything_and_viewers_change_nothing() -> None:
    matrix = permission_matrix()
    assert {scope for (role, *_), scope in matrix.items() if role is Role.ADMIN} == {Scope.ALL}
    assert {scope for (role, _, action), scope in matrix.items() if role is Role.VIEWER and action in CHANGING} == {
        Scope.NONE
    }


def test_the_records_of_the_teams_below_count_as_the_teams(session: Session) -> None:
    north = factories.a_team(session)
    below = factories.a_team(session, parent_id=north.id)
    mate, stranger = factories.a_user(session, team_id=below.id), factories.a_user(session)
    actor = factories.an_actor(session, team_id=north.id)
    assert mate.id in actor.member_ids
    assert stranger.id not in actor.member_ids


def test_what_lies_in_the_bin_opens_for_nobody(session: Session, admin: Actor) -> None:
    customer = factories.a_customer(session, deleted_at=factories.NOON)
    with pytest.raises(NotFoundError):
        access.fetch(session, admin, models.Customer, customer.id)


def test_every_record_has_a_rule() -> None:
    records = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)}
    assert records - RULES.keys() == set()


def test_somebody_without_an_open_account_is_nobody(session: Session) -> None:
    for closed in ({"active": False}, {"approved": False}, {"deleted_at": factories.NOON}):
        user: User = factories.a_user(session, **closed)
        assert organisation.actor_of(session, user.id) is None
