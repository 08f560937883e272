"""The pipeline of a past day, computed from what changed since."""

from typing import Any

from crm_data.analytics import figures, series
from crm_data.analytics.kpis import by_key
from crm_data.analytics.pipeline import open_at
from crm_data.analytics.tables import gather
from tests.analytics.golden.selling import STAGES, a_closed, an_open
from tests.analytics.worlds import Row, a_world, day, days, noon


def an_event(kind: str, old: object, new: object, on: str) -> Row:
    """A change of opportunity 1."""
    texts = {"old": None if old is None else str(old), "new": None if new is None else str(new)}
    return {"opportunity_id": 1, "customer_id": 1, "kind": kind, "on": day(on), "at": noon(on), **texts}


def state(opportunity: Row, events: list[Row], on: str) -> dict[str, Any] | None:
    world = a_world(stages=STAGES, opportunities=[opportunity], opportunity_events=events)
    rows = gather([open_at(world, day(on))])[0].to_dicts()
    return rows[0] if rows else None


LOG = [
    an_event("created", None, None, "2026-05-01"),
    an_event("amount", None, 500, "2026-05-01"),
    an_event("stage", None, 1, "2026-05-01"),
    an_event("stage", 1, 2, "2026-05-10"),
    an_event("amount", 500, 900, "2026-05-12"),
    an_event("amount", 900, 700, "2026-05-20"),
    an_event("stage", 2, 3, "2026-05-20"),
]


def test_values_are_those_of_the_evening():
    rows = [state(an_open(1, 700, 50, "2026-06-30"), LOG, on) for on in ("2026-05-09", "2026-05-12", "2026-06-01")]
    assert [(row["stage_id"], row["amount"]) for row in rows if row] == [(1, 500), (2, 900), (3, 700)]


def test_before_it_was_opened_there_was_nothing():
    assert state(an_open(1, 700, 50, "2026-06-30"), LOG, "2026-04-30") is None


def test_what_was_closed_later_was_open_then_and_in_its_stage():
    closing = [*LOG, an_event("stage", 3, 5, "2026-06-10")]
    won = a_closed(1, "won", 700, "2026-05-01", "2026-06-10")
    row = state(won, closing, "2026-06-09")
    assert row
    assert (row["stage_id"], state(won, closing, "2026-06-10")) == (3, None)


def test_a_closing_day_typed_in_late_counts_from_the_day_itself():
    noticed = [*LOG, an_event("stage", 3, 5, "2026-06-12")]
    assert state(a_closed(1, "won", 700, "2026-05-01", "2026-06-10"), noticed, "2026-06-11") is None


def test_what_was_brought_in_closed_was_open_before_in_a_stage_nobody_knows():
    brought = [an_event("amount", None, 700, "2026-05-01"), an_event("stage", None, 5, "2026-06-10")]
    row = state(a_closed(1, "won", 700, "2026-05-01", "2026-06-10"), brought, "2026-06-01")
    assert row
    assert (row["stage_id"], row["amount"]) == (None, 700)


def test_what_was_opened_again_was_closed_in_between():
    again = [*LOG, an_event("stage", 3, 6, "2026-06-01"), an_event("stage", 6, 3, "2026-06-05")]
    opened = [state(an_open(1, 700, 50, "2026-06-30"), again, on) for on in ("2026-05-31", "2026-06-03", "2026-06-05")]
    assert [row is not None for row in opened] == [True, False, True]


def test_an_owner_of_then_keeps_the_record_of_then():
    handed = [*LOG, an_event("owner", 9, 1, "2026-06-01")]
    row = state(an_open(1, 700, 50, "2026-06-30"), handed, "2026-05-31")
    assert row
    assert row["owner_id"] == 9


def test_the_pipeline_goes_back_month_by_month():
    events = [an_event("amount", 500, 700, "2026-06-01")]
    world = a_world(stages=STAGES, opportunities=[an_open(1, 700, 50, "2026-07-01")], opportunity_events=events)
    now, before = (
        figures.figure(by_key("open_pipeline"), world, period=days(first, last)).value
        for first, last in (("2026-06-01", "2026-06-30"), ("2026-05-01", "2026-05-31"))
    )
    assert (now, before) == (700, 500)


def test_the_rows_of_a_past_month_carry_its_values():
    events = [an_event("amount", 500, 700, "2026-06-01")]
    world = a_world(stages=STAGES, opportunities=[an_open(1, 700, 50, "2026-07-01")], opportunity_events=events)
    rows = series.rows_of(by_key("open_pipeline"), world, period=days("2026-05-01", "2026-05-31"))
    assert rows.select("day", "amount").row(0) == (day("2026-05-31"), 500)
