"""Half a million real lines of an online shop: every line and every penny accounted for, in time and in memory."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from crm_data import access, db
from crm_data.access import Actor
from crm_data.analytics.figures import figures, parts_of
from crm_data.analytics.kpis import KPIS
from crm_data.analytics.periods import between, calendar_of
from crm_data.analytics.series import rows_of
from crm_data.analytics.tables import Tables
from crm_data.exchange import imports
from crm_data.exchange.imports import ImportResult, Verdict
from crm_data.exchange.reading import open_source
from crm_data.models import Contract, ContractLine, Customer, Product
from crm_data.vocabulary.terms import Terms
from tests.environment import ROOT, data_folder, require_or_skip
from tests.exchange.bringing import bring, planned

pytestmark = [pytest.mark.realdata, pytest.mark.slow]

LINES = 541_909
A_MINUTE = 60  # of processor time: what else the machine does must not count
OPTIONS = {"create": frozenset({"customers", "products"})}


@pytest.fixture(scope="module")
def retail() -> Path:
    folder = data_folder()
    if folder is None or not (folder / "online_retail.parquet").exists():
        require_or_skip("the folder of real data is missing (CRM_TEST_DATA)")
    return folder / "online_retail.parquet"


@pytest.fixture(scope="module")
def file_total(retail: Path) -> int:
    """What the file comes to in pence, line by line."""
    pence = (pl.col("Quantity") * pl.col("UnitPrice") * 100).round(0, mode="half_away_from_zero").cast(pl.Int64)
    return pl.read_parquet(retail).select(pence.sum()).item()


@pytest.fixture
def imported(engine: Engine, root: Actor, retail: Path) -> tuple[ImportResult, float]:
    began = time.process_time()
    result = bring(engine, root, "purchases", open_source(retail), **OPTIONS)
    return result, time.process_time() - began


def test_the_file_maps_by_itself(retail: Path, engine: Engine, root: Actor) -> None:
    plan = planned(engine, root, "purchases", open_source(retail), **OPTIONS)
    assert plan.columns.columns == {
        "number": "InvoiceNo", "customer": "CustomerID", "date": "InvoiceDate", "sku": "StockCode",
        "quantity": "Quantity", "unit_price": "UnitPrice", "product": "Description", "region": "Country",
    }  # fmt: skip


def test_accepted_and_rejected_are_the_file(
    imported: tuple[ImportResult, float], file_total: int, engine: Engine
) -> None:
    result, seconds = imported
    assert (result.created, result.rejected, result.created + result.rejected) == (406_829, 135_080, LINES)
    assert (result.plan.money["amount"].sum(), result.plan.without_amount) == (file_total, 0)
    accepted = result.plan.money.filter(pl.col("verdict") == Verdict.CREATE.value)["amount"].sum()
    with Session(engine) as session:
        of_lines = session.scalar(select(func.sum(ContractLine.amount)))
        of_sales = session.scalar(select(func.sum(Contract.amount)))
        records = [session.scalar(select(func.count()).select_from(each)) for each in (Contract, Customer, Product)]
    assert (of_lines, of_sales, records) == (accepted, accepted, [22_190, 4_372, 3_684])
    assert seconds < A_MINUTE


def test_every_figure_is_its_aggregate_over_the_records_it_opens(
    imported: tuple[ImportResult, float], engine: Engine, root: Actor
) -> None:
    money = imported[0].plan.money
    with db.reading(engine) as session:
        tables = Tables(access.frames(session, root), terms=Terms())
    year = between(date(2010, 12, 1), date(2011, 12, 31), calendar=calendar_of(Terms(), today=date(2012, 1, 1)))
    shown = figures(parts_of(KPIS), tables, period=year)
    found = {each.key: each for each in parts_of(KPIS) if shown[each.key].value is not None}
    again = {key: rows_of(kpi, tables, period=year).select(kpi.value).item() for key, kpi in found.items()}
    assert {key: shown[key].value for key in found} == pytest.approx(again)
    assert again["revenue"] == money.filter(pl.col("verdict") == Verdict.CREATE.value)["amount"].sum()


def test_the_rejects_say_why(retail: Path, engine: Engine, root: Actor) -> None:
    source = open_source(retail)
    rejected = imports.rejects(planned(engine, root, "purchases", source, **OPTIONS), source)
    assert rejected.height == 135_080
    assert rejected["Reason"].value_counts(sort=True).rows() == [
        ("CustomerID is empty, but it is needed.", 135_078),
        ("CustomerID is empty, but it is needed. UnitPrice: “-11062.06” is negative, which is not allowed here.", 2),
    ]


def test_the_same_file_as_csv_says_the_same(retail: Path, engine: Engine, root: Actor, tmp_path: Path) -> None:
    pl.read_parquet(retail).write_csv(tmp_path / "retail.csv")
    plan = planned(engine, root, "purchases", open_source(tmp_path / "retail.csv"), **OPTIONS)
    assert (plan.counts[Verdict.CREATE], plan.makes["customers"]) == (406_829, 4_372)


READING = """
import resource, sys
from pathlib import Path
from crm_data.exchange.reading import open_source
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
source = open_source(Path(sys.argv[1]))
print(source.rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("odd", [False, True], ids=["plain", "with odd rows"])
def test_a_hundred_megabytes_are_read_without_holding_them_as_objects(retail: Path, tmp_path: Path, odd: bool) -> None:
    path = tmp_path / "long.csv"
    frame = pl.read_parquet(retail)
    pl.concat([frame, frame]).write_csv(path)
    with path.open("a", encoding="utf-8") as file:
        file.write('1,"2\n3",4,5,6,7,8,9\n' if odd else "")
    command = [sys.executable, "-c", READING, str(path)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert path.stat().st_size > 100_000_000
    assert int(said[0]) == 2 * LINES + odd
    assert int(said[1]) < 600, "megabytes"
