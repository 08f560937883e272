"""The parts of an opportunity's page: key figures, stage bar, overview, activities and what changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.queries import activities, opportunities, organisation, pipeline
from crm_data.queries.opportunities import Record
from crm_data.services import opportunities as service
from crm_data.vocabulary import OpportunityEventKind, StageKind
from crm_data.vocabulary.terms import Terms
from pages.ui.device import on_phone
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.links import link
from pages.ui.list_texts import in_words
from pages.ui.opportunity_dialogs import request_move
from pages.ui.records import facts_table, field_words
from pages.ui.tables import Column, choice_column, day_column, plain_table, text_column
from pages.ui.text import NOTHING, _, day, label, md, moment, money, number, short_day, span_days, translated

_MOVES = ("id", "amount", "closed_on", "lost_reason", "expected_close_on", "contact_id", "competitor", "next_step",
          "next_step_on", "stage_id")  # fmt: skip


def key_figures(actor: Actor, record: Record, *, today: date) -> None:
    """Draw what one wants to know of an opportunity at a glance."""
    row = record.row
    weighted = None if row.amount is None else row.amount * row.probability / 100
    open_now = row.outcome == StageKind.OPEN
    closing = (_("Expected close"), row.expected_close_on) if open_now else (_("Closed on"), row.closed_on)
    amount = money(row.amount, currency=row.currency, compact=on_phone())
    shown = short_day(closing[1]) if on_phone() else day(closing[1])
    figures = [(_("Amount"), amount), (closing[0], shown)]
    if open_now:
        words = _("Weighted at {share} %").format(share=number(row.probability))
        figures.insert(1, (words, money(weighted, currency=row.currency, compact=on_phone())))
        figures.append((_("In this stage"), span_days(_days_here(actor, record))))
    else:
        figures.append((_("Time until closed"), span_days(((row.closed_on or today) - row.opened_on).days)))
    with st.grid(len(figures), min_column_width=165, key="key_figures"):
        for words, value in figures:
            st.metric(words, md(value), border=True)


def stage_bar(actor: Actor, record: Record, *, may_move: bool) -> None:
    """Draw the stages with the one it is in; a click moves it."""
    card = {name: getattr(record.row, name) for name in _MOVES}
    with st.container(horizontal=True, gap="xsmall", key="stage_bar"):
        for stage in look(pipeline.stages, actor):
            here = stage.id == record.row.stage_id
            words = md(translated(stage.name))
            if st.button(words, key=f"stage:{stage.id}", type="primary" if here else "secondary",
                         disabled=not may_move and not here, help=_help(stage)) and may_move and not here:  # fmt: skip
                request_move(actor, card, to=stage.id)


def overview(actor: Actor, record: Record, *, may_plan: bool) -> None:
    """Draw the next step, the facts and how long it was in each stage."""
    if may_plan and record.row.outcome == StageKind.OPEN:
        _next_step(actor, record)
    row = record.row
    with st.container(horizontal=True):
        link("customer", md(record.customer), id=row.customer_id)
        if record.contract_id is not None:
            link("contract", md(record.contract_number), id=record.contract_id)
    names = ("opened_on", "source", "competitor", "lost_reason", "note")
    facts: dict[str, Any] = {field_words(name): getattr(row, name) for name in names}
    facts[_("Contact")] = record.contact
    facts[_("Forecast category")] = row.forecast_category
    facts_table(facts)
    st.subheader(_("Time in the stages"), anchor=False)
    _stays(actor, record)


def _without_beginnings(found: pl.DataFrame) -> pl.DataFrame:
    """Leave out the values it was created with: nobody changed them."""
    created = found.filter(pl.col("kind") == OpportunityEventKind.CREATED)["at"]
    beginning = pl.col("old").is_null() & pl.col("at").is_in(created.implode())
    return found.filter(~beginning | (pl.col("kind") == OpportunityEventKind.CREATED))


def _next_step(actor: Actor, record: Record) -> None:
    row = record.row
    sheet = Sheet(f"next:{row.id}", base={"next_step": row.next_step, "next_step_on": row.next_step_on},
                  version=row.version)  # fmt: skip
    with st.form(sheet.key), st.container(horizontal=True, vertical_alignment="bottom"):
        sheet.text("next_step", _("Next step"))
        sheet.day("next_step_on", _("Next step on"))
        sent = st.form_submit_button(_("Plan"), key="save_next", icon=":material/event_upcoming:")
    step, on = sheet.typed["next_step"], sheet.typed["next_step_on"]
    if sent and saving(lambda s: service.plan(s, actor, row.id, next_step=step, on=on), actor=actor, sheet=sheet,
                       done=_("The next step was planned.")):  # fmt: skip
        st.rerun()


def _days_here(actor: Actor, record: Record) -> int:
    row = record.row
    alone = pl.DataFrame([{"id": row.id, "stage_id": row.stage_id, "opened_on": row.opened_on}])
    found = look(lambda session, _actor: pipeline.days_here(session, alone), actor)
    return int(found["days_here"][0])


def _stays(actor: Actor, record: Record) -> None:
    found = look(opportunities.stays, actor, record.row.id)
    today = look(organisation.today_for, actor)
    last = record.row.closed_on if record.row.outcome != StageKind.OPEN else today
    rows = found.with_columns(
        in_words(found, "stage"),
        days=(pl.col("left_on").fill_null(last or today) - pl.col("entered_on")).dt.total_days().clip(0),
    )
    columns = [
        text_column("stage", _("Stage")),
        day_column("entered_on", _("From")),
        day_column("left_on", _("To")),
        Column("days", _("Days"), number, right=True),
    ]
    plain_table(rows, key="stays", columns=columns)


def _help(stage: Any) -> str | None:
    return md(translated(stage.definition)) if stage.definition else None


def timeline(actor: Actor, record: Record, terms: Terms) -> None:
    """Draw what passed about an opportunity, newest first."""
    rows = look(opportunities.activities, actor, record.row.id)
    people = look(organisation.everybody, actor)
    contacts = look(lambda session, _actor: activities.contacts_of(session, rows), actor)
    if not rows:
        st.info(_("Nothing was logged yet. Log the first call above."), icon=":material/inbox:")
    for entry in rows:
        with st.container(border=True):
            facts = [label(entry.kind), moment(entry.at, zone=terms.time_zone), people.get(entry.user_id or 0, ""),
                     contacts.get(entry.contact_id or 0, "")]  # fmt: skip
            st.markdown(f"**{md(entry.subject)}**  \n" + " · ".join(md(fact) for fact in facts if fact))
            if entry.text:
                st.text(entry.text)


def events(actor: Actor, record: Record, terms: Terms) -> None:
    """Draw the dated log of stage, amount, expected close, owner and probability."""
    names = {str(stage.id): translated(stage.name) for stage in look(pipeline.stages, actor)}
    people = {str(key): name for key, name in look(organisation.everybody, actor).items()}
    found = _without_beginnings(look(opportunities.events, actor, record.row.id))

    def worded(kind: str, value: str | None) -> str:
        if value is None:
            return NOTHING
        if kind == OpportunityEventKind.AMOUNT:
            return money(int(value), currency=record.row.currency)
        if kind == OpportunityEventKind.EXPECTED_CLOSE:
            return day(date.fromisoformat(value))
        if kind == OpportunityEventKind.PROBABILITY:
            return _("{share} %").format(share=number(int(value)))
        known = {OpportunityEventKind.STAGE: names, OpportunityEventKind.OWNER: people}
        return known.get(OpportunityEventKind(kind), {}).get(value, value)

    rows = found.with_columns(
        *(pl.Series(name, [worded(kind, value) for kind, value in found.select("kind", name).iter_rows()],
                    dtype=pl.String)
          for name in ("old", "new"))
    )  # fmt: skip
    columns = [
        day_column("on", _("Day")),
        choice_column("kind", _("What"), OpportunityEventKind),
        text_column("old", _("From")),
        text_column("new", _("To")),
        text_column("user", _("User")),
        Column("at", _("Written down"), lambda value: moment(value, zone=terms.time_zone)),
    ]
    plain_table(rows, key="events", columns=columns)
