"""The catalogue: what is sold, at which price, and in which category."""

from __future__ import annotations

import streamlit as st

from crm_data.queries import organisation, products
from crm_data.vocabulary import Action, Module
from pages.ui import address, state
from pages.ui.doors import look
from pages.ui.filters import choose, nothing_found, search_box, sort_choice, wanted
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.product_parts import category_tree, new_product, price_words, product_card
from pages.ui.tables import Column, day_column, pages_below, record_table, text_column, total_line
from pages.ui.text import _

actor = guard(Module.PRODUCTS)
currency = look(organisation.terms_for, actor).base_currency
screen_title(actor, _("Products"))

with st.container(horizontal=True, vertical_alignment="bottom"):
    search = search_box(_("Name or SKU"))
    if actor.may(Module.PRODUCTS, Action.CREATE):
        st.button(_("New product"), key="new", type="primary", icon=":material/add:", on_click=state.open_dialog,
                  args=("new_product",))  # fmt: skip
views = {"sold": _("Sold now"), "retired": _("Retired"), "categories": _("Categories")}
view = address.one_of("view", _("Show"), views)


def show_list() -> None:
    """Draw one page of the products, and the one that was opened above it."""
    with st.expander(_("More filters and order"), icon=":material/tune:"), st.container(horizontal=True):
        filters = {"category": choose("category", _("Product category"), look(products.category_choices, actor))}
        sort, descending = sort_choice({"name": _("Name"), "sku": _("SKU"), "price": _("List price"),
                                        "launched": _("Launched on"), "updated": _("Last change")})  # fmt: skip
    given = st.query_params.get("id", "")
    if given.isascii() and given.isdigit() and len(given) < 16:
        product_card(actor, int(given), currency)
    asked = wanted(search=search, filters=filters, sort=sort, descending=descending)
    page = look(products.listing, actor, wanted=asked, retired=view == "retired")
    if page.rows.is_empty():
        nothing_found(filtered=bool(search or any(filters.values())), empty=_("There are no products here yet."))
        return
    columns = [
        text_column("name", _("Name")),
        text_column("sku", _("SKU")),
        text_column("category", _("Product category")),
        Column("list_price_e4", _("List price"), lambda value: price_words(value, currency), right=True),
        Column("unit_cost_e4", _("Unit cost"), lambda value: price_words(value, currency), right=True),
        text_column("unit", _("Unit")),
        day_column("retired_on", _("Retired on")) if view == "retired" else day_column("launched_on", _("Launched on")),
    ]
    record_table(page.rows, kind="products", key="products", columns=columns)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        total_line(page)
        pages_below(page)


if view == "categories":
    category_tree(actor)
else:
    show_list()
new_product(actor, currency)
