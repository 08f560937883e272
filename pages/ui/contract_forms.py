"""The fields of a contract and of what hangs on it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.queries import contracts, organisation
from crm_data.queries.contracts import Record
from crm_data.vocabulary import ContractStatus, ReceiptMethod
from pages.ui.doors import look
from pages.ui.forms import Sheet
from pages.ui.text import _

_PLAIN = ("title", "starts_on", "ends_on", "notice_on", "auto_renewal", "owner_id", "region", "payment_terms", "note")


def base_of(record: Record, *, has_lines: bool) -> dict[str, Any]:
    """Give the values that the form of a contract begins with."""
    row = record.row
    base = {name: getattr(row, name) for name in _PLAIN}
    if not has_lines:
        base["amount"] = row.amount
    if row.status != ContractStatus.DRAFT:
        base["signed_on"] = row.signed_on
    return base


def draw_contract(sheet: Sheet, actor: Actor, currency: str) -> None:
    """Draw the fields of a contract that its state allows to change."""
    left, right = st.columns(2)
    with left:
        sheet.text("title", _("Title"), required=True)
        if "amount" in sheet.base:
            sheet.money("amount", _("Amount"), currency=currency)
        if "signed_on" in sheet.base:
            sheet.day("signed_on", _("Signed on"), required=True)
        sheet.choice("owner_id", _("Owner"), look(organisation.people, actor))
    with right:
        sheet.day("starts_on", _("Starts on"))
        sheet.day("ends_on", _("Ends on"))
        sheet.day("notice_on", _("Notice by"))
        sheet.tick("auto_renewal", _("Renews by itself"))
    with st.expander(_("More fields")):
        sheet.choice("region", _("Region"), look(contracts.regions, actor), new=True)
        sheet.text("payment_terms", _("Payment terms"))
    sheet.area("note", _("Note"))


def draw_milestone(sheet: Sheet) -> None:
    """Draw the fields of something that we owe."""
    sheet.text("title", _("What do we owe?"), required=True)
    sheet.day("due_on", _("Due on"), required=True)


def draw_instalment(sheet: Sheet, currency: str) -> None:
    """Draw the fields of an instalment."""
    sheet.day("due_on", _("Due on"), required=True)
    sheet.money("amount", _("Amount"), currency=currency, required=True)


def draw_schedule(sheet: Sheet) -> None:
    """Draw what is needed to spread the amount over months."""
    sheet.whole("count", _("Number of monthly instalments"), required=True, least=1, most=120)
    sheet.day("first_on", _("First one due on"), required=True)


def draw_receipt(sheet: Sheet, currency: str) -> None:
    """Draw the fields of money that came in or went back."""
    sheet.money("amount", _("Amount"), currency=currency, required=True)
    sheet.day("received_on", _("Day"), required=True)
    sheet.choice("method", _("Method"), ReceiptMethod)
    sheet.text("reference", _("Reference"))
