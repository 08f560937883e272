"""On a phone and in the dark: nothing is wider than the window, the main button is in reach, every text can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crm_data.vocabulary import Role
from tests.journeys.browsing import Server, enter, is_signed_in, keyed, visit, watch
from tests.journeys.looks import faint, overflow

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
}
# The main button of each screen; None where there is nothing to press.
SCREENS = {
    "": "log", "tasks": "new", "customers": "new", "customer?id=1": "log", "opportunities": "new",
    "opportunities?view=table": "new", "opportunity?id=1": "edit", "contracts": "new", "contract?id=1": "edit",
    "products": "new", "satisfaction": "record", "survey_record?id=1": "edit", "loyalty": "book", "campaigns": "new",
    "campaign?id=1": "edit", "kpis": None, "kpi?key=revenue": None, "import": "file", "users": "new",
    "permissions": "default_rights", "settings": None, "audit": None, "bin": None, "account": "end_all",
}  # fmt: skip


@pytest.fixture(scope="module")
def phone(browser: Browser, server: Server, memory: Callable[[Role], Path]) -> Iterator[Page]:
    """Give a page on a phone that asks for Chinese, with an administrator signed in."""
    context = browser.new_context(**PHONE, storage_state=memory(Role.ADMIN), locale="zh-CN")
    watch(context, server)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("address", "button"), SCREENS.items())
def test_a_screen_fits_a_phone(server: Server, phone: Page, address: str, button: str | None) -> None:
    visit(phone, server, address)
    assert overflow(phone) <= 0
    if button is not None:
        key = keyed(phone, button)
        key.scroll_into_view_if_needed()
        box = key.bounding_box() or {"x": -1, "width": 0}
        assert 0 <= box["x"] <= PHONE["viewport"]["width"] - box["width"]
        key.locator("button").first.click(trial=True)


@pytest.fixture(scope="module", params=["light", "dark"])
def shaded(
    browser: Browser, server: Server, memory: Callable[[Role], Path], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """Give a page that is light, then one that is dark."""
    context = browser.new_context(storage_state=memory(Role.ADMIN), color_scheme=request.param)
    watch(context, server)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("address", ["", "customers", "customer?id=1&tab=tasks", "opportunities", "opportunity?id=1",
                                     "satisfaction?tab=comments", "kpi?key=revenue", "tasks"])  # fmt: skip
def test_every_text_can_be_read(server: Server, shaded: Page, address: str) -> None:
    visit(shaded, server, address)
    assert faint(shaded) == {}


def test_one_comes_in_on_a_phone_and_stays(server: Server, browse: Callable[..., Page]) -> None:
    page = browse(**PHONE)
    enter(page, server, Role.SALES)
    expect(keyed(page, "log")).to_be_visible()
    visit(page, server, "customers")
    assert is_signed_in(page)
