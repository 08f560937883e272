"""Several people and impatient ones: the same field edited at once, and a button pressed three times."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from crm_data import db
from crm_data.models import Customer
from crm_data.vocabulary import Role
from tests.journeys.browsing import Server, acted, enter, fill, keyed, press, saved
from tests.journeys.company import a_customer_of, field, planted, stored


def test_the_second_of_two_sees_both_values_and_chooses(server: Server, browse: Callable[..., Page]) -> None:
    row = planted(server, lambda s: a_customer_of(s, Role.SALES, name="Two at once", city="Ningbo"))
    first, second = browse(), browse(locale="zh-CN")
    for page, role in ((first, Role.SALES), (second, Role.ADMIN)):
        enter(page, server, role, at=f"customer?id={row.id}")
        press(page, "edit")
    fill(first, field("customer", row, "city"), "Wenzhou")
    fill(first, field("customer", row, "phone"), "13700001111")
    saved(first)
    fill(second, field("customer", row, "city"), "Taizhou")
    press(second, "save")
    choices = second.locator("[data-testid=stRadio] label[data-testid=stRadioOption], [data-testid=stRadio] label")
    values = [text for text in choices.all_inner_texts() if text.strip()]
    assert [town for town in ("Wenzhou", "Taizhou", "Ningbo") if any(town in text for text in values)] == [
        "Wenzhou", "Taizhou", "Ningbo"]  # fmt: skip
    choices.filter(has_text="Taizhou").first.click()
    saved(second)
    found = stored(server, row)
    assert (found.city, "137" in found.phone) == ("Taizhou", True)


def test_an_impatient_triple_click_adds_one_customer(server: Server, page: Page) -> None:
    enter(page, server, Role.SALES, at="customers")
    press(page, "new")
    fill(page, "customer:new:v0:name", "Once Only Ltd")
    keyed(page, "save_customer").locator("button").click(click_count=3, delay=30)
    page.wait_for_url("**/customer?id=*")
    acted(page)
    expect(keyed(page, "heading")).to_be_visible()
    with db.reading(server.engine) as session:
        assert session.scalar(select(func.count()).where(Customer.name == "Once Only Ltd")) == 1
