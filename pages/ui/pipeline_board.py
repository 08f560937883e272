"""The pipeline as a board: one column a stage, and each card moved with two clicks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.queries.pipeline import Column
from crm_data.vocabulary import StageKind
from pages.ui import address
from pages.ui.device import on_phone
from pages.ui.links import go
from pages.ui.opportunity_dialogs import request_move
from pages.ui.text import _, md, money, ngettext, short_day, span_days, told_apart, translated

_EVERYTHING = "all"


def board(actor: Actor, columns: Sequence[Column], *, currency: str, today: date, may_move: bool) -> None:
    """Draw the stages side by side, or on a phone the one that is picked."""
    picked = _pick_stage(columns)
    shown = [column for column in columns if picked in (None, column.stage.id)]
    if len(shown) == 1:
        _heading(shown[0], currency=currency)
        if shown[0].stage.definition:
            st.caption(md(translated(shown[0].stage.definition)))
        with st.grid(min_column_width=280):
            _cards(actor, shown[0], columns, today=today, may_move=may_move)
        return
    for place, column in zip(st.columns(len(shown), gap="xsmall"), shown, strict=True):
        with place:
            _heading(column, currency=currency)
            _cards(actor, column, columns, today=today, may_move=may_move)


def _pick_stage(columns: Sequence[Column]) -> int | None:
    words = {str(column.stage.id): f"{md(translated(column.stage.name))} · {column.count}" for column in columns}
    everything = {} if on_phone() else {_EVERYTHING: _("All stages")}
    picked = address.one_of("column", _("Stage"), everything | words)
    return None if picked == _EVERYTHING else int(picked)


def _heading(column: Column, *, currency: str) -> None:
    st.markdown(f"**{md(translated(column.stage.name))}** · {column.count}")
    amount = money(column.amount, currency=currency, compact=True)
    weighted = money(column.weighted, currency=currency, compact=True)
    if column.stage.kind == StageKind.OPEN:
        st.caption(_("{amount}, weighted {weighted}").format(amount=md(amount), weighted=md(weighted)))
    else:
        st.caption(_("{amount} in the last 30 days").format(amount=md(amount)))
    if column.unpriced:
        words = ngettext("{count} without an amount or a rate", "{count} without an amount or a rate", column.unpriced)
        st.caption(words.format(count=column.unpriced))


def _cards(actor: Actor, column: Column, columns: Sequence[Column], *, today: date, may_move: bool) -> None:
    if column.cards.is_empty():
        st.caption(_("Nothing here."))
    for card in column.cards.iter_rows(named=True):
        _card(actor, card, columns, today=today, may_move=may_move)
    left = column.count - column.cards.height
    if left > 0:
        words = ngettext("{count} more in the table", "{count} more in the table", left).format(count=left)
        st.button(words, key=f"more:{column.stage.id}", type="tertiary", icon=":material/table_rows:",
                  on_click=address.change, kwargs={"view": "table", "stage": [str(column.stage.id)]})  # fmt: skip


def _card(actor: Actor, card: Mapping[str, Any], columns: Sequence[Column], *, today: date, may_move: bool) -> None:
    with st.container(border=True, gap="xxsmall", key=f"card:{card['id']}"):
        st.markdown(f"**{md(card['name'])}**")
        st.caption("  \n".join(_facts(card)))
        if card["outcome"] == StageKind.OPEN:
            st.markdown(f":small[{_next_step(card, today=today)}]")  # a caption is too faint for a colour
        with st.container(horizontal=True, gap="xsmall"):
            if st.button(_("Details"), key=f"open:{card['id']}", type="tertiary"):
                go("opportunity", id=card["id"])
            if may_move:
                _menu(actor, card, columns)


def _menu(actor: Actor, card: Mapping[str, Any], columns: Sequence[Column]) -> None:
    others = told_apart({column.stage.id: translated(column.stage.name) for column in columns
                         if column.stage.id != card["stage_id"]})  # fmt: skip
    picked = st.menu_button(_("Move"), list(others), key=f"move:{card['id']}", type="tertiary",
                            format_func=lambda key: md(others[key]))  # fmt: skip
    if picked is not None:
        request_move(actor, card, to=picked)


def _facts(card: Mapping[str, Any]) -> list[str]:
    amount = money(card["amount"], currency=card["currency"]) if card["amount"] is not None else _("No amount")
    age = _("here for {days}").format(days=span_days(card["days_here"]))
    return [md(card["customer"]), f"**{md(amount)}**", md(age)]


def _next_step(card: Mapping[str, Any], *, today: date) -> str:
    if not card["next_step"]:
        return ":orange[{words}]".format(words=md(_("No next step")))
    step = md(card["next_step"])
    if card["next_step_on"] is None:
        return step
    day = md(short_day(card["next_step_on"]))
    return f"{step} · :red[{day}]" if card["next_step_on"] < today else f"{step} · {day}"
