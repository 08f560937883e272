"""The bar above every analysis: which days, compared with which, and whose records. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st
from babel.lists import format_list

from crm_data.access import Actor
from crm_data.analytics import periods
from crm_data.analytics.narrowing import Members
from crm_data.analytics.periods import Calendar, Period, Preset
from crm_data.errors import InvalidError
from crm_data.queries import customers, organisation
from crm_data.vocabulary import N_, Labelled
from pages.ui import address
from pages.ui.doors import look
from pages.ui.filters import choose, to_first_page
from pages.ui.text import _, day, label, language, md, say

DEFAULT = Preset.QUARTER_TO_DATE
_DAY_FORMAT = "YYYY-MM-DD"
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 12, 31)


class Base(Labelled):
    """What a period is compared with."""

    PREVIOUS = "previous", N_("Previous period")
    LAST_YEAR = "last_year", N_("Same period last year")
    NONE = "none", N_("No comparison")


@dataclass(frozen=True)
class View:
    """What an analysis looks at: the period, the one to compare with, and the members that count, by dimension.

    `words` are the filters as a person reads them: dimension → names.
    """

    period: Period
    base: Period | None
    compare: Base
    members: Members
    words: Mapping[str, list[str]]

    @property
    def key(self) -> tuple[Any, ...]:
        """What results depend on, for keeping them."""
        days = [(each.start, each.end, each.to_date) for each in (self.period, self.base) if each]
        return (*days, self.compare, tuple((name, tuple(chosen)) for name, chosen in self.members.items()))

    def query(self) -> dict[str, Any]:
        """Give it as parameters of an address."""
        filters = {name: [str(value) for value in chosen] for name, chosen in self.members.items() if chosen}
        compare = {} if self.compare is Base.PREVIOUS else {"compare": self.compare.value}
        return {**self.period.query(), **compare, **filters}

    def sentence(self) -> str:
        """Say it in words, as it also stands on every export."""
        period = span(self.period)
        if self.base is None:
            return period
        return _("{period}, compared with {base}").format(period=period, base=span(self.base))

    def filters(self) -> list[str]:
        """Give one phrase a filter that is set."""
        return [
            _("{filter}: {values}").format(filter=words, values=format_list(names, locale=language()))
            for words, names in self.words.items()
        ]


def period_bar(actor: Actor, calendar: Calendar, *, default: Preset = DEFAULT) -> View:
    """Draw the bar and give what it is set to."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="period_bar"):
        period = _period(calendar, default)
        compare = _compare()
        members, words = _members(actor)
    base = {Base.PREVIOUS: period.previous, Base.LAST_YEAR: period.last_year}.get(compare)
    view = View(period, base() if base else None, compare, members, words)
    lines = [view.sentence(), *view.filters()]
    st.caption(" · ".join(md(line) for line in lines))
    return view


def span(period: Period) -> str:
    """Give a period's days in words: the first and the last one included, and that it still runs."""
    if period.start == period.last:
        return day(period.start)
    sentence = _("{first} – {last} (to date)") if period.unfinished else _("{first} – {last}")
    return sentence.format(first=day(period.start), last=day(period.last))


def _period(calendar: Calendar, default: Preset) -> Period:
    if "from" in st.query_params and "to" in st.query_params and "period" not in st.query_params:
        st.query_params["period"] = Preset.CUSTOM.value
    order = [default, *(each for each in Preset if each is not default)]
    with st.container(width=190):
        names = {each.value: label(each) for each in order}
        picked = address.from_list("period", _("Period"), names, then=to_first_page)
    if picked != Preset.CUSTOM.value:
        return periods.preset(Preset(picked), calendar=calendar)
    return _chosen_days(calendar, default)


def _chosen_days(calendar: Calendar, default: Preset) -> Period:
    usual = periods.preset(default, calendar=calendar)
    first = _day("from", _("First day"), usual.start)
    last = _day("to", _("Last day"), usual.last)
    try:
        return periods.between(first, last, calendar=calendar)
    except InvalidError as error:
        st.error(md(say(error)), icon=":material/error:")
        return usual


def _day(name: str, words: str, usual: date) -> date:
    return st.date_input(words, value=usual, key=name, bind="query-params", format=_DAY_FORMAT, min_value=_EARLIEST,
                         max_value=_LATEST, width=150)  # fmt: skip


def _compare() -> Base:
    with st.container(width=210):
        names = {each.value: label(each) for each in Base}
        return Base(address.from_list("compare", _("Compare with"), names, then=to_first_page))


def _members(actor: Actor) -> tuple[Members, Mapping[str, list[str]]]:
    people = look(organisation.everybody, actor)
    teams = look(lambda session, _actor: organisation.teams(session), actor)
    offered: dict[str, tuple[str, Any]] = {
        "owner": (_("Owner"), people),
        "team": (_("Team"), teams),
        "region": (_("Region"), look(customers.in_use, actor, column="region")),
        "category": (_("Customer category"), look(customers.in_use, actor, column="category")),
    }
    count = sum(len(st.query_params.get_all(name)) for name in offered)
    words = _("Filters ({count})").format(count=count) if count else _("Filters")
    with st.popover(words, icon=":material/filter_alt:", key="filters"):
        members = {name: choose(name, title, options) for name, (title, options) in offered.items()}
    names = {title: [_name(options, value) for value in members[name]] for name, (title, options) in offered.items()}
    return members, {title: chosen for title, chosen in names.items() if chosen}


def _name(options: Any, value: Any) -> str:
    return str(options[value]) if isinstance(options, Mapping) else str(value)
