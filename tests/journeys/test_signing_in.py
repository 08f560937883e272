"""Signing in and out in a real browser, and what stays closed to everybody else."""

from __future__ import annotations

from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, Page

from crm_data.vocabulary import Role
from tests.journeys.browsing import PASSWORD, Server, is_signed_in, press, settled, sign_in, sign_out, visit

COOKIE = "guanxi_session"


def the_cookie(context: BrowserContext) -> dict:
    return next(cookie for cookie in context.cookies() if cookie["name"] == COOKIE)


def test_a_deep_link_on_a_cold_server_survives_the_sign_in(launch: Callable[..., Server], page: Page) -> None:
    visit(page, launch(), "customers?q=ruifeng")
    assert not is_signed_in(page)
    sign_in(page, Role.SALES)
    assert page.url.endswith("/customers?q=ruifeng")
    assert page.get_by_role("heading", name="Customers").first.is_visible()


def test_the_cookie_is_kept_from_scripts_and_brings_one_back_after_reloading(server: Server, page: Page) -> None:
    visit(page, server)
    sign_in(page)
    cookie = the_cookie(page.context)
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert COOKIE not in page.evaluate("document.cookie")
    page.reload()
    settled(page)
    assert is_signed_in(page)


def test_a_second_window_needs_no_password(server: Server, page: Page) -> None:
    visit(page, server)
    sign_in(page)
    second = page.context.new_page()
    visit(second, server, "customers")
    assert is_signed_in(second)


def test_a_copied_cookie_is_refused_after_signing_out(server: Server, page: Page, browser) -> None:
    visit(page, server)
    sign_in(page)
    copied = the_cookie(page.context)
    sign_out(page)
    assert COOKIE not in {cookie["name"] for cookie in page.context.cookies()}
    thief = browser.new_context()
    thief.add_cookies([copied])
    stolen = thief.new_page()
    visit(stolen, server)
    assert not is_signed_in(stolen)
    thief.close()


def test_signing_out_everywhere_ends_another_browser_at_its_next_click(server: Server, page: Page, browser) -> None:
    other = browser.new_context()
    elsewhere = other.new_page()
    for each in (page, elsewhere):
        visit(each, server, "account")
        sign_in(each, Role.SERVICE)
    with page.expect_navigation():
        page.locator(".st-key-end_all button").click()
    elsewhere.get_by_text("简体中文").first.click()
    elsewhere.get_by_role("textbox", name="User name").first.wait_for()
    elsewhere.wait_for_selector(".st-key-sign_out", state="detached")
    other.close()


def test_a_new_password_keeps_this_window_and_ends_the_others(server: Server, page: Page, browser) -> None:
    other = browser.new_context()
    elsewhere = other.new_page()
    for each in (page, elsewhere):
        visit(each, server, "account")
        sign_in(each, Role.VIEWER)
    page.get_by_role("textbox", name="Present password").fill(PASSWORD)
    page.get_by_role("textbox", name="New password").fill("another long sentence")
    with page.expect_response("**/crm-auth/exchange"):
        page.locator(".st-key-change_password button").click()
    page.reload()
    elsewhere.reload()
    for each in (page, elsewhere):
        settled(each)
    assert (is_signed_in(page), is_signed_in(elsewhere)) == (True, False)
    other.close()


def test_a_wrong_password_says_so_and_keeps_the_address(server: Server, page: Page) -> None:
    visit(page, server, "tasks")
    page.get_by_role("textbox", name="User name").first.fill("my.admin")
    page.get_by_role("textbox", name="Password").first.fill("wrong wrong")
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_text("the account is not open").wait_for()
    assert page.url.endswith("/tasks")


def test_the_first_person_sets_the_company_up(launch: Callable[..., Server], page: Page) -> None:
    visit(page, launch(seed=None))
    page.get_by_role("textbox", name="Your name").fill("Wang Fang")
    page.get_by_role("textbox", name="User name").fill("wang")
    page.get_by_role("textbox", name="Password").fill("a first long sentence")
    with page.expect_response("**/crm-auth/exchange"):
        press(page, "first:send")
    settled(page)
    assert is_signed_in(page)


def test_no_request_leaves_the_machine(server: Server, page: Page) -> None:
    visit(page, server)
    sign_in(page)
    for address in ("customers", "tasks", "users", "permissions", "account"):
        visit(page, server, address)
    assert server.outside == []


def test_the_pages_come_with_headers_that_a_browser_obeys(server: Server) -> None:
    headers = urlopen(f"{server.url}/").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["healthz", "readyz"])
def test_the_server_says_how_it_is(server: Server, address: str) -> None:
    assert urlopen(f"{server.url}/{address}").read() == b"ok"


@pytest.mark.parametrize("headers", [
    {"X-CRM": "a guessed ticket", "Origin": "{own}"},
    {"X-CRM": "a guessed ticket", "Origin": "http://evil.example"},
    {"X-CRM": "a guessed ticket"},
    {"Origin": "{own}"},
])  # fmt: skip
def test_no_cookie_is_given_for_a_guessed_ticket_or_to_a_foreign_page(server: Server, headers: dict[str, str]) -> None:
    sent = {name: value.replace("{own}", server.url) for name, value in headers.items()}
    with pytest.raises(OSError, match=r"Forbidden|Gone"):
        urlopen(Request(f"{server.url}/crm-auth/exchange", method="POST", headers=sent))
