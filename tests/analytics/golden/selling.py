"""Golden tables of sales and pipeline: June 2026, seen on the 15th."""

from typing import Any

from tests.analytics.golden import Golden
from tests.analytics.worlds import Row, a_world, day, days, noon

JUNE = days("2026-06-01", "2026-06-30")

STAGES: list[Row] = [
    {"id": 1, "position": 1, "kind": "open", "name": "Qualification", "probability": 10, "stalled_after_days": 21},
    {"id": 2, "position": 2, "kind": "open", "name": "Needs", "probability": 25, "stalled_after_days": 21},
    {"id": 3, "position": 3, "kind": "open", "name": "Proposal", "probability": 50, "stalled_after_days": 21},
    {"id": 4, "position": 4, "kind": "open", "name": "Negotiation", "probability": 75, "stalled_after_days": 14},
    {"id": 5, "position": 5, "kind": "won", "name": "Won", "probability": 100},
    {"id": 6, "position": 6, "kind": "lost", "name": "Lost", "probability": 0},
]


def an_open(id_: int, amount: int | None, probability: int, expected: str, **more: Any) -> Row:
    """An opportunity in proposal, opened on 1 May."""
    given = {"stage_id": 3, "outcome": "open", "opened_on": day("2026-05-01"), "customer_id": id_, "owner_id": 1}
    closing = {"expected_close_on": day(expected), "amount": amount, "probability": probability}
    return {"id": id_, **given, **closing, **more}


def a_closed(id_: int, outcome: str, amount: int | None, opened: str, closed: str, **more: Any) -> Row:
    """An opportunity that was won or lost."""
    given = {"stage_id": 5 if outcome == "won" else 6, "outcome": outcome, "customer_id": id_, "owner_id": 1}
    dated = {"opened_on": day(opened), "closed_on": day(closed), "amount": amount, "probability": 100}
    return {"id": id_, **given, **dated, **more}


# Won in June: 300.00 after 40 days, 100.00 (20.00 USD at 5) after 20 days, 0.00 after 30 days. Lost: 200.00, and one
# without an amount. Left out: a duplicate, a win of May, a win whose last change was in June.
CLOSED: list[Row] = [
    a_closed(1, "won", 30_000, "2026-05-01", "2026-06-10"),
    a_closed(2, "won", 2_000, "2026-05-15", "2026-06-04", currency="USD", owner_id=2),
    a_closed(3, "won", 0, "2026-05-02", "2026-06-01"),
    a_closed(4, "lost", 20_000, "2026-05-01", "2026-06-11", lost_reason="price", owner_id=2),
    a_closed(5, "lost", None, "2026-05-01", "2026-06-12", lost_reason="timing"),
    a_closed(6, "lost", 90_000, "2026-05-01", "2026-06-12", lost_reason="duplicate"),
    a_closed(7, "won", 70_000, "2026-03-01", "2026-05-31", updated_at=noon("2026-06-14")),
]
# Open: 400.00 at 50 %, 100.00 at a probability of 0, one without an amount, and one expected in July of 600.00 at 25 %.
OPEN: list[Row] = [
    an_open(11, 40_000, 50, "2026-06-20"),
    an_open(12, 10_000, 0, "2026-06-05", owner_id=2),
    an_open(13, None, 50, "2026-06-25"),
    an_open(14, 60_000, 25, "2026-07-10"),
]
RATES: list[Row] = [
    {"currency": "USD", "day": day("2026-01-01"), "rate_e6": 5_000_000},
    {"currency": "USD", "day": day("2026-06-05"), "rate_e6": 9_000_000},
]
GOALS: list[Row] = [
    {"metric": "won_amount", "starts_on": day("2026-06-01"), "ends_on": day("2026-06-30"), "target": 1e5}
]
PEOPLE: dict[str, list[Row]] = {
    "users": [{"id": 1, "name": "Ann", "team_id": 1}, {"id": 2, "name": "Bo", "team_id": 2}],
    "teams": [{"id": 1, "name": "North"}, {"id": 2, "name": "South"}],
}
DEALS = a_world(stages=STAGES, opportunities=CLOSED + OPEN, exchange_rates=RATES, goals=GOALS, **PEOPLE)


def a_stay(opportunity: int, stage: int, entered: str, left: str | None = None) -> Row:
    """A stay of an opportunity in a stage."""
    leaving = None if left is None else day(left)
    return {
        "opportunity_id": opportunity,
        "stage_id": stage,
        "entered_on": day(entered),
        "entered_at": noon(entered),
        "left_on": leaving,
    }


