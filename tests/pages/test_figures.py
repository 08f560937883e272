"""The screens of a figure: the same number on the card and below the records, whatever it is narrowed to."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from crm_data import access, clock, db
from crm_data.access import Actor, system
from crm_data.analytics import figures
from crm_data.analytics.kpis import KPIS, by_key
from crm_data.analytics.periods import Calendar, Period, Preset, preset
from crm_data.analytics.tables import Tables
from crm_data.models import AuditEntry
from crm_data.queries import organisation
from crm_data.services import changes
from crm_data.terms import terms
from crm_data.vocabulary import ChangeAction, Role, Unit
from pages.ui import row_columns
from pages.ui.figure_exports import Chosen, behind, export_frame, made
from pages.ui.period_bar import Base, View
from pages.ui.text import kpi_value, money
from tests import factories
from tests.pages.visiting import texts, visit


def the_quarter() -> Period:
    return preset(Preset.QUARTER_TO_DATE, calendar=Calendar(clock.today()))


def computed(engine: Engine, period: Period) -> dict[str, figures.Figure]:
    with db.reading(engine) as session:
        tables = Tables(access.frames(session, system("tests")), terms=terms(session))
        return figures.figures(KPIS, tables, period=period)


def worded(figure: figures.Figure) -> str:
    if figure.unit is Unit.MONEY and figure.value is not None:
        return money(figure.value, currency="CNY")
    return kpi_value(figure.value, unit=figure.unit, currency="CNY")


def on_screen(app: AppTest, key: str) -> str:
    app.query_params["key"] = key
    return texts(app.run()).replace("\\", "")


def test_every_figure_ends_its_records_with_the_number_on_its_card(demo_engine: Engine) -> None:
    app = visit(demo_engine, "kpi", key=KPIS[0].key)
    found = computed(demo_engine, the_quarter())
    wrong = []
    for key, figure in found.items():
        shown = on_screen(app, key)
        if (f"{worded(figure)}**" not in shown and "No records are counted here." not in shown) or app.exception:
            wrong.append(key)
    assert wrong == []


def test_the_card_has_the_figure_itself(demo_engine: Engine) -> None:
    app = visit(demo_engine, "kpi", key="active_customers")
    assert app.metric[0].value == str(computed(demo_engine, the_quarter())["active_customers"].value)


def test_every_column_behind_a_figure_has_words(demo_engine: Engine) -> None:
    view = View(the_quarter(), None, Base.NONE, {}, {})
    columns = {name for measure in KPIS for name in behind(system("tests"), measure, view, Chosen()).rows.columns}
    nameless = {name for name in columns if row_columns.shown(name) and row_columns.message_of(name) == name}
    assert nameless == set()


def test_an_unknown_figure_is_said_to_be_missing(engine: Engine) -> None:
    app = visit(engine, "kpi", key="luck")
    assert not app.exception
    assert not app.metric


def test_a_figure_is_narrowed_by_the_address(demo_engine: Engine) -> None:
    everybody = visit(demo_engine, "kpi", key="revenue", period="last_year").metric[0].value
    one = visit(demo_engine, "kpi", key="revenue", period="last_year", owner=seller_of(demo_engine)).metric[0].value
    assert one != everybody


def test_the_days_of_the_address_are_included(demo_engine: Engine) -> None:
    app = visit(demo_engine, "kpi", **{"key": "revenue", "from": "2026-03-01", "to": "2026-03-31"})
    assert "Mar 1, 2026 – Mar 31, 2026" in texts(app).replace("\\", "")


def test_days_the_wrong_way_round_are_explained(demo_engine: Engine) -> None:
    app = visit(demo_engine, "kpi", **{"key": "revenue", "from": "2026-03-31", "to": "2026-03-01"})
    assert "The period ends before it begins" in app.error[0].value


def test_a_member_of_the_breakdown_shows_its_records_alone(demo_engine: Engine) -> None:
    owner = seller_of(demo_engine)
    app = visit(demo_engine, "kpi", key="revenue", period="last_year", part="owner", member=owner)
    assert set(app.dataframe[-1].value["owner"]) == {people(demo_engine)[owner]}


@pytest.mark.parametrize(
    "part", [{"part": "luck", "member": "1"}, {"part": "owner", "member": "x"}, {"part": "kind", "member": "moon"}]
)
def test_a_part_that_there_is_not_means_all_records(demo_engine: Engine, part: dict[str, str]) -> None:
    app = visit(demo_engine, "kpi", key="won_amount", period="last_year", **part)
    assert not app.exception
    assert "Show all" not in [link.label for link in app.get("page_link")]


def test_a_seller_sees_the_team_s_figure(demo_engine: Engine) -> None:
    app = visit(demo_engine, "kpi", role=Role.SALES, key="revenue")
    assert "Whose records: Records of team" in texts(app).replace("\\", "")


def test_a_figure_follows_what_was_saved_a_moment_ago(demo_engine: Engine, root: Actor) -> None:
    app = visit(demo_engine, "kpi", key="new_customers")
    before = int(app.metric[0].value)
    with changes.writing(demo_engine, root, action=ChangeAction.CREATE) as session:
        factories.a_contract(session, factories.a_customer(session), signed_on=clock.today())
    assert int(app.run().metric[0].value) == before + 1


def test_the_export_has_the_records_that_the_reader_may_take_along(demo_engine: Engine) -> None:
    with db.reading(demo_engine) as session:
        seller = organisation.actor_of(session, seller_of(demo_engine))
    assert seller is not None
    view = View(preset(Preset.LAST_YEAR, calendar=Calendar(clock.today())), None, Base.NONE, {}, {})
    made(seller, by_key("revenue"), view, Chosen(), file=("revenue.csv", "en"))
    with db.reading(demo_engine) as session:
        entries = session.query(AuditEntry).filter(AuditEntry.action == ChangeAction.EXPORT).all()
    assert [entry.after["figure"] for entry in entries if entry.after] == ["revenue"]


def test_exported_money_is_in_units_and_words_are_words(demo_engine: Engine) -> None:
    view = View(preset(Preset.LAST_YEAR, calendar=Calendar(clock.today())), None, Base.NONE, {}, {})
    frame = export_frame(system("tests"), by_key("revenue"), view, Chosen(), code="en")
    figure = computed(demo_engine, view.period)["revenue"]
    assert frame["Amount"].sum() * 100 == figure.value
    assert set(frame["Kind"]) <= {"Agreement", "One-off sale"}


def test_a_target_is_set_on_the_screen_of_its_figure(demo_engine: Engine) -> None:
    app = visit(demo_engine, "kpi", key="csat")
    app.session_state["ui.dialog"] = ("set_target", {})
    app.run()
    app.text_input(key="goal:csat:v0:target").input("80")
    app.button(key="save_target").click().run()
    with db.reading(demo_engine) as session:
        goals = access.frames(session, system("tests"), names=["goals"])["goals"]
        assert goals.filter(pl.col("metric") == "csat").collect()["target"].to_list() == [0.8]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("chapter", ["sales", "pipeline", "customers", "satisfaction_and_loyalty", "campaigns"])
def test_every_chapter_opens(demo_engine: Engine, chapter: str, language: str) -> None:
    app = visit(demo_engine, "kpis", chapter=chapter, language=language)
    assert not app.exception
    assert app.metric


def people(engine: Engine) -> dict[int, str]:
    with db.reading(engine) as session:
        return organisation.everybody(session, system("tests"))


def seller_of(engine: Engine) -> Any:
    with db.reading(engine) as session:
        contracts = access.frames(session, system("tests"), names=["contracts"])["contracts"]
        last_year = contracts.filter(pl.col("signed_on").dt.year() == 2025, pl.col("owner_id").is_not_null())
        return last_year.collect()["owner_id"].mode().sort()[0]
