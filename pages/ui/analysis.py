"""The one door to computed figures: asked once, kept while nothing changes, never older than the last saving."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

import streamlit as st

from crm_data import access, clock, db, mirror
from crm_data.access import Actor
from crm_data.analytics import kpi as declarations
from crm_data.analytics.kpi import Measure
from crm_data.analytics.narrowing import Members
from crm_data.analytics.periods import Calendar, calendar_of
from crm_data.analytics.tables import Tables, Whose
from crm_data.queries import organisation
from crm_data.terms import terms as terms_of
from crm_data.vocabulary import Action, Module, Scope
from crm_data.vocabulary.terms import Terms
from pages.ui.doors import engine, look
from pages.ui.text import _

T = TypeVar("T")
_MANY_SMALL, _FEW_LARGE = 400, 6
_WIDTHS = (Scope.NONE, Scope.OWN, Scope.TEAM, Scope.ALL)


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What was computed, and when it was last known to be up to date."""

    value: T
    as_of: datetime


class _Kept:
    """Results under their keys, the oldest given up first. Shared by all sessions: what is kept is never changed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        with self._lock:
            self._found[key] = value
            while len(self._found) > self._size:
                self._found.popitem(last=False)


_SMALL, _LARGE = _Kept(_MANY_SMALL), _Kept(_FEW_LARGE)


def load(
    question: Callable[[Tables], T], *, actor: Actor, key: tuple[Hashable, ...], reads: Iterable[str],
    whose: Whose | None = None, large: bool = False,
) -> Answer[T]:  # fmt: skip
    """Answer a question about the tables it reads, as far as the actor may see them.

    `key` names the question with all it depends on (period, filters …); the actor's reach, the day and the state of the
    database are added here and checked on every run. A `large` answer (rows) is kept only for a short while.
    """
    kept = _LARGE if large else _SMALL
    names = frozenset(reads)
    with db.reading(engine()) as session:
        mark = mirror.mark(session)
        terms = terms_of(session)
        state = (str(engine().url), mark, clock.today(zone=terms.time_zone), sight(actor), whose)
        whole = (state, key, names)
        found: tuple[T] | None = kept.get(whole)
        if found is None:
            with st.spinner(_("Computing the figures …"), show_time=False):
                frames = access.frames(session, actor, names=names)
                found = (question(Tables(frames, terms=terms, whose=whose)),)
            kept.put(whole, found)
    return Answer(found[0], clock.now())


def sight(actor: Actor) -> Hashable:
    """Give what decides which records somebody sees: two people with the same sight get the same figures."""
    scopes = tuple((module.value, actor.scope(module).value) for module in Module)
    if all(scope in {Scope.ALL, Scope.NONE} for _module, scope in scopes):
        return scopes
    return (scopes, actor.user_id, actor.member_ids)


def calendar(actor: Actor) -> tuple[Terms, Calendar]:
    """Give the terms of business and the calendar on the organisation's day."""
    terms = look(organisation.terms_for, actor)
    return terms, calendar_of(terms, today=clock.today(zone=terms.time_zone))


def reach(actor: Actor, *measures: Measure) -> Scope:
    """Give whose records these figures count for the actor: the narrowest reach of all that they read."""
    names = {name for measure in measures for name in measure.needs}
    return access.reach(actor, _modules(names))


def open_to(actor: Actor, measure: Measure) -> bool:
    """Tell whether the actor may see any of what a figure counts."""
    return reach(actor, measure) is not Scope.NONE


def scope_words(actor: Actor, *measures: Measure) -> str:
    """Say whose records figures count: two people may rightly see two numbers."""
    match reach(actor, *measures):
        case Scope.ALL:
            return _("All records")
        case Scope.TEAM if actor.team_name:
            return _("Records of team {team}").format(team=actor.team_name)
        case Scope.NONE:
            return _("Nothing is open to you")
        case _:
            return _("Your records")


def whose_of(actor: Actor, measures: Iterable[Measure], members: Members) -> Whose:
    """Give whose targets belong beside figures: those of the one owner or team that is chosen, else of what is seen."""
    owners, teams = members.get("owner", ()), members.get("team", ())
    if len(owners) == 1:
        return Whose(user_id=owners[0])
    if len(teams) == 1:
        return Whose(team_id=teams[0])
    match reach(actor, *measures):
        case Scope.ALL:
            return Whose()
        case Scope.TEAM if actor.team_id is not None:
            return Whose(team_id=actor.team_id)
        case _:
            return Whose(user_id=actor.user_id)


def reads(*measures: Measure) -> frozenset[str]:
    """Give the tables that figures and their breakdowns read, targets among them."""
    return declarations.tables_for(*measures) | {"goals"}


def exporter(actor: Actor) -> Actor:
    """Give the actor seeing only what they may also take along."""
    grants = {
        (module, Action.VIEW): min(actor.scope(module), actor.scope(module, Action.EXPORT), key=_WIDTHS.index)
        for module in Module
    }
    return replace(actor, grants=grants)


def _modules(names: Iterable[str]) -> set[Module]:
    """Give the modules that govern these tables, without those that everybody may look into."""
    models = {model.__tablename__: model for model in access.RULES}
    rules = [(models[name], access.RULES[models[name]]) for name in names]
    closed = [model for model, rule in rules if not (isinstance(rule, access.Shared) and rule.open_to_view)]
    return {access.module_of(model) for model in closed}
