"""kpi."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from crm_data.analytics.kpis import KPIS
from tests.cli.conftest import Run

YEAR = ("--from", "2025-01-01", "--to", "2025-12-31")


def test_a_figure_has_exactly_the_promised_fields(run: Run, demo_engine: Engine):
    (found,) = run("kpi", "revenue", *YEAR, "--json").document
    assert list(found) == ["key", "value", "unit", "n", "from", "to", "previous", "note"]
    assert (found["key"], found["unit"], found["from"], found["to"]) == ("revenue", "money", YEAR[1], YEAR[3])


def test_money_is_a_decimal_string_and_a_rate_a_fraction(run: Run, demo_engine: Engine):
    revenue, rate = run("kpi", "revenue", "win_rate", *YEAR, "--json").document
    assert Decimal(revenue["value"]).as_tuple().exponent == -2
    assert 0 < rate["value"] < 1


def test_all_figures_are_computed_without_a_key(run: Run, demo_engine: Engine):
    assert [figure["key"] for figure in run("kpi", *YEAR, "--json").document] == [kpi.key for kpi in KPIS]


def test_what_cannot_be_computed_is_null_with_the_reason(run: Run, engine: Engine):
    (found,) = run("kpi", "nps", *YEAR, "--json").document
    assert (found["value"], found["n"]) == (None, 0)
    assert found["note"] == "Nobody answered in this period."


def test_the_rows_behind_a_figure_add_up_to_it(run: Run, demo_engine: Engine):
    (found,) = run("kpi", "revenue", *YEAR, "--rows", "--json").document
    assert sum(Decimal(row["amount"]) for row in found["rows"]) == Decimal(found["value"])
    assert len(found["rows"]) == found["n"]


def test_the_parts_of_a_breakdown_add_up_to_the_whole(run: Run, demo_engine: Engine):
    (found,) = run("kpi", "revenue", *YEAR, "--by", "region", "--json").document
    assert sum(Decimal(part["value"]) for part in found["parts"]) == Decimal(found["value"])


def test_a_period_without_days_is_this_month(run: Run, demo_engine: Engine):
    (found,) = run("kpi", "revenue", "--json").document
    assert (found["from"], found["to"]) == ("2026-06-01", "2026-06-30")


def test_a_period_from_a_day_ends_today(run: Run, demo_engine: Engine):
    (found,) = run("kpi", "revenue", "--from", "2026-05-10", "--json").document
    assert (found["from"], found["to"]) == ("2026-05-10", "2026-06-15")


def test_people_read_the_value_and_the_definition(run: Run, demo_engine: Engine):
    out = run("kpi", "win_rate", *YEAR).out
    assert out.startswith("Win rate (win_rate): ")
    assert "Won / (won + lost)" in out


@pytest.mark.parametrize("argv", [["moon"], ["revenue", "--by", "moon"]])
def test_an_unknown_figure_or_field_is_refused(run: Run, demo_engine: Engine, argv: list[str]):
    outcome = run("kpi", *argv)
    assert outcome.code == 1
    assert "moon" in outcome.err


def test_a_period_that_ends_before_it_begins_is_refused(run: Run, engine: Engine):
    assert run("kpi", "revenue", "--from", "2026-02-01", "--to", "2026-01-01").code == 1


def test_a_day_that_is_none_is_wrong_usage(run: Run, engine: Engine):
    assert run("kpi", "revenue", "--from", "2026-02-30").code == 2
