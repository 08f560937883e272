"""The terms of business: what the organisation may set, with types and defaults."""

from __future__ import annotations

from dataclasses import dataclass

from crm_data.vocabulary.labels import N_


@dataclass(frozen=True)
class Terms:
    """The organisation's settings, typed. Money in minor units of the base currency; shares in per cent."""

    company_name: str = "Guanxi"
    base_currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    language: str = "en"
    fiscal_year_start_month: int = 1
    week_start: int = 1
    inactivity_days: int = 365
    small_sample: int = 30
    stalled_without_activity_days: int = 30
    renewal_notice_days: int = 90
    point_value: int = 1
    points_expire_days: int = 365
    points_per_hundred: int = 10
    campaign_pause_days: int = 14
    loyalty_weight_repeat: int = 25
    loyalty_weight_recency: int = 20
    loyalty_weight_tenure: int = 15
    loyalty_weight_breadth: int = 10
    loyalty_weight_recommendation: int = 20
    loyalty_weight_payment: int = 10


LABELS = {
    "company_name": N_("Company name"),
    "base_currency": N_("Base currency"),
    "time_zone": N_("Time zone"),
    "language": N_("Language for people who chose none"),
    "fiscal_year_start_month": N_("First month of the fiscal year"),
    "week_start": N_("First day of the week (1 is Monday)"),
    "inactivity_days": N_("Days without a purchase after which a customer counts as inactive"),
    "small_sample": N_("Fewer cases than this are marked as a small sample"),
    "stalled_without_activity_days": N_("Days without activity after which an opportunity counts as stalled"),
    "renewal_notice_days": N_("Days ahead that renewals are shown as due"),
    "point_value": N_("Value of a loyalty point in the smallest unit of the base currency"),
    "points_expire_days": N_("Days after which loyalty points expire"),
    "points_per_hundred": N_("Loyalty points earned for a hundred of the base currency"),
    "campaign_pause_days": N_("Days that a customer is left alone after a campaign"),
    "loyalty_weight_repeat": N_("Weight of repeat purchases in the loyalty index"),
    "loyalty_weight_recency": N_("Weight of recency in the loyalty index"),
    "loyalty_weight_tenure": N_("Weight of tenure in the loyalty index"),
    "loyalty_weight_breadth": N_("Weight of bought categories in the loyalty index"),
    "loyalty_weight_recommendation": N_("Weight of recommendation in the loyalty index"),
    "loyalty_weight_payment": N_("Weight of payment behaviour in the loyalty index"),
}
