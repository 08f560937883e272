"""What an administrator may set, and what would be wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import ConflictError, InvalidFormError, NotAllowedError
from crm_data.models import AuditEntry, ExchangeRate
from crm_data.queries.rates import newest
from crm_data.services import rates, settings
from crm_data.terms import terms
from crm_data.vocabulary import Role
from tests import factories


def changed(session: Session, actor: Actor, **mine: Any) -> int:
    base = {name: getattr(terms(session), name) for name in mine}
    return settings.change(session, actor, base=base, mine=mine)


def test_only_what_was_changed_is_written(session: Session, admin: Actor) -> None:
    count = changed(session, admin, company_name="瑞丰", small_sample=30)
    assert (count, terms(session).company_name) == (1, "瑞丰")


def test_a_setting_is_written_down_with_before_and_after(session: Session, admin: Actor) -> None:
    changed(session, admin, company_name="A")
    changed(session, admin, company_name="B")
    noted = select(AuditEntry.before, AuditEntry.after).where(AuditEntry.record_kind == "settings")
    last = session.execute(noted.order_by(AuditEntry.id.desc()).limit(1)).one()
    assert tuple(last) == ({"value": "A"}, {"value": "B"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_currency", "YEN"),
        ("time_zone", "Beijing"),
        ("language", "fr"),
        ("fiscal_year_start_month", 13),
        ("week_start", 0),
        ("small_sample", 0),
        ("inactivity_days", -1),
        ("company_name", "  "),
        ("company_name", "x" * 101),
        ("points_expire_days", None),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(session: Session, admin: Actor, name: str, value: Any) -> None:
    with pytest.raises(InvalidFormError) as caught:
        changed(session, admin, **{name: value})
    assert [problem.field for problem in caught.value.problems] == [name]


def test_some_weight_of_the_loyalty_index_must_remain(session: Session, admin: Actor) -> None:
    names = [name for name in terms(session).__dataclass_fields__ if name.startswith("loyalty_weight_")]
    with pytest.raises(InvalidFormError):
        changed(session, admin, **dict.fromkeys(names, 0))


def test_the_base_currency_stays_once_there_are_amounts(session: Session, admin: Actor) -> None:
    factories.a_product(session)
    with pytest.raises(InvalidFormError):
        changed(session, admin, base_currency="EUR")


def test_somebody_elses_setting_is_not_overwritten_unseen(session: Session, admin: Actor) -> None:
    changed(session, admin, company_name="Theirs")
    with pytest.raises(ConflictError):
        settings.change(session, admin, base={"company_name": "Guanxi"}, mine={"company_name": "Mine"})


def test_a_manager_does_not_configure(session: Session) -> None:
    with pytest.raises(NotAllowedError):
        changed(session, factories.an_actor(session, role=Role.MANAGER), company_name="A")


def test_a_rate_of_a_day_is_given_once_and_counts_until_it_is_deleted(session: Session, admin: Actor) -> None:
    for day, rate in ((1, 7_100_000), (10, 7_200_000), (10, 7_300_000)):
        row = rates.quote(session, admin, currency="usd", day=date(2026, 6, day), rate_e6=rate)
    seen = [newest(session).millionths]
    rates.delete(session, admin, row.id)
    seen.append(newest(session).millionths)
    assert seen == [{"USD": 7_300_000}, {"USD": 7_100_000}]


def test_a_deleted_rate_comes_back_when_it_is_given_again(session: Session, admin: Actor) -> None:
    for _ in range(2):
        row = rates.quote(session, admin, currency="USD", day=date(2026, 6, 1), rate_e6=7_000_000)
        rates.delete(session, admin, row.id)
    rates.quote(session, admin, currency="USD", day=date(2026, 6, 1), rate_e6=6_900_000)
    assert session.execute(select(ExchangeRate.rate_e6, ExchangeRate.deleted_at)).all() == [(6_900_000, None)]


@pytest.mark.parametrize(("currency", "rate"), [("CNY", 1), ("XXQ", 1), ("USD", 0), ("USD", None), ("", 5)])
def test_a_rate_needs_a_foreign_currency_and_a_number_above_zero(
    session: Session, admin: Actor, currency: str, rate: int | None
) -> None:
    with pytest.raises(InvalidFormError):
        rates.quote(session, admin, currency=currency, day=date(2026, 6, 1), rate_e6=rate)
