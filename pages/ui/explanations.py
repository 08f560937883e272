"""How is this computed? A figure's meaning, formula, days, filters, reach and how sure it is, one click away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from crm_data.access import Actor
from crm_data.analytics.figures import Figure, Note
from crm_data.analytics.kpi import Measure
from crm_data.analytics.narrowing import fits
from crm_data.errors import CrmError
from crm_data.vocabulary.terms import Terms
from pages.ui.analysis import scope_words
from pages.ui.device import on_phone
from pages.ui.period_bar import View
from pages.ui.text import _, kpi_value, label, md, moment, ngettext, number, say, translated


@dataclass(frozen=True)
class Setting:
    """What a figure was computed in: for whom, over what, on which terms and when."""

    actor: Actor
    view: View
    terms: Terms
    as_of: datetime


def explanation(measure: Measure, figure: Figure, setting: Setting) -> None:
    """Draw the button that tells how a figure is computed."""
    question = _("How is this computed?")
    words = ":material/help:" if on_phone() else f":material/help: {_('Definition')}"
    with st.popover(words, help=question, type="tertiary", key=f"how:{measure.key}"):
        st.markdown(f"**{question}**")
        definition(measure)
        circumstances(measure, figure, setting)


def definition(measure: Measure) -> None:
    """Draw what a figure means, its formula and the date it counts by."""
    st.markdown(md(translated(measure.meaning)))
    st.code(translated(measure.formula), language=None, wrap_lines=True)
    st.caption(
        " · ".join([
            md(_("Counts by: {day}").format(day=translated(measure.day))),
            md(label(measure.better)),
            md(_("Unit: {unit}").format(unit=label(measure.unit))),
        ])
    )  # fmt: skip


def circumstances(measure: Measure, figure: Figure, setting: Setting) -> None:
    """Draw what a figure was computed over: days, filters, whose records, when, and how sure it is."""
    view = setting.view
    lines = [
        _("Period: {period}").format(period=view.sentence()),
        *view.filters(),
        *([] if fits(measure, view.members) else [untouched()]),
        _("Whose records: {scope}").format(scope=scope_words(setting.actor, measure)),
        _("Up to date as of {moment}").format(moment=moment(setting.as_of, zone=setting.terms.time_zone)),
        cases(figure),
        *sureness(figure, setting.terms),
        *(words(note) for note in figure.notes),
    ]
    st.markdown("\n".join(f"- {md(line)}" for line in lines))


def cases(figure: Figure) -> str:
    """Say how many records a figure counts."""
    return ngettext("{count} record counted", "{count} records counted", figure.n).format(count=number(figure.n))


def sureness(figure: Figure, terms: Terms) -> list[str]:
    """Say between which limits the true value lies, and that the sample is small."""
    said = []
    if figure.low is not None and figure.high is not None:
        low, high = (
            kpi_value(end, unit=figure.unit, currency=terms.base_currency) for end in (figure.low, figure.high)
        )
        said.append(_("In 95 of 100 cases the true value lies between {low} and {high}.").format(low=low, high=high))
    if figure.small_sample:
        sentence = _("Small sample: fewer than {count} records. Do not lean on it alone.")
        said.append(sentence.format(count=terms.small_sample))
    return said


def untouched() -> str:
    """Say that the filters do not touch a figure."""
    return _("This figure cannot be divided by the filters that are set: it counts all records.")


def words(note: Note) -> str:
    """Give a sentence that belongs beside a figure."""
    return say(CrmError(note.message, **note.values))
