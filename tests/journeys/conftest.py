"""A server on a database of its own and a real browser in front of it, for journeys through the app."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
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
from tests.journeys.browsing import PASSWORD, Server, enter, watch

FOLDER = Path(__file__).parent
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
DESK = {"width": 1280, "height": 900}
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
    """Give a function that starts a server on a database of its own: seeded, a copy of a template, or empty."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*, seed: Callable[[Engine], None] | None = seed, template: Path | None = None) -> Server:
        folder = tmp_path_factory.mktemp("server")
        if template is not None:
            shutil.copy(template, folder / "guanxi.db")
        engine = db.engine(f"sqlite:///{folder / 'guanxi.db'}")
        schema.upgrade(engine)
        if seed is not None:
            seed(engine)
        server = Server(f"http://127.0.0.1:{_free_port()}", engine, folder / "server.log")
        running.append(_serve(server, folder))
        _await(server, running[-1])
        return server

    cheap, passwords.ROUNDS = passwords.ROUNDS, 4
    yield start
    passwords.ROUNDS = cheap
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(launch: Callable[..., Server], demo_template: Path) -> Server:
    """Give a running server with the small demo company, shared by the journeys of one process."""
    return launch(template=demo_template)


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
def browse(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page in a browser without history, such as `browse(locale="zh-CN")`.

    Afterwards no request may have left the machine and no error of ours may stand in a console.
    """
    opened: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**({"viewport": DESK, "locale": "en-US"} | options))
        watch(context, server)
        opened.append(context)
        return context.new_page()

    server.outside.clear()
    server.complaints.clear()
    yield open_page
    for context in opened:
        context.close()
    assert (server.outside, server.complaints) == ([], [])


@pytest.fixture(scope="session")
def memory(browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Role], Path]:
    """Give a function that gives a browser's memory in which the demo company's person of a role is signed in."""

    @cache
    def of(role: Role) -> Path:
        context, path = browser.new_context(), tmp_path_factory.mktemp("memory") / f"{role}.json"
        enter(context.new_page(), server, role)
        context.storage_state(path=path)
        context.close()
        return path

    return of


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    """Give a page in a browser without history that asks for English."""
    return browse()


@pytest.fixture
def chinese_page(browse: Callable[..., Page]) -> Page:
    """Give a page in a browser without history that asks for Chinese."""
    return browse(locale="zh-CN")


def _serve(server: Server, folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"CRM_DATA_DIR": str(folder), "CRM_TODAY": TODAY}
    environment.pop("CRM_DATABASE_URL", None)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", server.url.rpartition(":")[2]]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=server.log.open("wb"), stderr=subprocess.STDOUT)


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
