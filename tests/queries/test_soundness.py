"""Ordinary work never looks like damage."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from crm_data import db
from crm_data.access import system
from crm_data.queries import soundness
from crm_data.services import changes, contracts, customers, opportunities, undoing
from crm_data.vocabulary import ChangeAction, LifecycleStage
from tests import factories

ROOT = system("tests")


def test_a_moved_won_and_undone_opportunity_is_sound(engine: Engine):
    with _writing(engine) as session:
        customer = factories.a_customer(session)
        row = opportunities.create(session, ROOT, values={"customer_id": customer.id, "name": "A", "amount": 5_000})
        opportunities.move(session, ROOT, row.id, to=factories.stage(session, "proposal").id)
    with _writing(engine) as session:
        opportunities.move(session, ROOT, row.id, to=factories.stage(session, "won").id)
        number = changes.change_set_id(session)
    with _writing(engine) as session:
        undoing.undo(session, ROOT, number)
    assert _findings(engine) == []


def test_an_opportunity_whose_creation_was_undone_is_sound(engine: Engine):
    with _writing(engine) as session:
        factories.an_opportunity(session, factories.a_customer(session))
        number = changes.change_set_id(session)
    with _writing(engine) as session:
        undoing.undo(session, ROOT, number)
    assert _findings(engine) == []


def test_a_customer_that_moved_on_is_sound(engine: Engine):
    with _writing(engine) as session:
        customer = factories.a_customer(session)
        customers.move(session, ROOT, customer.id, stage=LifecycleStage.NEEDS, reason="We talked")
    assert _findings(engine) == []


def test_a_contract_with_changed_lines_is_sound(engine: Engine):
    with _writing(engine) as session:
        values = {"customer_id": factories.a_customer(session).id, "title": "A", "signed_on": date(2026, 6, 1)}
        contract = contracts.create(session, ROOT, values=values)
        line = {"product_id": factories.a_product(session).id, "quantity_e3": 1_500, "unit_price_e4": 33_333}
        contracts.save_lines(session, ROOT, contract.id, base=[], mine=[line | {"discount_bp": 250}])
    assert _findings(engine) == []


def _writing(bind: Engine):
    return changes.writing(bind, ROOT, action=ChangeAction.EDIT)


def _findings(bind: Engine) -> list[str]:
    with db.reading(bind) as session:
        return [each.message for each in soundness.findings(session)]
