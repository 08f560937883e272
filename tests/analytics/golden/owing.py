"""Golden tables of contracts and money owed: the second quarter of 2026, seen on 15 June."""

from tests.analytics.golden import Golden
from tests.analytics.golden.buying import a_contract, an_agreement
from tests.analytics.worlds import Row, a_world, day, days

JUNE = days("2026-06-01", "2026-06-30")
QUARTER = days("2026-04-01", "2026-06-30")

# Last day in the quarter: 1 renewed before its end (100.00), 2 renewed late (200.00), 3 lapsed (300.00), 4 runs until
# the 30th and is open (400.00), 5 terminated (500.00). Its successors end later; a draft successor renews nothing;
# a sale does not end.
ENDING: list[Row] = [
    an_agreement(1, 1, "2025-05-01", "2026-04-30", 10_000),
    an_agreement(2, 2, "2025-06-01", "2026-05-31", 20_000),
    an_agreement(3, 3, "2025-06-06", "2026-06-05", 30_000),
    an_agreement(4, 4, "2025-07-01", "2026-06-30", 40_000),
    an_agreement(5, 5, "2025-07-01", "2026-06-30", 50_000, status="terminated"),
    an_agreement(6, 1, "2026-05-01", "2027-04-30", 11_000, renews_id=1, signed_on=day("2026-04-15")),
    an_agreement(7, 2, "2026-06-01", "2027-05-31", 22_000, renews_id=2, signed_on=day("2026-06-10")),
    an_agreement(8, 3, "2026-06-06", "2027-06-05", 33_000, renews_id=3, signed_on=None, status="draft"),
    a_contract(9, 3, "2026-05-01", 5_000, ends_on=day("2026-05-01")),
]


def a_milestone(due: str, done: str | None) -> Row:
    """Something we owe under contract 1."""
    return {"contract_id": 1, "customer_id": 1, "due_on": day(due), "done_on": None if done is None else day(done)}


# Due by today: in time, on the day, early, late, not at all. Not yet: the 20th.
MILESTONES = [
    a_milestone("2026-06-05", "2026-06-04"),
    a_milestone("2026-06-06", "2026-06-06"),
    a_milestone("2026-06-07", "2026-05-01"),
    a_milestone("2026-06-08", "2026-06-09"),
    a_milestone("2026-06-10", None),
    a_milestone("2026-06-20", None),
    a_milestone("2026-07-01", "2026-06-01"),
]
RENEWALS = a_world(contracts=ENDING, milestones=MILESTONES)


def an_instalment(contract: int, due: str, amount: int) -> Row:
    """Money due from the customer of the same number."""
    return {"contract_id": contract, "customer_id": contract, "due_on": day(due), "amount": amount}


def a_receipt(contract: int, received: str, amount: int) -> Row:
    """Money that came in from the customer of the same number."""
    return {"contract_id": contract, "customer_id": contract, "received_on": day(received), "amount": amount}


# Contract 1: 100.00 in April, May, June and July, 250.00 came in (a refund of 50.00 in it): April and May are paid,
# half of June is. Contract 2: 300.00 in May, nothing came. Contract 3: 80.00 due today. Sales have no instalments.
OWED = a_world(
    contracts=[
        an_agreement(1, 1, "2026-04-01", "2027-03-31", 40_000),
        an_agreement(2, 2, "2026-05-01", "2027-04-30", 30_000),
        an_agreement(3, 3, "2026-06-01", "2027-05-31", 8_000),
        a_contract(4, 4, "2026-06-01", 99_000),
    ],
    instalments=[
        an_instalment(1, "2026-06-10", 10_000),
        an_instalment(1, "2026-04-10", 10_000),
        an_instalment(1, "2026-05-10", 10_000),
        an_instalment(1, "2026-07-10", 10_000),
        an_instalment(2, "2026-05-15", 30_000),
        an_instalment(3, "2026-06-15", 8_000),
        an_instalment(4, "2026-06-01", 99_000),
    ],
    receipts=[a_receipt(1, "2026-04-01", 30_000), a_receipt(1, "2026-06-01", -5_000), a_receipt(4, "2026-06-01", 5)],
)

GOLDEN = [
    Golden("renewal_rate", RENEWALS, QUARTER, 2 / 4, 4),
    Golden("renewal_rate_value", RENEWALS, QUARTER, 30_000 / 110_000, 4),
    Golden("expiring_value", RENEWALS, QUARTER, 100_000, 4),
    Golden("fulfilment_rate", RENEWALS, JUNE, 3 / 5, 5),
    Golden("receivables", OWED, JUNE, 5_000 + 30_000 + 8_000, 3),
    Golden("outstanding", OWED, JUNE, 5_000 + 30_000 + 8_000 + 10_000, 4),
    Golden("overdue_ratio", OWED, JUNE, 35_000 / 53_000, 4),
    Golden("collection_rate", OWED, JUNE, 5_000 / 18_000, 2),
    Golden("collection_rate", OWED, QUARTER, 25_000 / 68_000, 5),
    # 15 days of June have come; 80.00 was sold on credit in it.
    Golden("dso", OWED, JUNE, 43_000 / 8_000 * 15, 3),
]
