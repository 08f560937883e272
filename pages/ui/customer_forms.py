"""The forms for customers and contacts: few fields first, the rest folded."""

from __future__ import annotations

import streamlit as st

from crm_data.access import Actor
from crm_data.models import Customer
from crm_data.queries import customers, organisation
from crm_data.vocabulary import Channel, CustomerKind, DecisionRole, Education, Gender, IncomeBand
from crm_data.vocabulary.terms import Terms
from pages.ui.doors import look
from pages.ui.forms import Sheet
from pages.ui.text import _

FIELDS = (
    "kind", "name", "code", "category", "tier", "industry", "region", "city", "address", "phone", "email", "website",
    "owner_id", "source", "preferred_channel", "tags", "acquired_on", "gender", "birth_date", "income_band",
    "education", "employees", "annual_revenue", "credit_rating", "credit_limit", "note",
)  # fmt: skip


def draw_customer(sheet: Sheet, actor: Actor, terms: Terms) -> None:
    """Draw the fields of a customer; those of a person or of a company as its kind asks for."""
    used = {name: look(customers.in_use, actor, column=name) for name in ("category", "region", "industry", "source")}
    left, right = st.columns(2)
    with left:
        sheet.text("name", _("Name"), required=True)
        sheet.text("phone", _("Phone"))
        sheet.text("email", _("E-mail"))
        sheet.choice("owner_id", _("Owner"), look(organisation.people, actor))
    with right:
        sheet.choice("kind", _("Kind"), CustomerKind, required=True)
        sheet.text("city", _("City"))
        sheet.choice("region", _("Region"), used["region"], new=True)
        sheet.several("tags", _("Tags"), look(customers.tags_in_use, actor), new=True)
    with st.expander(_("More fields")):
        left, right = st.columns(2)
        with left:
            _classification(sheet, used)
        with right:
            _about(sheet, terms)
    sheet.area("note", _("Note"))


def draw_contact(sheet: Sheet) -> None:
    """Draw the fields of a contact."""
    sheet.text("name", _("Name"), required=True)
    sheet.text("phone", _("Phone"))
    sheet.text("email", _("E-mail"))
    sheet.text("title", _("Title"))
    sheet.text("department", _("Department"))
    sheet.choice("role", _("Role in the decision"), DecisionRole)
    sheet.choice("preferred_channel", _("Preferred channel"), Channel)
    sheet.day("birthday", _("Birthday"))
    sheet.tick("primary", _("Primary contact"))


def base_of(row: Customer) -> dict[str, object]:
    """Give the values that the form of a customer begins with."""
    return {name: getattr(row, name) for name in FIELDS}


def _classification(sheet: Sheet, used: dict[str, list[str]]) -> None:
    sheet.text("code", _("Code"))
    sheet.choice("category", _("Category"), used["category"], new=True)
    sheet.text("tier", _("Tier"))
    sheet.choice("industry", _("Industry"), used["industry"], new=True)
    sheet.choice("source", _("Source"), used["source"], new=True)
    sheet.choice("preferred_channel", _("Preferred channel"), Channel)
    sheet.text("address", _("Address"))
    sheet.text("website", _("Website"))
    sheet.day("acquired_on", _("Customer since"))


def _about(sheet: Sheet, terms: Terms) -> None:
    if sheet.base.get("kind") is CustomerKind.PERSON:
        sheet.choice("gender", _("Gender"), Gender)
        sheet.day("birth_date", _("Birth date"))
        sheet.choice("income_band", _("Income band"), IncomeBand)
        sheet.choice("education", _("Education"), Education)
    else:
        sheet.whole("employees", _("Employees"), least=0)
        sheet.money("annual_revenue", _("Annual revenue"), currency=terms.base_currency)
    sheet.text("credit_rating", _("Credit rating"))
    sheet.money("credit_limit", _("Credit limit"), currency=terms.base_currency)
