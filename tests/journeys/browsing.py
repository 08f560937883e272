"""How a person moves through the app in a browser: open, wait until it is drawn, sign in and out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import Engine

from crm_data.vocabulary import Role

PASSWORD = "correct horse battery"
PATIENCE = 30_000
_DRAWN = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"


@dataclass
class Server:
    """A running server on a database of its own; `log` is what it printed."""

    url: str
    engine: Engine
    log: Path
    outside: list[str] = field(default_factory=list)


def settled(page: Page) -> None:
    """Wait until the script has run and everything it sent is drawn."""
    page.wait_for_selector(_DRAWN, timeout=PATIENCE)
    page.wait_for_selector("[data-testid=stSkeleton]", state="detached", timeout=PATIENCE)


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


def sign_out(page: Page) -> None:
    """Sign out, and wait for the page that the browser then loads afresh."""
    with page.expect_navigation():
        page.locator(".st-key-sign_out button").click()
    settled(page)


def press(page: Page, key: str) -> None:
    """Press the button with this key and wait until the screen is drawn again."""
    page.locator(f".st-key-{key.replace(':', '-')} button").first.click()
    page.wait_for_timeout(150)
    settled(page)


def is_signed_in(page: Page) -> bool:
    """Tell whether the page has the frame that only signed-in people see."""
    return page.locator(".st-key-sign_out").count() > 0
