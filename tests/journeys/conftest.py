"""A server on a database of its own and a real browser in front of it, for journeys through the app."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine

from crm_data import db, schema
from crm_data.access import system
from crm_data.services import changes, defaults, passwords, users
from crm_data.vocabulary import ChangeAction, Role
from tests.conftest import TODAY
from tests.environment import ROOT, browser_path, require_or_skip
from tests.journeys.browsing import PASSWORD, Server

FOLDER = Path(__file__).parent
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
START_SECONDS = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.browser)


def seed(engine: Engine) -> None:
    """Fill a database with a new company's defaults and one person a role: `my.admin`, `my.sales` …"""
    schema.upgrade(engine)
    root = system("tests")
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        defaults.install(session)
        for role in Role:
            values = {"name": f"{role.label} Chen", "role": role}
            users.create(session, root, username=f"my.{role}", password=PASSWORD, values=values)


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Give a function that starts a server on a database of its own: seeded, or empty with `seed=None`."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*, seed: Callable[[Engine], None] | None = seed) -> Server:
        folder = tmp_path_factory.mktemp("server")
        engine = db.engine(f"sqlite:///{folder / 'guanxi.db'}")
        schema.upgrade(engine)
        if seed is not None:
            seed(engine)
        port = _free_port()
        log = folder / "server.log"
        environment = os.environ | {"CRM_DATA_DIR": str(folder), "CRM_TODAY": TODAY}
        environment.pop("CRM_DATABASE_URL", None)
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        running.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log.open("wb"), stderr=subprocess.STDOUT)
        )
        server = Server(f"http://127.0.0.1:{port}", engine, log)
        _await(server, running[-1])
        return server

    cheap, passwords.ROUNDS = passwords.ROUNDS, 4
    yield start
    passwords.ROUNDS = cheap
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(launch: Callable[..., Server]) -> Server:
    """Give a running server on a seeded database, shared by the journeys of one process."""
    return launch()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = browser_path()
    if path is None:
        require_or_skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser without history that notes every request to another machine in `context.outside`."""
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    """Give a page in a browser without history; requests that leave the machine are noted in `server.outside`."""
    opened = context.new_page()
    opened.on("request", lambda request: _note(server, request.url))
    return opened


def _note(server: Server, url: str) -> None:
    if url.startswith(("http", "ws")) and "://127.0.0.1:" not in url:
        server.outside.append(url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{server.url}/healthz", timeout=2).close()
            return
        except (URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{server.log.read_text(encoding='utf-8')}")
