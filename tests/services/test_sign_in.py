"""Who comes in, how often somebody may try, and when a session is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import bcrypt
import jwt
import pytest
from sqlalchemy import Engine, event, func, select

from crm_data import db, settings
from crm_data.access import Actor
from crm_data.errors import NotAllowedError
from crm_data.models import AuditEntry, AuthSession, SignInAttempt, User
from crm_data.queries import sessions as known
from crm_data.services import changes, passwords, sessions, sign_in, users
from crm_data.services.sessions import Opened, Visitor
from crm_data.vocabulary import ChangeAction, Role
from tests import factories

PASSWORD = "correct horse battery"
HERE, ELSEWHERE = Visitor("127.0.0.1", "A browser", local=True), Visitor("203.0.113.7")


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def li(engine: Engine, root: Actor) -> int:
    """Give the key of a seller whose name is li.na."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        values = {"name": "Li Na", "role": Role.SALES}
        return users.create(session, root, username="Li.Na", password=PASSWORD, values=values).id


def come_in(
    engine: Engine, *, password: str = PASSWORD, username: str = "li.na", visitor: Visitor = ELSEWHERE
) -> Opened:
    return sign_in.with_password(engine, username=username, password=password, visitor=visitor)


def fail(engine: Engine, *, times: int, username: str = "li.na", visitor: Visitor = ELSEWHERE) -> None:
    for _ in range(times):
        with pytest.raises(sign_in.SignInError):
            come_in(engine, username=username, password="wrong wrong", visitor=visitor)


def who(engine: Engine, opened: Opened) -> Actor | None:
    with db.reading(engine) as session:
        found = known.signed_in(session, opened.digest)
        return found.actor if found else None


def events(engine: Engine) -> list[ChangeAction]:
    with db.reading(engine) as session:
        entries = select(AuditEntry.action).where(AuditEntry.record_kind == "users").order_by(AuditEntry.id)
        return [action for action in session.scalars(entries) if action not in {ChangeAction.CREATE, ChangeAction.EDIT}]


def later(engine: Engine, **by: float) -> None:
    """Let time pass: move what was written back by so much."""
    past = timedelta(**by)
    with db.transaction(engine) as session:
        for attempt in session.scalars(select(SignInAttempt)):
            attempt.at -= past
        for row in session.scalars(select(AuthSession)):
            row.last_seen_at, row.expires_at, row.created_at = (
                row.last_seen_at - past, row.expires_at - past, row.created_at - past)  # fmt: skip
            row.ticket_expires_at = row.ticket_expires_at and row.ticket_expires_at - past


def change(engine: Engine, actor: Actor, act: Callable[..., object]) -> None:
    with changes.writing(engine, actor, action=ChangeAction.EDIT) as session:
        act(session, actor)


def edit(user_id: int, **wanted: object) -> Callable[..., object]:
    def act(session, actor):
        user = session.get_one(User, user_id)
        base = {name: getattr(user, name) for name in wanted}
        return users.edit(session, actor, user_id, version=user.version, base=base, mine=wanted)

    return act


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


def test_a_ticket_is_swapped_once(engine: Engine, li: int) -> None:
    opened = come_in(engine)
    first, second = (sessions.exchange(engine, ticket=opened.ticket) for _ in range(2))
    assert first is not None
    assert second is None
    assert sessions.recognised(first.token) == opened.digest


def test_a_ticket_is_worthless_after_half_a_minute(engine: Engine, li: int) -> None:
    opened = come_in(engine)
    later(engine, seconds=31)
    assert sessions.exchange(engine, ticket=opened.ticket) is None


def test_the_database_keeps_no_secret_of_a_session(engine: Engine, li: int) -> None:
    opened = come_in(engine)
    cookie = sessions.exchange(engine, ticket=opened.ticket)
    assert cookie is not None
    secret = jwt.decode(cookie.token, settings.secret_key(), ["HS256"], audience=sessions.AUDIENCE)["sid"]
    with db.reading(engine) as session:
        row = session.scalars(select(AuthSession)).one()
    assert {secret, opened.ticket}.isdisjoint({row.sid_sha256, row.ticket_sha256})


