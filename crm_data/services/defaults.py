"""What a new company starts with: permissions of the roles, the pipeline's stages, settings and tiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import schema
from crm_data.models import Base, LoyaltyTier, RolePermission, Setting, Stage
from crm_data.vocabulary import N_, Action, Module, Role, Scope, StageKind

BUSINESS = (
    Module.CUSTOMERS,
    Module.ACTIVITIES,
    Module.TASKS,
    Module.OPPORTUNITIES,
    Module.CONTRACTS,
    Module.PRODUCTS,
    Module.SATISFACTION,
    Module.LOYALTY,
    Module.CAMPAIGNS,
    Module.GOALS,
)
_WRITES = (Action.CREATE, Action.EDIT, Action.DELETE, Action.BULK)
_SELLING = (Module.CUSTOMERS, Module.ACTIVITIES, Module.TASKS, Module.OPPORTUNITIES, Module.CONTRACTS)
_MARKETING = (Module.CUSTOMERS, Module.ACTIVITIES, Module.TASKS, Module.SATISFACTION, Module.LOYALTY, Module.CAMPAIGNS)
_SERVING = (Module.CUSTOMERS, Module.ACTIVITIES, Module.TASKS, Module.SATISFACTION, Module.LOYALTY)

STAGES: tuple[tuple[str, str, StageKind, int, int | None, str, list[str]], ...] = (
    ("qualification", N_("Qualification"), StageKind.OPEN, 10, 21, N_("There is a need and somebody who decides."), []),
    ("needs", N_("Needs analysis"), StageKind.OPEN, 25, 21, N_("We know what the customer wants to reach."), []),
    ("proposal", N_("Proposal"), StageKind.OPEN, 50, 21, N_("The customer has our offer."), ["amount"]),
    ("negotiation", N_("Negotiation"), StageKind.OPEN, 75, 14, N_("Terms and prices are being agreed."), ["amount"]),
    ("won", N_("Won"), StageKind.WON, 100, None, N_("The customer has signed."), ["amount"]),
    ("lost", N_("Lost"), StageKind.LOST, 0, None, N_("The customer decided against us."), ["lost_reason"]),
)
TIERS = ((N_("Bronze"), 0), (N_("Silver"), 500), (N_("Gold"), 2_000), (N_("Platinum"), 5_000))


def permission_matrix() -> Mapping[tuple[Role, Module, Action], Scope]:
    """Give what each role may do in a new company; the administrator edits it later."""
    matrix = {(role, module, action): Scope.NONE for role in Role for module in Module for action in Action}
    for role, rights in _ROLES.items():
        for module, action, scope in rights():
            matrix[role, module, action] = scope
    return matrix


def install(session: Session) -> None:
    """Add what is missing of the permissions, stages, tiers and the database's name; leave what is there."""
    if session.scalar(select(RolePermission.id).limit(1)) is None:
        session.add_all(_permissions())
    if session.scalar(select(Stage.id).limit(1)) is None:
        session.add_all(_stages())
    if session.scalar(select(LoyaltyTier.id).limit(1)) is None:
        session.add_all(LoyaltyTier(name=name, threshold=threshold) for name, threshold in TIERS)
    if session.scalar(select(Setting.id).where(Setting.key == "database_id")) is None:
        session.add(Setting(key="database_id", value=schema.new_database_id()))
    session.flush()


def _permissions() -> Iterator[Base]:
    for (role, module, action), scope in permission_matrix().items():
        yield RolePermission(role=role, module=module, action=action, scope=scope)


def _stages() -> Iterator[Base]:
    for position, (key, name, kind, probability, days, definition, required) in enumerate(STAGES, start=1):
        yield Stage(
            key=key,
            name=name,
            position=position,
            kind=kind,
            probability=probability,
            stalled_after_days=days,
            definition=definition,
            required_fields=required,
        )


_Rights = Iterator[tuple[Module, Action, Scope]]


def _admin() -> _Rights:
    yield from ((module, action, Scope.ALL) for module in Module for action in Action)


def _manager() -> _Rights:
    for module in BUSINESS:
        yield module, Action.VIEW, Scope.ALL
        yield module, Action.EXPORT, Scope.ALL
        yield module, Action.IMPORT, Scope.ALL
        yield from ((module, action, Scope.TEAM) for action in _WRITES)
    yield from ((module, Action.VIEW, Scope.ALL) for module in (Module.USERS, Module.SETTINGS, Module.AUDIT))
    yield from ((module, action, Scope.ALL) for module in (Module.PRODUCTS, Module.GOALS) for action in _WRITES)


def _sales() -> _Rights:
    for module in _SELLING:
        yield module, Action.VIEW, Scope.TEAM
        yield module, Action.EXPORT, Scope.OWN
        yield from ((module, action, Scope.OWN) for action in _WRITES)
    yield Module.PRODUCTS, Action.VIEW, Scope.ALL
    yield Module.GOALS, Action.VIEW, Scope.ALL
    yield from ((module, Action.VIEW, Scope.TEAM) for module in (Module.SATISFACTION, Module.LOYALTY))
    yield Module.CAMPAIGNS, Action.VIEW, Scope.ALL


def _marketing() -> _Rights:
    for module in _MARKETING:
        yield from ((module, action, Scope.ALL) for action in (Action.VIEW, Action.EXPORT, Action.IMPORT, *_WRITES))
    for module in (Module.OPPORTUNITIES, Module.CONTRACTS, Module.PRODUCTS, Module.GOALS):
        yield module, Action.VIEW, Scope.ALL


def _service() -> _Rights:
    for module in _SERVING:
        yield from ((module, action, Scope.ALL) for action in (Action.VIEW, Action.CREATE, Action.EDIT))
        yield module, Action.DELETE, Scope.OWN
    for module in (Module.CONTRACTS, Module.PRODUCTS):
        yield module, Action.VIEW, Scope.ALL


def _viewer() -> _Rights:
    yield from ((module, Action.VIEW, Scope.ALL) for module in BUSINESS)


_ROLES = {
    Role.ADMIN: _admin,
    Role.MANAGER: _manager,
    Role.SALES: _sales,
    Role.MARKETING: _marketing,
    Role.SERVICE: _service,
    Role.VIEWER: _viewer,
}
