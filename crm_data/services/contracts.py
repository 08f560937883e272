"""Contracts: sales and agreements, their lines and status, and what comes after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_data import access, money
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError
from crm_data.models import Contract, Customer, Instalment, Milestone, Opportunity, Receipt, User
from crm_data.services import bin, changes, checks, lines, numbering
from crm_data.terms import terms, today
from crm_data.vocabulary import N_, Action, ContractKind, ContractStatus, Module, StageKind

EDITABLE = (
    "title", "signed_on", "starts_on", "ends_on", "notice_on", "auto_renewal", "amount", "currency", "owner_id",
    "region", "payment_terms", "note",
)  # fmt: skip
_GIVEN_ONCE = ("customer_id", "opportunity_id", "kind", "status", "number", "renews_id")
NEXT: Mapping[ContractStatus, tuple[ContractStatus, ...]] = {
    ContractStatus.DRAFT: (ContractStatus.ACTIVE,),
    ContractStatus.ACTIVE: (ContractStatus.FULFILLED, ContractStatus.EXPIRED, ContractStatus.TERMINATED),
    ContractStatus.FULFILLED: (ContractStatus.ACTIVE,),
    ContractStatus.EXPIRED: (ContractStatus.ACTIVE,),
    ContractStatus.TERMINATED: (ContractStatus.ACTIVE,),
}


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Contract:
    """Add a contract, owned by the actor unless another owner is named; a draft until it is signed.

    A one-off sale counts as received and fulfilled on the day it was signed.
    """
    access.require(actor, Module.CONTRACTS, Action.CREATE)
    given = checks.only(values, EDITABLE + _GIVEN_ONCE)
    kind: ContractKind = given.get("kind") or ContractKind.AGREEMENT
    given |= {
        "kind": kind,
        "owner_id": given.get("owner_id", actor.user_id),
        "currency": given.get("currency") or terms(session).base_currency,
        "amount": given.get("amount") or 0,
        "auto_renewal": bool(given.get("auto_renewal")),
        "status": given.get("status") or _first_status(kind, signed_on=given.get("signed_on")),
    }
    row = Contract(**given)
    if given.get("customer_id") is not None:
        customer = access.fetch(session, actor, Customer, row.customer_id)
        row.region = row.region or customer.region
    _check(session, row)
    _refuse_foreign(session, actor, row)
    numbering.give(session, row, day=row.signed_on or today(session))
    session.add(row)
    session.flush()
    access.demand(session, actor, row, action=Action.CREATE)
    return row


def edit(
    session: Session, actor: Actor, contract_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Contract:
    """Change a contract from the values that were shown (`base`) to those that were typed (`mine`).

    Raises ConflictError when somebody else changed the same fields meanwhile.
    """
    row = access.fetch(session, actor, Contract, contract_id, action=Action.EDIT)
    with session.no_autoflush:
        changed = changes.apply_edit(row, version=version, base=base, mine=checks.only(mine, EDITABLE))
        if "amount" in changed and lines.of(session, row):
            raise InvalidError(N_("The amount is the sum of the lines. Change the lines instead."), field="amount")
        if "currency" in changed and _has_money(session, row):
            raise InvalidError(
                N_("Instalments or receipts stand in the old currency. Remove them first."), field="currency"
            )
        row.amount = row.amount or 0
        _check(session, row)
    session.flush()
    if "currency" in changed:
        lines.settle(session, row)
    access.demand(session, actor, row, action=Action.VIEW)
    return row


def save_lines(
    session: Session, actor: Actor, contract_id: int, *,
    base: Sequence[Mapping[str, Any]], mine: Sequence[Mapping[str, Any]],
) -> Contract:  # fmt: skip
    """Bring the lines from what was shown to what was typed; the amount becomes their sum (see lines.save)."""
    row = access.fetch(session, actor, Contract, contract_id, action=Action.EDIT)
    lines.save(session, actor, row, base=base, mine=mine)
    return row


def set_status(session: Session, actor: Actor, contract_id: int, *, status: ContractStatus) -> Contract:
    """Sign, fulfil, expire, terminate or take up a contract again; each only from where it makes sense (see NEXT)."""
    row = access.fetch(session, actor, Contract, contract_id, action=Action.EDIT)
    if status == row.status:
        return row
    if status not in NEXT[row.status]:
        message = N_("A contract cannot go from “{old}” to “{new}”.")
        raise CrmError(message, old=row.status, new=status)
    if status == ContractStatus.FULFILLED:
        _refuse_open_milestones(session, row)
    if status == ContractStatus.EXPIRED and (row.ends_on is None or row.ends_on >= today(session)):
        raise CrmError(N_("This contract has not run out. Terminate it instead, or change its last day."))
    if status == ContractStatus.ACTIVE and row.signed_on is None:
        row.signed_on = today(session)
    if status == ContractStatus.TERMINATED:
        _end_today(session, row)
    row.status = status
    _check(session, row)
    session.flush()
    return row


def _end_today(session: Session, row: Contract) -> None:
    # The last day says until when it ran: figures of past days read it, and the history keeps the day that was agreed.
    now = today(session)
    if row.ends_on is None or row.ends_on > now:
        row.ends_on = max(now, row.starts_on or now)


def renew(session: Session, actor: Actor, contract_id: int) -> Contract:
    """Make the successor of an agreement as a draft: same lines and length, beginning on the day after its last day."""
    old = access.fetch(session, actor, Contract, contract_id)
    if old.kind != ContractKind.AGREEMENT or old.starts_on is None or old.ends_on is None:
        raise CrmError(N_("Only an agreement with a first and a last day can be renewed."))
    _refuse_second(session, Contract.renews_id == old.id)
    starts_on = old.ends_on + timedelta(days=1)
    ends_on = _as_long(old.starts_on, old.ends_on)
    values: dict[str, Any] = {
        name: getattr(old, name)
        for name in ("customer_id", "title", "amount", "currency", "owner_id", "region", "payment_terms")
    }
    values |= {"renews_id": old.id, "starts_on": starts_on, "ends_on": ends_on, "auto_renewal": old.auto_renewal}
    values["notice_on"] = old.notice_on and ends_on - (old.ends_on - old.notice_on)
    made = create(session, actor, values=values)
    lines.copy(session, actor, old, to=made)
    return made


def from_opportunity(
    session: Session, actor: Actor, opportunity_id: int, *, values: Mapping[str, Any] | None = None
) -> Contract:
    """Make the contract of a won opportunity from its lines; `values` say what is different."""
    won = access.fetch(session, actor, Opportunity, opportunity_id)
    if won.outcome != StageKind.WON:
        raise CrmError(N_("Only a won opportunity becomes a contract."))
    _refuse_second(session, Contract.opportunity_id == won.id)
    given: dict[str, Any] = {
        "customer_id": won.customer_id,
        "opportunity_id": won.id,
        "title": won.name,
        "signed_on": won.closed_on,
        "amount": won.amount,
        "currency": won.currency,
        "owner_id": won.owner_id,
    }
    made = create(session, actor, values=given | dict(values or {}))
    lines.copy(session, actor, won, to=made)
    return made


def delete(session: Session, actor: Actor, contract_id: int) -> Mapping[str, int]:
    """Put a contract and all that hangs on it into the bin; give the number of records of each kind."""
    return bin.delete_with_parts(session, access.fetch(session, actor, Contract, contract_id, action=Action.DELETE))


def _first_status(kind: ContractKind, *, signed_on: date | None) -> ContractStatus:
    done = ContractStatus.FULFILLED if kind == ContractKind.SALE else ContractStatus.ACTIVE
    return done if signed_on else ContractStatus.DRAFT


def _check(session: Session, row: Contract) -> None:
    with session.no_autoflush:
        checks.all_of(
            lambda: checks.filled(row, "title", "customer_id"),
            lambda: checks.short_enough(row),
            lambda: checks.unique(session, row, "number"),
            lambda: lines.currency_code(row),
            lambda: checks.ordered(row, "starts_on", "ends_on"),
            lambda: checks.ordered(row, "notice_on", "ends_on"),
            lambda: checks.past(row, "signed_on", today=today(session)),
            lambda: _signed(row),
            lambda: _owner(session, row),
        )


def _refuse_foreign(session: Session, actor: Actor, row: Contract) -> None:
    """Raise unless what a new contract is made of, or follows, is the same customer's and open to the actor."""
    origins: tuple[Opportunity | Contract, ...] = (
        *([access.fetch(session, actor, Opportunity, row.opportunity_id)] if row.opportunity_id is not None else []),
        *([access.fetch(session, actor, Contract, row.renews_id)] if row.renews_id is not None else []),
    )
    if any(origin.customer_id != row.customer_id for origin in origins):
        raise InvalidError(N_("This belongs to another customer. Choose one of this customer's."), field="customer_id")


