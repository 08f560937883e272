"""The demo company is the same for the same seed, complete, and consistent in itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, select

from crm_data import clock, db, seed
from crm_data.access import system
from crm_data.errors import CrmError
from crm_data.models import ChangeSet, User
from crm_data.queries import soundness
from crm_data.services import changes, passwords
from crm_data.vocabulary import ChangeAction, Role
from tests.seed.conftest import Frames
from tests.seed.copies import contents, digest, planted

SCRIPT = """
import sys
from pathlib import Path
from tests.seed.copies import digest, planted
print(digest(planted(Path(sys.argv[1]), Path(sys.argv[2]), customers=20)))
"""


def test_the_same_seed_gives_the_same_company(template: Path, tmp_path: Path):
    first, second = (planted(template, tmp_path / name, customers=40) for name in ("a.db", "b.db"))
    assert contents(first) == contents(second)


def test_another_seed_gives_another_company(template: Path, tmp_path: Path):
    first = planted(template, tmp_path / "a.db", customers=5, number=1)
    second = planted(template, tmp_path / "b.db", customers=5, number=2)
    assert digest(first) != digest(second)


@pytest.mark.slow
def test_the_order_of_sets_and_dictionaries_does_not_matter(template: Path, tmp_path: Path):
    command = [sys.executable, "-c", SCRIPT, str(template)]
    found = {
        subprocess.run(
            [*command, str(tmp_path / f"{number}.db")],
            env=os.environ | {"PYTHONHASHSEED": str(number)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in (1, 2)
    }
    assert len(found) == 1


def test_a_small_company_is_planted_in_a_moment(template: Path, tmp_path: Path):
    begun = time.perf_counter()
    planted(template, tmp_path / "small.db", customers=120)
    assert time.perf_counter() - begun < 6  # about half a second on an idle machine


def test_everything_agrees_with_everything(demo_engine: Engine):
    with db.reading(demo_engine) as session:
        assert [each.message.format(**each.values) for each in soundness.findings(session)] == []


def test_the_demo_is_one_change_set(demo_engine: Engine):
    with db.reading(demo_engine) as session:
        sets = session.scalars(select(ChangeSet.action).order_by(ChangeSet.id)).all()
    assert sets == [ChangeAction.CONFIGURE, ChangeAction.DEMO]


def test_a_second_demo_company_is_refused(demo_engine: Engine):
    with pytest.raises(CrmError, match="already"), _writing(demo_engine) as session:
        seed.plant(session, customers=5)


def test_every_role_has_an_account_with_the_published_password(demo_engine: Engine):
    with db.reading(demo_engine) as session:
        users = session.scalars(select(User).where(User.username.in_(seed.ACCOUNTS))).all()
    assert {user.role for user in users} == set(Role)
    assert all(user.is_demo and passwords.matches(seed.PASSWORD, user.password_hash) for user in users)


def test_a_taken_user_name_is_left_to_its_owner(engine: Engine):
    with _writing(engine) as session:
        session.add(User(username="admin", name="Somebody", role=Role.ADMIN))
    with _writing(engine) as session:
        seed.plant(session, customers=3)
    with db.reading(engine) as session:
        demo = session.scalars(select(User.username).where(User.is_demo, User.role == Role.ADMIN)).all()
    assert demo == ["demo.admin"]


def test_no_moment_lies_ahead(company: Frames):
    brought_along = {"role_permissions", "stages", "loyalty_tiers", "settings"}
    ahead = [
        f"{name}.{column.name}"
        for name in company.keys() - brought_along
        for column in company[name].select(pl.selectors.datetime())
        if column.name != "expires_at" and (column.max() or clock.now()) > clock.now()
    ]
    assert ahead == []


def test_every_table_has_something_to_show(company: Frames):
    assert [name for name, frame in company.items() if frame.is_empty()] == []


def test_both_languages_and_several_currencies_are_there(company: Frames):
    names = company["customers"]["name"]
    assert names.str.contains(r"[\u4e00-\u9fff]").any()
    assert (~names.str.contains(r"[\u4e00-\u9fff]")).any()
    assert {"CNY", "USD", "EUR"} <= set(company["contracts"]["currency"])


def test_nobody_can_be_reached_by_accident(company: Frames):
    addresses = pl.concat([company[name]["email"] for name in ("customers", "contacts", "users")]).drop_nulls()
    phones = pl.concat([company[name]["phone"] for name in ("customers", "contacts")]).drop_nulls()
    assert addresses.str.contains(r"@example\.(com|org)$").all()
    assert phones.str.contains(r"^(\+86 128 |\+1 \d{3} 555 01)").all()


def _writing(bind: Engine):
    return changes.writing(bind, system("tests"), action=ChangeAction.DEMO)
