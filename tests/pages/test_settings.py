"""The settings on the screen: terms, stages and rates."""

from __future__ import annotations

from sqlalchemy import Engine, select

from crm_data import db
from crm_data.access import Actor
from crm_data.models import ExchangeRate, Stage
from crm_data.queries import organisation
from crm_data.services import changes, settings
from crm_data.vocabulary import ChangeAction, Role
from tests.pages.visiting import texts, visit


def test_only_administrators_open_the_settings(engine: Engine) -> None:
    assert "This is not open to you" in texts(visit(engine, "settings", role=Role.MANAGER))


def test_a_name_with_markup_is_kept_and_shown_verbatim(engine: Engine, root: Actor) -> None:
    app = visit(engine, "settings")
    next(field for field in app.text_input if field.key.endswith(":company_name")).input("**A** [b](http://c)")
    app.button(key="save_settings").click().run()
    with db.reading(engine) as session:
        kept = organisation.terms_for(session, root).company_name
    assert (kept, app.exception.values) == ("**A** [b](http://c)", [])


def test_a_number_that_cannot_be_is_refused_at_its_field(engine: Engine) -> None:
    app = visit(engine, "settings")
    next(field for field in app.number_input if field.key.endswith(":small_sample")).set_value(0)
    app.button(key="save_settings").click().run()
    assert "Write a whole number from 1" in texts(app).replace("\\", "")


def test_a_stage_is_added_and_moved_up(engine: Engine) -> None:
    app = visit(engine, "settings", tab="pipeline")
    app.button(key="new_stage").click().run()
    next(field for field in app.text_input if field.key.endswith(":name")).input("演示")
    app.button(key="save_stage").click().run()
    key = stage_id(engine, "演示")
    app.button(key=f"arrow_upward:{key}").click().run()
    assert order(engine)[3:5] == ["演示", "Negotiation"]


def test_a_rate_is_added_and_shown(engine: Engine) -> None:
    app = visit(engine, "settings", tab="rates")
    next(field for field in app.selectbox if field.key.endswith(":currency")).set_value("USD")
    next(field for field in app.text_input if field.key.endswith(":rate_e6")).input("7.2")
    app.button(key="save_rate").click().run()
    with db.reading(engine) as session:
        assert (session.scalar(select(ExchangeRate.rate_e6)), app.exception.values) == (7_200_000, [])


def stage_id(engine: Engine, name: str) -> int:
    with db.reading(engine) as session:
        return session.scalars(select(Stage.id).where(Stage.name == name)).one()


def order(engine: Engine) -> list[str]:
    with db.reading(engine) as session:
        return list(session.scalars(select(Stage.name).where(Stage.deleted_at.is_(None)).order_by(Stage.position)))


def test_what_was_typed_over_somebody_elses_settings_is_refused_and_not_called_saved(
    engine: Engine, root: Actor
) -> None:
    app = visit(engine, "settings")
    next(field for field in app.text_input if field.key.endswith(":company_name")).input("Mine")
    with changes.writing(engine, root, action=ChangeAction.CONFIGURE) as session:
        settings.change(session, root, base={}, mine={"small_sample": 40})
    app.button(key="save_settings").click().run()
    shown = texts(app)
    assert ("Somebody else changed this" in shown, "were saved" in shown) == (True, False)
