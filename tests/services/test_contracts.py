"""What may be done with contracts, and what comes after them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError, InvalidFormError, NotAllowedError, NotFoundError
from crm_data.models import AuditEntry, Contract, ContractLine
from crm_data.services import contract_parts, contracts, opportunities
from crm_data.vocabulary import ChangeAction, ContractKind, ContractStatus, Role
from tests import factories


def made(session: Session, actor: Actor, **wanted: Any) -> Contract:
    customer = factories.a_customer(session, owner_id=actor.user_id, region="North")
    return contracts.create(session, actor, values={"customer_id": customer.id, "title": "Cleaning"} | wanted)


def a_line(session: Session, **wanted: Any) -> dict[str, Any]:
    return {"product_id": factories.a_product(session).id, "quantity_e3": 2_000} | wanted


def test_a_new_contract_is_a_draft_with_a_number_in_its_customers_region(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    assert (row.number, row.status, row.region) == (f"C-2026-{row.id:05d}", ContractStatus.DRAFT, "North")


def test_a_sale_is_done_on_the_day_it_is_signed(session: Session, seller: Actor) -> None:
    row = made(session, seller, kind=ContractKind.SALE, signed_on=date(2026, 6, 1))
    assert row.status is ContractStatus.FULFILLED


def test_the_last_day_does_not_come_before_the_first(session: Session, seller: Actor) -> None:
    with pytest.raises(InvalidFormError) as caught:
        made(session, seller, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))
    assert [problem.field for problem in caught.value.problems] == ["ends_on"]


def test_the_amount_is_the_sum_of_the_lines_and_returns_count_against_it(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    mine = [a_line(session), a_line(session, quantity_e3=-1_000)]
    contracts.save_lines(session, seller, row.id, base=[], mine=mine)
    assert row.amount == 10_000


def test_a_line_remembers_what_the_product_cost_at_its_sale(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    contracts.save_lines(session, seller, row.id, base=[], mine=[a_line(session)])
    assert session.scalars(select(ContractLine.unit_cost_e4)).all() == [600_000]


def test_another_currency_is_worked_out_anew(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    contracts.save_lines(session, seller, row.id, base=[], mine=[a_line(session)])
    contracts.edit(session, seller, row.id, version=row.version, base={"currency": "CNY"}, mine={"currency": "JPY"})
    assert row.amount == 200


def test_the_currency_stays_once_there_is_money_in_it(session: Session, seller: Actor) -> None:
    row = made(session, seller, amount=100)
    contract_parts.receive(session, seller, row.id, values={"received_on": date(2026, 6, 1), "amount": 100})
    with pytest.raises(CrmError, match="old currency"):
        contracts.edit(session, seller, row.id, version=1, base={"currency": "CNY"}, mine={"currency": "EUR"})


def test_signing_makes_a_draft_active_today(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    contracts.set_status(session, seller, row.id, status=ContractStatus.ACTIVE)
    assert row.signed_on == date(2026, 6, 15)


def test_a_draft_is_not_fulfilled(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    with pytest.raises(CrmError, match="cannot go"):
        contracts.set_status(session, seller, row.id, status=ContractStatus.FULFILLED)


def test_a_contract_with_something_left_to_do_is_not_fulfilled(session: Session, seller: Actor) -> None:
    row = made(session, seller, signed_on=date(2026, 1, 1))
    contract_parts.add_milestone(session, seller, row.id, values={"title": "Deliver", "due_on": date(2026, 7, 1)})
    with pytest.raises(CrmError, match="1 milestones"):
        contracts.set_status(session, seller, row.id, status=ContractStatus.FULFILLED)


def test_a_contract_that_still_runs_does_not_expire(session: Session, seller: Actor) -> None:
    row = made(session, seller, signed_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    with pytest.raises(CrmError, match="not run out"):
        contracts.set_status(session, seller, row.id, status=ContractStatus.EXPIRED)


@pytest.mark.parametrize(
    ("first", "last", "next_last"),
    [
        (date(2025, 7, 1), date(2026, 6, 30), date(2027, 6, 30)),
        (date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 31)),
        (date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 20)),
    ],
)
def test_a_renewal_follows_on_and_lasts_as_long(
    session: Session, seller: Actor, first: date, last: date, next_last: date
) -> None:
    old = made(session, seller, starts_on=first, ends_on=last, amount=500)
    new = contracts.renew(session, seller, old.id)
    assert (new.renews_id, (new.starts_on - last).days, new.ends_on, new.amount) == (old.id, 1, next_last, 500)


def test_a_renewal_takes_the_lines_along_even_of_products_not_sold_any_more(session: Session, seller: Actor) -> None:
    old = made(session, seller, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    product = factories.a_product(session)
    contracts.save_lines(session, seller, old.id, base=[], mine=[a_line(session, product_id=product.id)])
    product.retired_on = date(2026, 6, 1)
    assert contracts.renew(session, seller, old.id).amount == 20_000


def test_a_contract_is_renewed_once(session: Session, seller: Actor) -> None:
    old = made(session, seller, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    new = contracts.renew(session, seller, old.id)
    with pytest.raises(CrmError, match=new.number):
        contracts.renew(session, seller, old.id)


def test_a_won_opportunity_becomes_a_contract_with_its_lines(session: Session, seller: Actor) -> None:
    won = factories.an_opportunity(session, factories.a_customer(session, owner_id=seller.user_id))
    opportunities.save_lines(session, seller, won.id, base=[], mine=[a_line(session)])
    opportunities.move(session, seller, won.id, to=factories.stage(session, "won").id)
    row = contracts.from_opportunity(session, seller, won.id)
    assert (row.amount, row.opportunity_id, row.signed_on) == (20_000, won.id, date(2026, 6, 15))


def test_an_open_opportunity_is_not_a_contract_yet(session: Session, seller: Actor) -> None:
    row = factories.an_opportunity(session, factories.a_customer(session, owner_id=seller.user_id))
    with pytest.raises(CrmError, match="Only a won"):
        contracts.from_opportunity(session, seller, row.id)


def test_deleting_takes_all_that_hangs_on_it(session: Session, seller: Actor) -> None:
    row = made(session, seller, amount=300)
    contracts.save_lines(session, seller, row.id, base=[], mine=[a_line(session)])
    contract_parts.schedule(session, seller, row.id, count=3, first_on=date(2026, 7, 1))
    assert contracts.delete(session, seller, row.id) == {"contracts": 1, "contract_lines": 1, "instalments": 3}


def test_a_guessed_number_leads_nowhere(session: Session, seller: Actor) -> None:
    theirs = factories.a_contract(session, factories.a_customer(session, owner_id=factories.a_user(session).id))
    with pytest.raises(NotFoundError):
        contracts.set_status(session, seller, theirs.id, status=ContractStatus.TERMINATED)


def test_service_may_look_at_contracts_but_not_write_them(session: Session) -> None:
    actor = factories.an_actor(session, role=Role.SERVICE)
    with pytest.raises(NotAllowedError):
        made(session, actor)


def test_a_terminated_contract_ran_until_today_and_its_history_knows_better(session: Session, admin: Actor) -> None:
    row = factories.a_contract(session, factories.a_customer(session), ends_on=date(2026, 12, 31))
    contracts.set_status(session, admin, row.id, status=ContractStatus.TERMINATED)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == ChangeAction.EDIT)).one()
    assert (row.ends_on, entry.before["ends_on"]) == (date(2026, 6, 15), "2026-12-31")


@pytest.mark.parametrize("link", ["opportunity_id", "renews_id"])
def test_a_contract_is_not_made_of_another_customers_record(session: Session, admin: Actor, link: str) -> None:
    other = factories.a_customer(session)
    ids = {
        "opportunity_id": factories.an_opportunity(session, other).id,
        "renews_id": factories.a_contract(session, other).id,
    }
    with pytest.raises(InvalidError, match="another customer"):
        made(session, admin, **{link: ids[link]})


def test_a_contract_is_not_made_of_a_record_that_is_not_open_to_one(session: Session, seller: Actor) -> None:
    theirs = factories.an_opportunity(session, factories.a_customer(session, owner_id=factories.a_user(session).id))
    with pytest.raises(NotFoundError):
        made(session, seller, opportunity_id=theirs.id)
