"""Mistakes that other systems make, each of them once."""

from datetime import date

from crm_data.analytics import figures, series
from crm_data.analytics.figures import ChangeKind
from crm_data.analytics.kpis import by_key
from crm_data.analytics.periods import Calendar, Grain, Preset, preset
from crm_data.vocabulary.terms import Terms
from tests.analytics.golden.buying import a_contract
from tests.analytics.golden.campaigns import RUN
from tests.analytics.golden.hearing import HEARD, SURVEYS, answers
from tests.analytics.golden.selling import DEALS, IDLE, STAGES, WAYS, a_closed, an_open
from tests.analytics.worlds import Row, a_world, day, days, noon

JUNE = days("2026-06-01", "2026-06-30")


def value(key: str, **rows: list[Row]) -> float | None:
    return figures.figure(by_key(key), a_world(**rows), period=JUNE).value


def test_the_cost_of_a_campaign_counts_once_however_many_bought():
    assert series.rows_of(by_key("campaign_roi"), RUN, period=JUNE)["cost"].drop_nulls().to_list() == [5_000, 10_000]


def test_lost_opportunities_are_not_in_the_pipeline():
    rows = series.rows_of(by_key("weighted_pipeline"), DEALS, period=JUNE)
    assert set(rows["id"].to_list()) == {11, 12, 13, 14}


def test_the_way_through_the_stages_keeps_those_lost_later_and_counts_a_second_entry_once():
    rows = series.rows_of(by_key("stage_conversion"), WAYS, period=JUNE)
    assert sorted(rows.select("id", "stage_id").rows()) == [(11, 1), (11, 2), (12, 1), (12, 2), (12, 3), (13, 1)]


def test_the_period_before_is_as_long_as_this_one():
    assert JUNE.previous().days == JUNE.days


def test_a_change_from_nothing_is_new_and_no_percentage():
    world = a_world(contracts=[a_contract(1, 1, "2026-06-02", 100)])
    change = figures.compared([by_key("revenue")], world, period=JUNE)["revenue"].change
    assert change
    assert (change.kind, change.value) == (ChangeKind.NEW, None)


def test_closing_counts_by_closing_day_on_both_sides():
    opened_in_june = a_closed(1, "won", 100, "2026-06-02", "2026-07-01")
    closed_in_june = a_closed(2, "lost", 100, "2026-01-02", "2026-06-30", lost_reason="price")
    assert value("win_rate", stages=STAGES, opportunities=[opened_in_june, closed_in_june]) == 0


def test_march_of_one_year_is_not_added_to_march_of_another():
    world = a_world(contracts=[a_contract(1, 1, "2025-03-02", 100), a_contract(2, 1, "2026-03-02", 10)])
    trend = series.trend(by_key("revenue"), world, period=days("2025-03-01", "2026-03-31"), grain=Grain.MONTH)
    assert (trend["value"][0], trend["value"][-1], trend.height) == (100, 10, 13)


def test_an_old_win_that_is_edited_stays_where_it_was():
    edited = a_closed(1, "won", 100, "2026-01-01", "2026-02-01", updated_at=noon("2026-06-10"))
    assert value("won_amount", stages=STAGES, opportunities=[edited]) == 0


def test_lost_opportunities_are_in_no_ranking_of_what_was_won():
    parts = series.breakdown(by_key("won_amount"), DEALS, period=JUNE, by="customer")
    assert parts["id"].to_list() == [1, 2, 3]


def test_standing_still_counts_from_the_last_move_and_not_from_the_opening():
    rows = series.rows_of(by_key("stalled"), IDLE, period=JUNE)
    assert 12 not in rows["id"].to_list(), "opened a year and a half ago, moved ten days ago"


def test_a_probability_of_zero_stays_zero():
    assert value("weighted_pipeline", stages=STAGES, opportunities=[an_open(1, 10_000, 0, "2026-06-30")]) == 0


def test_attainment_goes_beyond_the_target():
    goals: list[Row] = [{"metric": "won_amount", "starts_on": JUNE.start, "ends_on": JUNE.last, "target": 50.0}]
    won = a_closed(1, "won", 100, "2026-05-01", "2026-06-01")
    assert value("quota_attainment", stages=STAGES, opportunities=[won], goals=goals) == 2


def test_skipped_answers_are_no_answers():
    assert figures.figure(by_key("nps"), HEARD, period=JUNE).n == 8


def test_where_nobody_answered_there_is_no_score():
    assert value("nps", surveys=SURVEYS, responses=answers(1, None, None)) is None


def test_few_answers_are_said_as_counts():
    few = figures.figure(by_key("nps"), HEARD, period=JUNE)
    assert few.too_few
    assert few.note
    assert few.note.message.format(**few.note.values).startswith("4 promoters and 2 detractors among 8 answers")


def test_a_day_is_that_of_the_organisation_whoever_looks():
    late = {"survey_id": 1, "customer_id": 1, "score": 9, "answered_at": noon("2026-06-30", hour=17)}
    in_shanghai = value("nps", surveys=SURVEYS, responses=[late])
    world = a_world(terms=Terms(time_zone="UTC"), surveys=SURVEYS, responses=[late])
    assert (in_shanghai, figures.figure(by_key("nps"), world, period=JUNE).value) == (None, 100)


def test_currencies_are_not_added_but_converted_at_the_rate_of_the_day():
    rates: list[Row] = [
        {"currency": "USD", "day": day("2026-01-01"), "rate_e6": 7_000_000},
        {"currency": "USD", "day": day("2026-06-10"), "rate_e6": 8_000_000},
        {"currency": "JPY", "day": day("2026-01-01"), "rate_e6": 50_000},
    ]
    sold = [
        a_contract(1, 1, "2026-06-09", 100, currency="USD"),
        a_contract(2, 1, "2026-06-10", 100, currency="USD"),
        a_contract(3, 1, "2026-06-10", 200, currency="JPY"),
    ]
    assert value("revenue", contracts=sold, exchange_rates=rates) == 700 + 800 + 1_000


def test_what_cannot_be_converted_is_named_and_not_added():
    sold = [a_contract(1, 1, "2026-06-09", 100, currency="EUR"), a_contract(2, 1, "2026-06-09", 5)]
    found = figures.figure(by_key("revenue"), a_world(contracts=sold), period=JUNE)
    assert (found.value, [dict(note.values) for note in found.notes]) == (5, [{"count": 1}])


def test_month_to_date_is_not_compared_with_a_whole_month():
    month = preset(Preset.MONTH_TO_DATE, calendar=Calendar(date(2026, 6, 15)))
    assert month.previous().days == month.days == 15
