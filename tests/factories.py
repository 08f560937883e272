"""Make records for tests: `a_customer(session, name="…")`, everything else filled in sensibly."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import models
from crm_data.access import Actor
from crm_data.models import Base
from crm_data.queries import organisation
from crm_data.vocabulary import (
    ActivityKind,
    CampaignKind,
    CampaignObjective,
    Channel,
    ConsentPurpose,
    ContractKind,
    ContractStatus,
    LawfulBasis,
    Role,
    StageKind,
    SurveyKind,
    SurveyStatus,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def added(session: Session, row: Any) -> Any:
    """Write a row and give it back."""
    session.add(row)
    session.flush()
    return row


def a_team(session: Session, **wanted: Any) -> models.Team:
    """Make a team."""
    return added(session, models.Team(**{"name": f"Team {next(_numbers)}"} | wanted))


def a_user(session: Session, **wanted: Any) -> models.User:
    """Make a user who cannot sign in; sales by default."""
    number = next(_numbers)
    given = {"username": f"user{number}", "name": f"User {number}", "role": Role.SALES}
    return added(session, models.User(**given | wanted))


def an_actor(session: Session, **wanted: Any) -> Actor:
    """Make a user and give the actor with the rights of its role."""
    actor = organisation.actor_of(session, a_user(session, **wanted).id)
    assert actor is not None
    return actor


def a_customer(session: Session, **wanted: Any) -> models.Customer:
    """Make a company."""
    given = {"name": f"Customer {next(_numbers)}", "acquired_on": date(2025, 1, 1)}
    return added(session, models.Customer(**given | wanted))


def a_contact(session: Session, customer: models.Customer, **wanted: Any) -> models.Contact:
    """Make a contact at a customer."""
    return added(session, models.Contact(**{"customer_id": customer.id, "name": f"Contact {next(_numbers)}"} | wanted))


def a_point_a_hundred(session: Session) -> models.Setting:
    """Make sales earn one point for a hundred of the base currency."""
    return added(session, models.Setting(key="points_per_hundred", value="1"))


def a_consent(session: Session, customer: models.Customer, **wanted: Any) -> models.Consent:
    """Make a customer agree to marketing by e-mail."""
    given = {
        "customer_id": customer.id,
        "channel": Channel.EMAIL,
        "purpose": ConsentPurpose.MARKETING,
        "given": True,
        "basis": LawfulBasis.CONSENT,
        "at": NOON,
    }
    return added(session, models.Consent(**given | wanted))


def an_activity(session: Session, customer: models.Customer, **wanted: Any) -> models.Activity:
    """Make a call with a customer."""
    given = {"customer_id": customer.id, "kind": ActivityKind.CALL, "at": NOON, "subject": "A call"}
    return added(session, models.Activity(**given | wanted))


def a_task(session: Session, customer: models.Customer | None = None, **wanted: Any) -> models.Task:
    """Make a task due on the pinned day."""
    given = {"customer_id": customer and customer.id, "title": f"Task {next(_numbers)}", "due_on": date(2026, 6, 15)}
    return added(session, models.Task(**given | wanted))


def a_product(session: Session, **wanted: Any) -> models.Product:
    """Make a product at 100.00 that costs 60.00."""
    number = next(_numbers)
    given = {"sku": f"P{number}", "name": f"Product {number}", "list_price_e4": 1_000_000, "unit_cost_e4": 600_000}
    return added(session, models.Product(**given | wanted))


def stage(session: Session, key: str) -> models.Stage:
    """Find a stage of the default pipeline: qualification, needs, proposal, negotiation, won or lost."""
    return session.scalars(select(models.Stage).where(models.Stage.key == key)).one()


def an_opportunity(session: Session, customer: models.Customer, *, at: str = "proposal", **wanted: Any) -> Any:
    """Make an opportunity of 1,000.00 in a stage."""
    place = stage(session, at)
    number = next(_numbers)
    given: dict[str, Any] = {
        "number": f"O{number}",
        "customer_id": customer.id,
        "name": f"Opportunity {number}",
        "stage_id": place.id,
        "outcome": place.kind,
        "probability": place.probability,
        "opened_on": date(2026, 5, 1),
        "closed_on": None if place.kind is StageKind.OPEN else date(2026, 6, 10),
        "amount": 100_000,
        "currency": "CNY",
        "expected_close_on": date(2026, 6, 30),
        "owner_id": customer.owner_id,
    }
    return added(session, models.Opportunity(**given | wanted))


def a_contract(session: Session, customer: models.Customer, **wanted: Any) -> models.Contract:
    """Make an active agreement of 1,200.00 for a year."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "number": f"C{number}",
        "kind": ContractKind.AGREEMENT,
        "customer_id": customer.id,
        "title": f"Contract {number}",
        "status": ContractStatus.ACTIVE,
        "signed_on": date(2026, 1, 1),
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "amount": 120_000,
        "currency": "CNY",
        "owner_id": customer.owner_id,
    }
    return added(session, models.Contract(**given | wanted))


def a_sale(session: Session, customer: models.Customer, **wanted: Any) -> models.Contract:
    """Make a one-off sale of 50.00."""
    given = {"kind": ContractKind.SALE, "status": ContractStatus.FULFILLED, "amount": 5_000, "ends_on": None}
    return a_contract(session, customer, **given | wanted)


def a_survey(session: Session, **wanted: Any) -> models.Survey:
    """Make a running NPS survey."""
    given: dict[str, Any] = {
        "name": f"Survey {next(_numbers)}",
        "kind": SurveyKind.NPS,
        "status": SurveyStatus.RUNNING,
        "question": "How likely are you to recommend us?",
        "scale_low": 0,
        "scale_high": 10,
    }
    return added(session, models.Survey(**given | wanted))


def a_response(session: Session, survey: models.Survey, customer: models.Customer, **wanted: Any) -> Any:
    """Make an answer of 9."""
    given = {"survey_id": survey.id, "customer_id": customer.id, "answered_at": NOON, "score": 9}
    return added(session, models.Response(**given | wanted))


def a_campaign(session: Session, **wanted: Any) -> models.Campaign:
    """Make a planned e-mail campaign in June with a budget of 1,000.00."""
    given: dict[str, Any] = {
        "name": f"Campaign {next(_numbers)}",
        "kind": CampaignKind.EMAIL,
        "objective": CampaignObjective.GROW,
        "starts_on": date(2026, 6, 1),
        "ends_on": date(2026, 6, 30),
        "budget": 100_000,
        "currency": "CNY",
    }
    return added(session, models.Campaign(**given | wanted))


def count(session: Session, model: type[Base]) -> int:
    """Count the rows of a table."""
    return len(session.scalars(select(model)).all())
