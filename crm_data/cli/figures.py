"""The command that computes figures: kpi."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy.orm import Session

from crm_data import access, clock, db, money
from crm_data.analytics import figures, periods, series
from crm_data.analytics.figures import Comparison, Figure
from crm_data.analytics.kpi import Measure, tables_for
from crm_data.analytics.kpis import KPIS, by_key
from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables
from crm_data.cli import speech
from crm_data.cli.connection import ME, ready
from crm_data.cli.speech import Answer, say
from crm_data.terms import terms
from crm_data.vocabulary import N_, Unit

# Columns of the records behind figures that are money, in minor units of the base currency.
_AMOUNTS = {"amount", "annual", "cost", "covered", "open", "target", "revenue", "budget", "worth"}
_MONEY = {Unit.MONEY, Unit.MONEY_PER_DAY}


def offer(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    kpi = commands.add_parser("kpi", parents=[shared], help=say(N_("compute figures with their definitions")))
    kpi.add_argument("keys", nargs="*", metavar="KEY")
    kpi.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY")
    kpi.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY", help=say(N_("last day included")))
    kpi.add_argument("--by", metavar="FIELD", help=say(N_("break down by owner, team, region …")))
    kpi.add_argument("--rows", action="store_true", help=say(N_("list the records behind it")))
    kpi.set_defaults(run=_kpi)


def _kpi(arguments: argparse.Namespace) -> Answer:
    measures = [by_key(key) for key in arguments.keys] or list(KPIS)
    with db.reading(ready()) as session:
        tables = _tables(session, measures)
        period = _period(session, first=arguments.first, last=arguments.last)
    found = figures.compared(measures, tables, period=period)
    currency = tables.terms.base_currency
    documents, lines = [], []
    for measure in measures:
        document = _document(found[measure.key], period=period, currency=currency)
        lines += _lines(measure, found[measure.key], period=period, currency=currency)
        if arguments.by:
            parts = series.breakdown(measure, tables, period=period, by=arguments.by).to_dicts()
            document |= {
                "by": arguments.by,
                "parts": [_part(row, unit=measure.unit, currency=currency) for row in parts],
            }
            lines += [f"  {row['label'] or '—'}: {_words(row['value'], measure.unit, currency)}" for row in parts]
        if arguments.rows:
            rows = series.rows_of(measure, tables, period=period)
            document["rows"] = [_row(row, currency) for row in rows.to_dicts()]
            lines += [
                f"  {line}" for line in speech.table(rows.columns, [list(row.values()) for row in document["rows"]])
            ]
        documents.append(document)
    return Answer(lines, documents)


def _tables(session: Session, measures: Sequence[Measure]) -> Tables:
    return Tables(access.frames(session, ME, names=tables_for(*measures)), terms=terms(session))


def _period(session: Session, *, first: date | None, last: date | None) -> Period:
    """Give the period from one day to another; this month when neither is named, up to today without a last one."""
    house = terms(session)
    calendar = periods.calendar_of(house, today=clock.today(zone=house.time_zone))
    if first is None and last is None:
        return periods.preset(periods.Preset.THIS_MONTH, calendar=calendar)
    end = last or max(calendar.today, first or calendar.today)
    return periods.between(first or end.replace(day=1), end, calendar=calendar)


def _document(found: Comparison, *, period: Period, currency: str) -> dict[str, Any]:
    now, before = found.now, found.before
    return {
        "key": now.key,
        "value": _value(now.value, now.unit, currency),
        "unit": now.unit.value,
        "n": now.n,
        "from": period.start.isoformat(),
        "to": (period.end - timedelta(days=1)).isoformat(),
        "previous": _value(before.value, before.unit, currency),
        "note": _note(now),
    }


def _part(row: Mapping[str, Any], *, unit: Unit, currency: str) -> dict[str, Any]:
    return {"id": row["id"], "label": row["label"], "value": _value(row["value"], unit, currency), "n": row["n"]}


def _row(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Give a record behind a figure with its amounts in major units of the base currency."""
    money_in = {name: value for name, value in row.items() if name in _AMOUNTS and isinstance(value, int | float)}
    return dict(row) | {name: _value(value, Unit.MONEY, currency) for name, value in money_in.items()}


def _lines(measure: Measure, found: Comparison, *, period: Period, currency: str) -> list[str]:
    now = found.now
    head = say(
        N_("{label} ({key}): {value}, n = {n}, before: {previous}"),
        label=say(measure.label),
        key=measure.key,
        value=_words(now.value, now.unit, currency),
        n=now.n,
        previous=_words(found.before.value, now.unit, currency),
    )
    note = _note(now)
    about = [f"  {period.start} – {period.last}. {say(measure.formula)}. {say(measure.meaning)}"]
    return [head, *([f"  {note}"] if note else []), *about]


def _note(figure: Figure) -> str | None:
    return " ".join(say(note.message, **note.values) for note in figure.notes) or None


def _value(value: float | None, unit: Unit, currency: str) -> Any:
    """Give a value as other programs read it: money as an exact decimal in major units, everything else as a number."""
    if value is None or unit not in _MONEY:
        return value
    places = money.decimals(currency)
    exact = Decimal(str(value)).scaleb(-places)
    return str(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def _words(value: float | None, unit: Unit, currency: str) -> str:
    if value is None:
        return say(N_("n/a"))
    if unit in _MONEY:
        return f"{_value(value, unit, currency)} {currency}"
    if unit is Unit.PERCENT:
        return f"{value * 100:.1f} %"
    return f"{value:.2f}".rstrip("0").rstrip(".")
