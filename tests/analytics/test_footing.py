"""The list behind a figure adds up to the figure, for all of it and for every part of it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from crm_data import access, db
from crm_data.access import system
from crm_data.analytics import figures, footing, series
from crm_data.analytics.kpi import Measure
from crm_data.analytics.kpis import KPIS, by_key
from crm_data.analytics.narrowing import fits, narrowed
from crm_data.analytics.periods import Calendar, Period, Preset, preset
from crm_data.analytics.tables import Tables
from crm_data.terms import terms
from tests.analytics.worlds import TODAY

YEAR = preset(Preset.LAST_365_DAYS, calendar=Calendar(TODAY))
QUARTER = preset(Preset.THIS_QUARTER, calendar=Calendar(TODAY))


@pytest.fixture
def demo(demo_engine: Engine) -> Iterator[Tables]:
    with db.reading(demo_engine) as session:
        yield Tables(access.frames(session, system("tests")), terms=terms(session))


def differs(measure: Measure, tables: Tables, period: Period) -> bool:
    rows = series.rows_of(measure, tables, period=period)
    value = figures.figure(measure, tables, period=period).value
    total = footing.total(measure, rows, period=period)
    return total != value if total is None or value is None else not math.isclose(total, value, rel_tol=1e-12)


@pytest.mark.parametrize("period", [YEAR, QUARTER], ids=["year", "quarter"])
def test_every_figure_is_what_its_records_add_up_to(demo: Tables, period: Period) -> None:
    assert [measure.key for measure in KPIS if differs(measure, demo, period)] == []


def test_every_narrowed_figure_is_what_its_records_add_up_to(demo: Tables) -> None:
    some = {"owner": demo["users"].collect()["id"].head(4).to_list()}
    asked = [narrowed(measure, some) for measure in KPIS if fits(measure, some)]
    assert [measure.key for measure in asked if differs(measure, demo, YEAR)] == []


@pytest.mark.parametrize("key", ["revenue", "win_rate", "retention", "receivables", "nps", "quota_attainment"])
def test_a_member_of_a_breakdown_is_the_figure_narrowed_to_it(demo: Tables, key: str) -> None:
    measure = by_key(key)
    parts = series.breakdown(measure, demo, period=YEAR, by="owner")
    for owner, value in parts.select("id", "value").iter_rows():
        alone = figures.figure(narrowed(measure, {"owner": [owner]}), demo, period=YEAR)
        assert alone.value == pytest.approx(value)


def test_a_figure_that_knows_no_region_cannot_be_narrowed_to_one() -> None:
    assert not fits(by_key("quota_attainment"), {"region": ["North"]})


def test_every_record_behind_a_figure_has_a_name(demo: Tables) -> None:
    nameless = {
        measure.key: found.filter(found["name"].is_null())["kind"].unique().to_list()
        for measure in KPIS
        if (found := footing.named(series.rows_of(measure, demo, period=YEAR), demo))["name"].null_count()
    }
    assert {kind for kinds in nameless.values() for kind in kinds} <= {"goals"}
