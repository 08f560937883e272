"""What hangs on a contract: what we owe, what is due to us and what came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access, clock, money
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Contract, Instalment, Milestone, Receipt
from crm_data.services import changes, checks
from crm_data.terms import today
from crm_data.vocabulary import N_, Action, ContractKind

Part = Milestone | Instalment | Receipt
Row = TypeVar("Row", Milestone, Instalment, Receipt)
_FIELDS: Mapping[type[Part], tuple[str, ...]] = {
    Milestone: ("title", "due_on", "done_on"),
    Instalment: ("due_on", "amount"),
    Receipt: ("received_on", "amount", "method", "reference"),
}
_MOST_INSTALMENTS = 120


def add_milestone(session: Session, actor: Actor, contract_id: int, *, values: Mapping[str, Any]) -> Milestone:
    """Add something that we owe under a contract."""
    return _added(session, _contract(session, actor, contract_id), Milestone, values)


def tick(session: Session, actor: Actor, milestone_id: int, *, done_on: date | None) -> Milestone:
    """Say on which day a milestone was done, or with None that it is not."""
    row = access.fetch(session, actor, Milestone, milestone_id, action=Action.EDIT)
    row.done_on = done_on
    _check(session, row)
    session.flush()
    return row


def add_instalment(session: Session, actor: Actor, contract_id: int, *, values: Mapping[str, Any]) -> Instalment:
    """Add money that is due under an agreement."""
    return _added(session, _on_credit(session, actor, contract_id), Instalment, values)


def schedule(session: Session, actor: Actor, contract_id: int, *, count: int, first_on: date) -> Sequence[Instalment]:
    """Spread what of a contract's amount has no instalment yet over `count` months, equal to the cent."""
    contract = _on_credit(session, actor, contract_id)
    if not 1 <= count <= _MOST_INSTALMENTS:
        message = N_("The number of instalments lies between 1 and {most}.")
        raise InvalidError(message, field="count", most=_MOST_INSTALMENTS)
    left = contract.amount - _sum(session, Instalment, contract)
    if left <= 0:
        raise CrmError(N_("All of the contract's amount has its instalments already."))
    if left < count:
        raise InvalidError(N_("The amount is too small for so many instalments."), field="count")
    days = [money.months_after(first_on, months=month) for month in range(count)]
    return [
        _added(session, contract, Instalment, {"due_on": day, "amount": part})
        for day, part in zip(days, money.parts(left, count=count), strict=True)
    ]


def receive(session: Session, actor: Actor, contract_id: int, *, values: Mapping[str, Any]) -> Receipt:
    """Write down money that came in for an agreement."""
    contract = _on_credit(session, actor, contract_id)
    if (values.get("amount") or 0) <= 0:
        raise InvalidError(N_("A receipt is above zero. Money that goes back is a refund."), field="amount")
    return _added(session, contract, Receipt, values)


def refund(session: Session, actor: Actor, contract_id: int, *, values: Mapping[str, Any]) -> Receipt:
    """Write down money that went back to the customer (`amount` above zero): no more than came in."""
    contract = _on_credit(session, actor, contract_id)
    amount = values.get("amount") or 0
    if amount <= 0:
        raise InvalidError(N_("Say how much went back; the amount is above zero."), field="amount")
    return _added(session, contract, Receipt, dict(values) | {"amount": -amount})


def edit(
    session: Session, actor: Actor, row: Part, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Part:
    """Change a milestone, an instalment or a receipt from what was shown to what was typed."""
    access.demand(session, actor, row, action=Action.EDIT)
    changes.apply_edit(row, version=version, base=base, mine=checks.only(mine, _FIELDS[type(row)]))
    _check(session, row)
    session.flush()
    return row


def remove(session: Session, actor: Actor, model: type[Part], part_id: int) -> None:
    """Put a milestone, an instalment or a receipt into the bin; whoever may edit the contract may do so."""
    row = access.fetch(session, actor, model, part_id, action=Action.EDIT)
    row.deleted_at = clock.now()
    session.flush()
    if isinstance(row, Receipt):
        _refuse_negative(session, row)


def remove_milestone(session: Session, actor: Actor, milestone_id: int) -> None:
    """Put a milestone into the bin."""
    remove(session, actor, Milestone, milestone_id)


def remove_instalment(session: Session, actor: Actor, instalment_id: int) -> None:
    """Put an instalment into the bin."""
    remove(session, actor, Instalment, instalment_id)


def remove_receipt(session: Session, actor: Actor, receipt_id: int) -> None:
    """Put a receipt into the bin."""
    remove(session, actor, Receipt, receipt_id)


def _contract(session: Session, actor: Actor, contract_id: int) -> Contract:
    return access.fetch(session, actor, Contract, contract_id, action=Action.EDIT)


def _on_credit(session: Session, actor: Actor, contract_id: int) -> Contract:
    contract = _contract(session, actor, contract_id)
    if contract.kind == ContractKind.SALE:
        raise CrmError(N_("A one-off sale counts as received on its day; it has no instalments or receipts."))
    return contract


def _added(session: Session, contract: Contract, model: type[Row], values: Mapping[str, Any]) -> Row:
    row = model(contract_id=contract.id, customer_id=contract.customer_id, **checks.only(values, _FIELDS[model]))
    _check(session, row)
    session.add(row)
    session.flush()
    if isinstance(row, Receipt):
        _refuse_negative(session, row)
    return row


def _check(session: Session, row: Part) -> None:
    needed = {Milestone: ("title", "due_on"), Instalment: ("due_on", "amount"), Receipt: ("received_on", "amount")}
    with session.no_autoflush:
        checks.all_of(
            *(partial(checks.filled, row, name) for name in needed[type(row)]),
            lambda: checks.short_enough(row),
            lambda: checks.past(row, "done_on", today=today(session)) if isinstance(row, Milestone) else None,
            lambda: checks.past(row, "received_on", today=today(session)) if isinstance(row, Receipt) else None,
            lambda: checks.not_negative(row, "amount") if isinstance(row, Instalment) else None,
        )


def _refuse_negative(session: Session, receipt: Receipt) -> None:
    contract = session.get_one(Contract, receipt.contract_id)
    if _sum(session, Receipt, contract) < 0:
        raise InvalidError(N_("More would go back than came in for this contract."), field="amount")


def _sum(session: Session, model: Any, contract: Contract) -> int:
    wanted = select(func.coalesce(func.sum(model.amount), 0))
    return int(session.scalar(wanted.where(model.contract_id == contract.id, model.deleted_at.is_(None))) or 0)
