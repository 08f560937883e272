"""The stretch of time a figure is about, the one before it, and the buckets it falls into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crm_data.errors import InvalidError
from crm_data.money import months_after
from crm_data.vocabulary import N_, Labelled
from crm_data.vocabulary.terms import Terms

_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class Grain(Labelled):
    """How finely a period is cut into buckets."""

    DAY = "day", N_("By day")
    WEEK = "week", N_("By week")
    MONTH = "month", N_("By month")
    QUARTER = "quarter", N_("By quarter")
    YEAR = "year", N_("By year")


class Preset(Labelled):
    """The periods a person chooses by name."""

    TODAY = "today", N_("Today")
    THIS_WEEK = "this_week", N_("This week")
    LAST_WEEK = "last_week", N_("Last week")
    THIS_MONTH = "this_month", N_("This month")
    LAST_MONTH = "last_month", N_("Last month")
    THIS_QUARTER = "this_quarter", N_("This quarter")
    LAST_QUARTER = "last_quarter", N_("Last quarter")
    THIS_YEAR = "this_year", N_("This year")
    LAST_YEAR = "last_year", N_("Last year")
    THIS_FISCAL_YEAR = "this_fiscal_year", N_("This fiscal year")
    LAST_FISCAL_YEAR = "last_fiscal_year", N_("Last fiscal year")
    WEEK_TO_DATE = "week_to_date", N_("Week to date")
    MONTH_TO_DATE = "month_to_date", N_("Month to date")
    QUARTER_TO_DATE = "quarter_to_date", N_("Quarter to date")
    YEAR_TO_DATE = "year_to_date", N_("Year to date")
    FISCAL_YEAR_TO_DATE = "fiscal_year_to_date", N_("Fiscal year to date")
    LAST_30_DAYS = "last_30_days", N_("Last 30 days")
    LAST_90_DAYS = "last_90_days", N_("Last 90 days")
    LAST_365_DAYS = "last_365_days", N_("Last 365 days")
    CUSTOM = "custom", N_("Chosen days")


@dataclass(frozen=True)
class Calendar:
    """The organisation's day and habits: `week_start` 1 is Monday, `fiscal_start` the fiscal year's first month."""

    today: date
    week_start: int = 1
    fiscal_start: int = 1

    def start_of(self, grain: Grain, day: date) -> date:
        """Give the first day of the day, week, month, quarter or year that a day lies in."""
        match grain:
            case Grain.DAY:
                return day
            case Grain.WEEK:
                return day - timedelta(days=(day.isoweekday() - self.week_start) % 7)
            case Grain.MONTH:
                return day.replace(day=1)
            case Grain.QUARTER:
                return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            case _:
                return date(day.year, 1, 1)

    def fiscal_year(self, day: date) -> date:
        """Give the first day of the fiscal year that a day lies in."""
        return date(day.year - (day.month < self.fiscal_start), self.fiscal_start, 1)


@dataclass(frozen=True)
class Period:
    """The days from `start` up to, but not including, `end`, as seen on the calendar's today.

    `unit` is set for a calendar unit: the period before it is then the unit before. `to_date` means the unit's days up
    to today: the period before it then has as many days of the unit before.
    """

    start: date
    end: date
    calendar: Calendar
    unit: Grain | None = None
    to_date: bool = False
    preset: Preset = Preset.CUSTOM

    @property
    def last(self) -> date:
        """The last day included."""
        return self.end - _DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def unfinished(self) -> bool:
        """Whether some of it is still to come, today counted as running."""
        return self.end > self.calendar.today

    @property
    def begun(self) -> bool:
        """Whether its first day has come."""
        return self.start <= self.calendar.today

    @property
    def as_of(self) -> date:
        """The day on whose evening stock figures are taken: the last one, or today while it runs."""
        return max(self.start, min(self.last, self.calendar.today))

    @property
    def elapsed(self) -> float:
        """The share of its days that have come, today included."""
        passed = (min(self.end, self.calendar.today + _DAY) - self.start).days
        return max(passed, 0) / self.days

    @property
    def grain(self) -> Grain:
        """The grain whose buckets read well on one chart."""
        limits = {35: Grain.DAY, 183: Grain.WEEK, 1_100: Grain.MONTH, 3_700: Grain.QUARTER}
        return next((grain for limit, grain in limits.items() if self.days <= limit), Grain.YEAR)

    def previous(self) -> Period:
        """Give the period to compare with: the calendar unit before, as many elapsed days of it, or as many days."""
        if self.unit is None:
            start, end = self.start - timedelta(days=self.days), self.start
        else:
            start = _stepped(self.start, self.unit, steps=-1)
            end = min(start + timedelta(days=self.days), self.start) if self.to_date else self.start
        return replace(self, start=start, end=end, preset=Preset.CUSTOM)

    def last_year(self) -> Period:
        """Give the same period a year earlier: whole months as whole months, weeks by 52 weeks, else as many days."""
        weekly = self.unit is Grain.WEEK
        start = self.start - timedelta(weeks=52) if weekly else months_after(self.start, months=-12)
        whole_months = self.start.day == 1 and self.end.day == 1 and not self.to_date
        end = months_after(self.end, months=-12) if whole_months else start + timedelta(days=self.days)
        return replace(self, start=start, end=end, preset=Preset.CUSTOM)

    def buckets(self, grain: Grain) -> tuple[Period, ...]:
        """Cut it into calendar units that cover every day once; the first and the last one may be cut short."""
        made = []
        start = self.start
        while start < self.end:
            unit_start = self.calendar.start_of(grain, start)
            unit_end = _stepped(unit_start, grain, steps=1)
            whole = start == unit_start and unit_end <= self.end
            end = min(unit_end, self.end)
            made.append(Period(start, end, self.calendar, unit=grain if whole else None))
            start = end
        return tuple(made)

    def query(self) -> dict[str, str]:
        """Give it as parameters of an address: the preset's name, or the first and the last day included."""
        if self.preset is not Preset.CUSTOM:
            return {"period": self.preset.value}
        return {"period": self.preset.value, "from": self.start.isoformat(), "to": self.last.isoformat()}


