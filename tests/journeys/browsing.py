"""How a person moves through the app in a browser: open, wait until it is drawn, sign in and out, find, open, save.

Widgets are found by their keys, never by words, so that the same journey goes through every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect
from sqlalchemy import Engine

from crm_data.vocabulary import Role

PASSWORD = "correct horse battery"
PATIENCE = 30_000
HEADER, ROW = 35, 40
# Streamlit's page asks below its own address first whether its server is there, and takes the 404 for an answer.
PROBES = ("/_stcore/host-config", "/_stcore/health")
_DRAWN = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"

expect.set_options(timeout=PATIENCE)


@dataclass
class Server:
    """A running server on a database of its own; `log` is what it printed.

    `outside` are the requests that left the machine, `complaints` what the browser's console called an error.
    """

    url: str
    engine: Engine
    log: Path
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def settled(page: Page) -> None:
    """Wait until the script has run and everything it sent is drawn."""
    page.wait_for_selector(_DRAWN, timeout=PATIENCE)
    page.wait_for_selector("[data-testid=stSkeleton]", state="detached", timeout=PATIENCE)


def acted(page: Page) -> None:
    """Wait until what follows from a click or from typing is drawn; what is typed is sent after 300 ms."""
    page.wait_for_timeout(150)
    settled(page)


def visit(page: Page, server: Server, address: str = "") -> None:
    """Open an address, such as `customers?q=a`, and wait until it is drawn."""
    page.goto(f"{server.url}/{address}")
    settled(page)


def sign_in(page: Page, role: Role = Role.ADMIN, *, password: str = PASSWORD) -> None:
    """Fill in the sign-in form as the person of a role (`my.admin`, `my.sales` …) and wait for the screen behind it."""
    page.get_by_role("textbox", name="User name").first.fill(f"my.{role}")
    page.get_by_role("textbox", name="Password").first.fill(password)
    with page.expect_response("**/crm-auth/exchange"):
        page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_selector(".st-key-sign_out", state="attached", timeout=PATIENCE)
    settled(page)


def enter(page: Page, server: Server, role: Role, *, at: str = "") -> None:
    """Open an address and come in as the demo company's person of a role, who has customers and figures."""
    visit(page, server, at)
    with page.expect_response("**/crm-auth/exchange"):
        keyed(page, f"demo:{role}").locator("button").click()
    page.wait_for_selector(".st-key-sign_out", state="attached", timeout=PATIENCE)
    settled(page)


def sign_out(page: Page) -> None:
    """Sign out, and wait for the page that the browser then loads afresh."""
    with page.expect_navigation():
        page.locator(".st-key-sign_out button").click()
    settled(page)


def is_signed_in(page: Page) -> bool:
    """Tell whether the page has the frame that only signed-in people see."""
    return page.locator(".st-key-sign_out").count() > 0


def keyed(page: Page, key: str) -> Locator:
    """Give the element that the app drew under a key."""
    return page.locator(f".st-key-{re.sub(r'[^0-9A-Za-z_-]', '-', key)}").first


def press(page: Page, key: str) -> None:
    """Press the button with this key and wait until the screen is drawn again."""
    keyed(page, key).locator("button").first.click()
    acted(page)


def fill(page: Page, key: str, words: str) -> None:
    """Write into the field with this key."""
    keyed(page, key).locator("input, textarea").first.fill(words)


def pick(page: Page, key: str, *, place: int = 0) -> None:
    """Press one of the choices under a key, by its place: 0 is the first, -1 the last."""
    keyed(page, key).locator("button").nth(place).click()
    acted(page)


def look_for(page: Page, words: str, *, key: str = "q") -> None:
    """Type into a search box and wait for what it finds."""
    keyed(page, key).locator("input").fill(words)
    page.wait_for_timeout(350)
    settled(page)


def cell(page: Page, words: str) -> Locator:
    """Give the cell of a table that holds these words; the table is a picture, its cells are there for readers."""
    return page.locator("[data-testid=stMain] [role=gridcell]", has_text=words).first


def click_row(page: Page, *, row: int = 0, across: int = 60) -> None:
    """Click into a row of the last table of the screen, so far from its left edge."""
    table = page.locator("[data-testid=stMain] canvas[data-testid=data-grid-canvas]").last
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + across, box["y"] + HEADER + ROW * row + ROW / 2)
    acted(page)


def open_row(page: Page, *, row: int = 0) -> None:
    """Open the record of a row of a list, by its name, which stands right of the mark that selects it."""
    click_row(page, row=row, across=62)
    page.wait_for_url(re.compile(r"[?&]id=\d"))
    settled(page)


def saved(page: Page, key: str = "save") -> None:
    """Press the button that saves, and wait until the top of the screen says what was done."""
    press(page, key)
    expect(keyed(page, "flash")).to_be_visible()


def undo(page: Page) -> None:
    """Take back what was just done, and wait until the top of the screen says so."""
    said = keyed(page, "flash").inner_text()
    press(page, "undo")
    expect(keyed(page, "flash")).not_to_have_text(said)
    settled(page)


def counting_clicks(page: Page) -> Callable[[], int]:
    """Count what a person clicks on a page from now on; typing counts nothing. Ask it before leaving the app."""
    page.add_init_script(
        "window.clicks = 0; addEventListener('click', each => { if (each.isTrusted) window.clicks += 1 }, true)"
    )
    return lambda: int(page.evaluate("window.clicks"))


def watch(context: BrowserContext, server: Server) -> None:
    """Note what a browser asks of other machines, and the errors in its console."""
    context.set_default_timeout(PATIENCE)
    context.on("request", lambda request: _note_request(server, request.url))
    context.on("console", lambda message: _note_message(server, message))
    context.on("weberror", lambda error: server.complaints.append(str(error.error)))


def _note_request(server: Server, url: str) -> None:
    if url.startswith(("http", "ws")) and "://127.0.0.1:" not in url:
        server.outside.append(url)


def _note_message(server: Server, message: ConsoleMessage) -> None:
    if message.type == "error" and not message.location["url"].endswith(PROBES):
        server.complaints.append(f"{message.text} ({message.location['url']})")
