"""Golden tables of satisfaction and loyalty: June 2026, seen on the 15th."""

from datetime import timedelta
from typing import Any

from crm_data.vocabulary.terms import Terms
from tests.analytics.golden import Golden
from tests.analytics.golden.buying import a_contract, an_agreement
from tests.analytics.golden.owing import a_receipt, an_instalment
from tests.analytics.worlds import Row, a_world, day, days, noon

JUNE = days("2026-06-01", "2026-06-30")


def a_survey(id_: int, kind: str, low: int, high: int, **more: Any) -> Row:
    """A survey about the relation as a whole, with high as the good end."""
    scale = {"scale_low": low, "scale_high": high, "orientation": "high", "relationship_survey": True}
    return {"id": id_, "kind": kind, "name": f"Survey {id_}", **scale, **more}


def answers(survey: int, *scores: int | None, on: str = "2026-06-05") -> list[Row]:
    """Answers of customers 1, 2, 3 … to a survey."""
    given = {"survey_id": survey, "answered_at": noon(on)}
    return [{**given, "customer_id": place, "score": score} for place, score in enumerate(scores, start=1)]


SURVEYS = [
    a_survey(1, "nps", 0, 10),
    a_survey(2, "nps", 0, 10, relationship_survey=False),
    a_survey(3, "csat", 1, 5, relationship_survey=False),
    a_survey(4, "csat", 1, 10, relationship_survey=False),
    a_survey(5, "ces", 1, 7, orientation="low"),
    a_survey(6, "csat", 1, 5),
]
# About the relation: 10 9 9 9 | 8 7 | 6 3, one skipped; customer 1 said 0 earlier, 9 in May. After occasions: 10 and 2.
# Satisfaction: 5 4 4 3 1 on five points; three answers on ten, one about the relation. Effort, low is easy: 1 2 4 6.
HEARD = a_world(
    surveys=SURVEYS,
    responses=[
        *answers(1, 10, 9, 9, 9, 8, 7, 6, 3, None),
        *answers(1, 0, on="2026-06-02"),
        *answers(1, None, None, None, None, None, None, None, 9, on="2026-05-31"),
        *answers(2, 10, 2),
        *answers(3, 5, 4, 4, 3, 1),
        *answers(4, 10, 8, 7),
        *answers(6, 1),
        *answers(5, 1, 2, 4, 6),
    ],
    customers=[{"id": key, "name": f"C{key}", "region": "N" if key % 2 else "S"} for key in range(1, 10)],
)


def an_invitation(id_: int, sent: str, *, answered: str | None = None, bounced: bool = False) -> Row:
    """A customer asked to answer survey 1."""
    back = noon(answered) if answered else None
    times = {"sent_at": noon(sent), "answered_at": back, "bounced_at": noon(sent) if bounced else None}
    return {"id": id_, "survey_id": 1, "customer_id": id_, **times}


# Delivered in June: 4 of 5 sent; answered: one in time, one later; one skipped the score.
ASKED = a_world(
    surveys=SURVEYS,
    invitations=[
        an_invitation(1, "2026-06-01", answered="2026-06-02"),
        an_invitation(2, "2026-06-01", answered="2026-07-02"),
        an_invitation(3, "2026-06-01", answered="2026-06-03"),
        an_invitation(4, "2026-06-01"),
        an_invitation(5, "2026-06-01", bounced=True),
        an_invitation(6, "2026-05-01", answered="2026-06-02"),
    ],
    responses=[
        {"survey_id": 1, "customer_id": 1, "invitation_id": 1, "score": 9, "answered_at": noon("2026-06-02")},
        {"survey_id": 1, "customer_id": 3, "invitation_id": 3, "score": None, "answered_at": noon("2026-06-03")},
    ],
)


def a_detractor(answered: str, hours: int | None) -> Row:
    """An answer of 4, followed up so many hours later."""
    at = noon(answered)
    later = None if hours is None else at + timedelta(hours=hours)
    return {"survey_id": 1, "customer_id": 1, "score": 4, "answered_at": at, "followed_up_at": later}


