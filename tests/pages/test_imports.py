"""Importing a file on the screen: seen before it is written, written once, taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select
from streamlit.testing.v1 import AppTest

from crm_data import db
from crm_data.access import Actor
from crm_data.models import Contract, Customer
from crm_data.services import changes
from crm_data.vocabulary import ChangeAction, Role
from tests import factories
from tests.pages.visiting import texts, visit

CUSTOMERS = "名称,code,email\n瑞丰机械,K1,a@example.com\n**Bold** [x](http://e.com),K2,b@example.com\nBad,K3,nobody\n"
SALES = "number,customer,date,sku,quantity,unit_price\nS1,K1,2026-03-01,P1,2,12.50\nS2,,2026-03-01,P1,1,3\n"


def brought(engine: Engine, text: str, *, name: str = "file.csv", **query: str) -> AppTest:
    app = visit(engine, "import", **query)
    app.file_uploader(key="file").upload(name, text.encode(), "text/csv").run()
    assert app.exception.values == []
    return app


def counts(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def run(app: AppTest) -> AppTest:
    app.button(key="run").click().run()
    assert app.exception.values == []
    return app


def names(engine: Engine) -> list[str]:
    with db.reading(engine) as session:
        return list(session.scalars(select(Customer.name).where(Customer.deleted_at.is_(None)).order_by(Customer.id)))


def test_whoever_may_not_import_is_told_whom_to_ask(engine: Engine) -> None:
    assert "This is not open to you" in texts(visit(engine, "import", role=Role.SALES))


def test_before_the_first_import_the_screen_says_what_it_takes(engine: Engine) -> None:
    said = texts(visit(engine, "import"))
    assert "up to 200 MB" in said
    assert "Nothing was imported yet." in said


def test_a_file_is_judged_before_anything_is_written(engine: Engine) -> None:
    app = brought(engine, CUSTOMERS)
    assert counts(app) == {"Created": "2", "Updated": "0", "Skipped": "0", "Rejected": "1"}
    assert names(engine) == []


def test_a_rejected_row_is_shown_with_its_reason(engine: Engine) -> None:
    shown = brought(engine, CUSTOMERS).dataframe[-1].value
    assert "is not an e-mail address" in shown.iloc[0]["__reason__"]


def test_an_import_is_one_change_that_can_be_undone(engine: Engine) -> None:
    app = run(brought(engine, CUSTOMERS))
    assert names(engine) == ["瑞丰机械", "**Bold** [x](http://e.com)"]
    app.button(key="undo_import").click().run()
    assert (names(engine), app.exception.values) == ([], [])


def test_the_very_same_file_is_imported_again_only_on_purpose(engine: Engine) -> None:
    run(brought(engine, CUSTOMERS))
    app = brought(engine, CUSTOMERS)
    assert "was imported by" in texts(app)
    assert app.button(key="run").disabled


def test_money_of_purchases_is_accounted_for(engine: Engine, root: Actor) -> None:
    with changes.writing(engine, root, action=ChangeAction.CREATE) as session:
        factories.a_customer(session, code="K1")
        factories.a_product(session, sku="P1")
    app = brought(engine, SALES, kind="purchases")
    shown = app.dataframe[0].value
    assert [tuple(row) for row in shown.itertuples(index=False)] == [("Created", "CN¥25.00"), ("Rejected", "CN¥3.00")]
    run(app)
    with db.reading(engine) as session:
        assert session.scalar(select(func.sum(Contract.amount))) == 2_500


def test_a_needed_column_that_is_missing_is_asked_for(engine: Engine) -> None:
    app = brought(engine, "Firma,code\nA,K1\n")
    assert "Choose the columns for: Name" in texts(app).replace("\\", "")


def test_a_file_that_is_no_table_is_refused_in_words(engine: Engine) -> None:
    app = brought(engine, "%PDF-1.4 something", name="x.csv")
    assert "is not a table" in texts(app)


def test_later_work_on_an_import_is_listed(engine: Engine, root: Actor) -> None:
    app = run(brought(engine, CUSTOMERS))
    with changes.writing(engine, root, action=ChangeAction.EDIT) as session:
        session.scalars(select(Customer).where(Customer.code == "K1")).one().city = "武汉"
    app.button(key="undo_import").click().run()
    assert list(app.dataframe[0].value["Field"]) == ["City"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_screen_opens_in_every_language(engine: Engine, language: str) -> None:
    assert visit(engine, "import", language=language).exception.values == []
