"""The parts of the loyalty screen: the index, the members, one customer's ledger, and the tiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from crm_data.access import Actor
from crm_data.analytics import loyalty as analytics
from crm_data.analytics import periods
from crm_data.analytics.kpis.loyalty import LOYALTY_INDEX
from crm_data.analytics.loyalty import PARTS, LoyaltyKind
from crm_data.analytics.periods import Period, Preset
from crm_data.charts.scores import loyalty_chart
from crm_data.queries import customers, loyalty
from crm_data.queries.listing import Page
from crm_data.services import loyalty as bookings
from crm_data.services import loyalty_sales
from crm_data.vocabulary import Action, ChangeAction, LoyaltyEntryKind, Module
from pages.ui import analysis, state
from pages.ui.doors import look, saving
from pages.ui.filters import choose, nothing_found, search_box, sort_choice, wanted
from pages.ui.links import go, link
from pages.ui.lookups import customer_picker
from pages.ui.pictures import draw
from pages.ui.records import or_missing
from pages.ui.tables import (
    Column,
    choice_column,
    day_column,
    number_column,
    pages_below,
    plain_table,
    record_table,
    text_column,
    total_line,
)
from pages.ui.text import NOTHING, _, md, ngettext, number, translated

_TOP = 25


def index(actor: Actor) -> None:
    """Draw what the index is made of, how behaviour and attitude go together, and who is most loyal."""
    period = _now(actor)
    found = _ask(actor, "parts", lambda tables: analytics.index_parts(tables, period)).with_columns(
        label=pl.col("part").replace_strict({part: translated(words) for part, words in PARTS.items()})
    )
    texts = [NOTHING if value is None else number(value) for value in found["value"]]
    shown = found.with_columns(pl.Series("text", texts, dtype=pl.String))
    draw(loyalty_chart(shown, title=_("What the loyalty index is made of"), empty=_("Nobody has bought anything yet.")),
         key="loyalty_parts")  # fmt: skip
    columns = [text_column("label", _("Part")), Column("text", _("Mean"), right=True),
               number_column("weight", _("Weight")), number_column("n", _("Customers measured"))]  # fmt: skip
    plain_table(shown, columns=columns, key="loyalty_weights")
    if actor.may(Module.SETTINGS, Action.CONFIGURE):
        link("settings", _("Change the weights"))
    st.subheader(_("Most loyal customers"), anchor=False)
    best = _ask(actor, "best", lambda tables: analytics.most_loyal(tables, period, top=_TOP))
    if best.is_empty():
        st.info(_("Nobody has bought anything yet."), icon=":material/inbox:")
        return
    parts = [number_column(part, translated(words)) for part, words in PARTS.items()]
    record_table(best, kind="customers", key="most_loyal", columns=[
        text_column("name", _("Customer")), number_column("index", _("Index"), digits=1), *parts,
        choice_column("loyalty_kind", _("Kind of loyalty"), LoyaltyKind),
    ])  # fmt: skip


def members(actor: Actor) -> None:
    """Draw the customers with a ledger, by points, tier or name, with their index beside them."""
    search = search_box(_("Name, code, phone, e-mail or city"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tiers = choose("tier", _("Tier"), {tier.name: translated(tier.name) for tier in look(loyalty.tiers, actor)})
        regions = choose("region", _("Region"), look(customers.in_use, actor, column="region"))
        sort, descending = sort_choice({"balance": _("Balance"), "earned": _("Earned in a year"), "name": _("Name"),
                                        "last": _("Last entry")}, default_descending=True)  # fmt: skip
    asked = wanted(search=search, filters={"tier": tiers, "region": regions}, sort=sort, descending=descending)
    page = look(loyalty.members, actor, wanted=asked)
    if page.rows.is_empty():
        empty = _("No customer has points yet. Book the points of sales, or give points by hand.")
        nothing_found(filtered=bool(search or tiers or regions), empty=empty)
        return
    keys, period = tuple(page.rows["id"].to_list()), _now(actor)
    indexes = _ask(actor, ("of", keys), lambda tables: analytics.index_of(tables, period, customer_ids=keys))
    rows = page.rows.join(indexes, on="id", how="left", maintain_order="left")
    chosen = record_table(rows, kind="customers", key="members", select=True, columns=[
        text_column("name", _("Customer")),
        Column("tier", _("Tier"), lambda name: NOTHING if name is None else translated(name)),
        number_column("balance", _("Balance")),
        number_column("earned", _("Earned in a year")), number_column("index", _("Index"), digits=1),
        day_column("last_on", _("Last entry")),
    ])  # fmt: skip
    _footer(page)
    for customer_id in chosen[:1]:
        name = rows.row(by_predicate=pl.col("id") == customer_id, named=True)["name"]
        link("loyalty", _("Ledger of {name}").format(name=md(name)), icon="receipt_long", tab="ledger",
             customer=customer_id)  # fmt: skip


def ledger(actor: Actor) -> None:
    """Draw where one customer stands and every entry of the ledger."""
    given = st.query_params.get("customer", "")
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        picked = customer_picker(actor, key="ledger")
        if picked is not None:
            go("loyalty", tab="ledger", customer=picked)
        return
    customer_id = int(given)
    row = or_missing(lambda: look(customers.record, actor, customer_id))
    standing = look(loyalty.standing, actor, customer_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        link("customer", md(row.name), id=customer_id)
        if st.button(_("Another customer"), key="another", type="tertiary", icon=":material/person_search:"):
            go("loyalty", tab="ledger")
    with st.grid("auto", min_column_width=170, key="standing"):
        st.metric(_("Balance"), number(standing.balance), border=True)
        st.metric(_("Earned in a year"), number(standing.earned), border=True)
        st.metric(_("Tier"), md(translated(standing.tier) if standing.tier else NOTHING), border=True)
        if standing.next_tier:
            words = _("Missing for {tier}").format(tier=md(translated(standing.next_tier)))
            st.metric(words, number(standing.missing), border=True)
    if actor.may(Module.LOYALTY, Action.CREATE):
        st.button(_("Book points"), key="book_for", icon=":material/add_card:", on_click=state.open_dialog,
                  args=("book_points",), kwargs={"customer_id": customer_id})  # fmt: skip
    page = look(loyalty.ledger, actor, customer_id, wanted=wanted(search="", filters={}, sort="on", descending=True))
    if page.rows.is_empty():
        st.info(_("This customer has no points yet."), icon=":material/inbox:")
        return
    plain_table(page.rows, key="ledger", columns=[
        day_column("on", _("Day")), choice_column("kind", _("Kind"), LoyaltyEntryKind),
        number_column("points", _("Points")), number_column("balance", _("Balance")),
        text_column("reason", _("Reason")), text_column("contract", _("Contract")),
        day_column("expires_on", _("Valid until")), text_column("user", _("User")),
    ])  # fmt: skip
    _footer(page)


def tiers(actor: Actor) -> None:
    """Draw the tiers, how many customers reached each, and for administrators the way to change them."""
    sizes = look(loyalty.tier_sizes, actor)
    may_change = actor.may(Module.LOYALTY, Action.CONFIGURE)
    if may_change:
        st.button(_("New tier"), key="new_tier", icon=":material/add:", on_click=state.open_dialog, args=("tier",))
    for tier in look(loyalty.tiers, actor):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"tier:{tier.id}"):
            with st.container(gap="xxsmall"):
                count = sizes.get(tier.name, 0)
                words = ngettext("from {points} points · {count} customer", "from {points} points · {count} customers",
                                 count).format(points=number(tier.threshold), count=number(count))  # fmt: skip
                st.markdown(f"**{md(translated(tier.name))}** · {md(words)}")
                if tier.benefits:
                    st.text(tier.benefits)
            if may_change:
                st.button(_("Edit"), key=f"edit_tier:{tier.id}", icon=":material/edit:", on_click=state.open_dialog,
                          args=("tier",), kwargs={"id": tier.id})  # fmt: skip
                _delete_tier(actor, tier.id)


def upkeep(actor: Actor) -> None:
    """Draw what the nightly work also does: book sales and expiries, and move customers to their tiers."""
    if not actor.may(Module.LOYALTY, Action.BULK):
        return
    with st.popover(_("Bring up to date"), icon=":material/sync:", key="upkeep"):
        _act(actor, "book_sales", _("Book the points of sales"), lambda s: loyalty_sales.book_sales(s, actor).sales,
             _("The points of sales were booked."), ChangeAction.BOOK)  # fmt: skip
        _act(actor, "expire", _("Book expired points"), lambda s: bookings.expire(s, actor),
             _("Expired points were booked."), ChangeAction.BOOK)  # fmt: skip
        _act(actor, "apply_tiers", _("Move customers to their tiers"),
             lambda s: loyalty_sales.apply_tiers(s, actor), _("The customers have the tiers of their points."),
             ChangeAction.BULK_EDIT)  # fmt: skip


def _delete_tier(actor: Actor, tier_id: int) -> None:
    asked = st.button(_("Delete"), key=f"delete_tier:{tier_id}", icon=":material/delete:")
    if asked and saving(lambda s: bookings.delete_tier(s, actor, tier_id), actor=actor,
                        done=_("The tier was deleted."), action=ChangeAction.DELETE):  # fmt: skip
        st.rerun()


def _act(actor: Actor, key: str, words: str, act: Callable[[Any], int], done: str, action: ChangeAction) -> None:
    if st.button(words, key=key, width="stretch") and saving(act, actor=actor, done=done, action=action):
        st.rerun()


def _now(actor: Actor) -> Period:
    return periods.preset(Preset.TODAY, calendar=analysis.calendar(actor)[1])


def _ask(actor: Actor, what: Any, question: Callable[[Any], pl.DataFrame]) -> pl.DataFrame:
    reads = analysis.reads(LOYALTY_INDEX)
    return analysis.load(question, actor=actor, key=("loyalty", what), reads=reads).value


def _footer(page: Page) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)
