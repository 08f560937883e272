"""Golden tables of revenue and customers: June 2026, seen on the 15th."""

from typing import Any

from tests.analytics.golden import Golden
from tests.analytics.worlds import Row, a_world, day, days

JUNE = days("2026-06-01", "2026-06-30")
RATES: list[Row] = [{"currency": "USD", "day": day("2026-06-02"), "rate_e6": 5_000_000}]


def a_contract(id_: int, customer: int, signed: str | None, amount: int, **more: Any) -> Row:
    """A one-off sale unless something else is said."""
    given = {"kind": "sale", "status": "fulfilled", "customer_id": customer, "amount": amount, "owner_id": 1}
    return {"id": id_, **given, "signed_on": None if signed is None else day(signed), **more}


def an_agreement(id_: int, customer: int, first: str, last: str, amount: int = 1_000, **more: Any) -> Row:
    """An agreement from one day to another, signed on its first."""
    dated = {"starts_on": day(first), "ends_on": day(last), "kind": "agreement", "status": "active"}
    return a_contract(id_, customer, first, amount, **{**dated, **more})


def a_line(contract: int, customer: int, *, product: int, pieces: int, cost: int | None, amount: int) -> Row:
    """A line of a contract; the cost of one piece in whole yuan."""
    whose = {"contract_id": contract, "customer_id": customer, "product_id": product, "amount": amount}
    return {**whose, "quantity_e3": pieces * 1_000, "unit_cost_e4": None if cost is None else cost * 10_000}


# Signed in June: a sale of 100.00, its return of −30.00, an agreement of 500.00, 20.00 USD at 5 = 100.00, and 7.00 JPY
# without a rate. Not: a draft, what was signed in May, on 1 July.
SOLD = a_world(
    contracts=[
        a_contract(1, 1, "2026-06-02", 10_000, region="North"),
        a_contract(2, 1, "2026-06-05", -3_000, region="North"),
        an_agreement(3, 2, "2026-06-03", "2027-06-02", 50_000),
        a_contract(4, 3, "2026-06-04", 2_000, currency="USD"),
        a_contract(5, 3, "2026-06-04", 7, currency="JPY"),
        a_contract(6, 4, "2026-06-04", 99_000, status="draft"),
        a_contract(7, 4, "2026-05-31", 5_000),
        a_contract(8, 5, "2026-07-01", 8_000),
    ],
    contract_lines=[
        a_line(1, 1, product=1, pieces=2, cost=30, amount=10_000),
        a_line(2, 1, product=1, pieces=-1, cost=30, amount=-3_000),
        a_line(3, 2, product=2, pieces=1, cost=None, amount=50_000),
        a_line(4, 3, product=2, pieces=1, cost=40, amount=2_000),
    ],
    products=[{"id": 1, "name": "Pump", "category_id": 1}, {"id": 2, "name": "Valve"}],
    product_categories=[{"id": 1, "name": "Machines"}],
    receipts=[
        {"contract_id": 3, "customer_id": 2, "received_on": day("2026-06-10"), "amount": 20_000},
        {"contract_id": 3, "customer_id": 2, "received_on": day("2026-06-11"), "amount": -5_000},
        {"contract_id": 1, "customer_id": 1, "received_on": day("2026-06-02"), "amount": 10_000},
        {"contract_id": 3, "customer_id": 2, "received_on": day("2026-05-10"), "amount": 9_000},
    ],
    customers=[{"id": key, "name": f"C{key}", "region": "South", "owner_id": 1} for key in range(1, 6)],
    exchange_rates=RATES,
    users=[{"id": 1, "name": "Ann", "team_id": 1}],
    teams=[{"id": 1, "name": "North"}],
)

# Seen on 15 June 2026; 365 days of inactivity. Customers and their purchases:
# 1 agreement from June 2025 on, kept            2 sale of July 2025: active on both days
# 3 sale of 10 June 2025: active before, lost    4 agreement that ended on 5 June: lost
# 5 first sale in June 2026: new                 6 returns alone: never bought
# 7 sales on 2 and 9 June 2026, first in 2020: back again   8 two sales on one day in June, and a cancelled one: new
MEMBERS: list[Row] = [
    an_agreement(1, 1, "2025-06-20", "2026-12-31"),
    a_contract(2, 2, "2025-07-01", 100),
    a_contract(3, 3, "2025-06-10", 100),
    an_agreement(4, 4, "2025-06-06", "2026-06-05"),
    a_contract(5, 5, "2026-06-04", 100),
    a_contract(6, 6, "2026-06-04", -100),
    a_contract(7, 7, "2020-01-01", 100),
    a_contract(8, 7, "2026-06-02", 100),
    a_contract(9, 7, "2026-06-09", 100),
    a_contract(10, 8, "2026-06-03", 100),
    a_contract(11, 8, "2026-06-03", 100),
    a_contract(12, 8, "2026-06-08", 100, status="terminated"),
]
KNOWN: list[Row] = [{"id": key, "name": f"C{key}", "kind": "company"} for key in range(1, 9)]
CUSTOMERS = a_world(contracts=MEMBERS, customers=KNOWN)

# A company has 16 points of fields, a person 14, an internal unit 12. Filled: 2 + 2 of 16; 2 + 1 of 14 (a blank is
# nothing); all 12.
CARDS = a_world(
    customers=[
        {"id": 1, "name": "A", "kind": "company", "phone": "1", "industry": "Trade"},
        {"id": 2, "name": "B", "kind": "person", "email": "b@b", "gender": "female", "city": "  "},
        {
            "id": 3, "name": "C", "kind": "internal", "phone": "1", "email": "c@c", "region": "N", "city": "X",
            "address": "Y", "owner_id": 1, "source": "web", "category": "A", "preferred_channel": "email",
        },
    ],
)  # fmt: skip

GOLDEN = [
    Golden("revenue", SOLD, JUNE, 10_000 - 3_000 + 50_000 + 10_000, 5),
    Golden("revenue_received", SOLD, JUNE, 20_000 - 5_000 + 10_000 - 3_000 + 10_000, 6),
    Golden("credit_sales", SOLD, JUNE, 50_000, 1),
    # Lines with a cost: 100.00 − 60.00, −30.00 + 30.00, and 100.00 − 40.00 of the one in dollars.
    Golden("gross_margin", SOLD, JUNE, (4_000 + 0 + 6_000) / 17_000, 3),
    Golden("new_customers", CUSTOMERS, JUNE, 2, 2),
    Golden("active_customers", CUSTOMERS, JUNE, 5, 5),
    Golden("retention", CUSTOMERS, JUNE, 2 / 4, 4),
    Golden("churn", CUSTOMERS, JUNE, 2 / 4, 4),
    Golden("repeat_rate", CUSTOMERS, JUNE, 1 / 3, 3),
    Golden("completeness", CARDS, JUNE, (4 + 3 + 12) / (16 + 14 + 12), 3),
]
