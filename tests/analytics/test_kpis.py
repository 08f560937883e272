"""What every figure keeps to: its rows, its parts, its buckets, nothing out of nothing."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from crm_data import analytics, mirror
from crm_data.analytics import figures, series
from crm_data.analytics.kpi import STANDARD, Counting, Kpi, Measure, tables_for
from crm_data.analytics.kpis import KPIS, by_key
from crm_data.analytics.periods import Grain
from crm_data.analytics.tables import Tables, gather
from crm_data.errors import CrmError, NotFoundError
from tests.analytics.golden import Golden
from tests.analytics.test_golden import GOLDEN
from tests.analytics.worlds import a_world, days

JUNE, HALF_YEAR = days("2026-06-01", "2026-06-30"), days("2026-01-01", "2026-06-30")
EMPTY = a_world()
PLAIN = [kpi for kpi in KPIS if isinstance(kpi, Kpi)]
ADDITIVE = [kpi for kpi in PLAIN if kpi.additive]
WORLDS = {golden.key: golden for golden in GOLDEN}
# The targets of people and teams are goals of their own, not parts of the company's.
CUT_BY_ROWS = [kpi for kpi in PLAIN if kpi.key != "sales_target"]


def named(thing: object) -> str:
    return getattr(thing, "key", str(thing))


def world_of(measure: Measure) -> Golden:
    return WORLDS[measure.key]


def test_keys_are_told_apart():
    assert len({kpi.key for kpi in KPIS}) == len(KPIS)


def test_all_promised_keys_are_there():
    promised = """revenue revenue_received open_pipeline weighted_pipeline pipeline_coverage won_amount win_rate
        win_rate_value average_deal sales_cycle sales_velocity stage_conversion slippage new_customers active_customers
        retention churn repeat_rate renewal_rate renewal_rate_value expiring_value fulfilment_rate receivables
        overdue_ratio collection_rate dso gross_margin quota_attainment nps csat ces response_rate follow_up_rate
        loyalty_index points_liability campaign_cost campaign_responses campaign_conversion campaign_roi cost_per_lead
        cac completeness"""
    assert set(promised.split()) - {kpi.key for kpi in KPIS} == set()


def test_an_unknown_figure_names_the_known_ones():
    with pytest.raises(NotFoundError, match="revenue"):
        by_key("happiness")


@pytest.mark.parametrize("kpi", KPIS, ids=named)
def test_nothing_makes_no_number_or_an_honest_zero(kpi: Measure):
    found = figures.figure(kpi, EMPTY, period=JUNE)
    assert found.value in (None, 0)
    assert found.n == 0
    assert (found.value is None) == bool(found.notes and found.note), "what has no value says why"


@pytest.mark.parametrize("kpi", KPIS, ids=named)
def test_nothing_has_no_parts_and_no_records(kpi: Measure):
    assert all(series.breakdown(kpi, EMPTY, period=JUNE, by=cut.key).is_empty() for cut in kpi.by)
    assert series.rows_of(kpi, EMPTY, period=JUNE).is_empty()


@pytest.mark.parametrize("kpi", KPIS, ids=named)
def test_nothing_has_a_trend_of_nothing(kpi: Measure):
    trend = series.trend(kpi, EMPTY, period=HALF_YEAR, grain=Grain.MONTH)
    assert trend.columns == ["day", "last", "value", "n", "low", "high", "unfinished"]
    assert set(trend["value"].to_list()) <= {None, 0}
    assert trend.height == 6


@pytest.mark.parametrize("kpi", PLAIN, ids=named)
def test_the_value_is_its_expression_over_its_rows(kpi: Kpi):
    _, world, period, *_ = world_of(kpi)
    rows = series.rows_of(kpi, world, period=period)
    assert rows.select(kpi.value.alias("value")).item() == pytest.approx(
        figures.figure(kpi, world, period=period).value
    )


@pytest.mark.parametrize("kpi", PLAIN, ids=named)
def test_rows_have_the_standard_columns(kpi: Kpi):
    _, world, period, *_ = world_of(kpi)
    schema = gather([kpi.rows(world, period).head(0)])[0].schema
    kinds = {"kind": pl.String, "id": pl.Int64, "customer_id": pl.Int64, "owner_id": pl.Int64, "day": pl.Date}
    assert {name: schema.get(name) for name in STANDARD} == kinds


@pytest.mark.parametrize("kpi", PLAIN, ids=named)
def test_rows_name_records_of_known_tables_on_days_of_the_period(kpi: Kpi):
    _, world, period, *_ = world_of(kpi)
    rows = series.rows_of(kpi, world, period=period)
    assert set(rows["kind"].to_list()) <= {table.name for table in mirror.mirrored()}
    if kpi.counting is Counting.FLOW:
        assert rows.filter(~pl.col("day").is_between(period.start, period.last)).is_empty()


@pytest.mark.parametrize("kpi", ADDITIVE, ids=named)
def test_the_parts_of_a_sum_add_up(kpi: Kpi):
    _, world, period, *_ = world_of(kpi)
    whole = figures.figure(kpi, world, period=period).value
    sums = {cut.key: series.breakdown(kpi, world, period=period, by=cut.key)["value"].sum() for cut in kpi.by}
    assert sums == dict.fromkeys(sums, whole)


@pytest.mark.parametrize("kpi", CUT_BY_ROWS, ids=named)
def test_a_part_is_the_figure_over_its_records(kpi: Kpi):
    _, world, period, *_ = world_of(kpi)
    cut = kpi.by[0].key
    parts = series.breakdown(kpi, world, period=period, by=cut).to_dicts()
    rows = [series.rows_of(kpi, world, period=period, by=cut, member=part["id"]) for part in parts]
    values = [each.select(kpi.value.alias("value")).item() for each in rows]
    assert values == pytest.approx([part["value"] for part in parts], nan_ok=True)


@pytest.mark.parametrize("kpi", [kpi for kpi in ADDITIVE if kpi.counting is Counting.FLOW], ids=named)
@pytest.mark.parametrize("grain", Grain)
def test_the_buckets_of_a_sum_add_up(kpi: Kpi, grain: Grain):
    _, world, period, *_ = world_of(kpi)
    trend = series.trend(kpi, world, period=period, grain=grain)
    assert trend["value"].sum() == figures.figure(kpi, world, period=period).value


@pytest.mark.parametrize("kpi", KPIS, ids=named)
def test_a_bucket_is_the_figure_of_its_days(kpi: Measure):
    _, world, period, *_ = world_of(kpi)
    trend = series.trend(kpi, world, period=period, grain=Grain.WEEK)
    singly = [figures.figure(kpi, world, period=bucket).value for bucket in period.buckets(Grain.WEEK)]
    assert trend["value"].to_list() == pytest.approx(singly, nan_ok=True)


@pytest.mark.parametrize("kpi", KPIS, ids=named)
def test_a_figure_reads_no_more_tables_than_it_names(kpi: Measure):
    _, world, period, *_ = world_of(kpi)
    only = Tables({name: world[name] for name in tables_for(kpi)}, terms=world.terms, whose=world.whose)
    assert figures.figure(kpi, only, period=period).value == figures.figure(kpi, world, period=period).value
    for cut in kpi.by:
        series.breakdown(kpi, only, period=period, by=cut.key)


@pytest.fixture
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize("golden", GOLDEN, ids=named)
def test_the_viewers_time_zone_changes_nothing(golden: Golden):
    found = figures.figure(by_key(golden.key), golden.world, period=golden.period)
    assert found.value == pytest.approx(golden.value)


def test_all_figures_are_computed_in_one_pass():
    assert set(figures.figures(KPIS, EMPTY, period=JUNE)) == {kpi.key for kpi in KPIS}


def test_a_figure_cannot_be_cut_by_what_it_does_not_know():
    with pytest.raises(CrmError, match="owner"):
        series.breakdown(by_key("won_amount"), EMPTY, period=JUNE, by="colour")


def test_a_state_that_is_not_kept_is_not_made_up():
    past = figures.figure(by_key("completeness"), EMPTY, period=days("2026-01-01", "2026-01-31"))
    assert past.value is None
    assert "not kept" in (past.note.message if past.note else "")


def test_the_future_has_no_figures_yet():
    assert figures.figure(by_key("revenue"), EMPTY, period=days("2026-07-01", "2026-07-31")).value is None


def test_results_are_asked_for_in_one_place_only():
    sources = {path.name: path.read_text(encoding="utf-8") for path in Path(analytics.__path__[0]).rglob("*.py")}
    asking = re.compile(r"\.collect\(|collect_all\(|\.fetch\(")
    assert [name for name, text in sources.items() if asking.search(text)] == ["tables.py"]


def test_every_word_of_a_definition_is_said():
    assert all(all((kpi.label, kpi.meaning, kpi.formula, kpi.day)) for kpi in KPIS)
