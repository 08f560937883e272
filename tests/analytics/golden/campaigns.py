"""Golden tables of campaigns: June 2026, seen on the 15th."""

from typing import Any

from tests.analytics.golden import Golden
from tests.analytics.golden.buying import a_contract
from tests.analytics.worlds import Row, a_world, day, days, noon

JUNE = days("2026-06-01", "2026-06-30")


def a_campaign(id_: int, starts: str, **more: Any) -> Row:
    """A campaign with a window of ten days."""
    given = {"kind": "email", "status": "running", "attribution_days": 10, "control_share": 0}
    return {"id": id_, "name": f"Campaign {id_}", "starts_on": day(starts), "ends_on": day(starts), **given, **more}


def a_member(campaign: int, customer: int, state: str, sent: str | None = None, **more: Any) -> Row:
    """A customer in a campaign."""
    at = noon(sent) if sent else None
    return {"campaign_id": campaign, "customer_id": customer, "state": state, "sent_at": at, **more}


# Campaign 1 costs 100.00 in two entries, campaign 2 cost 50.00 (10.00 USD at 5), campaign 3 nothing; 4 was in May.
# Reached: customers 1 (by 1, then 2), 2, 3, 5 and 6; 4 is a control, 7 bounced, 8 was only targeted.
# Attributed: 300.00 of customer 1 to campaign 2, the last to reach him; 200.00 of customer 2; not the sale before the
# touch, nor after the window, nor that of the control group.
RUN = a_world(
    campaigns=[
        a_campaign(1, "2026-06-01"),
        a_campaign(2, "2026-06-03", currency="USD", channel="email"),
        a_campaign(3, "2026-06-04"),
        a_campaign(4, "2026-05-01"),
    ],
    campaign_costs=[
        {"campaign_id": 1, "spent_on": day("2026-06-01"), "amount": 6_000},
        {"campaign_id": 1, "spent_on": day("2026-06-02"), "amount": 4_000},
        {"campaign_id": 2, "spent_on": day("2026-06-03"), "amount": 1_000},
        {"campaign_id": 4, "spent_on": day("2026-05-03"), "amount": 77_000},
    ],
    campaign_members=[
        a_member(1, 1, "converted", "2026-06-01", converted_at=noon("2026-06-06")),
        a_member(1, 2, "responded", "2026-06-01", responded_at=noon("2026-06-05")),
        a_member(1, 3, "opened", "2026-06-01"),
        a_member(1, 4, "targeted", control=True),
        a_member(2, 1, "sent", "2026-06-03"),
        a_member(2, 5, "opted_out", "2026-06-03"),
        a_member(2, 7, "bounced", "2026-06-03", bounced_at=noon("2026-06-03")),
        a_member(2, 8, "targeted"),
        a_member(4, 6, "responded", "2026-05-01", responded_at=noon("2026-06-01")),
    ],
    contracts=[
        a_contract(1, 1, "2026-06-06", 30_000),
        a_contract(2, 2, "2026-06-11", 20_000),
        a_contract(3, 2, "2026-06-12", 11_000),
        a_contract(4, 3, "2026-05-31", 12_000),
        a_contract(5, 4, "2026-06-06", 13_000),
    ],
    customers=[
        {"id": 1, "name": "A", "source_campaign_id": 1, "acquired_on": day("2026-06-02")},
        {"id": 2, "name": "B", "source_campaign_id": 2, "created_at": noon("2026-06-03")},
        {"id": 3, "name": "C", "source_campaign_id": 1, "acquired_on": day("2026-05-02")},
        {"id": 4, "name": "D", "acquired_on": day("2026-06-02")},
    ],
    exchange_rates=[{"currency": "USD", "day": day("2026-01-01"), "rate_e6": 5_000_000}],
)

GOLDEN = [
    Golden("campaign_cost", RUN, JUNE, 6_000 + 4_000 + 5_000, 3),
    Golden("campaign_responses", RUN, JUNE, 3, 3),
    Golden("campaign_conversion", RUN, JUNE, 1 / 5, 5),
    Golden("campaign_roi", RUN, JUNE, (30_000 + 20_000 - 15_000) / 15_000, 2),
    Golden("campaign_leads", RUN, JUNE, 2, 2),
    Golden("cost_per_lead", RUN, JUNE, 7_500, 2),
    # New in June: customers 1, 2 and 4.
    Golden("cac", RUN, JUNE, 5_000, 3),
]
