"""The parts of a customer's page: overview, timeline, tasks and business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.models import Customer
from crm_data.queries import activities, customers, organisation
from crm_data.services import tasks as task_service
from crm_data.vocabulary import (
    Action,
    ActivityKind,
    ChangeAction,
    ContractKind,
    ContractStatus,
    LifecycleStage,
    Module,
    TaskKind,
)
from crm_data.vocabulary.customers import ADVICE
from crm_data.vocabulary.terms import Terms
from pages.ui.customer_dialogs import similar_customers
from pages.ui.customer_forms import base_of
from pages.ui.doors import look, saving
from pages.ui.records import facts_table, field_words
from pages.ui.tables import Column, choice_column, day_column, plain_table, record_table, text_column
from pages.ui.text import _, day, label, md, moment, money, ngettext, translated

_MONEY = {"annual_revenue", "credit_limit"}


def overview(actor: Actor, row: Customer, terms: Terms) -> None:
    """Draw what is known of a customer, what its stage asks for, and who looks the same."""
    st.info(md(translated(ADVICE[row.stage])), icon=":material/lightbulb:")
    people = look(organisation.everybody, actor)
    facts = {field_words(name): value for name, value in base_of(row).items() if name not in _MONEY | {"owner_id"}}
    facts[field_words("owner_id")] = people.get(row.owner_id or 0)
    for name in sorted(_MONEY):
        value = getattr(row, name)
        facts[field_words(name)] = None if value is None else money(value, currency=terms.base_currency)
    facts_table(facts)
    similar_customers(actor, row.id, values={"name": row.name, "email": row.email, "phone": row.phone})
    _moves(actor, row, terms)


def timeline(actor: Actor, row: Customer, terms: Terms) -> None:
    """Draw everything that passed, newest first, of some kinds only where they are chosen."""
    kinds = st.pills(_("Kind"), list(ActivityKind), selection_mode="multi", format_func=label, key="timeline_kinds",
                     label_visibility="collapsed")  # fmt: skip
    rows = look(activities.timeline, actor, row.id, kinds=list(kinds or []))
    people = look(organisation.everybody, actor)
    if not rows:
        st.info(_("Nothing was logged yet. Log the first call above."), icon=":material/inbox:")
    for entry in rows:
        with st.container(border=True, gap="xxsmall"):
            who = people.get(entry.user_id or 0, "")
            st.markdown(f"**{md(entry.subject)}**")
            minutes = ngettext("{count} minute", "{count} minutes", entry.minutes or 0).format(count=entry.minutes)
            facts = [label(entry.kind), label(entry.direction), moment(entry.at, zone=terms.time_zone), who]
            st.caption(" · ".join(md(fact) for fact in [*facts, minutes if entry.minutes else ""] if fact))
            if entry.text:
                st.text(entry.text)
            if entry.outcome:
                st.caption(_("Outcome: {outcome}").format(outcome=md(entry.outcome)))


def tasks(actor: Actor, row: Customer, _terms: Terms) -> None:
    """Draw what is to be done for a customer, and what was done."""
    found = look(activities.tasks_of, actor, row.id)
    if found.is_empty():
        st.info(_("There is nothing to do. Add a task above."), icon=":material/task_alt:")
    for task in found.iter_rows(named=True):
        task_line(actor, task)


def task_line(actor: Actor, task: Mapping[str, Any]) -> None:
    """Draw one task with the button that says it is done (or still to be done)."""
    late = task["done_at"] is None and task["due_on"] < look(organisation.today_for, actor)
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        words = f"~~{md(task['title'])}~~" if task["done_at"] else f"**{md(task['title'])}**"
        due = _("due on {day}").format(day=day(task["due_on"]))
        facts = [
            label(TaskKind(task["kind"])),
            f":red[{md(due)}]" if late else md(due),
            md(task["assignee"] or ""),
        ]
        st.markdown(f"{words}  \n{' · '.join(fact for fact in facts if fact)}", width="stretch")
        if actor.may(Module.TASKS, Action.EDIT):
            _done_button(actor, task["id"], done=task["done_at"] is not None)


def business(actor: Actor, row: Customer, _terms: Terms) -> None:
    """Draw a customer's opportunities, contracts and sales, each leading to its record."""
    if actor.may(Module.OPPORTUNITIES):
        st.subheader(_("Opportunities"), anchor=False)
        _opportunities(actor, row)
    if actor.may(Module.CONTRACTS):
        st.subheader(_("Contracts and sales"), anchor=False)
        _contracts(actor, row)


def delete_question(name: str, counts: Mapping[str, int]) -> str:
    """Say what else goes to the bin with a customer."""
    parts = sum(counts.values())
    if not parts:
        return _("Delete {name}?").format(name=name)
    words = ngettext("Delete {name} and {count} record that hangs on it?",
                     "Delete {name} and {count} records that hang on it?", parts)  # fmt: skip
    return words.format(name=name, count=parts)


def _opportunities(actor: Actor, row: Customer) -> None:
    rows = look(customers.opportunities_of, actor, row.id)
    if rows.is_empty():
        st.caption(_("There are no opportunities yet."))
        return
    columns = [
        text_column("name", _("Name")),
        text_column("stage", _("Stage")),
        Column("amount", _("Amount"), right=True),
        day_column("expected_close_on", _("Expected close")),
    ]
    record_table(_with_money(rows), kind="opportunities", key="customer_opportunities", columns=columns)


def _contracts(actor: Actor, row: Customer) -> None:
    rows = look(customers.contracts_of, actor, row.id)
    if rows.is_empty():
        st.caption(_("There are no contracts yet."))
        return
    columns = [
        text_column("number", _("Number"), width=140),
        text_column("title", _("Title")),
        choice_column("kind", _("Kind"), ContractKind),
        choice_column("status", _("Status"), ContractStatus),
        Column("amount", _("Amount"), right=True),
        day_column("signed_on", _("Signed on")),
        day_column("ends_on", _("Ends on")),
    ]
    record_table(_with_money(rows), kind="contracts", key="customer_contracts", columns=columns)


def _with_money(rows: pl.DataFrame) -> pl.DataFrame:
    texts = [money(amount, currency=currency) for amount, currency in rows.select("amount", "currency").iter_rows()]
    return rows.with_columns(pl.Series("amount", texts, dtype=pl.String))


def _done_button(actor: Actor, task_id: int, *, done: bool) -> None:
    words, act = (_("Reopen"), task_service.reopen) if done else (_("Done"), task_service.finish)
    if st.button(words, key=f"task:{task_id}", icon=":material/undo:" if done else ":material/check:") and saving(
        lambda s: act(s, actor, task_id), actor=actor, done=_("The task was changed."), action=ChangeAction.EDIT
    ):
        st.rerun()


def _moves(actor: Actor, row: Customer, terms: Terms) -> None:
    st.subheader(_("Life cycle"), anchor=False)
    found = look(customers.moves, actor, row.id)
    stages = [choice_column(name, words, LifecycleStage) for name, words in
              (("from_stage", _("From")), ("to_stage", _("To")))]  # fmt: skip
    when = Column("at", _("When"), lambda value: moment(value, zone=terms.time_zone))
    plain_table(
        found, key="moves", columns=[when, *stages, text_column("reason", _("Reason")), text_column("user", _("User"))]
    )
