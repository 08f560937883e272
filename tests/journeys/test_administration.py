"""Administering: a file comes in and goes again, accounts, the log, the bin, and people who may only look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crm_data.vocabulary import Role
from tests import factories
from tests.journeys.browsing import (
    Server,
    cell,
    click_row,
    enter,
    fill,
    keyed,
    look_for,
    press,
    saved,
    visit,
    watch,
)
from tests.journeys.company import a_customer_of, field, planted, stored

MARK = 14
CHANGING = ("new", "edit", "delete", "log", "task", "move", "record", "book", "restore", "import", "bulk")


def test_a_file_is_imported_found_and_taken_back(server: Server, chinese_page: Page, tmp_path: Path) -> None:
    page, file = chinese_page, tmp_path / "customers.csv"
    file.write_text("name,kind,city\n青屿码头,company,青岛\n青屿渔场,company,青岛\n", encoding="utf-8")
    enter(page, server, Role.MARKETING, at="import")
    page.locator("input[type=file]").set_input_files(file)
    press(page, "run")
    expect(keyed(page, "undo_import")).to_be_visible()
    other = page.context.new_page()
    visit(other, server, "customers?q=青屿")
    expect(cell(other, "青屿渔场")).to_be_attached()
    press(page, "undo_import")
    expect(keyed(page, "undo_import")).to_have_count(0)
    visit(other, server, "customers?q=青屿")
    expect(keyed(other, "clear")).to_be_visible()


def test_an_account_is_renamed_and_the_log_takes_it_back(server: Server, chinese_page: Page) -> None:
    page, user = chinese_page, planted(server, lambda s: factories.a_user(s, name="旧名", username="old.name"))
    enter(page, server, Role.ADMIN, at=f"users?id={user.id}")
    fill(page, field("account", user, "name"), "新名")
    saved(page, "save_account")
    assert stored(server, user).name == "新名"
    visit(page, server, f"audit?q={user.id}&kind=users")
    expect(cell(page, "新名")).to_be_attached()
    click_row(page, across=MARK)
    press(page, "undo_change")
    expect(keyed(page, "flash")).to_be_visible()
    assert stored(server, user).name == "旧名"


def test_what_was_deleted_comes_back_from_the_bin(server: Server, page: Page) -> None:
    customer = planted(server, lambda s: a_customer_of(s, Role.SALES, name="Granite Bakery"))
    enter(page, server, Role.ADMIN, at=f"customer?id={customer.id}")
    press(page, "delete")
    press(page, "really_delete")
    page.wait_for_url("**/customers*")
    visit(page, server, "bin?kind=customers&q=Granite")
    expect(cell(page, "Granite Bakery")).to_be_attached()
    click_row(page, across=MARK)
    press(page, "restore")
    expect(keyed(page, "flash")).to_be_visible()
    visit(page, server, "customers")
    look_for(page, "Granite Bakery")
    expect(cell(page, "Granite Bakery")).to_be_attached()


@pytest.mark.parametrize("address", ["customers", "opportunities", "contracts", "products", "satisfaction", "loyalty",
                                     "campaigns", "tasks"])  # fmt: skip
def test_a_viewer_sees_but_finds_nothing_that_changes(server: Server, viewer_page: Page, address: str) -> None:
    visit(viewer_page, server, address)
    assert viewer_page.locator("[data-testid=stMain] h1").count() == 1
    assert [key for key in CHANGING if keyed(viewer_page, key).count()] == []


@pytest.mark.parametrize("kind", ["customer", "opportunity", "contract", "campaign", "survey_record"])
def test_a_viewer_opens_a_record_and_cannot_change_it(server: Server, viewer_page: Page, kind: str) -> None:
    visit(viewer_page, server, f"{kind}?id=1")
    expect(keyed(viewer_page, "heading")).to_be_visible()
    assert [key for key in CHANGING if keyed(viewer_page, key).count()] == []


@pytest.mark.parametrize("address", ["import", "users", "audit", "bin", "settings", "permissions"])
def test_a_viewer_is_told_whom_to_ask_in_the_administration(server: Server, viewer_page: Page, address: str) -> None:
    visit(viewer_page, server, address)
    expect(keyed(viewer_page, "refused")).to_be_visible()
    assert viewer_page.locator("[data-testid=stMain]").locator("canvas, form, h1").count() == 0


@pytest.fixture(scope="module")
def viewer_page(browser: Browser, server: Server, memory: Callable[[Role], Path]) -> Iterator[Page]:
    """Give a page at which the demo company's viewer is signed in."""
    context = browser.new_context(storage_state=memory(Role.VIEWER))
    watch(context, server)
    yield context.new_page()
    context.close()
