"""The contract and product screens: lists, records, lines, milestones, money, renewal and the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Contract, Instalment, Milestone, Product, ProductCategory, Receipt
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction, ContractStatus, Role
from tests import factories
from tests.pages.visiting import texts, visit

NASTY = "**Bold** [link](http://evil.example) :red[x] $2b$ <b>"


def kept(engine: Engine, root: Actor, make: Callable[[Session], Any]) -> int:
    """Write something and give the number of the record."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        return int(make(session).id)


def a_contract(session: Session, **wanted: Any) -> Contract:
    return factories.a_contract(session, factories.a_customer(session, name="瑞丰机械"), **{"title": "Care"} | wanted)


@pytest.fixture
def key(engine: Engine, root: Actor) -> int:
    return kept(engine, root, a_contract)


def stored(engine: Engine, model: Any, key: int) -> Any:
    with db.reading(engine) as session:
        return session.get_one(model, key)


def the_only(engine: Engine, model: Any) -> Any:
    with db.reading(engine) as session:
        return session.scalars(select(model)).one()


def a_part(key: int, model: Any, **values: Any) -> Callable[[Session], Any]:
    def make(session: Session) -> Any:
        customer = session.get_one(Contract, key).customer_id
        return factories.added(session, model(contract_id=key, customer_id=customer, **values))

    return make


def test_a_contract_is_found_by_its_customer(engine: Engine, key: int) -> None:
    app = visit(engine, "contracts", q="瑞丰")
    assert "Care" in list(app.dataframe[len(app.dataframe) - 1].value["title"])


def test_an_empty_list_says_what_to_do_first(engine: Engine) -> None:
    assert "There are no contracts yet" in texts(visit(engine, "contracts"))


def test_renewals_that_are_due_are_counted(engine: Engine, root: Actor) -> None:
    kept(engine, root, lambda s: a_contract(s, ends_on=date(2026, 7, 1)))
    assert "1 renewal due" in [box.label for box in visit(engine, "contracts").expander]


def test_a_new_contract_is_added_for_a_customer(engine: Engine, root: Actor) -> None:
    customer = kept(engine, root, factories.a_customer)
    app = visit(engine, "contracts")
    app.button(key="new").click().run()
    app.button_group(key="new_contract:customer").set_value(customer).run()
    app.text_input(key=f"contract:new:{customer}:CNY:v0:title").input("Cleaning")
    app.text_input(key=f"contract:new:{customer}:CNY:v0:amount").input("100.10")
    app.button(key="save_contract").click().run()
    row = the_only(engine, Contract)
    assert (row.title, row.amount, row.status) == ("Cleaning", 10_010, ContractStatus.DRAFT)


def test_a_contract_is_edited(engine: Engine, key: int) -> None:
    app = visit(engine, "contract", id=key)
    app.button(key="edit").click().run()
    app.text_input(key=f"contract:{key}:v1:title").input("Better care")
    app.button(key="save").click().run()
    assert stored(engine, Contract, key).title == "Better care"


def test_a_contract_is_terminated_with_one_click_and_undone(engine: Engine, key: int) -> None:
    app = visit(engine, "contract", id=key)
    app.button(key="status:terminated").click().run()
    assert stored(engine, Contract, key).status is ContractStatus.TERMINATED
    app.button(key="undo").click().run()
    assert stored(engine, Contract, key).status is ContractStatus.ACTIVE


def test_a_renewal_opens_as_a_draft(engine: Engine, key: int) -> None:
    app = visit(engine, "contract", id=key)
    app.button(key="renew").click().run()
    with db.reading(engine) as session:
        assert session.scalars(select(Contract.status).where(Contract.renews_id == key)).all() == ["draft"]


def test_a_line_makes_the_amount(engine: Engine, root: Actor, key: int) -> None:
    product = kept(engine, root, factories.a_product)
    app = visit(engine, "contract", id=key, tab="lines")
    app.button(key="add_line").click().run()
    app.selectbox(key=f"contract:{key}:line:new:v0:product_id").select(product)
    app.button(key="save_line").click().run()
    assert stored(engine, Contract, key).amount == 10_000


def test_a_milestone_is_added_and_ticked(engine: Engine, root: Actor, key: int) -> None:
    row = kept(engine, root, a_part(key, Milestone, title="Deliver", due_on=date(2026, 6, 1)))
    app = visit(engine, "contract", id=key, tab="milestones")
    app.checkbox(key=f"done:{row}:v1").check().run()
    assert stored(engine, Milestone, row).done_on == date(2026, 6, 15)


