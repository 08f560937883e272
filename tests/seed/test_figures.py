"""What the figures of the default demo company come to: what a visitor sees, and what no change may move unnoticed."""

from __future__ import annotations

from datetime import date

import pytest

from crm_data.analytics import figures, periods, series
from crm_data.analytics.kpis import KPIS, by_key
from crm_data.analytics.periods import Calendar, Period
from crm_data.analytics.tables import Tables
from crm_data.seed import drives, places
from crm_data.vocabulary.terms import Terms
from tests.seed.conftest import Frames

CALENDAR = Calendar(date(2026, 6, 15))
# In 2025: the value (money in minor units) and how many cases it was made of.
EXPECTED: dict[str, tuple[float, int]] = {
    "revenue": (4_854_510_743, 3_561),
    "revenue_received": (4_464_277_129, 4_664),
    "gross_margin": (0.38315, 8_181),
    "won_amount": (1_071_645_859, 245),
    "win_rate": (0.44708, 548),
    "average_deal": (4_374_065, 245),
    "sales_cycle": (83, 245),
    "open_pipeline": (665_433_559, 137),
    "quota_attainment": (0.97334, 245),
    "new_customers": (455, 455),
    "active_customers": (1_132, 1_132),
    "retention": (0.80265, 831),
    "renewal_rate": (0.57759, 232),
    "fulfilment_rate": (0.80459, 1_832),
    "receivables": (133_540_061, 107),
    "collection_rate": (0.99196, 1_464),
    "nps": (35.05535, 542),
    "csat": (0.85489, 317),
    "ces": (6.23077, 78),
    "response_rate": (0.46307, 2_207),
    "campaign_cost": (75_681_679, 11),
    "campaign_responses": (420, 420),
}


@pytest.fixture(scope="session")
def tables(company: Frames) -> Tables:
    """Give the default demo company as figures read it."""
    return Tables({name: frame.lazy() for name, frame in company.items()}, terms=Terms())


@pytest.mark.parametrize("key", EXPECTED)
def test_the_demo_companys_figures_of_2025(tables: Tables, key: str):
    found = figures.figure(by_key(key), tables, period=_days(date(2025, 1, 1), date(2025, 12, 31)))
    assert (pytest.approx(found.value, rel=1e-4), found.n) == EXPECTED[key]


def test_almost_every_figure_has_a_value_this_quarter(tables: Tables):
    period = periods.preset(periods.Preset.THIS_QUARTER, calendar=CALENDAR)
    found = figures.figures(KPIS, tables, period=period)
    assert [key for key, figure in found.items() if figure.value is None] == ["nps_transactional"]


def test_the_trade_fair_is_the_campaign_that_lost_most(tables: Tables):
    period = _days(date(2023, 6, 1), date(2026, 6, 15))
    parts = series.breakdown(by_key("campaign_roi"), tables, period=period, by="campaign").drop_nulls("value")
    assert parts["label"].to_list()[-1] == drives.LOSING
    assert parts["value"].to_list()[-1] < 0 < parts["value"].to_list()[0]


def test_the_south_west_recommends_least_this_quarter(tables: Tables):
    period = periods.preset(periods.Preset.THIS_QUARTER, calendar=CALENDAR)
    parts = series.breakdown(by_key("nps"), tables, period=period, by="region").drop_nulls("value")
    assert parts["label"].to_list()[-1] == places.SOUTHWEST


def _days(first: date, last: date) -> Period:
    return periods.between(first, last, calendar=CALENDAR)
