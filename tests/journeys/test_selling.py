"""Selling in a real browser: a card moves with two clicks and back with one, and closing asks for what is missing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from crm_data import db
from crm_data.access import system
from crm_data.models import Opportunity, Stage
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction
from tests import factories
from tests.journeys.browsing import Server, press, settled, sign_in, visit


@pytest.fixture
def card(server: Server) -> int:
    with changes.writing(server.engine, system("tests"), action=ChangeAction.CREATE) as session:
        row = factories.an_opportunity(session, factories.a_customer(session), at="needs", name="Pumps for the harbour")
    return int(row.id)


def place_of(server: Server, card: int) -> str:
    with db.reading(server.engine) as session:
        return session.scalars(select(Stage.key).join(Opportunity, Opportunity.stage_id == Stage.id)
                               .where(Opportunity.id == card)).one()  # fmt: skip


def move(page: Page, card: int, *, to: str) -> None:
    page.locator(f".st-key-move-{card} button").first.click()
    page.get_by_role("menuitem").filter(has_text=to).first.click()
    page.wait_for_timeout(150)
    settled(page)


def test_a_card_moves_with_two_clicks_and_comes_back_with_one(server: Server, page: Page, card: int) -> None:
    visit(page, server, "opportunities?q=harbour")
    sign_in(page)
    move(page, card, to="Proposal")
    assert place_of(server, card) == "proposal"
    press(page, "undo")
    assert place_of(server, card) == "needs"


def test_losing_a_card_asks_why_before_anything_moves(server: Server, page: Page, card: int) -> None:
    visit(page, server, "opportunities?q=harbour")
    sign_in(page)
    move(page, card, to="Lost")
    assert page.get_by_role("dialog").get_by_text("Lost reason").first.is_visible()
    assert place_of(server, card) == "needs"
