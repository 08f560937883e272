"""The columns of the records behind a figure: what each is called and how its values are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from crm_data.analytics.contracts import Renewal
from crm_data.analytics.kpi import STANDARD
from crm_data.analytics.loyalty import LoyaltyKind
from crm_data.analytics.receivables import Ageing
from crm_data.vocabulary import (
    N_,
    CampaignKind,
    CampaignStatus,
    Channel,
    ContractKind,
    ContractStatus,
    Labelled,
    LostReason,
    StageKind,
)
from crm_data.vocabulary.fields import FIELDS
from pages.ui.tables import Column
from pages.ui.text import NOTHING, _, day, label, moment, money, number, percent, translated

# What only the arithmetic needs; the reader has it in the name, the owner or the words of another column.
HIDDEN = frozenset({
    *STANDARD, "part", "currency", "unconvertible", "backwards", "owed", "level", "scale_low", "scale_high", "wanted",
    "filled", "relationship", "top", "others", "stage_limit", "region", "opened_on", "next_step_on", "due_on", "points",
    "name", "customer", "owner", "opens", "attribution_days", "step", "reached_on", "responded_on", "control",
})  # fmt: skip
MONEY = frozenset({"amount", "annual", "budget", "cost", "covered", "open", "revenue", "target", "worth"})
# One column may hold members of one list or of another: a contract's status and a campaign's.
VOCABULARIES: Mapping[str, tuple[type[Labelled], ...]] = {
    "ageing": (Ageing,),
    "campaign_kind": (CampaignKind,),
    "channel": (Channel,),
    "contract_kind": (ContractKind,),
    "loyalty_kind": (LoyaltyKind,),
    "lost_reason": (LostReason,),
    "outcome": (StageKind,),
    "renewal": (Renewal,),
    "status": (ContractStatus, CampaignStatus),
}
WORDS = {
    "ageing": N_("Days past due"),
    "annual": N_("Value a year"),
    "answered": N_("Answered?"),
    "attitude": N_("Attitude"),
    "balance": N_("Points"),
    "behaviour": N_("Behaviour"),
    "breadth": N_("Breadth"),
    "campaign_kind": N_("Kind of campaign"),
    "contract_kind": N_("Kind"),
    "conversions": N_("Conversions"),
    "converted": N_("Converted"),
    "cost": N_("Cost"),
    "coverage": N_("Parts known"),
    "covered": N_("Received of it"),
    "cycle_days": N_("Days from opening to closing"),
    "days_in_stage": N_("Days in the stage"),
    "days_overdue": N_("Days overdue"),
    "earned": N_("Points earned"),
    "in_time": N_("In time"),
    "index": N_("Loyalty index"),
    "kept": N_("Still active"),
    "late": N_("Renewed late"),
    "loyalty_kind": N_("Kind of loyalty"),
    "members": N_("Members"),
    "missing": N_("Missing"),
    "next_tier": N_("Next tier"),
    "on_time": N_("On time"),
    "open": N_("Still open"),
    "passed": N_("Came further"),
    "payment": N_("Payment"),
    "purchase_days": N_("Days with a purchase"),
    "pushed_days": N_("Pushed by days"),
    "reached": N_("Reached"),
    "recency": N_("Recency"),
    "recommendation": N_("Recommendation"),
    "renewal": N_("Renewal"),
    "renewed": N_("Renewed"),
    "repeat": N_("Repeat purchases"),
    "responded": N_("Responded"),
    "responses": N_("Responses"),
    "revenue": N_("Revenue"),
    "silent_days": N_("Days without activity"),
    "still": N_("Still in the stage"),
    "tenure": N_("Tenure"),
    "worth": N_("Worth"),
}


def value_columns(rows: pl.DataFrame, *, currency: str, zone: str) -> list[Column]:
    """Give the columns of rows that a reader needs beside name, customer, owner and day, empty ones left out."""
    names = [name for name in rows.columns if shown(name) and rows[name].null_count() < rows.height]
    return [_column(name, rows.schema[name], currency=currency, zone=zone) for name in names]


def shown(name: str) -> bool:
    """Tell whether a column is for readers."""
    return name not in HIDDEN and not name.endswith("_id")


def words_of(name: str) -> str:
    """Give a column's heading in the reader's language."""
    return translated(message_of(name))


def message_of(name: str) -> str:
    """Give the message id of a column's heading."""
    return WORDS.get(name) or FIELDS.get(name) or name


def _column(name: str, kind: pl.DataType, *, currency: str, zone: str) -> Column:
    right = name not in VOCABULARIES and kind.is_numeric()
    return Column(name, words_of(name), _shows(name, kind, currency=currency, zone=zone), right=right)


def _shows(name: str, kind: pl.DataType, *, currency: str, zone: str) -> Callable[[Any], str]:
    by_name: dict[str, Callable[[Any], str]] = {
        **{each: _member(lists) for each, lists in VOCABULARIES.items()},
        **dict.fromkeys(MONEY, lambda value: money(value, currency=currency)),
        "quantity_e3": lambda value: number(None if value is None else value / 1000, digits=3),
        "probability": lambda value: NOTHING if value is None else percent(value / 100, digits=0),
    }
    by_kind: list[tuple[bool, Callable[[Any], str]]] = [
        (kind == pl.Date, day),
        (isinstance(kind, pl.Datetime), lambda value: moment(value, zone=zone)),
        (kind == pl.Boolean, _yes_or_no),
        (isinstance(kind, pl.List), _fields),
        (kind.is_numeric(), lambda value: number(value, digits=2)),
    ]
    fitting = [shows for fits, shows in by_kind if fits]
    return by_name.get(name) or (fitting[0] if fitting else lambda value: NOTHING if value is None else str(value))


def _member(lists: tuple[type[Labelled], ...]) -> Callable[[Any], str]:
    words = {each.value: each for vocabulary in lists for each in vocabulary}
    return lambda value: label(words[value]) if value in words else NOTHING if value is None else str(value)


def _yes_or_no(value: bool | None) -> str:  # noqa: FBT001 - a cell's value
    if value is None:
        return NOTHING
    return _("Yes") if value else _("No")


def _fields(values: Any) -> str:
    words = [] if values is None else [translated(FIELDS.get(value, value)) for value in values]
    return ", ".join(words) or NOTHING
