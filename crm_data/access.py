"""Who may see and do what: the acting user, the roles' permissions and the reach of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl
from sqlalchemy import ColumnElement, Select, exists, false, select, true
from sqlalchemy.orm import Session, aliased

from crm_data import mirror, models
from crm_data.errors import NotAllowedError, NotFoundError
from crm_data.models.base import Base
from crm_data.vocabulary import N_, Action, Module, Role, Scope

Row = TypeVar("Row", bound=Base)
Chosen = TypeVar("Chosen", bound="Select[*tuple[Any, ...]]")
Grants = Mapping[tuple[Module, Action], Scope]


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in user, or the system with rights of its own.

    `member_ids` are the users whose records count as the team's: those of the own team and the teams below it.
    """

    user_id: int | None
    username: str
    name: str
    role: Role
    grants: Grants
    team_id: int | None = None
    team_name: str = ""
    member_ids: frozenset[int] = frozenset()
    locale: str | None = None
    is_demo: bool = field(default=False, compare=False)

    def scope(self, module: Module, action: Action = Action.VIEW) -> Scope:
        """Give whose records the actor may do this with."""
        return self.grants.get((module, action), Scope.NONE)

    def may(self, module: Module, action: Action = Action.VIEW) -> bool:
        """Tell whether the actor may do this with any record at all."""
        return self.scope(module, action) is not Scope.NONE

    def owner_ids(self, scope: Scope) -> frozenset[int] | None:
        """Give the users whose records a scope covers; None means everybody's, and nobody's."""
        own = frozenset() if self.user_id is None else frozenset({self.user_id})
        return {Scope.NONE: frozenset(), Scope.OWN: own, Scope.TEAM: own | self.member_ids}.get(scope)


def system(name: str, *, rights: Iterable[tuple[Module, Action]] | None = None) -> Actor:
    """Make the actor of a command or background job, with the rights it names (all of them by default)."""
    named = list(rights) if rights is not None else [(module, action) for module in Module for action in Action]
    return Actor(None, name, name, Role.ADMIN, dict.fromkeys(named, Scope.ALL))


@dataclass(frozen=True)
class Owned:
    """Records belong to the user in a column."""

    module: Module
    column: str = "owner_id"


@dataclass(frozen=True)
class Part:
    """Records are parts of another record and as visible as it is."""

    of: type[Base]
    column: str
    module: Module | None = None


@dataclass(frozen=True)
class Shared:
    """Records belong to everybody whom the module is open to; with `open_to_view` everybody may look at them."""

    module: Module
    open_to_view: bool = False


Rule = Owned | Part | Shared

RULES: Mapping[type[Base], Rule] = {
    models.Customer: Owned(Module.CUSTOMERS),
    models.Contact: Part(models.Customer, "customer_id"),
    models.LifecycleMove: Part(models.Customer, "customer_id"),
    models.Consent: Part(models.Customer, "customer_id"),
    models.Activity: Part(models.Customer, "customer_id", Module.ACTIVITIES),
    models.Task: Owned(Module.TASKS, "assignee_id"),
    models.Touchpoint: Shared(Module.ACTIVITIES),
    models.ProductCategory: Shared(Module.PRODUCTS),
    models.Product: Shared(Module.PRODUCTS),
    models.Stage: Shared(Module.SETTINGS, open_to_view=True),
    models.Opportunity: Owned(Module.OPPORTUNITIES),
    models.OpportunityLine: Part(models.Opportunity, "opportunity_id"),
    models.OpportunityEvent: Part(models.Opportunity, "opportunity_id"),
    models.StageStay: Part(models.Opportunity, "opportunity_id"),
    models.Contract: Owned(Module.CONTRACTS),
    models.ContractLine: Part(models.Contract, "contract_id"),
    models.Milestone: Part(models.Contract, "contract_id"),
    models.Instalment: Part(models.Contract, "contract_id"),
    models.Receipt: Part(models.Contract, "contract_id"),
    models.Survey: Shared(Module.SATISFACTION),
    models.Invitation: Part(models.Customer, "customer_id", Module.SATISFACTION),
    models.Response: Part(models.Customer, "customer_id", Module.SATISFACTION),
    models.LoyaltyTier: Shared(Module.LOYALTY),
    models.LoyaltyEntry: Part(models.Customer, "customer_id", Module.LOYALTY),
    models.Campaign: Owned(Module.CAMPAIGNS),
    models.CampaignCost: Part(models.Campaign, "campaign_id"),
    models.CampaignVariant: Part(models.Campaign, "campaign_id"),
    models.CampaignMember: Part(models.Campaign, "campaign_id"),
    models.Goal: Shared(Module.GOALS, open_to_view=True),
    models.User: Shared(Module.USERS, open_to_view=True),
    models.Team: Shared(Module.USERS, open_to_view=True),
    models.Setting: Shared(Module.SETTINGS, open_to_view=True),
    models.RolePermission: Shared(Module.SETTINGS, open_to_view=True),
    models.ExchangeRate: Shared(Module.SETTINGS, open_to_view=True),
}


def module_of(model: type[Base]) -> Module:
    """Give the module whose permissions govern a kind of record."""
    rule = RULES[model]
    if isinstance(rule, Part):
        return rule.module or module_of(rule.of)
    return rule.module


