"""The campaign screens: planned, approved, launched, recorded, measured, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Campaign, CampaignCost, CampaignMember, CampaignVariant, Consent
from crm_data.services import campaigns, changes
from crm_data.vocabulary import CampaignStatus, ChangeAction, Channel, MemberState, Role
from tests import factories
from tests.pages.visiting import texts, visit

NASTY = "**Bold** [link](http://evil.example) <b>"
NORTH = {"region": ["North"]}


def kept(engine: Engine, root: Actor, make: Callable[[Session], Any]) -> int:
    """Write something and give the number of the record."""
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        return int(make(session).id)


def all_of(engine: Engine, model: type) -> list[Any]:
    with db.reading(engine) as session:
        wanted = select(model).order_by(model.id)
        return list(
            session.scalars(wanted.where(model.deleted_at.is_(None)) if hasattr(model, "deleted_at") else wanted)
        )


def a_plan(session: Session, **wanted: Any) -> Campaign:
    """Make a campaign for three customers, one of whom gave no consent."""
    for number in range(3):
        customer = factories.a_customer(session, region="North", email=f"{number}@example.com")
        if number:
            factories.a_consent(session, customer)
    return factories.a_campaign(session, audience=NORTH, channel=Channel.EMAIL, **wanted)


@pytest.fixture
def campaign_id(engine: Engine, root: Actor) -> int:
    return kept(engine, root, a_plan)


def launched(engine: Engine, campaign_id: int) -> Any:
    """Approve and launch on the screens, and give the app."""
    app = visit(engine, "campaign", id=campaign_id)
    app.button(key="approve").click().run()
    app.button(key="launch").click().run()
    return app.button(key="really_launch").click().run()


@pytest.mark.parametrize("tab", ["list", "calendar", "figures"])
def test_every_part_opens_with_and_without_campaigns(engine: Engine, root: Actor, tab: str) -> None:
    empty = visit(engine, "campaigns", tab=tab)
    kept(engine, root, a_plan)
    full = visit(engine, "campaigns", tab=tab)
    assert [error.value for app in (empty, full) for error in app.exception] == []


def test_an_empty_list_says_what_to_do_first(engine: Engine) -> None:
    assert "Plan the first one" in texts(visit(engine, "campaigns"))


def test_a_campaign_is_planned_in_a_dialog(engine: Engine, root: Actor) -> None:
    kept(engine, root, lambda s: factories.a_customer(s, region="North"))
    app = visit(engine, "campaigns")
    app.button(key="new").click().run()
    app.text_input(key="campaign:new:v0:name").input("Spring fair")
    app.text_input(key="campaign:new:v0:budget").input("1234.50")
    app.date_input(key="campaign:new:v0:starts_on").set_value(date(2026, 7, 1))
    app.date_input(key="campaign:new:v0:ends_on").set_value(date(2026, 7, 31))
    app.multiselect(key="campaign:new:v0:audience:region").set_value(["North"])
    app.button(key="save_campaign").click().run()
    plan = all_of(engine, Campaign)[0]
    assert (plan.name, plan.budget, plan.audience) == ("Spring fair", 123_450, NORTH)


def test_an_end_before_the_beginning_is_explained_at_its_field(engine: Engine) -> None:
    app = visit(engine, "campaigns")
    app.button(key="new").click().run()
    app.text_input(key="campaign:new:v0:name").input("Spring fair")
    app.date_input(key="campaign:new:v0:starts_on").set_value(date(2026, 7, 31))
    app.date_input(key="campaign:new:v0:ends_on").set_value(date(2026, 7, 1))
    app.button(key="save_campaign").click().run()
    assert "The end comes before the beginning" in texts(app)
    assert all_of(engine, Campaign) == []


def test_the_audience_says_how_many_are_reached_and_who_is_left_out(engine: Engine, campaign_id: int) -> None:
    app = visit(engine, "campaign", id=campaign_id, tab="audience")
    assert [metric.value for metric in app.metric] == ["3", "2"]
    assert "1 left out: No consent for the channel" in texts(app).replace("\\", "")


def test_a_launch_freezes_the_members_and_can_be_undone(engine: Engine, campaign_id: int) -> None:
    app = launched(engine, campaign_id)
    assert len(all_of(engine, CampaignMember)) == 2
    app.button(key="undo").click().run()
    assert all_of(engine, CampaignMember) == []
    assert all_of(engine, Campaign)[0].status is CampaignStatus.APPROVED


def test_a_step_is_recorded_for_all_members_found(engine: Engine, campaign_id: int) -> None:
    launched(engine, campaign_id)
    app = visit(engine, "campaign", id=campaign_id, tab="members")
    app.button(key="set_state").click().run()
    app.selectbox(key=f"state:{campaign_id}:v0:state").select(MemberState.RESPONDED)
    app.button(key="save_state").click().run()
    assert {member.state for member in all_of(engine, CampaignMember)} == {MemberState.RESPONDED}


def test_a_step_is_recorded_for_the_selected_members_only(engine: Engine, campaign_id: int) -> None:
    launched(engine, campaign_id)
    app = visit(engine, "campaign", id=campaign_id, tab="members")
    app.session_state["campaign_members"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    app.button(key="set_state").click().run()
    app.selectbox(key=f"state:{campaign_id}:v0:state").select(MemberState.OPTED_OUT)
    app.button(key="save_state").click().run()
    states = sorted(member.state for member in all_of(engine, CampaignMember))
    assert states == [MemberState.OPTED_OUT, MemberState.TARGETED]
    assert [consent.given for consent in all_of(engine, Consent)] == [True, True, False]


def test_costs_and_variants_are_added_and_deleted(engine: Engine, campaign_id: int) -> None:
    app = visit(engine, "campaign", id=campaign_id, tab="costs")
    app.button(key="new_cost").click().run()
    app.text_input(key=f"cost:new:{campaign_id}:v0:purpose").input(NASTY)
    app.text_input(key=f"cost:new:{campaign_id}:v0:amount").input("99.95")
    app.button(key="save_cost").click().run()
    assert [cost.amount for cost in all_of(engine, CampaignCost)] == [9_995]
    app.button(key="delete_cost").click().run()
    assert all_of(engine, CampaignCost) == []
    app = visit(engine, "campaign", id=campaign_id)
    app.button(key="new_variant").click().run()
    app.text_input(key=f"variant:new:{campaign_id}:v0:name").input("A")
    app.number_input(key=f"variant:new:{campaign_id}:v0:share").set_value(100)
    app.button(key="save_variant").click().run()
    assert [variant.share for variant in all_of(engine, CampaignVariant)] == [100]


@pytest.mark.parametrize("tab", ["plan", "audience", "members", "costs", "results", "history"])
def test_every_part_of_a_launched_campaign_opens(engine: Engine, root: Actor, tab: str) -> None:
    def make(session: Session) -> Campaign:
        campaign = a_plan(session, name=NASTY, status=CampaignStatus.RUNNING)
        variant = factories.added(session, CampaignVariant(campaign_id=campaign.id, name=NASTY, share=100))
        for control in (False, True):
            customer = factories.a_customer(session, name=NASTY)
            variant_id = None if control else variant.id
            member = {"campaign_id": campaign.id, "customer_id": customer.id, "variant_id": variant_id}
            factories.added(session, CampaignMember(control=control, sent_at=factories.NOON, **member))
        return campaign

    app = visit(engine, "campaign", id=kept(engine, root, make), tab=tab)
    assert not app.exception
    assert "**Bold**" not in app.header[0].value


def test_results_without_control_group_claim_no_effect(engine: Engine, campaign_id: int) -> None:
    launched(engine, campaign_id)
    assert "No control group was held out" in texts(visit(engine, "campaign", id=campaign_id, tab="results"))


def test_two_people_changing_one_plan_see_both_values(engine: Engine, root: Actor, campaign_id: int) -> None:
    app = visit(engine, "campaign", id=campaign_id)
    app.button(key="edit").click().run()
    before = all_of(engine, Campaign)[0].name
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        campaigns.edit(session, root, campaign_id, version=1, base={"name": before}, mine={"name": "Theirs"})
    app.text_input(key=f"campaign:{campaign_id}:v1:name").input("Mine")
    app.button(key="save").click().run()
    assert list(app.radio[0].options) == ["Theirs: Theirs", "Mine: Mine", f"As it was: {before}"]


def test_deleting_a_campaign_offers_undo(engine: Engine, campaign_id: int) -> None:
    app = visit(engine, "campaign", id=campaign_id)
    app.button(key="delete").click().run()
    app.button(key="really_delete").click().run()
    assert all_of(engine, Campaign) == []
    app.button(key="undo").click().run()
    assert len(all_of(engine, Campaign)) == 1


def test_a_viewer_looks_and_changes_nothing(engine: Engine, campaign_id: int) -> None:
    app = visit(engine, "campaign", role=Role.VIEWER, id=campaign_id)
    keys = {button.key for button in app.button}
    assert not keys & {"approve", "launch", "edit", "delete", "give_up", "new_variant"}