def _signed(row: Contract) -> None:
    if row.status != ContractStatus.DRAFT and row.signed_on is None:
        raise InvalidError(N_("Say on which day it was signed, or keep it as a draft."), field="signed_on")


def _owner(session: Session, row: Contract) -> None:
    owner = session.get(User, row.owner_id) if row.owner_id is not None else None
    if row.owner_id is not None and (owner is None or owner.deleted_at is not None):
        raise InvalidError(N_("This user cannot own records. Choose somebody who is active."), field="owner_id")


def _has_money(session: Session, row: Contract) -> bool:
    models: tuple[Any, ...] = (Instalment, Receipt)
    wanted = (select(model.id).where(model.contract_id == row.id, model.deleted_at.is_(None)) for model in models)
    return any(session.scalar(each.limit(1)) is not None for each in wanted)


def _refuse_open_milestones(session: Session, row: Contract) -> None:
    wanted = select(func.count()).select_from(Milestone)
    left = wanted.where(Milestone.contract_id == row.id, Milestone.done_on.is_(None), Milestone.deleted_at.is_(None))
    count = session.scalar(left) or 0
    if count:
        raise CrmError(N_("{count} milestones are not done yet. Tick them off or remove them first."), count=count)


def _refuse_second(session: Session, condition: Any) -> None:
    wanted = select(Contract.number).where(condition, Contract.deleted_at.is_(None)).limit(1)
    number = session.scalar(wanted)
    if number is not None:
        raise CrmError(N_("This was done already: see contract {contract_number}."), contract_number=number)


def _as_long(starts_on: date, ends_on: date) -> date:
    """Give the last day of the term that follows: as many whole months where it runs in months, else as many days."""
    follows = ends_on + timedelta(days=1)
    months = (follows.year - starts_on.year) * 12 + follows.month - starts_on.month
    if months > 0 and money.months_after(starts_on, months=months) == follows:
        return money.months_after(follows, months=months) - timedelta(days=1)
    return follows + (ends_on - starts_on)