KEY, OTHER_KEY = "a key for tests that is long enough to be accepted", "another key that is long enough to be accepted"
SOON = datetime.now(UTC) + timedelta(hours=1)
GOOD = {"sid": "a secret", "aud": sessions.AUDIENCE, "exp": SOON}
FORGED = {
    "nothing": None,
    "an empty one": "",
    "garbage": "garbage",
    "another key": jwt.encode(GOOD, OTHER_KEY, "HS256"),
    "another algorithm": jwt.encode(GOOD, KEY * 2, "HS512"),
    "no signature": jwt.encode(GOOD, None, "none"),
    "another audience": jwt.encode(GOOD | {"aud": "other"}, KEY, "HS256"),
    "too old": jwt.encode(GOOD | {"exp": SOON - timedelta(hours=2)}, KEY, "HS256"),
    "an odd secret": jwt.encode(GOOD | {"sid": 7}, KEY, "HS256"),
    "no end": jwt.encode({"sid": "x", "aud": sessions.AUDIENCE}, KEY, "HS256"),
    "no secret": jwt.encode({"aud": sessions.AUDIENCE, "exp": SOON}, KEY, "HS256"),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_a_forged_cookie_names_nobody(token: str | None) -> None:
    assert sessions.recognised(token) is None


def test_a_cookie_that_was_copied_is_worthless_after_signing_out(engine: Engine, li: int) -> None:
    opened = come_in(engine)
    change(engine, who(engine, opened), lambda session, actor: sessions.end(session, actor, digest=opened.digest))
    assert who(engine, opened) is None


def test_signing_out_everywhere_ends_every_session_of_that_person_alone(engine: Engine, li: int, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        values = {"name": "Wang", "role": Role.SALES}
        users.create(session, root, username="wang", password=PASSWORD, values=values)
    mine, mine_too, other = come_in(engine), come_in(engine), come_in(engine, username="wang")
    change(engine, who(engine, mine), lambda session, actor: sessions.end_all(session, actor, li))
    assert [who(engine, each) is None for each in (mine, mine_too, other)] == [True, True, False]


def test_a_seller_cannot_sign_somebody_else_out(engine: Engine, li: int, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        other = factories.a_user(session).id
    seller = who(engine, come_in(engine))
    with pytest.raises(NotAllowedError):
        change(engine, seller, lambda session, actor: sessions.end_all(session, actor, other))


@pytest.mark.parametrize("wanted", [{"role": Role.MANAGER}, {"active": False}])
def test_another_role_and_a_closed_account_end_the_session(engine: Engine, root: Actor, li: int, wanted: dict) -> None:
    opened = come_in(engine)
    change(engine, root, edit(li, **wanted))
    assert who(engine, opened) is None


def test_another_team_counts_from_the_next_click(engine: Engine, root: Actor, li: int) -> None:
    opened = come_in(engine)
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        team = factories.a_team(session, name="North").id
    change(engine, root, edit(li, team_id=team))
    assert who(engine, opened).team_name == "North"


def test_an_idle_session_ends_and_one_in_use_does_not(engine: Engine, li: int) -> None:
    idle, used = come_in(engine), come_in(engine)
    later(engine, hours=7)
    sessions.touch(engine, digest=used.digest)
    later(engine, hours=2)
    assert [who(engine, each) is None for each in (idle, used)] == [True, False]


def test_a_session_in_use_ends_after_a_week(engine: Engine, li: int) -> None:
    opened = come_in(engine)
    later(engine, days=7, minutes=1)
    sessions.touch(engine, digest=opened.digest)
    assert who(engine, opened) is None


def test_asking_who_is_signed_in_twice_reads_the_rights_once(engine: Engine, li: int) -> None:
    opened = come_in(engine)
    who(engine, opened)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    who(engine, opened)
    assert len([each for each in statements if each.startswith("SELECT")]) == 2


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