def test_the_amount_is_spread_over_months(engine: Engine, key: int) -> None:
    app = visit(engine, "contract", id=key, tab="money")
    app.button(key="schedule").click().run()
    app.button(key="save_part").click().run()
    with db.reading(engine) as session:
        amounts = session.scalars(select(Instalment.amount)).all()
    assert (len(amounts), sum(amounts)) == (12, 120_000)


def test_a_receipt_settles_the_oldest_instalment_first(engine: Engine, root: Actor, key: int) -> None:
    for month in (4, 5, 6):
        kept(engine, root, a_part(key, Instalment, due_on=date(2026, month, 1), amount=10_000))
    kept(engine, root, a_part(key, Receipt, received_on=date(2026, 6, 2), amount=15_000))
    shown = texts(visit(engine, "contract", id=key, tab="money"))
    assert shown.count("paid") == 1
    assert "50\\.00 open" in shown


def test_a_receipt_is_written_down(engine: Engine, key: int) -> None:
    app = visit(engine, "contract", id=key, tab="money")
    app.button(key="receive").click().run()
    app.text_input(key=f"receipt:new:{key}:v0:amount").input("250")
    app.button(key="save_part").click().run()
    assert the_only(engine, Receipt).amount == 25_000


def test_a_refund_beyond_what_came_in_is_refused(engine: Engine, key: int) -> None:
    app = visit(engine, "contract", id=key, tab="money")
    app.button(key="refund").click().run()
    app.text_input(key=f"refund:new:{key}:v0:amount").input("1")
    app.button(key="save_part").click().run()
    assert "More would go back than came in" in texts(app)


def test_deleting_asks_first_and_offers_undo(engine: Engine, key: int) -> None:
    app = visit(engine, "contract", id=key)
    app.button(key="delete").click().run()
    app.button(key="really_delete").click().run()
    assert stored(engine, Contract, key).deleted_at is not None
    app.button(key="undo").click().run()
    assert stored(engine, Contract, key).deleted_at is None


def test_markup_in_a_title_is_shown_as_it_was_typed(engine: Engine, root: Actor) -> None:
    nasty = kept(engine, root, lambda s: a_contract(s, title=NASTY, payment_terms=NASTY))
    shown = texts(visit(engine, "contract", id=nasty))
    assert "**Bold**" not in shown
    assert "](http" not in shown


def test_service_may_look_but_not_change(engine: Engine, key: int) -> None:
    app = visit(engine, "contract", role=Role.SERVICE, id=key)
    assert not {"edit", "delete", "renew", "status:terminated"} & {button.key for button in app.button}


def test_a_contract_of_somebody_else_is_not_shown(engine: Engine, root: Actor) -> None:
    theirs = kept(engine, root, lambda s: a_contract(s, title="Secret", owner_id=factories.a_user(s).id))
    app = visit(engine, "contract", user=kept(engine, root, factories.a_user), id=theirs)
    assert "Secret" not in texts(app)
    assert "not open to you" in texts(app)


@pytest.mark.parametrize("tab", ["overview", "lines", "milestones", "money", "history"])
def test_every_part_of_the_record_opens_in_chinese(engine: Engine, key: int, tab: str) -> None:
    assert not visit(engine, "contract", language="zh_CN", id=key, tab=tab).exception


def test_a_product_is_added_with_a_price_of_four_decimals(engine: Engine) -> None:
    app = visit(engine, "products")
    app.button(key="new").click().run()
    app.text_input(key="product:new:v0:name").input("Screw")
    app.text_input(key="product:new:v0:sku").input("S-1")
    app.text_input(key="product:new:v0:list_price_e4").input("0.0125")
    app.button(key="save_product").click().run()
    assert the_only(engine, Product).list_price_e4 == 125


def test_a_product_is_retired_and_leaves_the_list(engine: Engine, root: Actor) -> None:
    product = kept(engine, root, factories.a_product)
    app = visit(engine, "products", id=product)
    app.button(key="retire").click().run()
    assert stored(engine, Product, product).retired_on == date(2026, 6, 15)
    assert "There are no products here yet" in texts(visit(engine, "products"))


def test_a_category_is_moved_in_the_tree(engine: Engine, root: Actor) -> None:
    top = kept(engine, root, lambda s: factories.added(s, ProductCategory(name="Tools")))
    low = kept(engine, root, lambda s: factories.added(s, ProductCategory(name="Drills")))
    app = visit(engine, "products", view="categories")
    app.button(key=f"edit:category:{low}").click().run()
    app.selectbox(key=f"category:{low}:v1:parent_id").select(top)
    app.button(key="save").click().run()
    assert stored(engine, ProductCategory, low).parent_id == top


def test_sales_sees_products_without_a_button_to_add_one(engine: Engine, root: Actor) -> None:
    kept(engine, root, factories.a_product)
    assert "new" not in {button.key for button in visit(engine, "products", role=Role.SALES).button}
