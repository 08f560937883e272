"""A demo company large enough to tell its stories, made once for all tests here."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from crm_data import access, db, seed
from crm_data.access import system
from tests.conftest import TODAY
from tests.seed.copies import planted

Frames = dict[str, pl.DataFrame]


@pytest.fixture(scope="session")
def company(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Frames:
    """Give all tables of the default demo company."""
    with pytest.MonkeyPatch.context() as pinned:
        pinned.setenv("CRM_TODAY", TODAY)
        bind = planted(template, tmp_path_factory.mktemp("company") / "demo.db", customers=seed.CUSTOMERS)
        with db.reading(bind) as session:
            frames = {name: frame.collect() for name, frame in access.frames(session, system("tests")).items()}
    bind.dispose()
    return frames
