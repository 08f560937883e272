"""Fields of a form: drawn from what a record holds, with the message of what is wrong under each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_data.money import decimals
from crm_data.vocabulary import Labelled
from pages.ui import state
from pages.ui.text import _, label, md, told_apart

T = TypeVar("T")
_PRICE_DIGITS, _QUANTITY_DIGITS, _PERCENT_DIGITS = 4, 3, 2
_LARGEST = 1 << 53
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[-+]?\.\d+")
_DAY_FORMAT = "YYYY-MM-DD"


class Sheet:
    """One form on the screen: its fields, what was typed into them, and where each one's message goes.

    `base` is what the fields begin with; `version` is part of the widgets' keys, so that a newer record shows newer
    values; `overtaken` then says that what was typed for the older ones is gone. Draw it inside `st.form(sheet.key)`.
    """

    def __init__(self, key: str, *, base: Mapping[str, Any] | None = None, version: int = 0) -> None:
        self.key = key
        self.base = dict(base or {})
        self.version = version
        self.overtaken = state.redrawn(key, version)
        self.typed: dict[str, Any] = {}
        self.unreadable: dict[str, str] = {}
        self._slots: dict[str, DeltaGenerator] = {}

    def point_out(self, name: str, message: str) -> bool:
        """Write a message under a field; tell whether the field is on this form."""
        slot = self._slots.get(name)
        if slot is not None:
            slot.markdown(f":red[:material/error: {md(message)}]")
        return slot is not None

    def text(self, name: str, words: str, *, required: bool = False, kind: Any = "default", hint: str = "") -> str:
        """Draw a line of text."""
        return self._keep(name, st.text_input(_starred(words, required=required), value=self.base.get(name) or "",
                          key=self._widget(name), type=kind, help=hint or None, placeholder=""))  # fmt: skip

    def area(self, name: str, words: str, *, required: bool = False) -> str:
        """Draw several lines of text."""
        value = self.base.get(name) or ""
        return self._keep(name, st.text_area(_starred(words, required=required), value=value, key=self._widget(name)))

    def choice(self, name: str, words: str, options: Any, *, required: bool = False, new: bool = False) -> Any:
        """Draw a choice among a closed list, keys with words (a mapping) or plain texts; `new` ones may be typed."""
        known, shown = _options(options)
        value = self.base.get(name)
        if value is not None and value not in known:
            known.append(value)
        index = known.index(value) if value in known else (0 if required and known else None)
        picked = st.selectbox(_starred(words, required=required), known, index=index, key=self._widget(name),
                              format_func=lambda option: shown.get(option, str(option)), accept_new_options=new,
                              placeholder=_("Choose") if not new else _("Choose or type"))  # fmt: skip
        return self._keep(name, picked)

    def several(self, name: str, words: str, options: Iterable[str], *, new: bool = False) -> list[str]:
        """Draw a choice of several texts; `new` ones may be typed."""
        value = list(self.base.get(name) or [])
        known = list(dict.fromkeys([*options, *value]))
        return self._keep(name, st.multiselect(words, known, default=value, key=self._widget(name), select_all=False,
                          accept_new_options=new, placeholder=_("Choose or type") if new else _("Choose")))  # fmt: skip

    def day(self, name: str, words: str, *, required: bool = False) -> date | None:
        """Draw a day."""
        return self._keep(name, st.date_input(_starred(words, required=required), value=self.base.get(name),
                          key=self._widget(name), format=_DAY_FORMAT,
                          min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))  # fmt: skip

    def whole(
        self, name: str, words: str, *, required: bool = False, least: int | None = None, most: int | None = None
    ) -> int | None:
        """Draw a whole number."""
        value: int | None = self.base.get(name)
        typed: int | None = st.number_input(_starred(words, required=required), value=value, step=1, min_value=least,
                                            max_value=most, key=self._widget(name), placeholder="")  # fmt: skip
        return self._keep(name, typed)

    def money(self, name: str, words: str, *, currency: str, required: bool = False) -> int | None:
        """Draw an amount; what is kept is in minor units, exactly as typed."""
        places = decimals(currency)
        title = _("{field} ({currency})").format(field=words, currency=currency)
        return self._keep(name, self._scaled(name, _starred(title, required=required), places))

    def price(self, name: str, words: str, *, currency: str, required: bool = False) -> int | None:
        """Draw a unit price with up to four decimals; what is kept is in ten-thousandths."""
        title = _("{field} ({currency})").format(field=words, currency=currency)
        return self._keep(name, self._scaled(name, _starred(title, required=required), _PRICE_DIGITS))

    def quantity(self, name: str, words: str, *, required: bool = False) -> int | None:
        """Draw a quantity with up to three decimals; what is kept is in thousandths."""
        return self._keep(name, self._scaled(name, _starred(words, required=required), _QUANTITY_DIGITS))

    def percent(self, name: str, words: str) -> int | None:
        """Draw a percentage with up to two decimals; what is kept is in basis points."""
        title = _("{field} (%)").format(field=words)
        return self._keep(name, self._scaled(name, title, _PERCENT_DIGITS))

    def scaled(self, name: str, words: str, *, places: int, required: bool = False) -> int | None:
        """Draw a number with so many decimals at most; what is kept is the whole number of its smallest units."""
        return self._keep(name, self._scaled(name, _starred(words, required=required), places))

    def tick(self, name: str, words: str) -> bool:
        """Draw a yes or no."""
        return self._keep(name, st.checkbox(words, value=bool(self.base.get(name)), key=self._widget(name)))

    def hold(self, name: str, value: Any) -> None:
        """Take a value that no field asks for."""
        self.typed[name] = value

    def _scaled(self, name: str, title: str, places: int) -> int | None:
        # As text, because a number field of the browser rounds: 0.1 + 0.2 cents are nobody's business here.
        have = self.base.get(name)
        shown = "" if have is None else f"{Decimal(have).scaleb(-places):f}"
        given = st.text_input(title, value=_trimmed(shown), key=self._widget(name), placeholder="")
        try:
            return _units(given, places=places)
        except ValueError:
            self.unreadable[name] = _("Write a number like 1234.50, with at most {places} decimals.").format(
                places=places
            )
            return None

    def _keep(self, name: str, value: T) -> T:
        self.typed[name] = value
        self._slots[name] = st.empty()
        return value

    def _widget(self, name: str) -> str:
        return f"{self.key}:v{self.version}:{name}"


def options_of(vocabulary: type[Labelled]) -> dict[str, str]:
    """Give a closed list as keys with words in the reader's language."""
    return {member.value: label(member) for member in vocabulary}


def _options(options: Any) -> tuple[list[Any], dict[Any, str]]:
    if isinstance(options, type) and issubclass(options, Labelled):
        return list(options), {member: label(member) for member in options}
    if isinstance(options, Mapping):
        return list(options), told_apart({key: str(words) for key, words in options.items()})
    listed = list(options)
    return listed, {option: str(option) for option in listed}


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _units(given: str | None, *, places: int) -> int | None:
    text = re.sub(r"[\s'’]", "", unicodedata.normalize("NFKC", given or ""))
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    scaled = Decimal(text.replace(",", "")).scaleb(places)
    if scaled != scaled.to_integral_value() or abs(scaled) > _LARGEST:
        raise ValueError(text)
    return int(scaled)


def _starred(words: str, *, required: bool) -> str:
    return f"{words} \\*" if required else words
