"""The fields of an opportunity: few first, the rest folded, and those that a stage asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.queries import customers, opportunities, organisation
from crm_data.queries.opportunities import Record
from crm_data.vocabulary import ForecastCategory, LostReason, StageKind
from pages.ui.doors import look
from pages.ui.forms import Sheet
from pages.ui.records import field_words
from pages.ui.text import _

_PLAIN = (
    "name", "contact_id", "expected_close_on", "forecast_category", "owner_id", "source", "competitor", "next_step",
    "next_step_on", "note",
)  # fmt: skip
_DAYS = {"expected_close_on", "closed_on", "next_step_on"}


def base_of(record: Record, *, has_lines: bool) -> dict[str, Any]:
    """Give the values that the form of an opportunity begins with; a probability only where a person set it."""
    row = record.row
    base = {name: getattr(row, name) for name in _PLAIN}
    base["probability"] = row.probability if row.probability_set else None
    if not has_lines:
        base["amount"] = row.amount
    if row.outcome != StageKind.OPEN:
        base["closed_on"] = row.closed_on
    if row.outcome == StageKind.LOST:
        base["lost_reason"] = row.lost_reason
    return base


def draw_opportunity(sheet: Sheet, actor: Actor, record: Record) -> None:
    """Draw the fields of an opportunity that its state allows to change."""
    left, right = st.columns(2)
    with left:
        sheet.text("name", _("Name"), required=True)
        if "amount" in sheet.base:
            sheet.money("amount", _("Amount"), currency=record.row.currency)
        sheet.day("expected_close_on", _("Expected close"))
        if "closed_on" in sheet.base:
            sheet.day("closed_on", _("Closed on"), required=True)
        if "lost_reason" in sheet.base:
            sheet.choice("lost_reason", _("Lost reason"), LostReason, required=True)
    with right:
        sheet.choice("owner_id", _("Owner"), look(organisation.people, actor))
        sheet.text("next_step", _("Next step"))
        sheet.day("next_step_on", _("Next step on"))
    with st.expander(_("More fields")):
        sheet.whole("probability", _("Probability in per cent; empty follows the stage"), least=0, most=100)
        sheet.choice("forecast_category", _("Forecast category"), ForecastCategory, required=True)
        sheet.choice("contact_id", _("Contact"), _contacts(actor, record.row.customer_id))
        sheet.choice("source", _("Source"), look(opportunities.sources, actor), new=True)
        sheet.text("competitor", _("Competitor"))
    sheet.area("note", _("Note"))


def draw_asked(sheet: Sheet, actor: Actor, record: Record, names: Iterable[str]) -> None:
    """Draw the fields that a stage asks for."""
    for name in names:
        words = field_words(name)
        if name == "amount":
            sheet.money(name, words, currency=record.row.currency, required=True)
        elif name in _DAYS:
            sheet.day(name, words, required=True)
        elif name == "lost_reason":
            sheet.choice(name, words, LostReason)
        elif name == "contact_id":
            sheet.choice(name, words, _contacts(actor, record.row.customer_id))
        else:
            sheet.text(name, words, required=True)


def _contacts(actor: Actor, customer_id: int) -> dict[int, str]:
    return {row.id: row.name for row in look(customers.contacts, actor, customer_id)}
