"""The parts of a contract's page: key figures, status, overview, milestones and money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.queries import contracts
from crm_data.queries.contracts import Record
from crm_data.services import contract_parts
from crm_data.services import contracts as service
from crm_data.vocabulary import Action, ChangeAction, ContractKind, ContractStatus, Module
from pages.ui import state
from pages.ui.contract_money import open_by_instalment
from pages.ui.device import on_phone
from pages.ui.doors import look, saving
from pages.ui.links import link
from pages.ui.records import facts_table, field_words
from pages.ui.text import _, day, label, md, money, span_days

_WORDS = {
    ContractStatus.ACTIVE: lambda: _("Activate"),
    ContractStatus.FULFILLED: lambda: _("Mark as fulfilled"),
    ContractStatus.EXPIRED: lambda: _("Mark as expired"),
    ContractStatus.TERMINATED: lambda: _("Terminate"),
}


def key_figures(actor: Actor, record: Record, *, today: date) -> None:
    """Draw what one wants to know of a contract at a glance."""
    row = record.row
    got = sum(each.amount for each in look(contracts.receipts, actor, row.id))
    done = [each.done_on is not None for each in look(contracts.milestones, actor, row.id)]
    figures = [(_("Amount"), money(row.amount, currency=row.currency, compact=on_phone()))]
    if row.kind == ContractKind.AGREEMENT:
        figures.append((_("Received"), money(got, currency=row.currency, compact=on_phone())))
        figures.append((_("Milestones done"), _("{done} of {all}").format(done=sum(done), all=len(done))))
    if row.ends_on is not None and row.status == ContractStatus.ACTIVE:
        left = (row.ends_on - today).days
        words = _("Ends in") if left >= 0 else _("Ended for")
        figures.append((words, span_days(abs(left))))
    with st.grid(len(figures), min_column_width=165, key="key_figures"):
        for words, value in figures:
            st.metric(words, md(value), border=True)


def status_buttons(actor: Actor, record: Record) -> None:
    """Draw one button for each status that a contract may go to from here."""
    for status in service.NEXT[record.row.status]:
        if st.button(_WORDS[status](), key=f"status:{status}") and saving(
            lambda s, status=status: service.set_status(s, actor, record.row.id, status=status),  # type: ignore[misc]
            actor=actor, done=_("The contract is now “{status}”.").format(status=label(status)),
        ):  # fmt: skip
            st.rerun()


def overview(record: Record) -> None:
    """Draw the facts of a contract and its neighbours in the chain of renewals."""
    row = record.row
    with st.container(horizontal=True):
        link("customer", md(record.customer), id=row.customer_id)
        if record.opportunity is not None:
            link("opportunity", md(record.opportunity), id=row.opportunity_id or 0)
        if record.renews is not None:
            words = _("Renews {number}").format(number=record.renews)
            link("contract", md(words), icon="history", id=row.renews_id or 0)
        if record.renewed_by is not None:
            follows, number = record.renewed_by
            link("contract", md(_("Renewed by {number}").format(number=number)), icon="autorenew", id=follows)
    names = ("kind", "status", "signed_on", "starts_on", "ends_on", "notice_on", "auto_renewal", "region",
             "payment_terms", "note")  # fmt: skip
    facts: dict[str, Any] = {field_words(name): getattr(row, name) for name in names}
    facts_table(facts)


def milestones(actor: Actor, record: Record, *, today: date) -> None:
    """Draw what we owe; a tick says that it was done today."""
    may_edit = actor.may(Module.CONTRACTS, Action.EDIT)
    found = look(contracts.milestones, actor, record.row.id)
    if not found:
        st.info(_("Nothing is promised yet. Add what we owe under this contract."), icon=":material/flag:")
    for row in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"milestone:{row.id}"):
            ticked = st.checkbox(md(row.title), value=row.done_on is not None, key=f"done:{row.id}:v{row.version}",
                                 disabled=not may_edit, width="stretch")  # fmt: skip
            st.markdown(_when(row.due_on, row.done_on, today=today), width="content")
            if ticked != (row.done_on is not None):
                _tick(actor, row.id, done_on=today if ticked else None)
            if may_edit:
                _remove_button(actor, "milestone", row.id, contract_parts.remove_milestone)
    if may_edit:
        _opener("add_milestone", _("Add a milestone"), "flag")


def instalments(actor: Actor, record: Record, *, today: date) -> None:
    """Draw what is due to us with what of it is still open, and what came in."""
    if record.row.kind == ContractKind.SALE:
        st.info(_("A one-off sale counts as received on the day it was signed."), icon=":material/payments:")
        return
    may_edit = actor.may(Module.CONTRACTS, Action.EDIT)
    st.subheader(_("Instalments"), anchor=False)
    _due(actor, record, today=today, may_edit=may_edit)
    st.subheader(_("Receipts"), anchor=False)
    _received(actor, record, may_edit=may_edit)


def _received(actor: Actor, record: Record, *, may_edit: bool) -> None:
    found = look(contracts.receipts, actor, record.row.id)
    if not found:
        st.caption(_("Nothing came in yet."))
    for row in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"receipt:{row.id}"):
            facts = [day(row.received_on), label(row.method) if row.method else "", row.reference or ""]
            words = _("Refund") if row.amount < 0 else _("Receipt")
            st.markdown(f"**{md(words)}** · " + " · ".join(md(fact) for fact in facts if fact), width="stretch")
            st.markdown(f"**{md(money(row.amount, currency=record.row.currency))}**", width="content")
            if may_edit:
                _remove_button(actor, "receipt", row.id, contract_parts.remove_receipt)
    if may_edit:
        with st.container(horizontal=True):
            _opener("receive", _("Add a receipt"), "payments")
            _opener("refund", _("Add a refund"), "undo")


def _due(actor: Actor, record: Record, *, today: date, may_edit: bool) -> None:
    found = look(contracts.instalments, actor, record.row.id)
    if not found:
        st.caption(_("Nothing is due yet. Add an instalment, or spread the amount over months."))
    left = open_by_instalment(actor, record)
    currency = record.row.currency
    for row in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"instalment:{row.id}"):
            open_now = left.get(row.id, row.amount)
            st.markdown(f"**{md(money(row.amount, currency=currency))}**", width="stretch")
            st.markdown(_state(row.due_on, open_now, row.amount, currency=currency, today=today), width="content")
            if may_edit:
                _remove_button(actor, "instalment", row.id, contract_parts.remove_instalment)
    if may_edit:
        with st.container(horizontal=True):
            _opener("add_instalment", _("Add an instalment"), "event")
            _opener("schedule", _("Spread over months"), "calendar_month")


def _state(due_on: date, left: int, amount: int, *, currency: str, today: date) -> str:
    when = _when(due_on, None, today=date.min if left == 0 else today)
    if left == 0:
        return f":green[:material/check: {md(_('paid'))}] · {when}"
    if left == amount:
        return when
    return _("{amount} open").format(amount=md(money(left, currency=currency))) + f" · {when}"


def _when(due_on: date, done_on: date | None, *, today: date) -> str:
    if done_on is not None:
        return md(_("done on {day}").format(day=day(done_on)))
    words = md(_("due on {day}").format(day=day(due_on)))
    return f":red[{words}]" if due_on < today else words


def _tick(actor: Actor, milestone_id: int, *, done_on: date | None) -> None:
    if saving(lambda s: contract_parts.tick(s, actor, milestone_id, done_on=done_on), actor=actor,
              done=_("The milestone was changed.")):  # fmt: skip
        st.rerun()


def _remove_button(actor: Actor, kind: str, part_id: int, remove: Callable[[Session, Actor, int], None]) -> None:
    key = f"remove:{kind}:{part_id}"
    if st.button(_("Remove"), key=key, type="tertiary", icon=":material/delete:") and saving(
        lambda s: remove(s, actor, part_id), actor=actor, done=_("It was removed."), action=ChangeAction.DELETE
    ):
        st.rerun()


def _opener(name: str, words: str, icon: str) -> None:
    st.button(words, key=name, icon=f":material/{icon}:", on_click=state.open_dialog, args=(name,))
