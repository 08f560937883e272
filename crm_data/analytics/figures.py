"""What a key figure comes to in a period: its value, how sure it is, what must be said beside it, and what changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from crm_data.analytics.kpi import SHARE_UNITS, Composed, Counting, Kpi, Measure
from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables, gather
from crm_data.vocabulary import N_, Better, Unit

_REMARK, _TALLY = "remark_", "tally_"


@dataclass(frozen=True)
class Note:
    """A sentence beside a figure: message id and values."""

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A key figure's value in a period: money in minor units of the base currency, rates as fractions.

    `value` is None when it cannot be computed honestly; the first note then says why. `low` and `high` bound it in 95
    of 100 cases. `small_sample` marks few cases; with `too_few` the first note says more than the number.
    `tally` are named counts of its rows; `parts` the figures it is made of.
    """

    key: str
    value: float | None
    unit: Unit
    n: int
    low: float | None = None
    high: float | None = None
    small_sample: bool = False
    too_few: bool = False
    notes: tuple[Note, ...] = ()
    unfinished: bool = False
    tally: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def note(self) -> Note | None:
        """The sentence that matters most, if any."""
        return self.notes[0] if self.notes else None


class ChangeKind(StrEnum):
    """How a change is said: as a share of the value before, as a difference, as new after nothing, or as the same."""

    RATIO = "ratio"
    DIFFERENCE = "difference"
    NEW = "new"
    SAME = "same"


@dataclass(frozen=True)
class Change:
    """The way from one figure to another. `good` is None when neither direction is; `clear` tells whether it is more
    than chance makes, None where a figure has no limits.
    """

    kind: ChangeKind
    value: float | None
    good: bool | None
    clear: bool | None


@dataclass(frozen=True)
class Comparison:
    """A figure, the one to compare with and its period; `change` is None where one of them has no value."""

    now: Figure
    before: Figure
    period: Period
    change: Change | None


def figure(measure: Measure, tables: Tables, *, period: Period) -> Figure:
    """Compute one key figure for a period."""
    return figures([measure], tables, period=period)[measure.key]


def figures(measures: Sequence[Measure], tables: Tables, *, period: Period) -> dict[str, Figure]:
    """Compute several key figures for a period in one pass, by key."""
    return _computed(measures, tables, (period,))[0]


def compared(
    measures: Sequence[Measure], tables: Tables, *, period: Period, with_period: Period | None = None
) -> dict[str, Comparison]:
    """Compute key figures for a period and the one before it (or another one) in one pass, with the change, by key."""
    base = with_period or period.previous()
    now, before = _computed(measures, tables, (period, base))
    small = tables.terms.small_sample
    return {
        measure.key: Comparison(
            now[measure.key],
            before[measure.key],
            base,
            change(now[measure.key], before[measure.key], better=measure.better, small=small),
        )
        for measure in measures
    }


def change(now: Figure, before: Figure, *, better: Better, small: int = 30) -> Change | None:
    """Give the way from one figure to another: from 0 it is new, never a percentage; rates and days as differences."""
    if now.value is None or before.value is None:
        return None
    difference = now.value - before.value
    good = None if not difference or better is Better.NEITHER else (difference > 0) == (better is Better.HIGHER)
    clear = _clear(now, before, small=small)
    if difference == 0:
        return Change(ChangeKind.SAME, None, good, clear)
    if now.unit in SHARE_UNITS | {Unit.DAYS, Unit.HOURS} or before.value < 0:
        return Change(ChangeKind.DIFFERENCE, difference, good, clear)
    if before.value == 0:
        return Change(ChangeKind.NEW, None, good, clear)
    return Change(ChangeKind.RATIO, difference / before.value, good, clear)


def refusal(kpi: Kpi, period: Period) -> str | None:
    """Say why a figure cannot be known for a period at all; None when it can."""
    if not period.begun and not kpi.ahead:
        return N_("This period has not begun.")
    if kpi.counting is Counting.NOW and period.as_of < period.calendar.today:
        return N_("Only today's state is known: earlier states of these records are not kept.")
    return None


def aggregates(kpi: Kpi) -> list[pl.Expr]:
    """List the expressions over a figure's rows: value, n, low, high, its remarks and its tally."""
    low, high = kpi.limits or (pl.lit(None, pl.Float64), pl.lit(None, pl.Float64))
    remarks = [remark.count.alias(f"{_REMARK}{place}") for place, remark in enumerate(kpi.remarks)]
    tally = [count.alias(f"{_TALLY}{name}") for name, count in kpi.tally.items()]
    return [kpi.value.alias("value"), kpi.n.alias("n"), low.alias("low"), high.alias("high"), *remarks, *tally]


