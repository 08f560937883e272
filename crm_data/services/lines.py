"""Lines of opportunities and contracts: products with quantity, price and discount, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access, clock, money
from crm_data.access import Actor
from crm_data.errors import ConflictError, CrmError, FieldConflict, InvalidError
from crm_data.models import Contract, ContractLine, Opportunity, OpportunityLine, Product
from crm_data.services import changes, checks
from crm_data.terms import terms, today
from crm_data.vocabulary import N_

Whole = Opportunity | Contract
Line = OpportunityLine | ContractLine
Values = Mapping[str, Any]

FIELDS = ("product_id", "quantity_e3", "unit_price_e4", "discount_bp")
_CODE = 3


def of(session: Session, whole: Whole) -> Sequence[Line]:
    """List the lines of an opportunity or contract that are not in the bin, in the order they were added."""
    model: Any = _model(whole)
    link = getattr(model, _link(whole))
    wanted = select(model).where(link == whole.id, model.deleted_at.is_(None)).order_by(model.id)
    return session.scalars(wanted).all()


def save(session: Session, actor: Actor, whole: Whole, *, base: Sequence[Values], mine: Sequence[Values]) -> None:
    """Bring the lines from those that were shown (`base`, with id and version) to those that were typed (`mine`).

    A line without `id` is added, one that is missing goes to the bin, and what somebody else added meanwhile stays.
    The whole's amount becomes the sum. Raises ConflictError when the same line was changed or removed meanwhile.
    """
    have = {line.id: line for line in of(session, whole)}
    shown = {line["id"]: line for line in base}
    kept = {line["id"] for line in mine if line.get("id")}
    with session.no_autoflush:
        lines = [_written(session, actor, whole, line, have=have, shown=shown) for line in mine]
        checks.all_of(*(partial(_check, line) for line in lines))
    session.add_all(lines)
    for key in shown.keys() - kept:
        if key in have:
            _refuse_stale(have[key], shown[key])
            have[key].deleted_at = clock.now()
    session.flush()
    settle(session, whole)


def settle(session: Session, whole: Whole) -> None:
    """Work the amounts of the lines out anew in the whole's currency; the whole's amount is their sum."""
    lines = of(session, whole)
    for line in lines:
        line.amount = amount(line, currency=whole.currency)
    if lines:
        whole.amount = sum(line.amount for line in lines)
    session.flush()


def copy(session: Session, actor: Actor, source: Whole, *, to: Contract) -> None:
    """Copy the lines of an opportunity or contract into a contract, with the products' costs of today."""
    for line in of(session, source):
        values = {name: getattr(line, name) for name in FIELDS}
        session.add(_new(session, actor, to, values, sold_before=True))
    session.flush()
    settle(session, to)


def amount(line: Line, *, currency: str) -> int:
    """Give a line's net amount in minor units of the currency."""
    return money.line_amount(
        quantity_e3=line.quantity_e3,
        unit_price_e4=line.unit_price_e4,
        discount_bp=line.discount_bp,
        currency=currency,
    )


def currency_code(row: Whole) -> None:
    """Raise InvalidError unless the currency is a code of three letters."""
    code = row.currency or ""
    if len(code) != _CODE or not code.isascii() or not code.isalpha() or not code.isupper():
        raise InvalidError(N_("A currency is a code of three letters, such as CNY or EUR."), field="currency")


def _model(whole: Whole) -> type[OpportunityLine] | type[ContractLine]:
    return OpportunityLine if isinstance(whole, Opportunity) else ContractLine


def _link(whole: Whole) -> str:
    return "opportunity_id" if isinstance(whole, Opportunity) else "contract_id"


def _written(
    session: Session, actor: Actor, whole: Whole, values: Values, *, have: Mapping[int, Line], shown: Mapping[int, Any]
) -> Line:
    typed = {name: values[name] for name in FIELDS if name in values}
    typed["discount_bp"] = typed.get("discount_bp") or 0
    key = values.get("id")
    if not key:
        return _new(session, actor, whole, typed)
    if key not in have or key not in shown:
        raise CrmError(N_("Somebody else removed a line meanwhile. Open the record again; nothing was saved."))
    line = have[key]
    changes.apply_edit(line, version=shown[key]["version"], base=shown[key], mine=typed)
    line.amount = amount(line, currency=whole.currency) if _complete(line) else 0
    return line


def _new(session: Session, actor: Actor, whole: Whole, values: Values, *, sold_before: bool = False) -> Line:
    product = access.fetch(session, actor, Product, values["product_id"]) if values.get("product_id") else None
    given = {"customer_id": whole.customer_id, _link(whole): whole.id} | dict(values)
    line: Any = _model(whole)(**given)
    if product is not None and line.unit_price_e4 is None and whole.currency == terms(session).base_currency:
        line.unit_price_e4 = product.list_price_e4
    if product is not None and product.retired_on and product.retired_on <= today(session) and not sold_before:
        message = N_("“{product}” is not sold any more. Choose another product.")
        raise InvalidError(message, field="product_id", product=product.name)
    if product is not None and isinstance(line, ContractLine):
        line.unit_cost_e4 = product.unit_cost_e4
    line.amount = amount(line, currency=whole.currency) if _complete(line) else 0
    return cast(Line, line)


def _complete(line: Any) -> bool:
    return None not in (line.quantity_e3, line.unit_price_e4, line.discount_bp)


def _check(line: Line) -> None:
    checks.filled(line, *FIELDS)
    if line.quantity_e3 == 0 or (line.quantity_e3 < 0 and isinstance(line, OpportunityLine)):
        raise InvalidError(N_("The quantity must be above zero."), field="quantity_e3")
    checks.not_negative(line, "unit_price_e4")
    if not 0 <= line.discount_bp <= money.DISCOUNT_UNITS:
        raise InvalidError(N_("A discount lies between 0 and 100 %."), field="discount_bp")


def _refuse_stale(line: Line, shown: Values) -> None:
    if line.version == shown["version"]:
        return
    clashes = {
        name: FieldConflict(shown.get(name), getattr(line, name), None)
        for name in FIELDS
        if getattr(line, name) != shown.get(name)
    }
    if clashes:
        message = N_("Somebody else changed a line that you removed. Open the record again; nothing was saved.")
        raise ConflictError(message, fields=clashes, version=line.version)
