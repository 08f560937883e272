"""How figures are said: change, sureness, notes, records behind."""

import pytest

from crm_data.analytics import figures, series
from crm_data.analytics.figures import ChangeKind, Figure
from crm_data.analytics.kpis import by_key
from crm_data.analytics.periods import Grain
from crm_data.vocabulary import Better, Unit
from tests.analytics.golden.buying import SOLD
from tests.analytics.golden.selling import DEALS, PEOPLE, STAGES, a_closed
from tests.analytics.worlds import a_world, days

JUNE = days("2026-06-01", "2026-06-30")


def a_figure(value: float | None, unit: Unit = Unit.MONEY, **more: object) -> Figure:
    return Figure("x", value, unit, 100, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "now", "unit", "kind", "value"),
    [
        (100, 150, Unit.MONEY, ChangeKind.RATIO, 0.5),
        (100, 0, Unit.MONEY, ChangeKind.RATIO, -1),
        (0, 5, Unit.COUNT, ChangeKind.NEW, None),
        (0, 0, Unit.COUNT, ChangeKind.SAME, None),
        (-50, 50, Unit.MONEY, ChangeKind.DIFFERENCE, 100),
        (0.5, 0.75, Unit.PERCENT, ChangeKind.DIFFERENCE, 0.25),
        (0, 0.2, Unit.PERCENT, ChangeKind.DIFFERENCE, 0.2),
        (30, 20, Unit.DAYS, ChangeKind.DIFFERENCE, -10),
    ],
)
def test_a_change_is_said_as_suits_its_unit(before: float, now: float, unit: Unit, kind: ChangeKind, value: float):
    change = figures.change(a_figure(now, unit), a_figure(before, unit), better=Better.HIGHER)
    assert change
    assert (change.kind, change.value) == (kind, value)


def test_without_a_value_there_is_no_change():
    assert figures.change(a_figure(1), a_figure(None), better=Better.HIGHER) is None


@pytest.mark.parametrize(("better", "good"), [(Better.HIGHER, True), (Better.LOWER, False), (Better.NEITHER, None)])
def test_whether_a_rise_is_good_depends_on_the_figure(better: Better, good: bool | None):
    change = figures.change(a_figure(2), a_figure(1), better=better)
    assert change
    assert change.good is good


@pytest.mark.parametrize(("low", "high", "clear"), [(0.58, 0.62, True), (0.4, 0.8, False)])
def test_a_change_is_clear_when_the_limits_say_so(low: float, high: float, clear: bool):
    now = a_figure(0.6, Unit.PERCENT, low=low, high=high)
    before = a_figure(0.5, Unit.PERCENT, low=0.45, high=0.55)
    change = figures.change(now, before, better=Better.HIGHER)
    assert change
    assert change.clear is clear


def test_a_change_of_small_samples_is_never_clear():
    now, before = (Figure("x", value, Unit.PERCENT, 5, low=value, high=value) for value in (0.9, 0.1))
    change = figures.change(now, before, better=Better.HIGHER)
    assert change
    assert change.clear is False


def test_few_closings_are_a_small_sample_with_limits():
    found = figures.figure(by_key("win_rate"), DEALS, period=JUNE)
    assert found.small_sample
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.6 < found.high


def test_a_sum_is_no_sample():
    assert not figures.figure(by_key("won_amount"), DEALS, period=JUNE).small_sample


def test_a_composed_figure_shows_its_factors():
    parts = figures.figure(by_key("sales_velocity"), DEALS, period=JUNE).parts
    assert {key: part.value for key, part in parts.items()} == {
        "open_opportunities": 4, "average_deal": 13_333, "win_rate": 0.6, "sales_cycle": 30,
    }  # fmt: skip


def test_coverage_says_when_the_target_is_met():
    goals = [{"metric": "won_amount", "starts_on": JUNE.start, "ends_on": JUNE.last, "target": 100.0}]
    won = a_closed(1, "won", 100, "2026-05-01", "2026-06-01")
    found = figures.figure(
        by_key("pipeline_coverage"), a_world(stages=STAGES, opportunities=[won], goals=goals), period=JUNE
    )
    assert found.value is None
    assert found.note
    assert found.note.message.startswith("Covered")


def test_coverage_without_a_target_says_so():
    found = figures.figure(by_key("pipeline_coverage"), a_world(stages=STAGES), period=JUNE)
    assert found.note
    assert found.note.message == "No target is set for this period."


def test_records_left_out_are_counted_beside_the_figure():
    notes = figures.figure(by_key("win_rate_value"), DEALS, period=JUNE).notes
    assert [note.message.format(**note.values) for note in notes] == ["Records without an amount, left out: 1."]


def test_the_rest_of_a_ranking_is_one_more_part():
    parts = series.breakdown(by_key("open_pipeline"), DEALS, period=JUNE, by="customer", top=1)
    assert parts.select("id", "value", "other").rows() == [(14, 60_000, False), (None, 50_000, True)]


def test_a_rate_has_no_rest():
    assert series.breakdown(by_key("win_rate"), DEALS, period=JUNE, by="customer", top=1).height == 1


def test_people_are_called_by_their_names():
    parts = series.breakdown(by_key("won_amount"), DEALS, period=JUNE, by="team")
    assert parts.select("label", "value").rows() == [("North", 30_000), ("South", 10_000)]


def test_products_share_out_what_their_contract_is_worth():
    parts = series.breakdown(by_key("revenue"), SOLD, period=JUNE, by="product")
    assert parts.select("label", "value").rows() == [("Valve", 60_000), ("Pump", 7_000), (None, 0)]


def test_the_region_of_a_sale_comes_before_that_of_its_customer():
    parts = series.breakdown(by_key("revenue"), SOLD, period=JUNE, by="region")
    assert parts.select("id", "value").rows() == [("South", 60_000), ("North", 7_000)]


def test_attainment_by_person_takes_the_persons_own_goals():
    goals = [
        {"metric": "won_amount", "starts_on": JUNE.start, "ends_on": JUNE.last, "target": 100.0},
        {"metric": "won_amount", "starts_on": JUNE.start, "ends_on": JUNE.last, "target": 40.0, "user_id": 1},
    ]
    won = [
        a_closed(1, "won", 50, "2026-05-01", "2026-06-01"),
        a_closed(2, "won", 9, "2026-05-01", "2026-06-01", owner_id=2),
    ]
    world = a_world(stages=STAGES, opportunities=won, goals=goals, **PEOPLE)
    parts = series.breakdown(by_key("quota_attainment"), world, period=JUNE, by="owner")
    assert parts.select("label", "value").rows() == [("Ann", 1.25), ("Bo", None)]


def test_days_to_come_are_unknown_and_not_zero():
    trend = series.trend(by_key("revenue"), SOLD, period=days("2026-05-01", "2026-08-31"), grain=Grain.MONTH)
    assert trend["value"].to_list() == [5_000, 67_000, None, None]


def test_the_records_of_a_composed_figure_name_their_part():
    rows = series.rows_of(by_key("dso"), SOLD, period=JUNE)
    assert rows["part"].unique().to_list() == ["credit_sales"]
