"""Signed-in browsers: how they are recognised, and when a session is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy import Engine, event, select

from crm_data import db, settings
from crm_data.access import Actor
from crm_data.errors import NotAllowedError
from crm_data.models import AuthSession, SignInAttempt
from crm_data.services import changes, sessions, sign_in, users
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.services import entering
from tests.services.entering import PASSWORD, change, come_in, edit, later, who


@pytest.fixture
def li(engine: Engine, root: Actor) -> int:
    """Give the key of a seller whose name is li.na."""
    return entering.an_account(engine, root, "Li.Na")


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
    # the session, the name of the database, its change mark
    assert len([each for each in statements if each.startswith("SELECT")]) == 3


def test_what_no_longer_counts_can_be_forgotten(engine: Engine, li: int) -> None:
    come_in(engine)
    later(engine, days=15)
    recent = come_in(engine)
    sign_in.forget_old(engine)
    with db.reading(engine) as session:
        assert session.scalars(select(AuthSession.sid_sha256)).all() == [recent.digest]
        assert factories.count(session, SignInAttempt) == 1
