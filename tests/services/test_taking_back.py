"""Who may take what back: one's own deletions with all that went along, and single values as an edit would set them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidError, NotAllowedError
from crm_data.models import AuditEntry, CampaignMember, Customer, Opportunity, User
from crm_data.services import bin, changes, customers, opportunities, undoing, users
from crm_data.vocabulary import Action, ChangeAction, MemberState, Module, Role, Scope, StageKind
from tests import factories


def done(engine: Engine, actor: Actor, act: Callable[[Session], Any]) -> tuple[Any, int]:
    """Do something as one change and give what came of it, with the number of the change."""
    with changes.writing(engine, actor, action=ChangeAction.EDIT) as session:
        return act(session), changes.change_set_id(session)


def a_seller_with_a_customer(session: Session) -> tuple[Actor, int]:
    """Make a customer that answered a survey and is in a campaign: parts that sellers may not delete by themselves."""
    seller = factories.an_actor(session, role=Role.SALES)
    customer = factories.a_customer(session, owner_id=seller.user_id)
    factories.a_response(session, factories.a_survey(session), customer)
    campaign_id = factories.a_campaign(session).id
    session.add(CampaignMember(campaign_id=campaign_id, customer_id=customer.id, state=MemberState.SENT))
    session.flush()
    return seller, customer.id


@pytest.mark.parametrize("few", [300, 0])
def test_a_seller_takes_back_the_deletion_of_an_own_customer_and_all_of_it_returns(
    engine: Engine, root: Actor, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(undoing, "_FEW", few)
    (seller, customer_id), _ = done(engine, root, a_seller_with_a_customer)
    _, number = done(engine, seller, lambda s: customers.delete(s, seller, customer_id))
    done(engine, seller, lambda s: undoing.undo(s, seller, number))
    with db.reading(engine) as session:
        assert len(bin.parts_of(session, session.get_one(Customer, customer_id))) == 2


def test_nobody_takes_back_the_deletion_of_a_customer_that_belongs_to_somebody_else(
    engine: Engine, root: Actor
) -> None:
    (_owner, customer_id), _ = done(engine, root, a_seller_with_a_customer)
    other, _ = done(engine, root, lambda s: factories.an_actor(s, role=Role.SALES))
    _, number = done(engine, root, lambda s: customers.delete(s, root, customer_id))
    with pytest.raises(NotAllowedError):
        done(engine, other, lambda s: undoing.undo(s, other, number))


def test_only_an_administrator_makes_an_administrator_again_by_taking_a_change_back(
    engine: Engine, root: Actor
) -> None:
    clerk, _ = done(engine, root, lambda s: factories.an_actor(s, role=Role.MANAGER))
    clerk = replace(clerk, grants={**clerk.grants, (Module.USERS, Action.EDIT): Scope.ALL})
    make = [lambda s: factories.a_user(s, role=Role.ADMIN, password_hash="x").id] * 2
    first, _second = (done(engine, root, each)[0] for each in make)
    _, number = done(engine, root, lambda s: users.edit(s, root, first, version=1, base={}, mine={"role": Role.SALES}))
    with pytest.raises(NotAllowedError):
        done(engine, clerk, lambda s: undoing.undo(s, clerk, number))


def entry_of(engine: Engine, row_id: int, *, kind: str, field: str) -> int:
    """Find the newest entry of the log in which a field of a record changed."""
    with db.reading(engine) as session:
        wanted = select(AuditEntry).where(AuditEntry.record_kind == kind, AuditEntry.record_id == row_id)
        return max(entry.id for entry in session.scalars(wanted) if field in (entry.before or {}))


@pytest.fixture
def won_id(engine: Engine, root: Actor) -> int:
    row, _ = done(engine, root, lambda s: factories.an_opportunity(s, factories.a_customer(s)))
    done(engine, root, lambda s: opportunities.move(s, root, row.id, to=factories.stage(s, "won").id))
    return int(row.id)


@pytest.mark.parametrize("field", ["stage_id", "outcome"])
def test_a_stage_is_not_restored_without_what_follows_from_it(
    engine: Engine, root: Actor, won_id: int, field: str
) -> None:
    entry_id = entry_of(engine, won_id, kind="opportunities", field=field)
    with pytest.raises(CrmError, match="Take the step back"):
        done(engine, root, lambda s: undoing.restore_value(s, root, entry_id, field=field))
    with db.reading(engine) as session:
        assert session.get_one(Opportunity, won_id).outcome is StageKind.WON


def test_an_amount_that_is_the_sum_of_lines_is_not_restored(engine: Engine, root: Actor) -> None:
    row, _ = done(engine, root, lambda s: factories.an_opportunity(s, factories.a_customer(s)))

    def line(session: Session) -> None:
        mine = [{"product_id": factories.a_product(session).id, "quantity_e3": 1_000}]
        opportunities.save_lines(session, root, row.id, base=[], mine=mine)

    done(engine, root, line)
    done(engine, root, lambda s: setattr(s.get_one(Opportunity, row.id), "amount", 77))
    entry_id = entry_of(engine, row.id, kind="opportunities", field="amount")
    with pytest.raises(InvalidError, match="sum of the lines"):
        done(engine, root, lambda s: undoing.restore_value(s, root, entry_id, field="amount"))


def test_the_earlier_name_of_a_user_is_restored(engine: Engine, root: Actor) -> None:
    row, _ = done(engine, root, lambda s: factories.a_user(s, name="Li Na"))
    done(engine, root, lambda s: users.edit(s, root, row.id, version=1, base={}, mine={"name": "Li Na-Wang"}))
    entry_id = entry_of(engine, row.id, kind="users", field="name")
    done(engine, root, lambda s: undoing.restore_value(s, root, entry_id, field="name"))
    with db.reading(engine) as session:
        assert session.get_one(User, row.id).name == "Li Na"
