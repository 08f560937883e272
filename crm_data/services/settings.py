"""The organisation's settings: what an administrator may set, and what would be wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, get_type_hints
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import ConflictError, FieldConflict, InvalidError
from crm_data.locale import LANGUAGES
from crm_data.models import Contract, Opportunity, Product, Setting
from crm_data.services import changes, checks
from crm_data.terms import terms
from crm_data.vocabulary import N_, Action, ChangeAction, Module
from crm_data.vocabulary.terms import Terms

_LONGEST_NAME = 100
_MOST = 100_000
# What must be at least one: without it figures would divide by nothing or count nobody.
_POSITIVE = {"inactivity_days", "small_sample"}
_RANGES = {"fiscal_year_start_month": (1, 12), "week_start": (1, 7)}


def change(session: Session, actor: Actor, *, base: Mapping[str, Any], mine: Mapping[str, Any]) -> int:
    """Set terms from the values that were shown (`base`) to those that were typed; give the number that changed.

    Raises ConflictError when somebody else set the same terms meanwhile, and InvalidFormError for what cannot be.
    """
    access.require(actor, Module.SETTINGS, Action.CONFIGURE)
    kinds = get_type_hints(Terms)
    typed = {name: value for name, value in checks.only(mine, kinds).items() if name not in base or base[name] != value}
    stored = asdict(terms(session))
    checks.all_of(*(_check(session, name, value, kind=kinds[name]) for name, value in typed.items()),
                  lambda: _some_weight({**stored, **typed}))  # fmt: skip
    _refuse_overtaken(stored, base=base, typed=typed)
    rows = {row.key: row for row in session.scalars(select(Setting).where(Setting.key.in_(typed)))}
    for name, value in typed.items():
        if name in rows:
            rows[name].value, rows[name].deleted_at = str(value), None
        else:
            session.add(Setting(key=name, value=str(value)))
    changes.current(session).action = ChangeAction.CONFIGURE
    session.flush()
    return len(typed)


def _refuse_overtaken(stored: Mapping[str, Any], *, base: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
    clashes = {
        name: FieldConflict(base[name], stored[name], value)
        for name, value in typed.items()
        if name in base and stored[name] not in (base[name], value)
    }
    if clashes:
        message = N_("Somebody else changed these settings meanwhile. Open the page again.")
        raise ConflictError(message, fields=clashes, version=0)


def _check(session: Session, name: str, value: Any, *, kind: type) -> Callable[[], None]:
    def check() -> None:
        if value is None:
            raise InvalidError(N_("Please fill in this field."), field=name)
        if kind is int:
            _whole(name, value)
        elif name in _TEXTS:
            _TEXTS[name](session, name, str(value))

    return check


def _whole(name: str, value: int) -> None:
    least, most = _RANGES.get(name, (1 if name in _POSITIVE else 0, _MOST))
    if not least <= value <= most:
        raise InvalidError(N_("Write a whole number from {least} to {most}."), field=name, least=least, most=most)


def _company(_session: Session, name: str, value: str) -> None:
    if len(value) > _LONGEST_NAME:
        message = N_("This text is too long: {length} characters at most.")
        raise InvalidError(message, field=name, length=_LONGEST_NAME)


def _currency(session: Session, name: str, value: str) -> None:
    if value not in list_currencies():
        raise InvalidError(N_("“{value}” is not a currency code. Write it like CNY or EUR."), field=name, value=value)
    models: tuple[Any, ...] = (Contract, Opportunity, Product)
    if any(session.scalar(select(model.id).limit(1)) is not None for model in models):
        raise InvalidError(
            N_("There are amounts in the base currency already. It cannot be changed any more."), field=name
        )


def _zone(_session: Session, name: str, value: str) -> None:
    if value not in available_timezones():
        raise InvalidError(N_("“{value}” is not a time zone. Write it like Asia/Shanghai."), field=name, value=value)


def _language(_session: Session, name: str, value: str) -> None:
    if value not in LANGUAGES:
        raise InvalidError(N_("There is no language “{value}”."), field=name, value=value)


def _some_weight(values: Mapping[str, Any]) -> None:
    weights = [value for name, value in values.items() if name.startswith("loyalty_weight_")]
    if all(isinstance(weight, int) for weight in weights) and not sum(weights):
        raise InvalidError(N_("At least one weight must be above zero."), field="loyalty_weight_repeat")


_TEXTS: Mapping[str, Callable[[Session, str, str], None]] = {
    "company_name": _company,
    "base_currency": _currency,
    "time_zone": _zone,
    "language": _language,
}
