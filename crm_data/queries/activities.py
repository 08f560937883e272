"""What passed and what is to be done, as the screens show it: timelines and task lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from crm_data import access
from crm_data.access import Actor
from crm_data.mirror import read_frame
from crm_data.models import Activity, Contact, Customer, Task, User
from crm_data.queries.listing import Offer, Page, Wanted, page_of
from crm_data.vocabulary import ActivityKind

TASKS = Offer(
    searched=None,
    filters={"kind": Task.kind, "assignee": Task.assignee_id},
    sorts={"due": Task.due_on, "title": Task.title},
    key=Task.id,
)


def timeline(
    session: Session, actor: Actor, customer_id: int, *, kinds: list[ActivityKind] | None = None, limit: int = 100
) -> list[Activity]:
    """Give a customer's activities, newest first, of some kinds only where they are named."""
    wanted = access.visible(actor, select(Activity), Activity).where(Activity.customer_id == customer_id)
    if kinds:
        wanted = wanted.where(Activity.kind.in_(kinds))
    return list(session.scalars(wanted.order_by(Activity.at.desc(), Activity.id.desc()).limit(limit)))


def people(session: Session, rows: list[Activity]) -> dict[int, str]:
    """Give the names of the users who logged these activities, by key."""
    keys = {row.user_id for row in rows if row.user_id is not None}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(keys))).all())


def contacts_of(session: Session, rows: list[Activity]) -> dict[int, str]:
    """Give the names of the contacts in these activities, by key."""
    keys = {row.contact_id for row in rows if row.contact_id is not None}
    return dict(session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(keys))).all())


def tasks(session: Session, actor: Actor, *, wanted: Wanted, open_only: bool = True) -> Page:
    """Give one page of tasks: id, title, kind, customer_id, customer, assignee, due_on, done_at, version."""
    statement = access.visible(actor, _task_columns(), Task)
    if open_only:
        statement = statement.where(Task.done_at.is_(None))
    if wanted.search:
        statement = statement.where(Task.title.icontains(wanted.search, autoescape=True))
    return page_of(session, statement, wanted=wanted, offer=TASKS)


def tasks_of(session: Session, actor: Actor, customer_id: int) -> pl.DataFrame:
    """Give a customer's tasks, open ones first by day: the columns of `tasks`."""
    statement = access.visible(actor, _task_columns(), Task).where(Task.customer_id == customer_id)
    return read_frame(session.connection(), statement.order_by(Task.done_at.is_not(None), Task.due_on, Task.id))


def due(session: Session, actor: Actor, *, by: date, limit: int = 20) -> pl.DataFrame:
    """Give the actor's own open tasks that are due by a day, the oldest first: the columns of `tasks`."""
    statement = access.visible(actor, _task_columns(), Task)
    statement = statement.where(Task.assignee_id == actor.user_id, Task.done_at.is_(None), Task.due_on <= by)
    return read_frame(session.connection(), statement.order_by(Task.due_on, Task.id).limit(limit))


def task(session: Session, actor: Actor, task_id: int) -> Task:
    """Give one task; raises NotFoundError where there is none for the actor."""
    return access.fetch(session, actor, Task, task_id)


def _task_columns() -> Select[*tuple[Any, ...]]:
    assignee = aliased(User)
    return (
        select(Task.id, Task.title, Task.kind, Task.customer_id, Customer.name.label("customer"),
               assignee.name.label("assignee"), Task.due_on, Task.done_at, Task.version)
        .outerjoin(Customer, Customer.id == Task.customer_id)
        .outerjoin(assignee, assignee.id == Task.assignee_id)
    )  # fmt: skip
