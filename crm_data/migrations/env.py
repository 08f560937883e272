"""Let Alembic compare the models with the database and run the steps on the connection it is given."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from crm_data import models
from crm_data.models.base import Instant, Key


def spelled(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write the project's own column types into a step as they stand in the models."""
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, Instant):
        return "Instant()"
    return "Key" if kind == "type" and item is Key else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=models.Base.metadata,
    compare_type=False,
    render_item=spelled,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
)
context.run_migrations()
