"""The lines of an opportunity or a contract: shown, added, changed and removed one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.queries import products
from pages.ui import state
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.records import edit_form
from pages.ui.text import _, md, money, number

_FIELDS = ("product_id", "quantity_e3", "unit_price_e4", "discount_bp")
Values = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class LinesOf:
    """Whose lines they are: the form's key, the currency, whether they may be changed and how they are saved.

    `save` gets session, the lines as shown and the lines as typed.
    """

    key: str
    currency: str
    may_edit: bool
    save: Callable[[Session, Values, Values], Any]


def line_list(actor: Actor, rows: pl.DataFrame, whole: LinesOf) -> None:
    """Draw the lines with their sum; each is edited in place."""
    if rows.is_empty():
        st.info(_("There are no lines yet. With lines the amount is their sum."), icon=":material/list:")
    for line in rows.iter_rows(named=True):
        _one(actor, line, whole)
    if not rows.is_empty():
        total = money(int(rows["amount"].sum()), currency=whole.currency)
        st.markdown(_("Sum of the lines: **{amount}**").format(amount=md(total)))
    if whole.may_edit:
        st.button(_("Add a line"), key="add_line", icon=":material/add:", on_click=state.open_dialog,
                  args=("add_line",))  # fmt: skip
        _add(actor, whole)


def quantity(value: int) -> str:
    """Give a quantity in thousandths as a person reads it."""
    return number(Decimal(value).scaleb(-3), digits=3)


def price(value: int | None) -> str:
    """Give a unit price in ten-thousandths as a person reads it."""
    return number(None if value is None else Decimal(value).scaleb(-4), digits=4)


def _one(actor: Actor, line: Mapping[str, Any], whole: LinesOf) -> None:
    key = f"{whole.key}:line:{line['id']}"
    base = {name: line[name] for name in _FIELDS}
    with st.container(border=True, key=f"line:{line['id']}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{md(line['product'])}**  \n{_terms(line)}", width="stretch")
            st.markdown(f"**{md(money(line['amount'], currency=whole.currency))}**", width="content")
            if whole.may_edit:
                st.button(_("Edit"), key=f"edit:{key}", on_click=state.begin_draft, args=(key, line["version"], base))
                known = [{**base, "id": line["id"], "version": line["version"]}]
                if st.button(_("Remove"), key=f"remove:{key}") and saving(
                    lambda s: whole.save(s, known, []), actor=actor, done=_("The line was removed.")
                ):
                    st.rerun()
        edit_form(key, actor=actor, draw=lambda sheet: _draw(sheet, actor, line["product"], whole.currency),
                  save=lambda s, version, base, mine: _save(s, whole, line["id"], version, base, mine),
                  done=_("The line was saved."))  # fmt: skip


def _terms(line: Mapping[str, Any]) -> str:
    words = _("{sku} · {quantity} × {price}").format(
        sku=line["sku"], quantity=quantity(line["quantity_e3"]), price=price(line["unit_price_e4"])
    )
    if line["discount_bp"]:
        discount = number(Decimal(line["discount_bp"]).scaleb(-2), digits=2)
        words += " · " + _("{discount} % off").format(discount=discount)
    return md(words)


def _save(
    session: Session, whole: LinesOf, line_id: int, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Any:
    known = {"id": line_id, "version": version}
    return whole.save(session, [{**base, **known}], [{**mine, **known}])


def _add(actor: Actor, whole: LinesOf) -> None:
    if state.dialog()[0] != "add_line":
        return

    @st.dialog(_("New line"), on_dismiss=state.close_dialog)
    def ask() -> None:
        sheet = Sheet(f"{whole.key}:line:new", base={"quantity_e3": 1_000})
        with st.form(sheet.key):
            _draw(sheet, actor, None, whole.currency)
            st.caption(_("Without a price the list price is taken."))
            sent = st.form_submit_button(_("Save"), key="save_line", type="primary")
        if sent and saving(lambda s: whole.save(s, [], [sheet.typed]), actor=actor, sheet=sheet,
                           done=_("The line was added.")):  # fmt: skip
            state.close_dialog()
            st.rerun()

    ask()


def _draw(sheet: Sheet, actor: Actor, known: str | None, currency: str) -> None:
    offered = look(products.choices, actor)
    if known is not None:
        offered = {sheet.base["product_id"]: known} | offered
    sheet.choice("product_id", _("Product"), offered)
    sheet.quantity("quantity_e3", _("Quantity"), required=True)
    sheet.price("unit_price_e4", _("Unit price"), currency=currency)
    sheet.percent("discount_bp", _("Discount"))
