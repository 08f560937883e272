"""Bring the database's tables up to date, from however many servers at once."""

from __future__ import annotations

import uuid
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from crm_data import db
from crm_data.models import Base

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 5_461_977


def upgrade(bind: Engine) -> None:
    """Create or upgrade the schema; a second server that starts at the same time waits and finds it done."""
    with db.writer(bind).begin() as connection:
        _lock(connection)
        _tell_texts_apart(connection)
        config = Config()
        config.set_main_option("script_location", str(_FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _first_rows(connection)
        _unlock(connection)


def is_current(bind: Engine) -> bool:
    """Tell whether the database answers and has the newest schema."""
    with bind.connect() as connection:
        have = MigrationContext.configure(connection).get_current_revision()
    return have == ScriptDirectory(str(_FOLDER)).get_current_head()


def differences(bind: Engine) -> list[str]:
    """List what the database's tables have otherwise than the models say."""
    with bind.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def exists(bind: Engine) -> bool:
    """Tell whether there is a schema at all."""
    return inspect(bind).has_table("users")


def _first_rows(connection: Connection) -> None:
    if connection.execute(text("SELECT count(*) FROM change_clock")).scalar_one() == 0:
        connection.execute(text("INSERT INTO change_clock (id, value) VALUES (1, 1)"))


def new_database_id() -> str:
    """Make the name that tells one database's copies from another's."""
    return uuid.uuid4().hex


def _tell_texts_apart(connection: Connection) -> None:
    """Make new tables of MariaDB compare texts letter by letter, as the other databases do: é is no e, A no a."""
    if connection.dialect.name in {"mysql", "mariadb"}:
        order = "utf8mb4_nopad_bin" if getattr(connection.dialect, "is_mariadb", False) else "utf8mb4_0900_bin"
        connection.execute(text(f"ALTER DATABASE CHARACTER SET utf8mb4 COLLATE {order}"))


def _lock(connection: Connection) -> None:
    match connection.dialect.name:
        case "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        case "mysql" | "mariadb":
            connection.execute(text("SELECT GET_LOCK(:lock, 120)"), {"lock": str(_LOCK)})


def _unlock(connection: Connection) -> None:
    if connection.dialect.name in {"mysql", "mariadb"}:
        connection.execute(text("SELECT RELEASE_LOCK(:lock)"), {"lock": str(_LOCK)})
