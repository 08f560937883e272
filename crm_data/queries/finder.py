"""One box that finds customers, contacts, opportunities and contracts by name, number or phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import Contact, Contract, Customer, Opportunity
from crm_data.queries.listing import contains

FEWEST_CHARACTERS = 2
_LOOKED_AT = 200


@dataclass(frozen=True)
class Hit:
    """Something found: its table and key, what it is called, the customer it belongs to and a line to know it by."""

    kind: str
    id: int
    name: str
    customer_id: int
    customer: str
    about: str | None


def find(session: Session, actor: Actor, search: str, *, limit: int = 5) -> list[Hit]:
    """Give what contains the searched text, customers first, at most `limit` of each kind, what begins with it first.

    Nothing is looked for before two characters are typed.
    """
    if len(search.strip()) < FEWEST_CHARACTERS:
        return []
    return [
        Hit(kind, *row)
        for kind, model, statement in _statements()
        for row in session.execute(_narrowed(statement, model, actor, search).limit(limit))
    ]


def _statements() -> tuple[tuple[str, Any, Select[Any]], ...]:
    name: Any = Customer.name
    own: Select[Any] = select(
        Customer.id, name, Customer.id.label("customer_id"), name.label("customer"), Customer.phone
    )
    return (
        ("customers", Customer, own),
        ("contacts", Contact, _of_customer(Contact, Contact.name, Contact.phone)),
        ("opportunities", Opportunity, _of_customer(Opportunity, Opportunity.name, Opportunity.number)),
        ("contracts", Contract, _of_customer(Contract, Contract.title, Contract.number)),
    )


def _of_customer(model: Any, name: Any, about: Any) -> Select[Any]:
    columns: Select[Any] = select(
        model.id.label("id"),
        name.label("name"),
        Customer.id.label("customer_id"),
        Customer.name.label("customer"),
        about,
    )
    return columns.join(Customer, Customer.id == model.customer_id)


def _narrowed(statement: Select[Any], model: Any, actor: Actor, search: str) -> Select[Any]:
    """Look through at most so many matches for those that begin with the words: nobody reads on, and typing goes on."""
    matches = access.visible(actor, select(model.id), model).where(contains(model.search_text, search))
    found = matches.limit(_LOOKED_AT).subquery()
    name: Any = statement.selected_columns[1]
    begins = func.lower(name).startswith(search.strip().lower(), autoescape=True)
    return statement.join(found, found.c.id == model.id).order_by(begins.desc(), name, model.id)
