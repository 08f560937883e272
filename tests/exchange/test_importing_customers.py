"""Customers that somebody brings along."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import CrmError, NotAllowedError
from crm_data.models import AuditEntry, Customer, LifecycleMove, User
from crm_data.services import changes
from crm_data.vocabulary import Action, ChangeAction, Module, Role, Scope
from tests import factories
from tests.exchange.bringing import ALL, a_file, bring, counts, planned, problems, stored, undo


def test_a_customer_comes_with_everything_that_the_file_has(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "客户名称,code,kind,phone,email,website,tags,created,annual revenue,employees,birth_date,stage\n"
    text += ' 瑞丰机械 ,R1,Company,021 6888 8888,a@rf.cn,www.rf.cn,甲；乙,2020年1月2日,"1,000.50",12,,Needs analysis\n'
    assert counts(bring(engine, root, "customers", a_file(tmp_path, text))) == (1, 0, 0, 0)
    columns = ("name", "code", "phone", "website", "tags", "acquired_on", "annual_revenue", "employees", "stage")
    assert stored(engine, Customer, *columns) == [
        ("瑞丰机械", "R1", "021 6888 8888", "https://www.rf.cn", ["甲", "乙"], date(2020, 1, 2), 100050, 12, "needs")
    ]


def test_what_is_imported_is_found_dated_and_written_down(engine: Engine, root: Actor, tmp_path: Path) -> None:
    result = bring(engine, root, "customers", a_file(tmp_path, "name,code\nStraße Nord,S1\n"))
    with Session(engine) as session:
        customer = session.scalars(select(Customer)).one()
        move = session.scalars(select(LifecycleMove)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.record_kind == "customers")).one()
    assert (customer.search_text, customer.version, customer.rev > 0) == ("strasse nord\ns1", 1, True)
    assert (move.customer_id, move.from_stage, move.to_stage) == (customer.id, None, "prospect")
    assert (entry.action, entry.change_set_id, entry.after["name"], entry.after["tags"]) == (
        ChangeAction.CREATE, result.change_set_id, "Straße Nord", [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("A,,12,,,", ("not_a_phone", "phone")),
        ("A,,,nobody,,", ("not_an_email", "email")),
        ("A,,,,robot,", ("not_a_choice", "kind")),
        ("A,,,,,2030-01-01", ("future", "birth_date")),
        (",C1,,,,", ("missing", "name")),
        ("A,1.2E+11,,,,", ("shortened", "code")),
        ("A,B,C,D,E,F,G", ("too_many_cells", None)),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_with_the_reason(
    engine: Engine, root: Actor, tmp_path: Path, row: str, found: tuple[str, str | None]
) -> None:
    source = a_file(tmp_path, f"name,code,phone,email,kind,birth_date\n{row}\nGood,,,,,\n")
    result = bring(engine, root, "customers", source)
    assert (counts(result), problems(result)) == ((1, 0, 0, 1), [(2, *found)])


def test_a_row_that_repeats_another_is_skipped(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "name,code,phone,email\nA,1,,\nB,1,,\nC,,021-68888888,\nc,,021 6888 8888,\n"
    text += "D,,,d@x.cn\nd,9,,D@X.cn\nE,,,\ne,,,\n"
    result = bring(engine, root, "customers", a_file(tmp_path, text))
    assert (counts(result), problems(result)) == (
        (4, 0, 4, 0), [(row, "repeated", "name") for row in (3, 5, 7, 9)],
    )  # fmt: skip


def test_two_codes_are_two_customers_however_alike(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "name,code,phone\nWang Wei,1,13800138000\nWang Wei,2,13800138000\n"
    assert counts(bring(engine, root, "customers", a_file(tmp_path, text))) == (2, 0, 0, 0)


def test_a_file_brought_twice_adds_nothing_the_second_time(engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, "name,code,phone\nA,1,\nB,,021 6888 8888\nC,,\n")
    bring(engine, root, "customers", source)
    again = bring(engine, root, "customers", source)
    assert (counts(again), again.change_set_id) == ((0, 0, 3, 0), None)


def test_the_first_of_two_twins_may_be_bad(engine: Engine, root: Actor, tmp_path: Path) -> None:
    result = bring(engine, root, "customers", a_file(tmp_path, "name,code,email\nA,1,bad\nA,1,a@x.cn\n"))
    assert counts(result) == (1, 0, 0, 1)


def test_parents_are_found_in_the_database_and_in_the_file(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "customers", a_file(tmp_path, "name,code\nTop,T\n"))
    text = "name,code,parent\nLeaf,L,Branch\nBranch,B,T\nOther,,New top\n"
    result = bring(engine, root, "customers", a_file(tmp_path, text), create=ALL)
    rows = {key: (name, parent) for key, name, parent in stored(engine, Customer, "id", "name", "parent_id")}
    assert {name: parent and rows[parent][0] for name, parent in rows.values()} == {
        "Top": None, "Branch": "Top", "Leaf": "Branch", "New top": None, "Other": "New top",
    }  # fmt: skip
    assert result.plan.makes["customers"] == 4


def test_nobody_stands_above_itself(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "name,parent\nA,B\nB,C\nC,A\nD,D\nE,A\nF,\n"
    result = bring(engine, root, "customers", a_file(tmp_path, text))
    assert counts(result) == (1, 0, 0, 5)


def test_a_row_below_a_rejected_one_is_rejected_too(engine: Engine, root: Actor, tmp_path: Path) -> None:
    text = "name,parent\nA,Nobody\nB,A\nC,B\n"
    assert problems(planned(engine, root, "customers", a_file(tmp_path, text))) == [
        (row, "unknown", "parent") for row in (2, 3, 4)
    ]


def test_an_unknown_owner_is_rejected_or_made_without_a_password(engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, "name,owner\nA,李雷\nB,李 雷\nC,李雷\n")
    assert counts(bring(engine, root, "customers", source)) == (0, 0, 0, 3)
    bring(engine, root, "customers", source, create=frozenset({"owners"}))
    assert stored(engine, User, "username", "name", "password_hash") == [
        ("李雷", "李雷", None),
        ("李.雷", "李 雷", None),
    ]


def test_an_update_changes_what_the_file_has_and_leaves_the_rest(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "customers", a_file(tmp_path, "name,code,city,phone\nA,1,Wuhan,021 6888 8888\nB,2,,\n"))
    text = "code,city,phone,stage\n1,Beijing,,won_over\n3,Nowhere,,\n1,Again,,\n"
    result = bring(engine, root, "customers", a_file(tmp_path, text), update_by="code")
    assert (counts(result), problems(result)) == (
        (0, 1, 1, 1), [(3, "missing", "name"), (4, "repeated", "code")],
    )  # fmt: skip
    assert stored(engine, Customer, "name", "city", "phone", "stage", "version")[0] == (
        "A", "Beijing", "021 6888 8888", "won_over", 2,
    )  # fmt: skip


def test_what_is_new_belongs_to_whoever_imports_and_what_is_known_to_its_owner(
    engine: Engine, root: Actor, tmp_path: Path
) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        admin = factories.an_actor(session, role=Role.ADMIN)
        owner = factories.a_user(session)
        factories.a_customer(session, code="1", owner_id=owner.id)
    source = a_file(tmp_path, "name,code,city\nA,1,Wuhan\nB,2,\n")
    assert counts(bring(engine, admin, "customers", source, update_by="code")) == (1, 1, 0, 0)
    assert stored(engine, Customer, "name", "owner_id") == [("A", owner.id), ("B", admin.user_id)]


def test_an_update_by_a_name_that_two_bear_is_refused(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "customers", a_file(tmp_path, "name,code\nA,1\na,2\n"))
    result = bring(engine, root, "customers", a_file(tmp_path, "name,city\nA,Wuhan\n"), update_by="name")
    assert problems(result) == [(2, "several", "name")]


def test_an_import_can_be_undone_and_done_again(engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, "name,code,owner\nA,1,Li Na\nB,2,\n")
    undo(engine, root, bring(engine, root, "customers", source, create=ALL))
    assert stored(engine, Customer, "code") == []
    undo(engine, root, bring(engine, root, "customers", source, create=ALL))
    assert counts(bring(engine, root, "customers", source, create=ALL)) == (2, 0, 0, 0)
    assert stored(engine, Customer, "code") == [("1",), ("2",)]


def test_an_undone_update_brings_the_old_values_back(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "customers", a_file(tmp_path, "name,code,city,tags\nA,1,Wuhan,x\n"))
    source = a_file(tmp_path, "name,code,city,tags\nAA,1,Beijing,y\n")
    undo(engine, root, bring(engine, root, "customers", source, update_by="code"))
    assert stored(engine, Customer, "name", "city", "tags") == [("A", "Wuhan", ["x"])]


@pytest.mark.parametrize("role", [Role.SALES, Role.SERVICE, Role.VIEWER])
def test_only_roles_with_the_right_may_import(engine: Engine, tmp_path: Path, root: Actor, role: Role) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        actor = factories.an_actor(session, role=role)
    with pytest.raises(NotAllowedError):
        bring(engine, actor, "customers", a_file(tmp_path, "name\nA\n"))


def a_manager_beside_a_stranger(engine: Engine, root: Actor) -> Actor:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        manager = factories.an_actor(session, role=Role.MANAGER, team_id=factories.a_team(session).id)
        factories.a_user(session, username="stranger", team_id=factories.a_team(session).id)
    return manager


def test_customers_of_another_team_are_neither_given_nor_changed(engine: Engine, root: Actor, tmp_path: Path) -> None:
    manager = a_manager_beside_a_stranger(engine, root)
    bring(engine, root, "customers", a_file(tmp_path, "name,code,owner\nTheirs,1,stranger\n"))
    given = planned(engine, manager, "customers", a_file(tmp_path, "name,owner\nA,stranger\nB,\n"))
    changed = planned(engine, manager, "customers", a_file(tmp_path, "code,city\n1,X\n"), update_by="code")
    assert (problems(given), problems(changed)) == ([(2, "not_yours", "owner")], [(2, "not_yours", "code")])


def test_a_code_of_an_invisible_customer_is_taken(engine: Engine, root: Actor, tmp_path: Path) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        seller = factories.an_actor(session, role=Role.SALES)
        factories.a_customer(session, code="K1", owner_id=factories.a_user(session).id)
        bold = replace(seller, grants={**seller.grants, (Module.CUSTOMERS, Action.IMPORT): Scope.OWN})
    found = planned(engine, bold, "customers", a_file(tmp_path, "name,code\nMine,K1\n"))
    assert problems(found) == [(2, "taken", "code")]


def test_what_an_import_cannot_do_is_said_before_anything_is_read(engine: Engine, root: Actor, tmp_path: Path) -> None:
    source = a_file(tmp_path, "colour\nred\n")
    for options, said in (
        ({}, "no column for: name"),
        ({"create": frozenset({"planets"})}, "cannot create planets"),
        ({"update_by": "city"}, "cannot be updated by city"),
        ({"columns": {"name": "shade"}}, "no column named shade"),
    ):
        with pytest.raises(CrmError, match=said):
            bring(engine, root, "customers", source, **options)


def test_a_formula_in_a_name_is_kept_as_the_text_it_is(engine: Engine, root: Actor, tmp_path: Path) -> None:
    bring(engine, root, "customers", a_file(tmp_path, "name\n=HYPERLINK(1)\n'=SUM(A1)\n"))
    assert stored(engine, Customer, "name") == [("=HYPERLINK(1)",), ("=SUM(A1)",)]
