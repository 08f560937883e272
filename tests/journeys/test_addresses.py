"""Addresses: a link that was sent opens its record after the sign-in, and Back leads to the list as it was left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm_data.vocabulary import Role
from tests.journeys.browsing import Server, acted, cell, enter, keyed, look_for, open_row, press
from tests.journeys.company import a_customer_of, planted

LIST = "customers?kind=company&sort=name&p=2"


@pytest.fixture(scope="module")
def cold(launch: Callable[..., Server], demo_template: Path) -> Server:
    """Give a server that nobody has visited yet, with the demo company."""
    return launch(template=demo_template)


@pytest.mark.parametrize(("address", "key"), [
    ("customer?id=1&tab=timeline", "heading"), ("kpi?key=revenue&period=year_to_date", "figure"),
])  # fmt: skip
def test_a_link_opens_its_record_after_the_sign_in(cold: Server, page: Page, address: str, key: str) -> None:
    enter(page, cold, Role.ADMIN, at=address)
    assert page.url == f"{cold.url}/{address}"
    expect(keyed(page, key)).to_be_visible()


def first_name(page: Page) -> str:
    return page.locator("[data-testid=stMain] [role=gridcell]").first.inner_text()


@pytest.mark.parametrize("way", ["button", "browser"])
def test_back_from_a_record_finds_the_list_as_it_was_left(server: Server, page: Page, way: str) -> None:
    enter(page, server, Role.ADMIN, at=LIST)
    first = first_name(page)
    open_row(page)
    if way == "button":
        press(page, "back")
    else:
        page.go_back()
        acted(page)
    page.wait_for_url(f"**/{LIST}")
    expect(cell(page, first)).to_be_attached()
    assert first_name(page) == first


def test_back_leaves_a_list_at_once_however_much_was_typed(server: Server, page: Page) -> None:
    planted(server, lambda s: a_customer_of(s, Role.SALES, name="Quince Orchard"))
    enter(page, server, Role.SALES, at="tasks")
    page.locator("[data-testid=stSidebarNav] a[href$='/customers']").click()
    page.wait_for_url("**/customers")
    for words in ("Quin", "Quince", "Quince Orch"):
        look_for(page, words)
    page.wait_for_url("**q=Quince*Orch*")
    open_row(page)
    page.go_back()
    page.wait_for_url("**/customers?q=Quince*Orch*")
    acted(page)
    expect(keyed(page, "q").locator("input")).to_have_value("Quince Orch")
    page.go_back()
    page.wait_for_url("**/tasks")


def test_a_filter_set_on_a_later_page_shows_what_it_finds(server: Server, page: Page) -> None:
    planted(server, lambda s: a_customer_of(s, Role.SALES, name="Quarry Works"))
    enter(page, server, Role.ADMIN, at="customers?p=2")
    look_for(page, "Quarry Works")
    expect(cell(page, "Quarry Works")).to_be_attached()
