"""Every figure says of the golden tables what one adds up by head."""

import pytest

from crm_data.analytics import figures
from crm_data.analytics.kpis import KPIS, by_key
from tests.analytics.golden import Golden, buying, campaigns, hearing, owing, selling

GOLDEN = [*selling.GOLDEN, *buying.GOLDEN, *owing.GOLDEN, *hearing.GOLDEN, *campaigns.GOLDEN]


@pytest.mark.parametrize("golden", GOLDEN, ids=[f"{place}-{golden.key}" for place, golden in enumerate(GOLDEN)])
def test_a_figure_is_what_one_adds_up_by_head(golden: Golden):
    found = figures.figure(by_key(golden.key), golden.world, period=golden.period)
    assert (found.value, found.n) == (pytest.approx(golden.value), golden.n)


def test_every_figure_is_in_the_golden_tables():
    assert {kpi.key for kpi in KPIS} - {golden.key for golden in GOLDEN} == set()