def calendar_of(terms: Terms, *, today: date) -> Calendar:
    """Give the organisation's calendar on a day."""
    return Calendar(today, terms.week_start, terms.fiscal_year_start_month)


def preset(name: Preset, *, calendar: Calendar) -> Period:
    """Give a period by its name as of the calendar's today; CUSTOM has no days of its own and raises KeyError."""
    return replace(_PRESETS[name](calendar), preset=name)


def between(first: date, last: date, *, calendar: Calendar) -> Period:
    """Give the period from one day to another, both included; InvalidError when they are the wrong way round."""
    if last < first:
        raise InvalidError(N_("The period ends before it begins. Exchange the two days."), field="to")
    if first.year < _FIRST_YEAR or last.year > _LAST_YEAR:
        message = N_("Choose days between the years {first} and {last}.")
        raise InvalidError(message, field="from", first=_FIRST_YEAR, last=_LAST_YEAR)
    return Period(first, last + _DAY, calendar)


def parse(query: Mapping[str, str], *, calendar: Calendar, default: Preset = Preset.THIS_MONTH) -> Period:
    """Read a period from an address as `Period.query` writes it; what cannot be read gives the default."""
    try:
        if query.get("from") and query.get("to"):
            first, last = date.fromisoformat(query["from"]), date.fromisoformat(query["to"])
            return between(first, last, calendar=calendar)
        return preset(Preset(query.get("period") or default), calendar=calendar)
    except (ValueError, KeyError, InvalidError):
        return preset(default, calendar=calendar)


_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_DAYS = {Grain.DAY: 1, Grain.WEEK: 7}


def _stepped(day: date, grain: Grain, *, steps: int) -> date:
    if grain in _MONTHS:
        return months_after(day, months=steps * _MONTHS[grain])
    return day + timedelta(days=steps * _DAYS[grain])


_Maker = Callable[[Calendar], Period]


def _unit(grain: Grain, *, back: int = 0, to_date: bool = False, fiscal: bool = False) -> _Maker:
    def make(calendar: Calendar) -> Period:
        today = calendar.today
        now = calendar.fiscal_year(today) if fiscal else calendar.start_of(grain, today)
        start = _stepped(now, grain, steps=-back)
        end = today + _DAY if to_date else _stepped(start, grain, steps=1)
        return Period(start, end, calendar, unit=grain, to_date=to_date)

    return make


def _rolling(days: int) -> _Maker:
    def make(calendar: Calendar) -> Period:
        end = calendar.today + _DAY
        return Period(end - timedelta(days=days), end, calendar)

    return make


_PRESETS: Mapping[Preset, _Maker] = {
    Preset.TODAY: _unit(Grain.DAY),
    Preset.THIS_WEEK: _unit(Grain.WEEK),
    Preset.LAST_WEEK: _unit(Grain.WEEK, back=1),
    Preset.THIS_MONTH: _unit(Grain.MONTH),
    Preset.LAST_MONTH: _unit(Grain.MONTH, back=1),
    Preset.THIS_QUARTER: _unit(Grain.QUARTER),
    Preset.LAST_QUARTER: _unit(Grain.QUARTER, back=1),
    Preset.THIS_YEAR: _unit(Grain.YEAR),
    Preset.LAST_YEAR: _unit(Grain.YEAR, back=1),
    Preset.THIS_FISCAL_YEAR: _unit(Grain.YEAR, fiscal=True),
    Preset.LAST_FISCAL_YEAR: _unit(Grain.YEAR, back=1, fiscal=True),
    Preset.WEEK_TO_DATE: _unit(Grain.WEEK, to_date=True),
    Preset.MONTH_TO_DATE: _unit(Grain.MONTH, to_date=True),
    Preset.QUARTER_TO_DATE: _unit(Grain.QUARTER, to_date=True),
    Preset.YEAR_TO_DATE: _unit(Grain.YEAR, to_date=True),
    Preset.FISCAL_YEAR_TO_DATE: _unit(Grain.YEAR, to_date=True, fiscal=True),
    Preset.LAST_30_DAYS: _rolling(30),
    Preset.LAST_90_DAYS: _rolling(90),
    Preset.LAST_365_DAYS: _rolling(365),
}
