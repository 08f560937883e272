"""Taking back an import of thousands of rows, on every database."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, func, select

from crm_data import db
from crm_data.access import Actor
from crm_data.errors import CrmError, NotAllowedError, UndoConflictError
from crm_data.exchange import imports
from crm_data.exchange.reading import open_source
from crm_data.models import AuditEntry, Contact, Contract, ContractLine, Customer, Product
from crm_data.queries import customers as queries
from crm_data.queries.listing import Wanted
from crm_data.services import changes, customers, undoing
from crm_data.vocabulary import ChangeAction, Role
from tests import factories

MODELS = (Customer, Product, Contract, ContractLine)


def written(path: Path, *, lines: int) -> Path:
    """Write a file of lines of half as many sales to a tenth as many customers, of 50 products."""
    numbers = pl.int_range(lines, eager=True)
    frame = pl.DataFrame({
        "number": "S" + (numbers // 2).cast(pl.String),
        "customer": "K" + (numbers // 10).cast(pl.String),
        "date": ["2026-03-01"] * lines,
        "sku": "P" + (numbers % 50).cast(pl.String),
        "quantity": ["2"] * lines,
        "unit_price": ["12.50"] * lines,
    })  # fmt: skip
    frame.write_csv(path)
    return path


@pytest.fixture
def sales_file(tmp_path: Path) -> Path:
    """Give a file of 800 lines."""
    return written(tmp_path / "sales.csv", lines=800)


def imported(engine: Engine, actor: Actor, path: Path, *, kind: str = "purchases", **options: object) -> int:
    chosen = imports.ImportOptions(**{"create": frozenset({"customers", "products"})} | options)
    with changes.writing(engine, actor, action=ChangeAction.IMPORT) as session:
        done = imports.run(session, actor, kind=kind, source=open_source(path), options=chosen)
    assert done.change_set_id is not None
    return done.change_set_id


def undone(engine: Engine, actor: Actor, change_set: int) -> int:
    with changes.writing(engine, actor, action=ChangeAction.UNDO) as session:
        undoing.undo(session, actor, change_set)
        return changes.change_set_id(session)


def alive(engine: Engine) -> list[int]:
    with db.reading(engine) as session:
        return [session.scalar(select(func.count()).where(model.deleted_at.is_(None))) or 0 for model in MODELS]


def test_an_import_goes_to_the_bin_and_comes_back_as_a_whole(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    made = imported(any_engine, root, written(tmp_path / "sales.csv", lines=5_000))
    states = [alive(any_engine)]
    for _ in range(3):
        made = undone(any_engine, root, made)
        states.append(alive(any_engine))
    full = [500, 50, 2_500, 5_000]
    assert states == [full, [0] * 4, full, [0] * 4]


def test_every_record_that_is_taken_back_has_its_entry(any_engine: Engine, root: Actor, sales_file: Path) -> None:
    back = undone(any_engine, root, imported(any_engine, root, sales_file))
    with db.reading(any_engine) as session:
        wanted = select(AuditEntry.action, func.count()).where(AuditEntry.change_set_id == back)
        found = [tuple(row) for row in session.execute(wanted.group_by(AuditEntry.action))]
    assert found == [(ChangeAction.DELETE, 1_330)]


def test_later_work_is_listed_and_nothing_is_taken_back(any_engine: Engine, root: Actor, sales_file: Path) -> None:
    made = imported(any_engine, root, sales_file)
    with changes.writing(any_engine, root, action=ChangeAction.EDIT) as session:
        edited = session.scalars(select(Customer).where(Customer.code == "K7")).one()
        customers.edit(session, root, edited.id, version=1, base={"city": None}, mine={"city": "武汉"})
        contact = factories.a_contact(session, edited)
    with pytest.raises(UndoConflictError) as caught:
        undone(any_engine, root, made)
    assert sorted(caught.value.records) == [("contacts", contact.id, "customer_id"), ("customers", edited.id, "city")]
    assert alive(any_engine) == [80, 50, 400, 800]


def test_a_record_that_was_changed_and_changed_back_is_no_obstacle(
    any_engine: Engine, root: Actor, sales_file: Path
) -> None:
    made = imported(any_engine, root, sales_file)
    with changes.writing(any_engine, root, action=ChangeAction.EDIT) as session:
        row = session.scalars(select(Customer).where(Customer.code == "K7")).one()
        for city in ("武汉", None):
            row.city = city
            session.flush()
    undone(any_engine, root, made)
    assert alive(any_engine) == [0] * 4


def test_a_part_without_a_beginning_in_the_log_goes_with_its_whole(
    any_engine: Engine, root: Actor, sales_file: Path
) -> None:
    made = imported(any_engine, root, sales_file)
    with db.transaction(any_engine) as session:
        owner = session.scalar(select(func.min(Customer.id)))
        key = db.take_keys(session, table="contacts")[0]
        at = factories.NOON
        values = {"id": key, "customer_id": owner, "name": "W", "search_text": "w", "primary": False, "created_at": at,
                  "updated_at": at, "version": 1, "rev": db.stamp(session)}  # fmt: skip
        session.execute(Contact.__table__.insert().values(values))
    undone(any_engine, root, made)
    with db.reading(any_engine) as session:
        assert session.scalar(select(Contact.deleted_at)) is not None


def test_an_import_that_updated_gives_the_old_values_back(any_engine: Engine, root: Actor, tmp_path: Path) -> None:
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        for number in range(400):
            factories.a_customer(session, name=f"Old {number}", code=f"K{number}", city="Wuhan")
    rows = {"code": [f"K{number}" for number in range(400)], "name": [f"New {number}" for number in range(400)],
            "stage": ["won"] * 50 + [None] * 350}  # fmt: skip
    pl.DataFrame(rows).write_csv(tmp_path / "changes.csv")
    made = imported(any_engine, root, tmp_path / "changes.csv", kind="customers", create=frozenset(), update_by="code")
    undone(any_engine, root, made)
    with db.reading(any_engine) as session:
        pages = [queries.listing(session, root, wanted=Wanted(search=word)).total for word in ("old", "new")]
        stages = session.scalars(select(Customer.stage).distinct()).all()
    assert (pages, list(stages)) == ([400, 0], ["prospect"])


def test_somebody_elses_import_cannot_be_taken_back(any_engine: Engine, root: Actor, sales_file: Path) -> None:
    made = imported(any_engine, root, sales_file)
    with changes.writing(any_engine, root, action=ChangeAction.CREATE) as session:
        seller = factories.an_actor(session, role=Role.SALES)
    with pytest.raises(NotAllowedError):
        undone(any_engine, seller, made)
    assert alive(any_engine) == [80, 50, 400, 800]


def test_a_change_is_taken_back_once(any_engine: Engine, root: Actor, sales_file: Path) -> None:
    made = imported(any_engine, root, sales_file)
    undone(any_engine, root, made)
    with pytest.raises(CrmError, match="undone already"):
        undone(any_engine, root, made)
