"""What campaigns brought: budget, cost and revenue side by side, how far members came, and the control group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import campaigns as analytics
from crm_data.analytics.campaigns import FEWEST_EVENTS, FEWEST_PER_ARM
from crm_data.analytics.kpis.campaigns import CAMPAIGN_ROI
from crm_data.analytics.periods import Grain, Period
from crm_data.charts.campaigns import campaign_chart, funnel_chart
from crm_data.charts.timeline import timeline_chart
from crm_data.models import Campaign
from crm_data.queries import campaigns as queries
from crm_data.queries import organisation
from crm_data.vocabulary import CampaignStatus, MemberState, Unit
from crm_data.vocabulary.terms import Terms
from pages.ui import analysis
from pages.ui.doors import look
from pages.ui.links import open_record
from pages.ui.pictures import draw, table
from pages.ui.tables import Column, number_column, percent_column, plain_table, text_column
from pages.ui.text import NOTHING, _, day, label, md, money, number, percent, short_day, signed, signed_value

_MOST = 15


def comparison(actor: Actor, period: Period, terms: Terms) -> None:
    """Draw budget, cost and revenue of the campaigns that began in a period; a click opens the campaign."""
    found = _ask(actor, ("outcomes",), analytics.outcomes)
    begun = found.filter(pl.col("day").is_between(period.start, period.last)).head(_MOST)
    names = look(queries.choices, actor)
    shown = _with_words(begun, names, terms)
    figure = campaign_chart(
        shown, series={"budget": _("Budget"), "cost": _("Cost"), "revenue": _("Revenue")},
        title=_("Budget, cost and revenue of the campaigns that began in the period"),
        empty=_("No campaign began in this period."),
        tick=lambda value: money(value, currency=terms.base_currency, compact=True),
    )  # fmt: skip
    picked = draw(figure, key="campaign_comparison", click=True)
    if picked:
        open_record("campaigns", int(picked))
    if shown.is_empty():
        return
    columns = [
        text_column("label", _("Campaign")), Column("budget_text", _("Budget"), right=True),
        Column("cost_text", _("Cost"), right=True), Column("revenue_text", _("Revenue"), right=True),
        Column("roi_text", _("ROI"), right=True), number_column("members", _("Members")),
        number_column("responses", _("Responses")), number_column("conversions", _("Conversions")),
    ]  # fmt: skip
    table(shown, columns=columns, key="campaign_table")
    st.caption(_("A contract or sale goes to the campaign that reached the customer last, within its window."))


def calendar(actor: Actor, period: Period) -> None:
    """Draw the campaigns on a time axis; a click opens one."""
    found = look(queries.calendar, actor, first=period.start, last=period.last)
    texts = [
        _("{status}: {first} – {last}").format(status=label(CampaignStatus(row["status"])), first=day(row["starts_on"]),
                                               last=day(row["ends_on"]))
        for row in found.iter_rows(named=True)
    ]  # fmt: skip
    shown = found.with_columns(pl.Series("text", texts, dtype=pl.String)).rename(
        {"name": "label", "starts_on": "first", "ends_on": "last", "status": "group"}
    )
    figure = timeline_chart(
        shown, groups={status.value: label(status) for status in CampaignStatus if status in set(shown["group"])},
        today=look(organisation.today_for, actor),
        marks={first: short_day(first) for first in _quarters(period)},
        title=_("When does which campaign run?"), empty=_("No campaign runs in this period."),
    )  # fmt: skip
    picked = draw(figure, key="campaign_calendar", click=True)
    if picked:
        open_record("campaigns", int(picked))
    if not shown.is_empty():
        columns = [text_column("label", _("Campaign")), text_column("text", _("When"), width="large"),
                   text_column("owner", _("Owner"))]  # fmt: skip
        table(shown, columns=columns, key="calendar_table")


def _quarters(period: Period) -> list[date]:
    """Give the first day of each quarter of a period, and the day after it."""
    return [*(each.start for each in period.buckets(Grain.QUARTER)), period.end]


def results(actor: Actor, row: Campaign, terms: Terms) -> None:
    """Draw what one campaign brought, how far its members came, its variants, and the control group beside them."""
    found = _ask(actor, ("outcome", row.id), lambda tables: analytics.outcomes(tables, campaign_id=row.id))
    if found.is_empty() or not found["members"][0]:
        st.info(_("There is nothing to measure yet: the campaign has no members."), icon=":material/inbox:")
        return
    outcome = _with_words(found, {row.id: row.name}, terms).row(0, named=True)
    with st.grid("auto", min_column_width=165, key="outcome"):
        for words, value in (
            (_("Reached"), number(outcome["reached"])), (_against_plan(outcome), number(outcome["responses"])),
            (_("Conversions"), number(outcome["conversions"])), (_("Cost"), outcome["cost_text"]),
            (_("Revenue"), outcome["revenue_text"]), (_("ROI"), outcome["roi_text"]),
        ):  # fmt: skip
            st.metric(words, md(value), border=True)
    if outcome["unconvertible"]:
        st.caption(_("Some amounts have no exchange rate and are left out."))
    _funnel(actor, row)
    _variants(actor, row)
    _effect(actor, row)


def _funnel(actor: Actor, row: Campaign) -> None:
    found = _ask(actor, ("steps", row.id), lambda tables: analytics.steps(tables, campaign_id=row.id))
    before = [None, *found["members"].to_list()]
    texts = [
        number(count) if not last else _("{count} ({share})").format(
            count=number(count), share=percent(count / last, digits=0))
        for count, last in zip(found["members"], before, strict=False)
    ]  # fmt: skip
    shown = found.select(
        pl.Series("label", [label(MemberState(state)) for state in found["state"]], dtype=pl.String),
        pl.col("members").alias("value"), pl.Series("text", texts, dtype=pl.String),
    )  # fmt: skip
    draw(funnel_chart(shown, title=_("How far did the members come?"), empty=_("Nobody was reached yet.")),
         key="campaign_funnel")  # fmt: skip
    st.caption(_("The percentage is the share of the step before."))


def _variants(actor: Actor, row: Campaign) -> None:
    found = _ask(actor, ("variants", row.id), lambda tables: analytics.variants(tables, campaign_id=row.id))
    if found.is_empty():
        return
    st.subheader(_("Variants"), anchor=False)
    columns = [
        text_column("name", _("Variant")), number_column("reached", _("Reached")),
        number_column("responses", _("Responses")), percent_column("rate", _("Response rate")),
        Column("difference", _("Against the first"), _difference, right=True),
        Column("limits", _("Limits"), right=True),
    ]  # fmt: skip
    limits = [
        "" if low is None else _("{low} to {high}").format(low=_difference(low), high=_difference(high))
        for low, high in found.select("low", "high").iter_rows()
    ]
    plain_table(found.with_columns(pl.Series("limits", limits, dtype=pl.String)), columns=columns, key="variant_steps")
    for each in found.slice(1).iter_rows(named=True):
        st.markdown(md(_winner(each, first=found["name"][0])))


def _difference(value: float | None) -> str:
    return NOTHING if value is None else signed_value(value, unit=Unit.PERCENT)


def _winner(variant: dict[str, Any], *, first: str) -> str:
    names = {"name": variant["name"], "first": first}
    if variant["low"] is None:
        sentence = _("{name} against {first}: too few to tell, each needs {members} members and {answers} responses.")
        return sentence.format(members=FEWEST_PER_ARM, answers=FEWEST_EVENTS, **names)
    if variant["low"] <= 0 <= variant["high"]:
        return _("{name} against {first}: no winner yet, the difference may be chance.").format(**names)
    better = variant["low"] > 0
    words = _("{name} brought more responses than {first}.") if better else _("{name} brought fewer than {first}.")
    return words.format(**names)


def _effect(actor: Actor, row: Campaign) -> None:
    st.subheader(_("Against the control group"), anchor=False)
    today = look(organisation.today_for, actor)
    found = _ask(actor, ("effects", today), lambda tables: analytics.effects(tables, today=today))
    mine = found.filter(pl.col("campaign_id") == row.id)
    if mine.is_empty():
        st.info(_("No control group was held out, so one cannot tell what the campaign itself brought."),
                icon=":material/help:")  # fmt: skip
        return
    effect = mine.row(0, named=True)
    groups = (("treated", _("Reached: bought")), ("control", _("Control group: bought")))
    with st.grid("auto", min_column_width=165, key="effect"):
        for group, words in groups:
            everybody = effect["treated" if group == "treated" else "controls"]
            with st.container(border=True):
                st.metric(words, percent(effect[f"{group}_rate"]))
                said = _("{buyers} of {members}").format(buyers=number(effect[f"{group}_buyers"]),
                                                         members=number(everybody))  # fmt: skip
                st.caption(md(said))
        st.metric(_("Difference"), _difference(effect["difference"]) if effect["enough"] else _("n/a"), border=True)
    for sentence in _verdict(effect):
        st.markdown(md(sentence))


def _verdict(effect: dict[str, Any]) -> list[str]:
    said = []
    if not effect["split_ok"]:
        said.append(_("The groups are not split as planned, so they cannot be compared."))
    elif not effect["enough"]:
        sentence = _("Too few to tell: each group needs {members} members and {buyers} buyers; there are {treated} and "
                     "{controls} members, {treated_buyers} and {control_buyers} buyers.")  # fmt: skip
        counts = {name: number(effect[name]) for name in ("treated", "controls", "treated_buyers", "control_buyers")}
        said.append(sentence.format(members=FEWEST_PER_ARM, buyers=FEWEST_EVENTS, **counts))
    else:
        sentence = _("In 95 of 100 cases the true difference lies between {low} and {high}.")
        said.append(sentence.format(low=_difference(effect["low"]), high=_difference(effect["high"])))
        if effect["low"] <= 0 <= effect["high"]:
            said.append(_("No clear effect: it may be chance."))
        else:
            better = effect["low"] > 0
            said.append(_("The campaign brought more buyers.") if better else _("The campaign cost buyers."))
    if effect["running"]:
        said.append(_("The window still runs; the figures will change."))
    return said


def _with_words(rows: pl.DataFrame, names: dict[int, str], terms: Terms) -> pl.DataFrame:
    def amounts(column: str) -> pl.Series:
        texts = [money(value, currency=terms.base_currency, compact=True) for value in rows[column]]
        return pl.Series(f"{column}_text", texts, dtype=pl.String)

    gains = [
        signed((revenue - cost) / cost, digits=0) if cost else _("n/a")
        for revenue, cost in rows.select("revenue", "cost").iter_rows()
    ]
    return rows.with_columns(
        pl.Series("label", [names.get(key, NOTHING) for key in rows["id"]], dtype=pl.String),
        *(amounts(column) for column in ("budget", "cost", "revenue")),
        pl.Series("roi_text", gains, dtype=pl.String),
    )


def _against_plan(outcome: dict[str, Any]) -> str:
    expected = outcome["expected_responses"]
    return _("Responses ({expected} expected)").format(expected=number(expected)) if expected else _("Responses")


def _ask(actor: Actor, what: tuple[Any, ...], question: Callable[[Any], pl.DataFrame]) -> pl.DataFrame:
    reads = analysis.reads(CAMPAIGN_ROI) | {"campaign_variants"}
    return analysis.load(question, actor=actor, key=("campaigns", *what), reads=reads).value
