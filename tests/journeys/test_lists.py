"""Lists in a real browser: searched, filtered, paged and cleared, with the address following."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from crm_data.access import system
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction
from tests import factories
from tests.journeys.browsing import Server, press, settled, sign_in, visit


@pytest.fixture
def contracts(server: Server) -> None:
    with changes.writing(server.engine, system("tests"), action=ChangeAction.CREATE) as session:
        customer = factories.a_customer(session)
        for _number in range(30):
            factories.a_contract(session, customer)


@pytest.mark.usefixtures("contracts")
def test_clearing_the_filters_shows_everything_again(server: Server, page: Page) -> None:
    visit(page, server, "contracts?q=nothing+like+it&status=draft")
    sign_in(page)
    press(page, "clear")
    assert page.url.endswith("/contracts")
    assert page.locator("[data-testid=stDataFrame]").count() > 0


@pytest.mark.usefixtures("contracts")
def test_a_filter_on_a_later_page_leads_back_to_the_first(server: Server, page: Page) -> None:
    visit(page, server, "contracts?p=2")
    sign_in(page)
    page.get_by_text("Active", exact=True).first.click()
    page.wait_for_timeout(150)
    settled(page)
    assert page.url.endswith("/contracts?status=active")
