"""Choosing customers by their fields, for campaigns and surveys, and saying how many that are and who is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from crm_data.access import Actor
from crm_data.queries import customers
from crm_data.services.audiences import Audience
from crm_data.vocabulary import CustomerKind, LifecycleStage
from pages.ui.doors import look
from pages.ui.forms import options_of
from pages.ui.records import field_words
from pages.ui.text import _, label, md, ngettext, number

Rule = Mapping[str, Sequence[str]]
_FREE = ("category", "tier", "region", "industry", "source")


def draw_audience(key: str, actor: Actor, *, base: Rule | None = None) -> dict[str, list[str]]:
    """Draw the fields that choose customers: any of the values in each field; no value at all means nobody."""
    had = base or {}
    offered: dict[str, dict[str, str]] = {"kind": options_of(CustomerKind), "stage": options_of(LifecycleStage)}
    offered |= {name: {value: value for value in look(customers.in_use, actor, column=name)} for name in _FREE}
    offered["tags"] = {tag: tag for tag in look(customers.tags_in_use, actor)}
    left, right = st.columns(2)
    chosen: dict[str, list[str]] = {}
    for place, (name, options) in enumerate(offered.items()):
        with left if place % 2 == 0 else right:
            known = options | {value: value for value in had.get(name, []) if value not in options}
            chosen[name] = st.multiselect(field_words(name), list(known), default=list(had.get(name, [])),
                                          key=f"{key}:audience:{name}", format_func=known.__getitem__,
                                          select_all=False, placeholder=_("All"))  # fmt: skip
    return {name: values for name, values in chosen.items() if values}


def audience_words(rule: Rule) -> str:
    """Say a rule in words, one line a field."""
    lines = [
        _("{filter}: {values}").format(filter=field_words(name), values=", ".join(_words(name, values)))
        for name, values in rule.items()
        if values
    ]
    return "\n".join(lines)


def audience_counts(found: Audience) -> None:
    """Draw how many customers are meant, how many are reached, and how many are left out for which reason."""
    meant, reached = st.columns(2)
    meant.metric(_("Customers meant"), number(found.meant), border=True)
    reached.metric(_("Can be reached"), number(found.reached), border=True)
    if not found.meant:
        st.info(_("Nobody is meant yet: choose values in at least one field."), icon=":material/group_off:")
    for barrier, count in found.left_out.items():
        words = ngettext("{count} left out: {reason}", "{count} left out: {reason}", count)
        st.markdown(f":material/block: {md(words.format(count=number(count), reason=label(barrier)))}")


def _words(name: str, values: Sequence[Any]) -> list[str]:
    vocabulary = {"kind": CustomerKind, "stage": LifecycleStage}.get(name)
    return [label(vocabulary(value)) if vocabulary else str(value) for value in values]
