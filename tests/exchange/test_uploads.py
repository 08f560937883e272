"""Files that people bring along: kept, known again, imported once and forgotten."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.exchange import uploads
from crm_data.exchange.imports import ImportOptions
from crm_data.exchange.reading import open_source
from crm_data.queries import imports
from tests import factories


def kept(text: str = "name\nA\n", *, name: str = "a.csv") -> uploads.Kept:
    return uploads.keep(io.BytesIO(text.encode()), name=name)


def test_the_same_content_has_the_same_digest() -> None:
    assert [kept(name=name).digest == kept().digest for name in ("a.csv", "b.csv")] == [True, True]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\x00b.csv", "..", "文件.csv"])
def test_a_name_cannot_leave_the_folder(name: str, tmp_path: Path) -> None:
    assert kept(name=name).path.resolve().is_relative_to(tmp_path / "uploads")


def test_a_file_that_is_too_large_is_refused_and_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 3)
    with pytest.raises(CrmError, match="larger than 200 MB"):
        kept()
    assert list((tmp_path / "uploads").iterdir()) == []


def test_what_lies_for_a_day_is_swept_away() -> None:
    old = kept().path
    os.utime(old.parent, (0, 0))
    kept()
    assert not old.exists()


def test_an_import_is_found_again_by_its_file(session: Session, root: Actor) -> None:
    file = kept("name\n瑞丰\n")
    uploads.bring_in(session, root, kind="customers", source=open_source(file.path), options=ImportOptions(),
                     digest=file.digest)  # fmt: skip
    found = imports.same_file(session, root, digest=file.digest, kind="customers")
    assert found is not None
    assert (found.file, found.counts["create"], found.username) == ("a.csv", 1, "tests")


def test_somebody_elses_imports_are_not_shown(session: Session, root: Actor, seller: Actor) -> None:
    file = kept()
    uploads.bring_in(session, root, kind="customers", source=open_source(file.path), options=ImportOptions(),
                     digest=file.digest)  # fmt: skip
    other = factories.an_actor(session, role="marketing")
    assert (len(imports.recent(session, root)), imports.recent(session, other)) == (1, [])
