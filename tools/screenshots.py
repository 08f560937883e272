"""Take pictures of every screen in both languages and themes and at phone width, from a running server.

    .venv/bin/python tools/screenshots.py http://127.0.0.1:8501 USER FOLDER [--only ADDRESS]…

The password is read from standard input. The demo company has to be there; the pictures in docs/ come from here.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crm_data.vocabulary.screens import RECORD_SCREENS, SCREENS

DRAWN = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Look:
    """One way to look at the screens."""

    name: str
    locale: str
    theme: str
    size: dict[str, int]


LOOKS = (
    Look("en-light", "en-US", "light", WIDE),
    Look("zh-light", "zh-CN", "light", WIDE),
    Look("en-dark", "en-US", "dark", WIDE),
    Look("zh-dark", "zh-CN", "dark", WIDE),
    Look("en-phone", "en-US", "light", PHONE),
    Look("zh-phone", "zh-CN", "dark", PHONE),
)


def main() -> None:
    """Take the pictures that the command line asks for."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("server")
    words.add_argument("user")
    words.add_argument("folder", type=Path)
    words.add_argument("--only", action="append", default=[])
    words.add_argument("--look", action="append", default=[])
    given = words.parse_args()
    password = sys.stdin.readline().rstrip("\n")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=OPTIONS)
        for look in LOOKS:
            if not given.look or look.name in given.look:
                take(browser, look, given, password)
        browser.close()


def take(browser: Browser, look: Look, given: argparse.Namespace, password: str) -> None:
    """Sign in once and picture one screen after the other."""
    context = browser.new_context(viewport=look.size, locale=look.locale, color_scheme=look.theme)
    page = context.new_page()
    page.goto(given.server + "/?lang=" + look.locale)
    settle(page)
    folder = given.folder / look.name
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / "sign-in.png")
    boxes = page.locator("input:visible")
    boxes.nth(0).fill(given.user)
    boxes.nth(1).fill(password)
    with page.expect_response("**/crm-auth/exchange"):
        boxes.nth(1).press("Enter")
    settle(page)
    for address, name in addresses(given.server, look.locale):
        if not given.only or name in given.only:
            page.goto(address)
            settle(page)
            picture(page, folder / f"{name}.png", tall=look.size is WIDE)
    context.close()


def addresses(server: str, locale: str) -> Iterator[tuple[str, str]]:
    """Give the address of every screen, records with the number of one that exists, and a name for its picture."""
    records = set(RECORD_SCREENS.values())
    for screen in SCREENS:
        query = f"?lang={locale}"
        if screen.address in records:
            query += "&id=1"
        if screen.address == "kpi":
            query += "&key=revenue"
        yield f"{server}/{screen.address}{query}", re.sub(r"\W", "-", screen.address) or "home"


def settle(page: Page) -> None:
    """Wait until the screen is drawn."""
    page.wait_for_selector(DRAWN, timeout=60_000)
    page.wait_for_selector("[data-testid=stSkeleton]", state="detached", timeout=60_000)
    page.wait_for_timeout(1_200)


def picture(page: Page, path: Path, *, tall: bool) -> None:
    """Take a picture of the whole screen: the page scrolls inside, so the window is made as high as what it shows."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 900")
    size = page.viewport_size or WIDE
    page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), 4000 if tall else 5000)})
    page.wait_for_timeout(500)
    page.screenshot(path=path)
    page.set_viewport_size(size)


if __name__ == "__main__":
    main()
