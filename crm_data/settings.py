"""Where this installation keeps its data and secrets, read from the environment."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path

from crm_data.errors import CrmError
from crm_data.vocabulary import N_

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_KEY = 32
# A sign-in ends after so long without a click, and in any case after so many days.
IDLE_LIMIT = timedelta(hours=8)
SESSION_LIMIT = timedelta(days=7)


def data_dir() -> Path:
    """Give the folder for the database file, backups and the columnar copy; make it when missing."""
    folder = Path(os.environ.get("CRM_DATA_DIR") or ROOT / "data")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def database_url() -> str:
    """Give the SQLAlchemy address of the database; a SQLite file in the data folder when nothing is set."""
    return os.environ.get("CRM_DATABASE_URL") or f"sqlite:///{data_dir() / 'guanxi.db'}"


def public_url() -> str:
    """Give the base of links in messages, without a slash at its end."""
    return (os.environ.get("CRM_PUBLIC_URL") or "http://127.0.0.1:8501").rstrip("/")


def secret_key() -> str:
    """Give the key that signs sessions and links.

    With SQLite it is made once and kept in the data folder for the owner's eyes only; with a database server it
    must come from the environment, because several servers have to share it.

    Raises CrmError when it is missing or shorter than 32 bytes.
    """
    key = os.environ.get("CRM_SECRET_KEY")
    if key is None and database_url().startswith("sqlite"):
        key = _kept_key(data_dir() / "secret.key")
    if key is None:
        raise CrmError(
            N_("Set CRM_SECRET_KEY to a secret of at least 32 bytes: with a database server it is required.")
        )
    if len(key.encode()) < SHORTEST_KEY:
        raise CrmError(N_("CRM_SECRET_KEY is too short: it needs at least 32 bytes."))
    return key


def _kept_key(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
