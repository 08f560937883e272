"""What each role sees first: the figures at the top of the cockpit, one picture over time and one comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm_data.analytics import attention
from crm_data.analytics.attention import Matter
from crm_data.vocabulary import Role


@dataclass(frozen=True)
class Overview:
    """Keys of the headline figures, of the trend, of the breakdown and its dimension, and what needs action."""

    headlines: tuple[str, ...]
    trend: str
    breakdown: str
    by: str
    matters: tuple[Matter, ...]


_LEADING = Overview(
    headlines=("revenue", "quota_attainment", "open_pipeline", "win_rate", "retention", "nps"),
    trend="revenue",
    breakdown="won_amount",
    by="owner",
    matters=attention.MATTERS,
)

OVERVIEWS: Mapping[Role, Overview] = {
    Role.ADMIN: Overview(
        headlines=("revenue", "open_pipeline", "active_customers", "receivables", "nps", "completeness"),
        trend="revenue",
        breakdown="completeness",
        by="owner",
        matters=attention.MATTERS,
    ),
    Role.MANAGER: _LEADING,
    Role.SALES: Overview(
        headlines=("won_amount", "quota_attainment", "weighted_pipeline", "win_rate", "sales_cycle", "stalled"),
        trend="won_amount",
        breakdown="open_pipeline",
        by="stage",
        matters=(attention.STALLED, attention.RENEWALS, attention.OVERDUE),
    ),
    Role.MARKETING: Overview(
        headlines=("campaign_roi", "campaign_responses", "campaign_cost", "cost_per_lead", "new_customers", "nps"),
        trend="campaign_responses",
        breakdown="campaign_roi",
        by="campaign",
        matters=(attention.OVER_BUDGET, attention.UNHEARD),
    ),
    Role.SERVICE: Overview(
        headlines=("nps", "csat", "ces", "response_rate", "follow_up_rate", "loyalty_index"),
        trend="nps",
        breakdown="nps",
        by="survey",
        matters=(attention.UNHEARD, attention.RENEWALS),
    ),
    Role.VIEWER: Overview(
        headlines=("revenue", "open_pipeline", "active_customers", "retention", "nps"),
        trend="revenue",
        breakdown="revenue",
        by="region",
        matters=(),
    ),
}