def scope_for(actor: Actor, model: type[Base], *, action: Action = Action.VIEW) -> Scope:
    """Give whose records of a kind the actor may do this with."""
    rule = RULES[model]
    if isinstance(rule, Shared) and rule.open_to_view and action is Action.VIEW:
        return Scope.ALL
    return actor.scope(module_of(model), action)


def require(actor: Actor, module: Module, action: Action) -> None:
    """Raise NotAllowedError unless the actor may do this with some records."""
    if not actor.may(module, action):
        raise NotAllowedError(
            N_("Your role does not allow this. Ask an administrator for the permission “{action}” in “{module}”."),
            action=action,
            module=module,
        )


def covered(actor: Actor, model: type[Base], action: Action) -> ColumnElement[bool]:
    """Give the SQL condition under which the actor may do this with a row of the model."""
    rule = RULES[model]
    scope = scope_for(actor, model, action=action)
    if scope is Scope.NONE:
        return false()
    if isinstance(rule, Part):
        return _part_covered(actor, model, rule=rule, action=action, scope=scope)
    owners = actor.owner_ids(scope)
    if isinstance(rule, Shared) or owners is None:
        return true()
    condition: ColumnElement[bool] = _column(model, rule.column).in_(sorted(owners))
    return condition


def visible(actor: Actor, statement: Chosen, model: type[Base], *, action: Action = Action.VIEW) -> Chosen:
    """Narrow a select to rows of the model that the actor may see (or edit, export …), none from the bin."""
    narrowed = statement.where(covered(actor, model, action))
    return narrowed.where(_column(model, "deleted_at").is_(None)) if hasattr(model, "deleted_at") else narrowed


def fetch(session: Session, actor: Actor, model: type[Row], record_id: int, *, action: Action = Action.VIEW) -> Row:
    """Load one record to look at or to change.

    Raises NotFoundError when it is missing, in the bin or not to be seen, and NotAllowedError when it may be seen but
    not be changed like that.
    """
    wanted = visible(actor, select(model).where(_column(model, "id") == record_id), model)
    row: Row | None = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFoundError(N_("This record does not exist, was deleted, or is not open to you."))
    if action is not Action.VIEW:
        demand(session, actor, row, action=action)
    return row


def demand(session: Session, actor: Actor, row: Base, *, action: Action) -> None:
    """Raise NotAllowedError unless the actor may do this with this very record."""
    model = type(row)
    require(actor, module_of(model), action)
    mine = select(_column(model, "id")).where(_column(model, "id") == _column(row, "id"), covered(actor, model, action))
    if session.scalar(mine) is None:
        raise NotAllowedError(
            N_("This record belongs to somebody else. Ask its owner or an administrator to change it.")
        )


def frames(session: Session, actor: Actor, *, names: Iterable[str] | None = None) -> dict[str, pl.LazyFrame]:
    """Give the tables for analysis as lazy frames with the rows that the actor may see: the only door to them.

    Columns are those of the tables, without long texts; deleted rows are left out. Parts follow their whole.
    """
    wanted = {model.__tablename__: model for model in RULES}
    copies = mirror.frames(session)
    chosen = wanted if names is None else {name: wanted[name] for name in names}
    return {name: _narrowed(actor, model, copies) for name, model in chosen.items()}


def reach(actor: Actor, modules: Iterable[Module]) -> Scope:
    """Give the narrowest scope that figures over these modules have for the actor."""
    order = [Scope.NONE, Scope.OWN, Scope.TEAM, Scope.ALL]
    return min((actor.scope(module) for module in modules), key=order.index, default=Scope.ALL)


def _part_covered(actor: Actor, model: type[Base], *, rule: Part, action: Action, scope: Scope) -> ColumnElement[bool]:
    whole = aliased(rule.of)
    outer = RULES[rule.of]
    owners = actor.owner_ids(scope) if rule.module else None
    link = _column(model, rule.column) == _column(whole, "id")
    if rule.module is None and isinstance(outer, Owned):
        owners = actor.owner_ids(actor.scope(outer.module, action))
    if owners is None or not isinstance(outer, Owned):
        return true()
    return exists().where(link, _column(whole, outer.column).in_(sorted(owners)))


def _narrowed(actor: Actor, model: type[Base], copies: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    frame = copies[model.__tablename__]
    if hasattr(model, "deleted_at"):
        frame = frame.filter(pl.col("deleted_at").is_null())
    rule, scope = RULES[model], scope_for(actor, model)
    if scope is Scope.NONE:
        return frame.filter(pl.lit(value=False))
    owners = actor.owner_ids(scope)
    if owners is None or isinstance(rule, Shared):
        return frame
    if isinstance(rule, Owned):
        return frame.filter(pl.col(rule.column).is_in(sorted(owners)))
    outer = RULES[rule.of]
    column = outer.column if isinstance(outer, Owned) else "id"
    whole = copies[rule.of.__tablename__].filter(pl.col(column).is_in(sorted(owners))).select(pl.col("id"))
    return frame.join(whole, left_on=rule.column, right_on="id", how="semi")


def _column(model: Any, name: str) -> Any:
    return getattr(model, name)
