"""The forms of the settings: the organisation's terms and the exchange rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from zlib import crc32
from zoneinfo import available_timezones

import polars as pl
import streamlit as st
from babel import dates
from babel.numbers import list_currencies
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.locale import LANGUAGES
from crm_data.queries import organisation, rates
from crm_data.services import rates as quoting
from crm_data.services import settings
from crm_data.vocabulary import ChangeAction
from crm_data.vocabulary.terms import LABELS
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.tables import Column, day_column, plain_table, text_column
from pages.ui.text import _, language, number, translated

_GROUPS = (
    ("company_name", "base_currency", "time_zone", "language", "fiscal_year_start_month", "week_start"),
    ("inactivity_days", "small_sample", "stalled_without_activity_days", "renewal_notice_days", "campaign_pause_days"),
)
_MILLIONTHS = 6


def organisation_form(actor: Actor) -> None:
    """Draw the organisation's terms, grouped, with one button to save them all."""
    terms = look(organisation.terms_for, actor)
    base = asdict(terms)
    sheet = Sheet("settings", base=base, version=crc32(repr(terms).encode()))
    rest = [name for name in LABELS if not any(name in group for group in _GROUPS)]
    headings = (_("Company"), _("What counts as what"), _("Loyalty points and index"))
    with st.form(sheet.key):
        for heading, names in zip(headings, (*_GROUPS, rest), strict=True):
            st.subheader(heading, anchor=False)
            with st.grid(2, min_column_width=260):
                for name in names:
                    with st.container():
                        _term(sheet, name)
        sent = st.form_submit_button(_("Save"), key="save_settings", type="primary")
    if sent and saving(lambda s: settings.change(s, actor, base=base, mine=sheet.typed), actor=actor, sheet=sheet,
                       action=ChangeAction.CONFIGURE, done=_("The settings were saved.")):  # fmt: skip
        st.rerun()


def _term(sheet: Sheet, name: str) -> None:
    words = translated(LABELS[name])
    match name:
        case "company_name":
            sheet.text(name, words, required=True)
        case "base_currency":
            sheet.choice(name, words, sorted(list_currencies()), required=True)
        case "time_zone":
            sheet.choice(name, words, sorted(available_timezones()), required=True)
        case "language":
            sheet.choice(name, words, LANGUAGES, required=True)
        case "fiscal_year_start_month":
            sheet.choice(name, words, _months(), required=True)
        case "week_start":
            sheet.choice(name, words, _weekdays(), required=True)
        case _:
            sheet.whole(name, words, required=True, least=0)


def rate_list(actor: Actor) -> None:
    """Draw the exchange rates, the newest first, with a form to add one."""
    terms = look(organisation.terms_for, actor)
    sheet = Sheet("rate", base={"day": look(organisation.today_for, actor)})
    with st.form(sheet.key), st.container(horizontal=True, vertical_alignment="bottom"):
        codes = sorted(code for code in list_currencies() if code != terms.base_currency)
        sheet.choice("currency", _("Currency"), codes, required=False)
        sheet.day("day", _("From day"), required=True)
        sheet.scaled("rate_e6", _("Worth of one unit in {currency}").format(currency=terms.base_currency),
                     places=_MILLIONTHS)  # fmt: skip
        sent = st.form_submit_button(_("Add rate"), key="save_rate", type="primary")

    def add(session: Session) -> object:
        typed = sheet.typed
        currency = typed["currency"] or ""
        return quoting.quote(session, actor, currency=currency, day=typed["day"], rate_e6=typed["rate_e6"])

    done = _("The rate was added.")
    if sent and saving(add, actor=actor, sheet=sheet, action=ChangeAction.CONFIGURE, done=done):
        st.rerun()
    rows = look(rates.listing, actor)
    if not rows:
        st.info(_("There are no rates yet. Amounts in other currencies are left out of sums until there are."),
                icon=":material/currency_exchange:")  # fmt: skip
        return
    _rates_table(actor, rows)


def _rates_table(actor: Actor, rows: Sequence[Any]) -> None:
    frame = pl.DataFrame({"id": [row.id for row in rows], "currency": [row.currency for row in rows],
                          "day": [row.day for row in rows], "rate": [row.rate_e6 for row in rows]})  # fmt: skip
    columns = [
        text_column("currency", _("Currency")),
        day_column("day", _("From day")),
        Column("rate", _("Rate"), lambda value: number(Decimal(value).scaleb(-_MILLIONTHS), digits=_MILLIONTHS), True),
    ]
    chosen = plain_table(frame, columns=columns, key=f"rates:{frame.height}", select=True)

    def delete(session: Session) -> None:
        for key in chosen:
            quoting.delete(session, actor, key)

    if st.button(_("Delete the chosen rates"), key="delete_rates", icon=":material/delete:", disabled=not chosen) and (
        saving(delete, actor=actor, action=ChangeAction.DELETE, done=_("The rates were deleted."))
    ):
        st.rerun()


def _months() -> Mapping[int, str]:
    return dict(dates.get_month_names("wide", "stand-alone", locale=language()))


def _weekdays() -> Mapping[int, str]:
    names = dates.get_day_names("wide", "stand-alone", locale=language())
    return {place + 1: names[place] for place in range(7)}
