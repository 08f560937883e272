"""All key figures, each declared once, in the order in which screens list them."""

from __future__ import annotations

from collections.abc import Mapping

from crm_data.analytics.kpi import Measure
from crm_data.analytics.kpis import (
    campaigns,
    contracts,
    customers,
    loyalty,
    opportunities,
    pipeline,
    receivables,
    sales,
    satisfaction,
    stages,
)
from crm_data.errors import NotFoundError
from crm_data.vocabulary import N_

# Chapter → its figures.
CHAPTERS: Mapping[str, tuple[Measure, ...]] = {
    N_("Sales"): (*sales.FIGURES, *opportunities.FIGURES),
    N_("Pipeline"): (*pipeline.FIGURES, *stages.FIGURES),
    N_("Customers"): customers.FIGURES,
    N_("Contracts and money"): (*contracts.FIGURES, *receivables.FIGURES),
    N_("Satisfaction and loyalty"): (*satisfaction.FIGURES, *loyalty.FIGURES),
    N_("Campaigns"): campaigns.FIGURES,
}

KPIS: tuple[Measure, ...] = tuple(measure for chapter in CHAPTERS.values() for measure in chapter)

_BY_KEY: Mapping[str, Measure] = {measure.key: measure for measure in KPIS}


def by_key(key: str) -> Measure:
    """Find a figure by its key; NotFoundError when there is none."""
    if key not in _BY_KEY:
        message = N_("There is no figure called “{key}”. Choose one of: {choices}.")
        raise NotFoundError(message, key=key, choices=", ".join(_BY_KEY))
    return _BY_KEY[key]
