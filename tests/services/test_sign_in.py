"""Who comes in, how often somebody may try, and what is written down about it."""

from __future__ import annotations

import bcrypt
import pytest
from sqlalchemy import Engine, func, select

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import NotAllowedError
from crm_data.models import AuditEntry, SignInAttempt, User
from crm_data.services import changes, passwords, sessions, sign_in, users
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.services import entering
from tests.services.entering import ELSEWHERE, HERE, PASSWORD, change, come_in, events, fail, later, who


@pytest.fixture
def li(engine: Engine, root: Actor) -> int:
    """Give the key of a seller whose name is li.na."""
    return entering.an_account(engine, root, "Li.Na")


def test_the_right_password_opens_a_session(engine: Engine, li: int) -> None:
    actor = who(engine, come_in(engine))
    assert actor is not None
    assert (actor.user_id, actor.role) == (li, Role.SALES)


def test_a_user_name_is_known_however_it_is_written(engine: Engine, li: int) -> None:
    assert who(engine, come_in(engine, username=" LI.Na "))


def test_a_long_sentence_in_chinese_is_a_password_and_counts_to_its_last_sign(engine: Engine, root: Actor) -> None:
    sentence = "海内存知己，天涯若比邻。" * 12
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        users.create(session, root, username="du", password=sentence, values={"name": "李", "role": Role.VIEWER})
    assert come_in(engine, username="du", password=sentence)
    with pytest.raises(sign_in.SignInError):
        come_in(engine, username="du", password=sentence[:-1])


@pytest.mark.parametrize("closed", [{"active": False}, {"approved": False}, {"password_hash": None}])
def test_a_closed_account_is_refused_like_a_wrong_password(engine: Engine, root: Actor, li: int, closed: dict) -> None:
    with pytest.raises(sign_in.SignInError) as wrong:
        come_in(engine, password="wrong wrong")
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        for name, value in closed.items():
            setattr(session.get_one(User, li), name, value)
    with pytest.raises(sign_in.SignInError) as refused:
        come_in(engine)
    assert str(refused.value) == str(wrong.value)


@pytest.mark.parametrize("username", ["li.na", "nobody"])
def test_an_unknown_name_costs_the_same_work(
    engine: Engine, li: int, monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    costs = []
    check = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda given, kept: costs.append(kept[:7]) or check(given, kept))
    fail(engine, times=1, username=username)
    assert costs == [b"$2b$04$"]


@pytest.mark.parametrize("username", ["li.na", "nobody"])
def test_the_sixth_try_has_to_wait_whoever_it_is(engine: Engine, li: int, username: str) -> None:
    fail(engine, times=5, username=username)
    with pytest.raises(sign_in.TooManyAttemptsError):
        come_in(engine, username=username)


def test_every_further_failure_doubles_the_waiting(engine: Engine, li: int) -> None:
    fail(engine, times=5)
    for wait in (30, 60, 120):
        later(engine, seconds=wait - 5)
        with pytest.raises(sign_in.TooManyAttemptsError):
            come_in(engine)
        later(engine, seconds=6)
        fail(engine, times=1)


def test_after_waiting_the_right_password_is_welcome_and_counting_begins_anew(engine: Engine, li: int) -> None:
    fail(engine, times=5)
    later(engine, seconds=31)
    assert come_in(engine)
    fail(engine, times=4)
    assert come_in(engine)


def test_an_address_that_tries_many_names_has_to_wait_and_others_do_not(engine: Engine, li: int) -> None:
    for number in range(sign_in.FREE_FOR_ADDRESS):
        fail(engine, times=1, username=f"name{number}")
    with pytest.raises(sign_in.TooManyAttemptsError):
        come_in(engine)
    assert come_in(engine, visitor=HERE)


def test_tries_at_the_same_moment_count_before_their_passwords_are_looked_at(
    engine: Engine, li: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    matches = passwords.matches

    def look(password, kept):
        with db.reading(engine) as session:
            counted.append(session.scalar(select(func.count(SignInAttempt.id))))
        return matches(password, kept)

    monkeypatch.setattr(passwords, "matches", look)
    fail(engine, times=2)
    assert counted == [1, 2]


def test_what_happened_at_the_door_is_written_down(engine: Engine, li: int) -> None:
    fail(engine, times=5)
    later(engine, minutes=1)
    opened = come_in(engine)
    change(engine, who(engine, opened), lambda session, actor: sessions.end(session, actor, digest=opened.digest))
    failed = [ChangeAction.SIGN_IN_FAILED] * 5
    assert events(engine) == [*failed, ChangeAction.LOCKED, ChangeAction.SIGN_IN, ChangeAction.SIGN_OUT]


def test_a_name_that_nobody_has_is_not_written_into_the_audit_log(engine: Engine) -> None:
    fail(engine, times=1, username="my secret password")
    with db.reading(engine) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert "secret" not in f"{entry.username} {entry.before} {entry.after}"


def test_a_person_of_the_demo_company_comes_in_on_this_machine_alone(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.DEMO) as session:
        demo = factories.a_user(session, is_demo=True).id
    assert who(engine, sign_in.as_demo(engine, user_id=demo, visitor=HERE))
    with pytest.raises(NotAllowedError):
        sign_in.as_demo(engine, user_id=demo, visitor=ELSEWHERE)


def test_nobody_comes_in_as_demo_who_is_not(engine: Engine, li: int) -> None:
    with pytest.raises(NotAllowedError):
        sign_in.as_demo(engine, user_id=li, visitor=HERE)


def test_a_demo_password_does_not_work_from_elsewhere(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.DEMO) as session:
        factories.a_user(session, username="demo", is_demo=True, password_hash=passwords.hashed(PASSWORD))
    with pytest.raises(sign_in.SignInError):
        come_in(engine, username="demo")


def test_failures_of_another_day_do_not_count(engine: Engine, li: int) -> None:
    fail(engine, times=5)
    later(engine, hours=7)
    fail(engine, times=4)
    assert come_in(engine)
