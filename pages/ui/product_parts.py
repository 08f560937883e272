"""The catalogue's forms: a product, a category, and the tree."""

from __future__ import annotations

from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.money import decimals
from crm_data.queries import organisation
from crm_data.queries import products as queries
from crm_data.services import products
from crm_data.vocabulary import Action, ChangeAction, Module
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.history import history_list
from pages.ui.line_list import price
from pages.ui.records import edit_button, edit_form, facts_table, field_words, or_missing
from pages.ui.text import _, day, md, money, ngettext

FIELDS = ("sku", "name", "category_id", "list_price_e4", "unit_cost_e4", "unit", "launched_on")
_PRICE_DIGITS = 4


def draw_product(sheet: Sheet, actor: Actor, currency: str) -> None:
    """Draw the fields of a product."""
    sheet.text("name", _("Name"), required=True)
    sheet.text("sku", _("SKU"), required=True)
    sheet.choice("category_id", _("Product category"), look(queries.category_choices, actor))
    sheet.price("list_price_e4", _("List price"), currency=currency)
    sheet.price("unit_cost_e4", _("Unit cost"), currency=currency)
    sheet.text("unit", _("Unit"))
    sheet.day("launched_on", _("Launched on"))


def new_product(actor: Actor, currency: str) -> None:
    """Show the form for a new product when its button was pressed."""
    if state.dialog()[0] != "new_product":
        return

    @st.dialog(_("New product"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet("product:new")
        with st.form(sheet.key):
            draw_product(sheet, actor, currency)
            sent = st.form_submit_button(_("Save"), key="save_product", type="primary")
        if sent and saving(lambda s: products.create(s, actor, values=sheet.typed).id, actor=actor, sheet=sheet,
                           done=_("The product was added."), action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def product_card(actor: Actor, product_id: int, currency: str) -> None:
    """Draw one product with its form, its retirement and its history, above the list."""
    row = or_missing(lambda: look(queries.record, actor, product_id))
    key, may_edit = f"product:{row.id}", actor.may(Module.PRODUCTS, Action.EDIT)
    with st.container(border=True, key="product"):
        st.subheader(md(row.name), anchor=False)
        with st.container(horizontal=True):
            if may_edit:
                edit_button(key, row, base={name: getattr(row, name) for name in FIELDS})
                _retire(actor, row)
            st.button(_("Close"), key="close", on_click=_close)
        edit_form(key, actor=actor, draw=lambda sheet: draw_product(sheet, actor, currency),
                  save=lambda s, version, base, mine: products.edit(s, actor, row.id, version=version, base=base,
                                                                    mine=mine),
                  done=_("The product was saved."))  # fmt: skip
        facts: dict[str, Any] = {field_words(name): getattr(row, name) for name in ("sku", "unit", "launched_on",
                                                                                    "retired_on")}  # fmt: skip
        facts[field_words("category_id")] = look(queries.category_choices, actor).get(row.category_id or 0)
        facts[field_words("list_price_e4")] = price_words(row.list_price_e4, currency)
        facts[field_words("unit_cost_e4")] = price_words(row.unit_cost_e4, currency)
        facts_table(facts)
        with st.expander(_("History")):
            history_list(actor, row, may_restore=may_edit)


def _close() -> None:
    st.query_params.pop("id", None)


def price_words(price_e4: int | None, currency: str) -> str:
    """Give a unit price with its currency; four decimals only where they say something."""
    step = 10 ** (_PRICE_DIGITS - decimals(currency))
    if price_e4 is not None and price_e4 % step:
        return f"{price(price_e4)} {currency}"
    return money(None if price_e4 is None else price_e4 // step, currency=currency)


def category_tree(actor: Actor) -> None:
    """Draw the tree of categories; each is renamed, moved or removed in place."""
    may_edit = actor.may(Module.PRODUCTS, Action.EDIT)
    tree = look(queries.tree, actor)
    if not tree:
        st.caption(_("There are no categories yet."))
    for branch in tree:
        key = f"category:{branch.row.id}"
        words = ngettext("{count} product", "{count} products", branch.products).format(count=branch.products)
        with st.container(horizontal=True, vertical_alignment="center", key=key):
            st.markdown("\u2003" * 2 * branch.depth + f"**{md(branch.row.name)}** · {md(words)}", width="stretch")
            if may_edit:
                base = {"name": branch.row.name, "parent_id": branch.row.parent_id}
                st.button(_("Edit"), key=f"edit:{key}", type="tertiary", on_click=state.begin_draft,
                          args=(key, branch.row.version, base))  # fmt: skip
            if actor.may(Module.PRODUCTS, Action.DELETE) and st.button(
                _("Remove"), key=f"remove:{key}", type="tertiary"
            ) and saving(lambda s, key=branch.row.id: products.delete_category(s, actor, key), actor=actor,  # type: ignore[misc]
                         done=_("The category was removed."), action=ChangeAction.DELETE):  # fmt: skip
                st.rerun()
        edit_form(key, actor=actor, draw=lambda sheet: _draw_category(sheet, actor), done=_("The category was saved."),
                  save=lambda s, version, base, mine, key=branch.row.id: products.edit_category(  # type: ignore[misc]
                      s, actor, key, version=version, base=base, mine=mine))  # fmt: skip
    if actor.may(Module.PRODUCTS, Action.CREATE):
        st.button(_("New category"), key="new_category", icon=":material/create_new_folder:",
                  on_click=state.open_dialog, args=("new_category",))  # fmt: skip
        _new_category(actor)


def _new_category(actor: Actor) -> None:
    if state.dialog()[0] != "new_category":
        return

    @st.dialog(_("New category"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet("category:new")
        with st.form(sheet.key):
            _draw_category(sheet, actor)
            sent = st.form_submit_button(_("Save"), key="save_category", type="primary")
        if sent and saving(lambda s: products.create_category(s, actor, values=sheet.typed), actor=actor, sheet=sheet,
                           done=_("The category was added."), action=ChangeAction.CREATE):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def _draw_category(sheet: Sheet, actor: Actor) -> None:
    sheet.text("name", _("Name"), required=True)
    sheet.choice("parent_id", _("Belongs to"), look(queries.category_choices, actor))


def _retire(actor: Actor, row: Any) -> None:
    today = look(organisation.today_for, actor)
    gone = row.retired_on is not None
    words = _("Sell again") if gone else _("Retire")
    if gone and row.retired_on > today:
        st.caption(_("Is sold until {day}").format(day=md(day(row.retired_on))))
    if st.button(words, key="retire", icon=":material/undo:" if gone else ":material/archive:") and saving(
        lambda s: products.retire(s, actor, row.id, on=None if gone else today), actor=actor,
        done=_("The product is sold again.") if gone else _("The product is not offered any more."),
    ):  # fmt: skip
        st.rerun()