def combined(composed: Composed) -> list[pl.Expr]:
    """List the expressions over columns named after the parts: value and the place of the first reason that holds."""
    chosen = pl.coalesce(
        *(pl.when(condition).then(pl.lit(place)) for place, (condition, _) in enumerate(composed.reasons)),
        pl.lit(None, pl.Int32),
    )
    value = composed.value if not composed.reasons else pl.when(chosen.is_null()).then(composed.value)
    return [value.alias("value"), chosen.alias("reason")]


def parts_of(measures: Iterable[Measure]) -> list[Kpi]:
    """List the plain figures that these consist of, each once."""
    plain = [part for measure in measures for part in (measure.parts if isinstance(measure, Composed) else (measure,))]
    return list({kpi.key: kpi for kpi in plain}.values())


def known(value: Any) -> float | None:
    """Give a computed value, or None for what is no number."""
    return None if value is None or (isinstance(value, float) and not math.isfinite(value)) else value


def _computed(measures: Sequence[Measure], tables: Tables, periods: Sequence[Period]) -> list[dict[str, Figure]]:
    kpis = parts_of(measures)
    jobs = [(place, kpi) for place, period in enumerate(periods) for kpi in kpis if refusal(kpi, period) is None]
    plans = [kpi.rows(tables, periods[place]).select(aggregates(kpi)) for place, kpi in jobs]
    rows = {(place, kpi.key): frame.row(0, named=True) for (place, kpi), frame in zip(jobs, gather(plans), strict=True)}
    made = []
    for place, period in enumerate(periods):
        plain = {kpi.key: _figure(kpi, rows.get((place, kpi.key)), tables, period) for kpi in kpis}
        made.append(
            {
                measure.key: _composed(measure, plain, period) if isinstance(measure, Composed) else plain[measure.key]
                for measure in measures
            }
        )
    return made


def _figure(kpi: Kpi, row: Mapping[str, Any] | None, tables: Tables, period: Period) -> Figure:
    if row is None:
        why = Note(refusal(kpi, period) or kpi.empty)
        return Figure(kpi.key, None, kpi.unit, 0, notes=(why,), unfinished=period.unfinished)
    n, value = int(row["n"] or 0), known(row["value"])
    tally = {name: int(row[f"{_TALLY}{name}"] or 0) for name in kpi.tally}
    too_few = value is not None and n < kpi.min_n
    notes = [Note(kpi.empty)] if value is None else []
    notes += [Note(kpi.few, {**tally, "n": n, "needed": kpi.min_n})] if too_few else []
    counts = [(remark.message, int(row[f"{_REMARK}{place}"] or 0)) for place, remark in enumerate(kpi.remarks)]
    return Figure(
        kpi.key,
        value,
        kpi.unit,
        n,
        low=known(row["low"]),
        high=known(row["high"]),
        small_sample=value is not None and kpi.limits is not None and n < tables.terms.small_sample,
        too_few=too_few,
        notes=(*notes, *(Note(message, {"count": count}) for message, count in counts if count)),
        unfinished=period.unfinished,
        tally=tally,
    )


def _composed(composed: Composed, plain: Mapping[str, Figure], period: Period) -> Figure:
    parts = {part.key: plain[part.key] for part in composed.parts}
    columns = {key: [part.value] for key, part in parts.items()} | {"days": [round(period.days * period.elapsed)]}
    frame = pl.LazyFrame(columns, schema_overrides=dict.fromkeys(parts, pl.Float64))
    row = gather([frame.select(combined(composed))])[0].row(0, named=True)
    value = known(row["value"])
    notes = [] if value is not None else [_reason(composed, parts, row["reason"])]
    said = [note for part in parts.values() if part.value is not None for note in part.notes]
    return Figure(
        composed.key,
        round(value) if value is not None and composed.unit is Unit.MONEY else value,
        composed.unit,
        parts[composed.n_of].n,
        small_sample=value is not None and any(part.small_sample for part in parts.values()),
        notes=_each_once([*notes, *map(Note, composed.remarks), *said]),
        unfinished=period.unfinished,
        parts=parts,
    )


def _reason(composed: Composed, parts: Mapping[str, Figure], place: int | None) -> Note:
    if place is not None:
        return Note(composed.reasons[place][1])
    missing = [part.note for part in parts.values() if part.value is None and part.note]
    return missing[0] if missing else Note(N_("There is nothing to divide by in this period."))


def _each_once(notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple(note for place, note in enumerate(notes) if note not in notes[:place])


def _clear(now: Figure, before: Figure, *, small: int) -> bool | None:
    """Newcombe's way with any two intervals: the difference is clear when its own limits leave out zero."""
    ends = (now.value, now.low, now.high, before.value, before.low, before.high)
    if any(end is None for end in ends):
        return None
    if min(now.n, before.n) < small:
        return False
    value, low, high, base, base_low, base_high = (float(end) for end in ends if end is not None)
    if value > base:
        return value - base > math.hypot(value - low, base_high - base)
    return base - value > math.hypot(high - value, base - base_low)
