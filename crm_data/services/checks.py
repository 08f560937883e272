"""What every record is checked for before it is saved, each with a sentence that says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, false, inspect, or_, select
from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.errors import InvalidError, InvalidFormError
from crm_data.models import Base, Customer, Record
from crm_data.models.base import digits, fold
from crm_data.vocabulary import N_

_EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;.]{2,}")
_FEWEST_DIGITS, _MOST_DIGITS = 5, 20


def only(values: Mapping[str, Any], allowed: Iterable[str]) -> dict[str, Any]:
    """Keep what may be set by hand, texts trimmed and empty ones as nothing; an unknown name is a programming error."""
    unknown = set(values) - set(allowed)
    if unknown:
        raise KeyError(f"not editable: {sorted(unknown)}")
    return {name: _tidy(value) for name, value in values.items()}


def all_of(*checks: Callable[[], None]) -> None:
    """Run every check and raise InvalidFormError with all that is wrong, so that a person mends it in one go."""
    problems = []
    for check in checks:
        try:
            check()
        except InvalidError as problem:
            problems.append(problem)
    if problems:
        raise InvalidFormError(N_("Some fields need another value. Nothing was saved."), problems=problems)


def filled(row: Record, *names: str) -> None:
    """Raise InvalidError for the first of the fields that is empty."""
    for name in names:
        if getattr(row, name) in (None, "", []):
            raise InvalidError(N_("Please fill in this field."), field=name)


def short_enough(row: Record) -> None:
    """Raise InvalidError for the first text that is longer than its column."""
    for column in inspect(type(row)).columns:
        length = getattr(column.type, "length", None)
        value = getattr(row, column.key)
        if length and isinstance(value, str) and len(value) > length:
            message = N_("This text is too long: {length} characters at most.")
            raise InvalidError(message, field=column.key, length=length)


def unique(session: Session, row: Record, name: str) -> None:
    """Raise InvalidError when another row (in the bin too) has the same value."""
    model: Any = type(row)
    value = getattr(row, name)
    if value is None:
        return
    with session.no_autoflush:
        taken = session.scalar(select(model.id).where(getattr(model, name) == value, model.id != (row.id or 0)))
    if taken is not None:
        raise InvalidError(N_("“{value}” is taken by another record."), field=name, value=value)


def email(row: Record, name: str) -> None:
    """Raise InvalidError unless the field is empty or looks like an address that can be written to."""
    value = getattr(row, name)
    if value and not _EMAIL.fullmatch(value):
        raise InvalidError(N_("This is not an e-mail address. Write it like name@example.com."), field=name)


def phone(row: Record, name: str) -> None:
    """Raise InvalidError unless the field is empty or has between 5 and 20 digits and no letters."""
    value = getattr(row, name)
    if not value:
        return
    if not _FEWEST_DIGITS <= len(digits(value)) <= _MOST_DIGITS or re.search(r"[^\W\d]{4,}", value):
        raise InvalidError(N_("This is not a phone number. Write digits, as in +86 10 1234 5678."), field=name)


def website(row: Record, name: str) -> None:
    """Raise InvalidError unless the field is empty or a web address; anything else could hide a script."""
    value = getattr(row, name)
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
        raise InvalidError(N_("A web address begins with https:// or http://."), field=name)


def not_negative(row: Record, *names: str) -> None:
    """Raise InvalidError for the first of the fields that is below zero."""
    for name in names:
        value = getattr(row, name)
        if value is not None and value < 0:
            raise InvalidError(N_("This cannot be negative."), field=name)


def past(row: Record, name: str, *, today: date | None = None) -> None:
    """Raise InvalidError when the day lies ahead of `today` (see terms.today; without it the day in UTC)."""
    value = getattr(row, name)
    if value is not None and value > (today or clock.today()):
        raise InvalidError(N_("This day lies in the future."), field=name)


def open_to(session: Session, actor: Actor, row: Record, name: str, *, of: type[Base] = Customer) -> None:
    """Raise InvalidError unless the field is empty or names a record that the actor may see."""
    key, model = getattr(row, name), cast(Any, of)
    if key is None:
        return
    with session.no_autoflush:
        seen = session.scalar(access.visible(actor, select(model.id).where(model.id == key), of))
    if seen is None:
        raise InvalidError(N_("This record does not exist, was deleted, or is not open to you."), field=name)


def ordered(row: Record, first: str, last: str) -> None:
    """Raise InvalidError when the second day comes before the first."""
    early, late = getattr(row, first), getattr(row, last)
    if early is not None and late is not None and late < early:
        raise InvalidError(N_("The end comes before the beginning."), field=last)


def resembles(values: Mapping[str, Any]) -> ColumnElement[bool]:
    """Give the SQL condition for customers with the same folded name, e-mail or phone digits."""
    lines = [fold(str(values[name])) for name in ("name", "email") if values.get(name)]
    lines += [digits(values["phone"])] if values.get("phone") else []
    text = "\n" + Customer.search_text + "\n"
    return or_(false(), *(text.contains(f"\n{line}\n", autoescape=True) for line in lines if line))


def _tidy(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) and not isinstance(value, Enum) else value
