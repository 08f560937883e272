"""Periods: no day is lost or counted twice, and the one before is as long as it should be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_data.analytics import periods
from crm_data.analytics.periods import Calendar, Grain, Period, Preset, between, parse, preset
from crm_data.errors import InvalidError
from crm_data.vocabulary.terms import Terms

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
CALENDARS = st.builds(
    Calendar,
    DAYS,
    week_start=st.integers(min_value=1, max_value=7),
    fiscal_start=st.integers(min_value=1, max_value=12),
)
NAMES = st.sampled_from([name for name in Preset if name is not Preset.CUSTOM])
PRESETS = st.builds(lambda name, calendar: preset(name, calendar=calendar), NAMES, CALENDARS)
CHOSEN = st.builds(
    lambda first, days, calendar: between(first, first + timedelta(days=days), calendar=calendar),
    DAYS,
    st.integers(min_value=0, max_value=800),
    CALENDARS,
)
TODAY = Calendar(date(2026, 6, 15), week_start=1, fiscal_start=4)


@given(PRESETS | CHOSEN, st.sampled_from(Grain))
def test_buckets_cover_every_day_once(period: Period, grain: Grain):
    buckets = period.buckets(grain)
    edges = [bucket.start for bucket in buckets] + [period.end]
    assert edges == [period.start] + [bucket.end for bucket in buckets]


@given(PRESETS | CHOSEN)
def test_the_period_before_ends_where_this_one_begins_or_earlier(period: Period):
    assert period.previous().end <= period.start


@given(CHOSEN)
def test_the_period_before_chosen_days_has_as_many_of_them(period: Period):
    before = period.previous()
    assert (before.days, before.end) == (period.days, period.start)


@given(PRESETS)
def test_the_period_before_a_calendar_unit_touches_it(period: Period):
    if not period.to_date:
        assert period.previous().end == period.start


@given(PRESETS)
def test_to_date_compares_as_many_days_or_the_whole_shorter_unit(period: Period):
    before = period.previous()
    if period.to_date:
        assert before.days == period.days or before.end == period.start


@given(PRESETS, st.integers(min_value=1, max_value=6))
def test_going_back_unit_by_unit_leaves_no_gap(period: Period, times: int):
    for _ in range(times):
        if not period.to_date:
            assert period.previous().end == period.start
        period = period.previous()


@given(PRESETS | CHOSEN)
def test_a_period_is_read_back_from_its_address(period: Period):
    assert parse(period.query(), calendar=period.calendar) == period


@given(PRESETS | CHOSEN)
def test_the_state_is_taken_on_a_day_of_the_period(period: Period):
    assert period.start <= period.as_of <= period.last


@given(PRESETS | CHOSEN)
def test_elapsed_days_lie_between_none_and_all(period: Period):
    assert 0 <= period.elapsed <= 1
    assert (period.elapsed == 0) is (not period.begun)


@given(PRESETS | CHOSEN)
def test_the_year_before_is_as_long_but_for_a_leap_day(period: Period):
    assert abs(period.last_year().days - period.days) <= 1


@given(CALENDARS)
def test_to_date_ends_today(calendar: Calendar):
    assert preset(Preset.FISCAL_YEAR_TO_DATE, calendar=calendar).last == calendar.today


@given(CALENDARS)
def test_a_week_begins_on_the_chosen_weekday(calendar: Calendar):
    assert preset(Preset.THIS_WEEK, calendar=calendar).start.isoweekday() == calendar.week_start


@pytest.mark.parametrize(
    ("name", "first", "last", "before"),
    [
        (Preset.TODAY, "2026-06-15", "2026-06-15", "2026-06-14"),
        (Preset.THIS_WEEK, "2026-06-15", "2026-06-21", "2026-06-08"),
        (Preset.LAST_MONTH, "2026-05-01", "2026-05-31", "2026-04-01"),
        (Preset.THIS_QUARTER, "2026-04-01", "2026-06-30", "2026-01-01"),
        (Preset.LAST_YEAR, "2025-01-01", "2025-12-31", "2024-01-01"),
        (Preset.THIS_FISCAL_YEAR, "2026-04-01", "2027-03-31", "2025-04-01"),
        (Preset.LAST_30_DAYS, "2026-05-17", "2026-06-15", "2026-04-17"),
        (Preset.MONTH_TO_DATE, "2026-06-01", "2026-06-15", "2026-05-01"),
    ],
)
def test_a_name_stands_for_its_days(name: Preset, first: str, last: str, before: str):
    period = preset(name, calendar=TODAY)
    found = (period.start, period.last, period.previous().start)
    assert found == tuple(date.fromisoformat(each) for each in (first, last, before))


def test_month_to_date_compares_the_same_days_of_the_month_before():
    before = preset(Preset.MONTH_TO_DATE, calendar=TODAY).previous()
    assert (before.start, before.last) == (date(2026, 5, 1), date(2026, 5, 15))


def test_the_31st_to_date_compares_with_all_of_a_short_month():
    before = preset(Preset.MONTH_TO_DATE, calendar=Calendar(date(2026, 3, 31))).previous()
    assert (before.start, before.last) == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_whole_february_compares_with_the_whole_february_a_year_ago():
    leap = preset(Preset.LAST_MONTH, calendar=Calendar(date(2024, 3, 5)))
    assert (leap.last_year().start, leap.last_year().last) == (date(2023, 2, 1), date(2023, 2, 28))


def test_what_still_runs_is_unfinished():
    ends = [preset(name, calendar=TODAY).unfinished for name in (Preset.LAST_MONTH, Preset.THIS_MONTH, Preset.TODAY)]
    assert ends == [False, True, True]


@pytest.mark.parametrize(
    "query", [{"from": "2026-02-30", "to": "2026-03-01"}, {"period": "soon"}, {"period": "custom"}]
)
def test_an_address_that_cannot_be_read_gives_the_default(query: dict[str, str]):
    assert parse(query, calendar=TODAY) == preset(Preset.THIS_MONTH, calendar=TODAY)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(InvalidError, match="ends before"):
        between(date(2026, 6, 2), date(2026, 6, 1), calendar=TODAY)


def test_days_beyond_the_calendar_are_refused():
    with pytest.raises(InvalidError, match="between the years"):
        between(date(1, 1, 1), date(2026, 6, 1), calendar=TODAY)


def test_the_grain_suits_the_length():
    spans = [preset(name, calendar=TODAY).grain for name in (Preset.THIS_MONTH, Preset.LAST_90_DAYS, Preset.THIS_YEAR)]
    assert spans == [Grain.DAY, Grain.WEEK, Grain.MONTH]


def test_the_calendar_follows_the_terms():
    made = periods.calendar_of(Terms(week_start=7, fiscal_year_start_month=4), today=date(2026, 6, 15))
    assert made == Calendar(date(2026, 6, 15), week_start=7, fiscal_start=4)
