"""What customers agreed to: a ledger to which rows are added and never changed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm_data import access, clock
from crm_data.access import Actor
from crm_data.models import Consent, Customer
from crm_data.services import changes
from crm_data.vocabulary import Action, ChangeAction, Channel, ConsentPurpose, LawfulBasis


def record(
    session: Session, actor: Actor, customer_id: int, *, channel: Channel, purpose: ConsentPurpose, given: bool
) -> Consent:
    """Write down that a customer agreed to be reached on a channel for a purpose, or withdrew it."""
    access.fetch(session, actor, Customer, customer_id, action=Action.EDIT)
    consent = Consent(
        customer_id=customer_id,
        channel=channel,
        purpose=purpose,
        given=given,
        basis=LawfulBasis.CONSENT,
        at=clock.now(),
        user_id=actor.user_id,
    )
    session.add(consent)
    session.flush()
    changes.note_event(session, action=ChangeAction.CREATE, kind="consents", record_id=consent.id,
                       channel=channel, purpose=purpose, given=given)  # fmt: skip
    return consent
