"""The people at a customer: adding, changing, and who is the primary one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import access
from crm_data.access import Actor
from crm_data.models import Contact, Customer
from crm_data.services import bin, changes, checks
from crm_data.vocabulary import Action

EDITABLE = ("name", "title", "department", "role", "phone", "email", "birthday", "preferred_channel", "primary")


def create(session: Session, actor: Actor, customer_id: int, *, values: Mapping[str, Any]) -> Contact:
    """Add a contact to a customer; the first one is the primary one."""
    access.fetch(session, actor, Customer, customer_id, action=Action.EDIT)
    contact = Contact(customer_id=customer_id, **checks.only(values, EDITABLE))
    contact.primary = bool(contact.primary) or _primary(session, customer_id) is None
    _check(contact)
    session.add(contact)
    session.flush()
    _only_primary(session, contact)
    return contact


def edit(
    session: Session, actor: Actor, contact_id: int, *, version: int, base: Mapping[str, Any], mine: Mapping[str, Any]
) -> Contact:
    """Change a contact from what was shown to what was typed."""
    contact = access.fetch(session, actor, Contact, contact_id, action=Action.EDIT)
    changes.apply_edit(contact, version=version, base=base, mine=checks.only(mine, EDITABLE))
    _check(contact)
    session.flush()
    _only_primary(session, contact)
    return contact


def delete(session: Session, actor: Actor, contact_id: int) -> Mapping[str, int]:
    """Put a contact into the bin."""
    return bin.delete_with_parts(session, access.fetch(session, actor, Contact, contact_id, action=Action.DELETE))


def _primary(session: Session, customer_id: int, *, besides: int = 0) -> Contact | None:
    wanted = select(Contact).where(Contact.customer_id == customer_id, Contact.primary, Contact.deleted_at.is_(None))
    return session.scalars(wanted.where(Contact.id != besides)).first()


def _only_primary(session: Session, contact: Contact) -> None:
    other = _primary(session, contact.customer_id, besides=contact.id) if contact.primary else None
    if other is not None:
        other.primary = False
        session.flush()


def _check(contact: Contact) -> None:
    checks.all_of(
        lambda: checks.filled(contact, "name"),
        lambda: checks.short_enough(contact),
        lambda: checks.email(contact, "email"),
        lambda: checks.phone(contact, "phone"),
        lambda: checks.past(contact, "birthday"),
    )
