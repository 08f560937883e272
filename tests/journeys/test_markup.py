"""Text that looks like markup, HTML or a formula is shown as it was typed, everywhere, and does nothing."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import select

from crm_data import db
from crm_data.models import Customer
from crm_data.vocabulary import Role
from tests import factories
from tests.journeys.browsing import Server, cell, enter, fill, keyed, look_for, press, visit
from tests.journeys.company import person, planted

NASTY = '**b** [x](http://a) <img src=x onerror="window.struck = 1"> :red[r] $2b$ {name}'
WORD_JOINER = "\u2060"


def verbatim(text: str | None) -> str:
    return (text or "").replace(WORD_JOINER, "")


def harmless(page: Page) -> bool:
    """Tell whether nothing on the page came to life."""
    born = page.locator("img[src='x'], a[href^='http://a'], .katex").count()
    return born == 0 and page.evaluate("window.struck === undefined")


def make_customer(server: Server, page: Page, *, name: str) -> Customer:
    enter(page, server, Role.ADMIN, at="customers")
    press(page, "new")
    fill(page, "customer:new:v0:name", name)
    press(page, "save_customer")
    page.wait_for_url("**/customer?id=*")
    with db.reading(server.engine) as session:
        return session.scalars(select(Customer).where(Customer.name == name)).one()


def test_a_name_that_looks_like_markup_is_shown_as_it_was_typed(server: Server, page: Page) -> None:
    make_customer(server, page, name=NASTY)
    expect(keyed(page, "heading").locator("h2")).to_be_visible()
    assert verbatim(keyed(page, "heading").locator("h2").inner_text()) == NASTY
    assert harmless(page)
    visit(page, server, "customers")
    look_for(page, "window.struck")
    assert cell(page, "onerror").inner_text() == NASTY
    visit(page, server)
    look_for(page, "window.struck", key="find")
    assert NASTY in verbatim(keyed(page, "found").inner_text())
    assert harmless(page)


def test_what_needs_action_and_the_charts_show_it_as_it_was_typed(server: Server, chinese_page: Page) -> None:
    page = chinese_page

    def make(session: object) -> None:
        row = factories.a_customer(session, name=f"2 {NASTY}", region=NASTY, owner_id=person(session, Role.ADMIN))
        factories.a_task(session, row, title=NASTY, assignee_id=row.owner_id)
        factories.an_opportunity(session, row, name=NASTY, amount=900_000_000)

    planted(server, make)
    enter(page, server, Role.ADMIN)
    assert NASTY in verbatim(keyed(page, "needs_action").inner_text())
    assert harmless(page)
    for address in ("kpi?key=open_pipeline&by=region", "opportunities"):
        visit(page, server, address)
        assert "**b** [x](http://a)" in verbatim(page.locator("[data-testid=stMain]").inner_text())
        assert harmless(page)
