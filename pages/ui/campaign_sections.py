"""The parts of a campaign's page: the plan, the audience, the members and the costs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from crm_data.access import Actor
from crm_data.models import Campaign
from crm_data.queries import campaigns as queries
from crm_data.queries.campaigns import Record
from crm_data.services import campaign_parts, campaigns
from crm_data.vocabulary import Action, ChangeAction, MemberState, Module
from crm_data.vocabulary.terms import Terms
from pages.ui import state
from pages.ui.audience_fields import audience_counts, audience_words
from pages.ui.campaign_dialogs import set_state
from pages.ui.doors import look, saving
from pages.ui.exports import export_button
from pages.ui.filters import choose, nothing_found, quick_choice, search_box, wanted
from pages.ui.records import facts_table
from pages.ui.tables import (
    Column,
    choice_column,
    day_column,
    money_column,
    pages_below,
    plain_table,
    record_table,
    text_column,
    total_line,
)
from pages.ui.text import NOTHING, _, day, label, md, moment, money, ngettext, number, percent, told_apart


def plan(actor: Actor, record: Record) -> None:
    """Draw the plan: what is offered, when, for how much, and the variants."""
    row = record.row
    facts_table({
        _("Objective"): label(row.objective),
        _("Channel"): label(row.channel) if row.channel else None,
        _("First day"): row.starts_on,
        _("Last day"): row.ends_on,
        _("Offer"): row.offer,
        _("Product"): record.product,
        _("Budget"): None if row.budget is None else money(row.budget, currency=row.currency),
        _("Expected responses"): row.expected_responses,
        _("Control group in per cent"): row.control_share,
        _("Days in which a purchase counts as its result"): row.attribution_days,
        _("Owner"): record.owner,
        _("Launched on"): row.launched_at.date() if row.launched_at else None,
        _("Seed of the random choice"): str(row.seed) if row.seed is not None else None,
    })  # fmt: skip
    _variants(actor, row)


def audience(actor: Actor, row: Campaign) -> None:
    """Draw whom the campaign means: by its rule, and before the launch how many that are today and who is left out."""
    st.text(audience_words(row.audience or {}) or _("Nobody yet: edit the plan and choose an audience."))
    if campaigns.was_launched(row):
        st.caption(_("The audience was frozen at the launch; its customers are under Members."))
        return
    found = look(campaigns.preview, actor, row.id)
    audience_counts(found)
    held_out = round(found.reached * (row.control_share or 0) / 100)
    words = ngettext("{count} customer would be held out as control group.",
                     "{count} customers would be held out as control group.", held_out)  # fmt: skip
    st.caption(words.format(count=number(held_out)))


def members(actor: Actor, row: Campaign, terms: Terms) -> None:
    """Draw the members with their states, and what can be recorded for the selected ones or for all that were found."""
    search = search_box(_("Name, code, phone, e-mail or city"))
    states = quick_choice("state", _("State"), MemberState)
    with st.container(horizontal=True):
        groups = choose("control", _("Group"), {0: _("Reached"), 1: _("Control group")})
        names = {variant.id: variant.name for variant in look(queries.variants, actor, row.id)}
        chosen_variants = choose("variant", _("Variant"), names) if names else []
    filters = {"state": states, "control": [bool(group) for group in groups], "variant": chosen_variants}
    asked = wanted(search=search, filters=filters, sort="name", descending=False)
    page = look(queries.members, actor, row.id, wanted=asked)
    if page.rows.is_empty():
        filtered = bool(search or any(filters.values()))
        nothing_found(filtered=filtered, empty=_("The campaign has no members yet. They are chosen at its launch."))
        return
    may_set = actor.may(Module.CAMPAIGNS, Action.EDIT)
    times = [(f"{step.value}_at", step) for step in MemberState if page.rows[f"{step.value}_at"].is_not_null().any()]
    chosen = record_table(page.rows.with_columns(member=page.rows["id"], id=page.rows["customer_id"]), kind="customers",
                          key="campaign_members", select=may_set, columns=[
        text_column("customer", _("Customer")), choice_column("state", _("State"), MemberState),
        Column("control", _("Group"), lambda control: _("Control group") if control else _("Reached")),
        text_column("variant", _("Variant")),
        *(Column(name, label(step), lambda at: moment(at, zone=terms.time_zone), width=160) for name, step in times),
    ])  # fmt: skip
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)
        of_this = partial(queries.members, campaign_id=row.id)
        export_button(actor, "campaign_members", wanted=asked, listing=of_this)
    if may_set:
        keys = dict(page.rows.select("customer_id", "id").iter_rows())
        picked = [keys[customer_id] for customer_id in chosen]
        _steps_bar(actor, row, picked or look(queries.member_ids, actor, row.id, wanted=asked), all_of_them=not picked)


def costs(actor: Actor, row: Campaign) -> None:
    """Draw what was spent, against the budget."""
    found = look(queries.costs, actor, row.id)
    spent = int(found["amount"].sum())
    with st.grid("auto", min_column_width=240, key="cost_sums"):
        st.metric(_("Spent"), md(money(spent, currency=row.currency)), border=True)
        st.metric(_("Budget"), md(money(row.budget, currency=row.currency)), border=True)
        share = percent(spent / row.budget) if row.budget else _("n/a")
        st.metric(_("Share of the budget"), md(share), border=True)
    may_edit = actor.may(Module.CAMPAIGNS, Action.EDIT)
    if may_edit:
        st.button(_("New cost"), key="new_cost", icon=":material/add:", on_click=state.open_dialog, args=("add_cost",))
    if found.is_empty():
        st.info(_("No cost was written down yet."), icon=":material/inbox:")
        return
    columns = [day_column("spent_on", _("Spent on")), text_column("purpose", _("What for?")),
               money_column("amount", _("Amount"), currency=row.currency)]  # fmt: skip
    plain_table(found, columns=columns, key="costs")
    if may_edit:
        named = {each["id"]: f"{day(each['spent_on'])} · {each['purpose']}" for each in found.iter_rows(named=True)}
        words = told_apart(named)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            picked = st.selectbox(_("Cost"), list(words), key="cost", format_func=words.__getitem__, placeholder="")
            asked = st.button(_("Delete the cost"), key="delete_cost", icon=":material/delete:")
        if asked and saving(lambda s: campaign_parts.delete_cost(s, actor, picked), actor=actor,
                            done=_("The cost was deleted."), action=ChangeAction.DELETE):  # fmt: skip
            st.rerun()


def _variants(actor: Actor, row: Campaign) -> None:
    found = look(queries.variants, actor, row.id)
    may_edit = actor.may(Module.CAMPAIGNS, Action.EDIT) and not campaigns.was_launched(row)
    if not found and not may_edit:
        return
    st.subheader(_("Variants"), anchor=False)
    if not found:
        st.caption(_("One text for everybody. Add variants to compare texts."))
    for variant in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"variant:{variant.id}"):
            with st.container(gap="xxsmall"):
                words = _("{name}: {share} % of the audience").format(name=variant.name, share=number(variant.share))
                st.markdown(f"**{md(words)}**")
                st.text(variant.text or NOTHING)
            if may_edit:
                _delete_variant(actor, variant.id)
    if may_edit:
        st.button(_("New variant"), key="new_variant", icon=":material/add:", on_click=state.open_dialog,
                  args=("add_variant",))  # fmt: skip


def _delete_variant(actor: Actor, variant_id: int) -> None:
    asked = st.button(_("Delete"), key=f"delete_variant:{variant_id}", icon=":material/delete:")
    if asked and saving(lambda s: campaign_parts.delete_variant(s, actor, variant_id), actor=actor,
                        done=_("The variant was deleted."), action=ChangeAction.DELETE):  # fmt: skip
        st.rerun()


def _steps_bar(actor: Actor, row: Campaign, member_ids: list[int], *, all_of_them: bool) -> None:
    count = len(member_ids)
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="steps_bar"):
        if all_of_them:
            words = ngettext("{count} member found", "{count} members found", count)
        else:
            words = ngettext("{count} member selected", "{count} members selected", count)
        st.markdown(words.format(count=number(count)))
        st.button(_("Record a step"), key="set_state", icon=":material/checklist:", on_click=state.open_dialog,
                  args=("set_state",))  # fmt: skip
    set_state(actor, row, member_ids)
