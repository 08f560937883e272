"""Each module as the people who work there use it: find, open, change, see the figure follow, and take it back."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from crm_data.models import Contract, Opportunity
from crm_data.vocabulary import Role
from tests import factories
from tests.journeys.browsing import Server, cell, enter, fill, keyed, look_for, open_row, pick, press, saved, undo
from tests.journeys.company import a_customer_of, field, planted, stored
from tests.journeys.figures import amount, figure


def an_opportunity(session: Session) -> Opportunity:
    return factories.an_opportunity(session, a_customer_of(session, Role.SALES), name="Pumps for Mirror Lake")


def a_contract(session: Session) -> Contract:
    return factories.a_contract(session, a_customer_of(session, Role.SALES), title="明湖水泵维护")


def test_sales_move_a_customer_to_another_town_and_back(server: Server, chinese_page: Page) -> None:
    page = chinese_page
    customer = planted(server, lambda s: a_customer_of(s, Role.SALES, name="明湖造纸厂", city="南京"))
    enter(page, server, Role.SALES, at="customers")
    look_for(page, "明湖造纸")
    open_row(page)
    press(page, "edit")
    fill(page, field("customer", customer, "city"), "扬州")
    saved(page)
    expect(cell(page, "扬州")).to_be_attached()
    undo(page)
    expect(cell(page, "南京")).to_be_attached()
    assert stored(server, customer).city == "南京"


def test_the_active_customers_are_those_that_the_figure_counts(server: Server, chinese_page: Page) -> None:
    enter(chinese_page, server, Role.SALES)
    shown = figure(chinese_page, server, "active_customers")
    assert shown.agrees()
    assert shown.records == amount(shown.total)


def test_sales_raise_an_opportunity_and_the_pipeline_follows(server: Server, page: Page) -> None:
    row = planted(server, an_opportunity)
    enter(page, server, Role.SALES, at="opportunities?view=table")
    other = page.context.new_page()
    before = figure(other, server, "open_pipeline")
    look_for(page, "Mirror Lake")
    open_row(page)
    press(page, "edit")
    fill(page, field("opportunity", row, "amount"), "6000.50")
    saved(page)
    raised = figure(other, server, "open_pipeline")
    assert amount(raised.total) - amount(before.total) == amount("5000.50")
    assert raised.agrees()
    undo(page)
    assert figure(other, server, "open_pipeline") == before


def test_a_manager_receives_money_and_the_figure_follows(server: Server, chinese_page: Page) -> None:
    page, row = chinese_page, planted(server, a_contract)
    enter(page, server, Role.MANAGER, at="contracts")
    other = page.context.new_page()
    before = figure(other, server, "revenue_received")
    look_for(page, "明湖水泵")
    open_row(page)
    pick(page, "address:tab", place=3)
    press(page, "receive")
    fill(page, f"receipt:new:{row.id}:v0:amount", "300")
    saved(page, "save_part")
    received = figure(other, server, "revenue_received")
    assert (received.records - before.records, amount(received.total) - amount(before.total)) == (1, 300)
    assert received.agrees()
    undo(page)
    assert figure(other, server, "revenue_received") == before


def test_a_manager_changes_a_price_and_takes_it_back(server: Server, chinese_page: Page) -> None:
    page, row = chinese_page, planted(server, lambda s: factories.a_product(s, sku="MJ-77", name="明湖滤芯"))
    enter(page, server, Role.MANAGER, at="products")
    look_for(page, "MJ-77")
    open_row(page)
    press(page, "edit")
    fill(page, field("product", row, "list_price_e4"), "129.5")
    saved(page)
    expect(cell(page, "129.50")).to_be_attached()
    undo(page)
    expect(cell(page, "100.00")).to_be_attached()


def test_service_records_an_answer_and_the_score_counts_it(server: Server, page: Page) -> None:
    survey = planted(server, lambda s: factories.a_survey(s, name="Mirror Lake asks"))
    customer = planted(server, lambda s: a_customer_of(s, Role.SERVICE, name="Mirror Lake Hotel"))
    enter(page, server, Role.SERVICE, at="satisfaction?tab=surveys")
    other = page.context.new_page()
    before = figure(other, server, "nps")
    look_for(page, "Mirror Lake asks")
    open_row(page)
    press(page, "record")
    look_for(page, "Mirror Lake Hotel", key="answer:search")
    pick(page, "answer:customer")
    pick(page, f"answer:{survey.id}:{customer.id}:score", place=-1)
    saved(page, "save_answer")
    answered = figure(other, server, "nps")
    assert answered.records - before.records == 1
    assert answered.agrees()
    undo(page)
    assert figure(other, server, "nps") == before


def test_points_are_taken_back_by_another_entry(server: Server, chinese_page: Page) -> None:
    page, customer = chinese_page, planted(server, lambda s: a_customer_of(s, Role.SALES, name="明湖茶馆"))
    enter(page, server, Role.MARKETING, at=f"loyalty?tab=ledger&customer={customer.id}")
    for choice, points, balance in ((1, "120", "120"), (2, "-120", "0")):
        press(page, "book_for")
        pick(page, "points:kind", place=choice)
        kind = ("spent", "earned", "adjusted")[choice]
        fill(page, f"points:{customer.id}:{kind}:v0:points", points)
        fill(page, f"points:{customer.id}:{kind}:v0:reason", "明湖活动")
        saved(page, "save_points")
        expect(keyed(page, "standing").locator("[data-testid=stMetricValue]").first).to_have_text(balance)
        assert keyed(page, "undo").count() == 0


def test_marketing_adds_a_cost_and_the_campaign_figures_follow(server: Server, page: Page) -> None:
    row = planted(server, lambda s: factories.a_campaign(s, name="Mirror Lake in June"))
    enter(page, server, Role.MARKETING, at="campaigns")
    other = page.context.new_page()
    before = figure(other, server, "campaign_cost")
    look_for(page, "Mirror Lake in June")
    open_row(page)
    pick(page, "address:tab", place=3)
    press(page, "new_cost")
    fill(page, f"cost:new:{row.id}:v0:purpose", "Posters")
    fill(page, f"cost:new:{row.id}:v0:amount", "250")
    saved(page, "save_cost")
    spent = figure(other, server, "campaign_cost")
    assert amount(spent.total) - amount(before.total) == 250
    assert spent.agrees()
    undo(page)
    assert figure(other, server, "campaign_cost") == before
