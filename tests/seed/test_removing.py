"""The demo company goes without a trace, and what a person made stays."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from crm_data import db, seed
from crm_data.access import system
from crm_data.errors import CrmError, NotAllowedError
from crm_data.models import Base, Campaign, CampaignMember, Customer, Opportunity, Setting, Stage, Task, User
from crm_data.seed.removing import Removed
from crm_data.services import changes, opportunities
from crm_data.vocabulary import ChangeAction, Role
from tests import factories

HOUSE = {"change_sets", "audit_entries", "key_blocks", "alembic_version"}


@pytest.fixture
def owned(demo_engine: Engine) -> Engine:
    """Give a demo company in a database that has an administrator of its own."""
    with _writing(demo_engine) as session:
        session.add(User(username="boss", name="The boss", role=Role.ADMIN, password_hash="kept"))
    return demo_engine


def test_everything_that_was_planted_goes(owned: Engine):
    with db.reading(owned) as session:
        planted = _counts(session)
    removed = _remove(owned)
    with db.reading(owned) as session:
        left = _counts(session)
    assert left.pop("users") == 1
    assert {name for name, count in left.items() if count} == {
        "role_permissions", "stages", "loyalty_tiers", "settings", "change_clock",
    }  # fmt: skip
    assert removed.rows == sum(planted.values()) - sum(left.values()) - 1
    assert removed.kept == {}


def test_it_is_refused_while_only_demo_people_could_sign_in(demo_engine: Engine):
    with pytest.raises(CrmError, match="administrator of your own"):
        _remove(demo_engine)


def test_it_is_refused_where_there_is_no_demo_company(engine: Engine):
    with pytest.raises(CrmError, match="no demo company"):
        _remove(engine)


def test_it_needs_the_right_to_configure(owned: Engine):
    nobody = system("nobody", rights=())
    with pytest.raises(NotAllowedError), changes.writing(owned, nobody, action=ChangeAction.DEMO) as session:
        seed.remove(session)


def test_the_database_gets_a_new_name(owned: Engine):
    before = _database_id(owned)
    _remove(owned)
    assert _database_id(owned) != before


def test_own_records_stay(owned: Engine):
    with _writing(owned) as session:
        mine = factories.a_customer(session, name="Mine")
        factories.an_opportunity(session, mine)
    _remove(owned)
    with db.reading(owned) as session:
        assert session.scalars(select(Customer.name)).all() == ["Mine"]
        assert session.scalar(select(func.count(Opportunity.id))) == 1


def test_a_change_to_a_stage_stays(owned: Engine):
    with _writing(owned) as session:
        factories.stage(session, "proposal").name = "Our offer"
    _remove(owned)
    with db.reading(owned) as session:
        assert "Our offer" in session.scalars(select(Stage.name)).all()


def test_own_work_on_a_demo_customer_keeps_that_customer_and_says_so(owned: Engine):
    with _writing(owned) as session:
        customer = session.scalars(select(Customer).order_by(Customer.id).limit(1)).one()
        factories.a_task(session, customer, title="Mine", due_on=date(2026, 7, 1))
    removed = _remove(owned)
    with db.reading(owned) as session:
        assert session.scalars(select(Customer.id)).all() == [customer.id]
        assert session.scalars(select(Task.title)).all() == ["Mine"]
    assert removed.kept["customers"] == 1


def test_a_demo_user_who_is_still_named_is_closed(owned: Engine):
    with _writing(owned) as session:
        seller = session.scalars(select(User).where(User.username == "sales")).one()
        factories.a_customer(session, owner_id=seller.id)
    _remove(owned)
    with db.reading(owned) as session:
        assert session.scalars(select(User.username).where(User.active)).all() == ["boss"]


def test_work_with_demo_opportunities_goes_with_them(owned: Engine):
    with _writing(owned) as session:
        row = session.scalars(select(Opportunity).where(Opportunity.outcome == "open").limit(1)).one()
        lost = factories.stage(session, "lost")
        opportunities.move(session, system("tests"), row.id, to=lost.id, values={"lost_reason": "price"})
    assert _remove(owned).kept == {}


def test_what_stayed_goes_once_nothing_of_ones_own_stands_on_it(owned: Engine):
    with _writing(owned) as session:
        customer = session.scalars(select(Customer).order_by(Customer.id).limit(1)).one()
        campaign = factories.a_campaign(session)
        session.add(CampaignMember(campaign_id=campaign.id, customer_id=customer.id))
    _remove(owned)
    with _writing(owned) as session:
        session.delete(session.scalars(select(CampaignMember)).one())
        session.delete(session.get_one(Campaign, campaign.id))
    assert _remove(owned).rows > 0
    with db.reading(owned) as session:
        assert session.scalars(select(Customer.id)).all() == []


def test_a_new_demo_company_can_be_planted_afterwards(owned: Engine):
    _remove(owned)
    with _writing(owned) as session:
        assert seed.plant(session, customers=3) > 0


def _remove(bind: Engine) -> Removed:
    with _writing(bind) as session:
        return seed.remove(session)


def _writing(bind: Engine):
    return changes.writing(bind, system("tests"), action=ChangeAction.DEMO)


def _database_id(bind: Engine) -> str:
    with db.reading(bind) as session:
        return session.scalars(select(Setting.value).where(Setting.key == "database_id")).one()


def _counts(session: Session) -> dict[str, int]:
    tables = (table for table in Base.metadata.sorted_tables if table.name not in HOUSE)
    return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}