# In time: after 1 and after 48 hours. Not: after 49, never. Still running: answered yesterday.
FOLLOWED = a_world(
    surveys=SURVEYS,
    responses=[
        a_detractor("2026-06-01", 1),
        a_detractor("2026-06-02", 48),
        a_detractor("2026-06-03", 49),
        a_detractor("2026-06-04", None),
        a_detractor("2026-06-14", None),
        *answers(1, 9, 7),
    ],
)

# Weights 1 each. Customer 1: bought on two days of the last year (repeat: rank 2 of 2, 75), runs (recency 100),
# known two of five years (tenure 40), one category of four (breadth 25), said 8 (80), paid half of what fell due in
# time (50): (75 + 100 + 40 + 25 + 80 + 50) / 6. Customer 2: one day (25), 73 days of 365 ago (80),
# tenure 4: three parts.
EVEN = Terms(**{f"loyalty_weight_{part}": 1 for part in ("repeat", "recency", "tenure", "breadth", "recommendation",
                                                         "payment")})  # fmt: skip
LONG_AGO, RECENT = "2024-06-15", "2026-04-03"
LOYAL = a_world(
    terms=EVEN,
    contracts=[
        a_contract(1, 1, LONG_AGO, 100),
        an_agreement(2, 1, "2026-01-01", "2026-12-31"),
        a_contract(3, 1, "2026-02-01", 100),
        a_contract(4, 2, RECENT, 100),
    ],
    contract_lines=[{"contract_id": 1, "customer_id": 1, "product_id": 1, "amount": 100}],
    products=[{"id": 1, "name": "Pump", "category_id": 1}],
    surveys=SURVEYS,
    responses=answers(1, 8),
    instalments=[
        {**an_instalment(1, "2026-02-01", 100), "contract_id": 2},
        {**an_instalment(1, "2026-03-01", 100), "contract_id": 2},
    ],
    receipts=[
        {**a_receipt(1, "2026-02-01", 100), "contract_id": 2},
        {**a_receipt(1, "2026-03-02", 100), "contract_id": 2},
    ],
)


def points(customer: int, number: int, on: str, expires: str | None = None, kind: str = "earned") -> Row:
    """An entry in the ledger."""
    last = None if expires is None else day(expires)
    return {"customer_id": customer, "points": number, "on": day(on), "expires_on": last, "kind": kind}


# Customer 1: 100 run out on 14 June, 30 of them spent: 70 are gone; 200 are left. Customer 2: 50 last through today.
# Customer 3: 40, of which 40 were booked as expired. A point is worth 2.
LEDGER = a_world(
    terms=Terms(point_value=2),
    loyalty_entries=[
        points(1, 100, "2025-06-14", "2026-06-14"),
        points(1, 200, "2026-03-01", "2027-03-01"),
        points(1, -30, "2026-04-01", kind="spent"),
        points(2, 50, "2025-06-15", "2026-06-15"),
        points(3, 40, "2025-01-01", "2026-01-01"),
        points(3, -40, "2026-01-02", kind="expired"),
        points(2, 999, "2026-06-16", "2027-06-16"),
    ],
    loyalty_tiers=[{"name": "Bronze", "threshold": 0}, {"name": "Silver", "threshold": 200}],
    customers=[{"id": key, "name": f"C{key}"} for key in range(1, 4)],
)

GOLDEN = [
    Golden("nps", HEARD, JUNE, 100 * (4 - 2) / 8, 8),
    Golden("nps_transactional", HEARD, JUNE, 0, 2),
    Golden("csat", HEARD, JUNE, 3 / 5, 5),
    Golden("ces", HEARD, JUNE, (7 + 6 + 4 + 2) / 4, 4),
    Golden("ces_easy", HEARD, JUNE, 2 / 4, 4),
    Golden("response_rate", ASKED, JUNE, 2 / 4, 4),
    Golden("follow_up_rate", FOLLOWED, JUNE, 2 / 4, 4),
    Golden("loyalty_index", LOYAL, JUNE, ((75 + 100 + 40 + 25 + 80 + 50) / 6 + (25 + 80 + 4) / 3) / 2, 2),
    Golden("points_liability", LEDGER, JUNE, 2 * (200 + 50), 3),
]
