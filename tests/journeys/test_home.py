"""From the first screen of the day: how many clicks the usual things take, and that a card leads to its records."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from crm_data.models import Opportunity
from crm_data.vocabulary import Role
from tests import factories
from tests.journeys.browsing import (
    Server,
    counting_clicks,
    enter,
    fill,
    keyed,
    look_for,
    press,
    saved,
    settled,
    undo,
)
from tests.journeys.company import a_customer_of, field, person, planted, stored
from tests.journeys.figures import Shown, amount, read


def first_hit(page: Page) -> None:
    """Click on what the box on top found first."""
    keyed(page, "found").locator("a").first.click()
    page.wait_for_url("**id=*")
    settled(page)


def test_a_phone_number_is_three_clicks_away(server: Server, page: Page) -> None:
    customer = planted(server, lambda s: a_customer_of(s, Role.SALES, name="Copper Kettle Inn"))
    clicks = counting_clicks(page)
    enter(page, server, Role.SALES)
    before = clicks()
    look_for(page, "Copper Kettle", key="find")
    first_hit(page)
    press(page, "edit")
    fill(page, field("customer", customer, "phone"), "13912345678")
    saved(page)
    assert clicks() - before <= 3
    assert "139" in (stored(server, customer).phone or "")


def test_a_call_is_logged_with_two_clicks(server: Server, chinese_page: Page) -> None:
    page, customer = chinese_page, planted(server, lambda s: a_customer_of(s, Role.SALES, name="铜壶客栈"))
    clicks = counting_clicks(page)
    enter(page, server, Role.SALES)
    before = clicks()
    look_for(page, "铜壶客", key="find")
    press(page, f"log:customers:{customer.id}")
    fill(page, f"call:{customer.id}:v0:subject", "问价格")
    saved(page, "save_call")
    assert clicks() - before <= 2


def test_an_opportunity_moves_with_two_clicks(server: Server, page: Page) -> None:
    def make(session: object) -> tuple[Opportunity, int]:
        row = factories.an_opportunity(session, a_customer_of(session, Role.SALES), at="needs", name="Copper pipes")
        return row, factories.stage(session, "proposal").id

    row, proposal = planted(server, make)
    clicks = counting_clicks(page)
    enter(page, server, Role.SALES)
    before = clicks()
    look_for(page, "Copper pipes", key="find")
    first_hit(page)
    saved(page, f"stage:{proposal}")
    assert clicks() - before <= 2
    assert stored(server, row).stage_id == proposal


def test_the_figures_of_this_quarter_are_there_without_a_click(server: Server, page: Page) -> None:
    clicks = counting_clicks(page)
    enter(page, server, Role.MANAGER)
    values = keyed(page, "cards").locator("[data-testid=stMetricValue]")
    expect(values.first).to_be_visible()
    assert clicks() == 1  # the one that signed in
    assert values.count() >= 4
    assert "Apr 1, 2026" in page.locator("[data-testid=stMain]").inner_text()


def test_a_card_leads_to_the_records_that_it_counts(server: Server, chinese_page: Page) -> None:
    page = chinese_page
    enter(page, server, Role.MANAGER)
    card = keyed(page, "card:open_pipeline")
    shown = card.locator("[data-testid=stMetricValue]").inner_text()
    count = amount(card.locator("a").inner_text())
    card.locator("a").click()
    page.wait_for_url("**key=open_pipeline*")
    settled(page)
    behind: Shown = read(page)
    assert (behind.value, behind.records) == (shown, count)
    assert behind.agrees()


def test_a_task_done_leaves_the_list_and_comes_back(server: Server, chinese_page: Page) -> None:
    page = chinese_page
    task, _other = planted(server, lambda s: [
        factories.a_task(s, title=title, assignee_id=person(s, Role.MANAGER)) for title in ("给铜壶回电", "寄样品")
    ])  # fmt: skip
    enter(page, server, Role.MANAGER)
    pill = keyed(page, "matter").locator("button").first
    before = amount(pill.inner_text())
    press(page, f"done:{task.id}")
    expect(keyed(page, f"done:{task.id}")).to_have_count(0)
    undo(page)
    expect(keyed(page, f"done:{task.id}")).to_be_visible()
    assert amount(pill.inner_text()) == before
