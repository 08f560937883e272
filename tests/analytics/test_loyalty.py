"""Loyalty and points: each part told, what is missing left out, the ledger's sum."""

from datetime import date

import pytest

from crm_data.analytics.kpis import by_key
from crm_data.analytics.loyalty import loyalty_rows, point_rows
from crm_data.analytics.series import rows_of
from crm_data.analytics.tables import gather
from crm_data.vocabulary.terms import Terms
from tests.analytics.golden.buying import a_contract, an_agreement
from tests.analytics.golden.hearing import LEDGER, LOYAL, SURVEYS, answers
from tests.analytics.golden.owing import a_receipt, an_instalment
from tests.analytics.worlds import a_world, days

JUNE = days("2026-06-01", "2026-06-30")


def test_each_part_is_shown_and_what_is_missing_is_empty():
    parts = ("repeat", "recency", "tenure", "breadth", "recommendation", "payment")
    rows = gather([loyalty_rows(LOYAL, JUNE)])[0].sort("id")
    assert rows.select(parts).rows() == [(75, 100, 40, 25, 80, 50), (25, pytest.approx(80), 4, None, None, None)]


def test_coverage_is_the_share_of_the_weights_that_was_measured():
    rows = gather([loyalty_rows(LOYAL, JUNE)])[0].sort("id")
    assert rows["coverage"].to_list() == [1, 0.5]


def test_weights_of_zero_leave_no_index():
    none = Terms(**{f"loyalty_weight_{part}": 0 for part in ("repeat", "recency", "tenure", "breadth", "recommendation",
                                                             "payment")})  # fmt: skip
    world = a_world(terms=none, contracts=[a_contract(1, 1, "2026-06-01", 100)])
    assert rows_of(by_key("loyalty_index"), world, period=JUNE)["index"].to_list() == [None]


@pytest.mark.parametrize(
    ("agreement", "score", "kind"),
    [(True, 9, "true"), (True, 6, "spurious"), (False, 9, "latent"), (False, 6, "none"), (True, None, None)],
)
def test_behaviour_and_attitude_make_four_kinds(agreement: bool, score: int | None, kind: str | None):
    bought = an_agreement(1, 1, "2020-01-01", "2027-12-31") if agreement else a_contract(1, 1, "2024-06-01", 100)
    world = a_world(contracts=[bought], surveys=SURVEYS, responses=answers(1, score))
    assert gather([loyalty_rows(world, JUNE)])[0]["loyalty_kind"].to_list() == [kind]


def test_payment_in_two_currencies_is_weighed_in_the_base_currency():
    paid = an_agreement(1, 1, "2026-01-01", "2026-12-31", currency="USD")
    owed = an_agreement(2, 1, "2026-01-01", "2026-12-31")
    world = a_world(
        contracts=[paid, owed],
        instalments=[an_instalment(1, "2026-05-01", 100), an_instalment(2, "2026-05-01", 100) | {"customer_id": 1}],
        receipts=[a_receipt(1, "2026-04-30", 100)],
        exchange_rates=[{"currency": "USD", "day": date(2026, 1, 1), "rate_e6": 4_000_000}],
    )
    assert gather([loyalty_rows(world, JUNE)])[0]["payment"].to_list() == [80]


def test_who_never_bought_has_no_index():
    assert gather([loyalty_rows(a_world(customers=[{"id": 1, "name": "A"}]), JUNE)])[0].is_empty()


def test_points_lead_to_tiers_by_what_was_earned_in_a_year():
    rows = gather([point_rows(LEDGER, JUNE)])[0].sort("id")
    assert rows.select("balance", "earned", "tier", "next_tier", "missing").rows() == [
        (200, 200, "Silver", None, None),
        (50, 0, "Bronze", "Silver", 200),
        (0, 0, "Bronze", "Silver", 200),
    ]
