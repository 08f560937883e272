"""import and export."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, select

from crm_data import db
from crm_data.exchange import exports
from crm_data.models import AuditEntry, Customer
from crm_data.vocabulary import ChangeAction
from tests.cli.conftest import Run

THREE = "name,code,email\nApple Tree,A1,a@example.com\nBlue Hill,B1,no address\nCold Lake,C1,\n"


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Give a file of three customers, one of them with a wrong address."""
    path = tmp_path / "customers.csv"
    path.write_text(THREE, encoding="utf-8")
    return str(path)


def test_an_import_says_what_it_did_and_how_to_undo_it(run: Run, engine: Engine, file: str):
    outcome = run("import", "customers", file)
    assert outcome.code == 0
    assert "Created: 2" in outcome.out
    assert "Rejected: 1" in outcome.out
    assert "python -m crm_data undo" in outcome.out
    assert _names(engine) == ["Apple Tree", "Cold Lake"]


def test_an_import_can_be_undone_by_its_number(run: Run, engine: Engine, file: str):
    number = run("import", "customers", file, "--json").document["change_set"]
    assert run("undo", str(number)).code == 0
    assert _names(engine) == []


def test_a_dry_run_writes_nothing(run: Run, engine: Engine, file: str):
    document = run("import", "customers", file, "--dry-run", "--json").document
    assert (document["created"], document["rejected"], document["change_set"]) == (2, 1, None)
    assert _names(engine) == []


def test_rejected_rows_are_written_with_the_reason(run: Run, engine: Engine, file: str, tmp_path: Path):
    run("import", "customers", file, "--rejects", str(tmp_path / "rejects.csv"))
    rejects = pl.read_csv(tmp_path / "rejects.csv")
    assert rejects["name"].to_list() == ["Blue Hill"]
    assert "not an e-mail address" in rejects["reason"][0]


def test_columns_are_mapped_by_hand(run: Run, engine: Engine, tmp_path: Path):
    path = tmp_path / "odd.csv"
    path.write_text("whom\nApple Tree\n", encoding="utf-8")
    assert run("import", "customers", str(path), "--map", "name=whom").code == 0
    assert _names(engine) == ["Apple Tree"]


def test_known_customers_are_updated_by_a_field(run: Run, engine: Engine, file: str):
    run("import", "customers", file)
    document = run("import", "customers", file, "--update-by", "code", "--json").document
    assert (document["created"], document["updated"]) == (0, 2)


@pytest.mark.parametrize("more", [["--update-by", "moon"], ["--create", "moons"], ["--map", "moon=name"]])
def test_unknown_options_are_refused(run: Run, engine: Engine, file: str, more: list[str]):
    assert run("import", "customers", file, *more).code == 1


def test_a_missing_file_is_refused(run: Run, engine: Engine, tmp_path: Path):
    outcome = run("import", "customers", str(tmp_path / "none.csv"))
    assert outcome.code == 1
    assert "none.csv" in outcome.err


def test_an_unknown_kind_or_a_bad_pair_is_wrong_usage(run: Run, engine: Engine, file: str):
    assert run("import", "moons", file).code == 2
    assert run("export", "moons", file).code == 2
    assert run("import", "customers", file, "--map", "name").code == 2


@pytest.mark.parametrize("kind", sorted(exports.KINDS))
def test_every_kind_is_exported_in_full(run: Run, demo_engine: Engine, tmp_path: Path, kind: str):
    document = run("export", kind, str(tmp_path / "all.parquet"), "--json").document
    assert document["rows"] == pl.read_parquet(tmp_path / "all.parquet").height > 0


def test_an_export_is_filtered_and_noted(run: Run, demo_engine: Engine, tmp_path: Path):
    run("export", "customers", str(tmp_path / "persons.csv"), "--filter", "kind=person")
    assert set(pl.read_csv(tmp_path / "persons.csv")["kind"]) == {"person"}
    with db.reading(demo_engine) as session:
        note = session.scalars(select(AuditEntry.after).where(AuditEntry.action == ChangeAction.EXPORT)).one()
    assert note["filters"] == {"kind": "person"}


def test_a_filter_on_an_unknown_column_is_refused(run: Run, demo_engine: Engine, tmp_path: Path):
    outcome = run("export", "customers", str(tmp_path / "x.csv"), "--filter", "moon=full")
    assert outcome.code == 1
    assert not (tmp_path / "x.csv").exists()


def test_amounts_are_exact_decimals(run: Run, demo_engine: Engine, tmp_path: Path):
    run("export", "contracts", str(tmp_path / "c.parquet"))
    assert isinstance(pl.read_parquet(tmp_path / "c.parquet").schema["amount"], pl.Decimal)


def test_exported_customers_can_be_imported_elsewhere(
    run: Run, demo_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    exported = run("export", "customers", str(tmp_path / "all.csv"), "--json").document["rows"]
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path / "other"))
    run("init")
    document = run("import", "customers", str(tmp_path / "all.csv"), "--create", "owners", "--json").document
    assert (document["created"] + document["skipped"], document["rejected"]) == (exported, 0)


def _names(bind: Engine) -> list[str]:
    with db.reading(bind) as session:
        return list(session.scalars(select(Customer.name).where(Customer.deleted_at.is_(None)).order_by(Customer.name)))
