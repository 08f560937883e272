"""What this machine offers the tests: a browser, a Chinese font, database servers, the folder of real data.

Each of these gives None where it is missing. A test that needs it then calls `require_or_skip`.
"""

import getpass
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def require_or_skip(reason: str) -> NoReturn:
    """Skip the running test (or the module being read) for this reason; with CI=true it fails instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"With CI=true nothing may be skipped: {reason}", pytrace=False)
    pytest.skip(reason, allow_module_level=True)


def browser_path() -> str | None:
    """Give the path of Chromium or a relative of it (CRM_TEST_BROWSER names another)."""
    named = os.environ.get("CRM_TEST_BROWSER")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def chinese_font() -> str | None:
    """Give the name of a font with Chinese characters; None where pages would show empty boxes."""
    if shutil.which("fc-list") is None:
        return None
    listing = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False).stdout
    return listing.splitlines()[0] if listing else None


@cache
def postgres_url() -> str | None:
    """Give the address of a PostgreSQL server where databases may be created and dropped."""
    user = getpass.getuser()
    return _first_that_answers(
        os.environ.get("CRM_TEST_POSTGRES_URL"),
        "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
        f"postgresql+psycopg://{user}@127.0.0.1:5432/postgres",
        f"postgresql+psycopg://{user}@/postgres?host=/var/run/postgresql",
    )


@cache
def mariadb_url() -> str | None:
    """Give the address of a MariaDB server where databases may be created and dropped; it names no database."""
    return _first_that_answers(
        os.environ.get("CRM_TEST_MARIADB_URL"),
        "mysql+pymysql://root@127.0.0.1:3306/?charset=utf8mb4",
        "mysql+pymysql://root@localhost/?charset=utf8mb4&unix_socket=/run/mysqld/mysqld.sock",
    )


def data_folder() -> Path | None:
    """Give the folder of real data: CRM_TEST_DATA, or shared/data beside the checkout."""
    folder = Path(os.environ.get("CRM_TEST_DATA") or ROOT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def _first_that_answers(named: str | None, *usual: str) -> str | None:
    """Try the named address alone, or else the usual ones in turn."""
    return next(filter(_answers, (named,) if named else usual), None)


def _answers(url: str) -> bool:
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return True
    except (DBAPIError, SQLAlchemyError, OSError):
        return False
    finally:
        engine.dispose()
