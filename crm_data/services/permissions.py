"""What each role may do: the matrix that the administrator edits."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.models import RolePermission
from crm_data.services.defaults import permission_matrix
from crm_data.vocabulary import N_, Action, Module, Role, Scope

Right = tuple[Module, Action]


def allow(session: Session, actor: Actor, *, role: Role, scopes: Mapping[Right, Scope]) -> int:
    """Set with whose records a role may do what; give the number of rights that changed.

    Administrators may always do everything, so that nobody can lock the company out.
    """
    access.require(actor, Module.SETTINGS, Action.CONFIGURE)
    if role is Role.ADMIN:
        raise CrmError(N_("Administrators may always do everything. Change another role instead."))
    rows = session.scalars(select(RolePermission).where(RolePermission.role == role))
    have = {(row.module, row.action): row for row in rows}
    changed = {right: scope for right, scope in scopes.items() if right not in have or have[right].scope != scope}
    for right, scope in changed.items():
        if right in have:
            have[right].scope = scope
        else:
            session.add(RolePermission(role=role, module=right[0], action=right[1], scope=scope))
    session.flush()
    return len(changed)


def restore_defaults(session: Session, actor: Actor, *, role: Role) -> int:
    """Give a role the rights that it has in a new company; give the number of rights that changed."""
    wanted = {(module, action): scope for (each, module, action), scope in permission_matrix().items() if each is role}
    return allow(session, actor, role=role, scopes=wanted)
