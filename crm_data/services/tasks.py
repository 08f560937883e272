"""What is to be done: planning, doing and handing over tasks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.models import Base, Contract, Customer, Opportunity, Task
from crm_data.services import bin, changes, checks
from crm_data.vocabulary import Action, Module

_ABOUT: Mapping[str, type[Base]] = {"customer_id": Customer, "opportunity_id": Opportunity, "contract_id": Contract}
EDITABLE = ("customer_id", "opportunity_id", "contract_id", "kind", "title", "text", "assignee_id", "due_on", "outcome")


def create(session: Session, actor: Actor, *, values: Mapping[str, Any]) -> Task:
    """Plan a task, for the actor unless another assignee is named."""
    access.require(actor, Module.TASKS, Action.CREATE)
    task = Task(**checks.only(values, EDITABLE))
    if "assignee_id" not in values:
        task.assignee_id = actor.user_id
    _check(session, actor, task, changed=set(_ABOUT))
    session.add(task)
    session.flush()
    return task


def edit(
    session: Session, actor: Actor, task_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Task:
    """Change a task from what was shown to what was typed."""
    task = access.fetch(session, actor, Task, task_id, action=Action.EDIT)
    with session.no_autoflush:
        changed = changes.apply_edit(task, version=version, base=base, mine=checks.only(mine, EDITABLE))
        _check(session, actor, task, changed=changed)
    session.flush()
    return task


def finish(session: Session, actor: Actor, task_id: int, *, outcome: str = "") -> Task:
    """Say that a task is done, and what came of it."""
    task = access.fetch(session, actor, Task, task_id, action=Action.EDIT)
    task.done_at = task.done_at or clock.now()
    task.outcome = outcome.strip() or task.outcome
    session.flush()
    return task


def reopen(session: Session, actor: Actor, task_id: int) -> Task:
    """Say that a task is still to be done."""
    task = access.fetch(session, actor, Task, task_id, action=Action.EDIT)
    task.done_at = None
    session.flush()
    return task


def delete(session: Session, actor: Actor, task_id: int) -> Mapping[str, int]:
    """Put a task into the bin."""
    return bin.delete_with_parts(session, access.fetch(session, actor, Task, task_id, action=Action.DELETE))


def _check(session: Session, actor: Actor, task: Task, *, changed: set[str]) -> None:
    links = [(name, of) for name, of in _ABOUT.items() if name in changed]
    checks.all_of(
        *(partial(checks.open_to, session, actor, task, name, of=of) for name, of in links),
        lambda: checks.filled(task, "title"),
        lambda: checks.filled(task, "due_on"),
        lambda: checks.short_enough(task),
    )