# Entered in June: 11 qualification (passed) and needs (still there); 12 qualification (passed), jumps over needs
# (passed too) to proposal, where it is lost; 13 qualification, twice, which counts
# once. 6 in all, 3 passed. 14 entered in May.
WAYS = a_world(
    stages=STAGES,
    opportunities=[
        an_open(11, 1, 1, "2026-07-01", stage_id=2),
        a_closed(12, "lost", 1, "2026-06-01", "2026-06-12"),
        an_open(13, 1, 1, "2026-07-01", stage_id=1),
        an_open(14, 1, 1, "2026-07-01", stage_id=1),
    ],
    stage_stays=[
        a_stay(11, 1, "2026-06-02", "2026-06-05"),
        a_stay(11, 2, "2026-06-05"),
        a_stay(12, 1, "2026-06-02", "2026-06-06"),
        a_stay(12, 3, "2026-06-06", "2026-06-12"),
        a_stay(12, 6, "2026-06-12"),
        a_stay(13, 1, "2026-06-03", "2026-06-04"),
        a_stay(13, 6, "2026-06-04", "2026-06-05"),
        a_stay(13, 1, "2026-06-05"),
        a_stay(14, 1, "2026-05-20"),
    ],
)


def a_push(opportunity: int, old: str, new: str, on: str) -> Row:
    """An expected close that was moved."""
    moved = {"opportunity_id": opportunity, "kind": "expected_close", "old": old, "new": new}
    return {**moved, "on": day(on), "at": noon(on), "customer_id": opportunity}


# Put off in June: 11 twice, 12 once. Not counted: within June, to an earlier month, on the first day, in May.
PUSHES = a_world(
    opportunities=[
        an_open(11, 1, 1, "2026-08-01", created_at=noon("2026-05-01")),
        an_open(12, 1, 1, "2026-08-01", created_at=noon("2026-05-01")),
        an_open(13, 1, 1, "2026-08-01", created_at=noon("2026-06-09")),
    ],
    opportunity_events=[
        a_push(11, "2026-06-20", "2026-07-05", "2026-06-02"),
        a_push(11, "2026-07-05", "2026-08-05", "2026-06-09"),
        a_push(12, "2026-06-30", "2026-07-01", "2026-06-10"),
        a_push(12, "2026-06-01", "2026-06-30", "2026-06-11"),
        a_push(12, "2026-07-01", "2026-06-30", "2026-06-12"),
        a_push(13, "2026-06-20", "2026-07-05", "2026-06-09"),
        a_push(11, "2026-05-20", "2026-06-20", "2026-05-30"),
    ],
)

# Today is 15 June. 11 is 31 days in its stage (21 allowed); 12 moved 10 days ago, however old; 13 has a next step; 14
# is within its stage's days but silent for 31; 15 was called 5 days ago, but its stage is too long; 16 is new.
IDLE = a_world(
    stages=[*STAGES, {"id": 7, "position": 7, "kind": "open", "name": "Slow", "stalled_after_days": 90}],
    opportunities=[
        an_open(11, 1, 1, "2026-07-01"),
        an_open(12, 1, 1, "2026-07-01", opened_on=day("2025-01-01")),
        an_open(13, 1, 1, "2026-07-01", next_step_on=day("2026-06-20")),
        an_open(14, 1, 1, "2026-07-01", stage_id=7),
        an_open(15, 1, 1, "2026-07-01"),
        an_open(16, 1, 1, "2026-07-01", opened_on=day("2026-06-14")),
    ],
    stage_stays=[
        a_stay(11, 3, "2026-05-15"),
        a_stay(12, 3, "2026-06-05"),
        a_stay(13, 3, "2026-05-15"),
        a_stay(14, 7, "2026-05-15"),
        a_stay(15, 3, "2026-05-15"),
    ],
    activities=[{"opportunity_id": 15, "customer_id": 15, "at": noon("2026-06-10"), "kind": "call"}],
)

GOLDEN = [
    Golden("won_amount", DEALS, JUNE, 30_000 + 10_000 + 0, 3),
    Golden("lost_amount", DEALS, JUNE, 20_000 + 90_000, 3),
    Golden("win_rate", DEALS, JUNE, 3 / 5, 5),
    Golden("win_rate_value", DEALS, JUNE, 40_000 / 60_000, 4),
    Golden("average_deal", DEALS, JUNE, round(40_000 / 3), 3),
    Golden("sales_cycle", DEALS, JUNE, 30, 3),
    Golden("open_pipeline", DEALS, JUNE, 40_000 + 10_000 + 60_000, 4),
    Golden("weighted_pipeline", DEALS, JUNE, 20_000 + 0 + 15_000, 4),
    Golden("closing_pipeline", DEALS, JUNE, 50_000, 3),
    Golden("open_opportunities", DEALS, JUNE, 4, 4),
    Golden("sales_target", DEALS, JUNE, 100_000, 1),
    Golden("quota_attainment", DEALS, JUNE, 0.4, 3),
    Golden("pipeline_coverage", DEALS, JUNE, 50_000 / 60_000, 3),
    Golden("sales_velocity", DEALS, JUNE, 4 * 13_333 * 0.6 / 30, 4),
    Golden("stage_conversion", WAYS, JUNE, 3 / 6, 6),
    Golden("slippage", PUSHES, JUNE, 3, 2),
    Golden("stalled", IDLE, JUNE, 3, 3),
]
