"""Running numbers of opportunities and contracts, such as O-2026-00042."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data import db
from crm_data.models import Contract, Opportunity

_LETTERS: dict[type[Opportunity] | type[Contract], str] = {Opportunity: "O", Contract: "C"}


def give(session: Session, row: Opportunity | Contract, *, day: date) -> None:
    """Give a new record its key and, unless it brings one, a number that nobody else can get.

    The number carries the key, which the database hands out once; should an imported record bear it already, a digit
    is put behind it.
    """
    model = type(row)
    row.id = db.take_keys(session, table=model.__tablename__)[0]
    if row.number:
        return
    number = wish = f"{_LETTERS[model]}-{day.year}-{row.id:05d}"
    attempt = 1
    with session.no_autoflush:
        while session.scalar(select(model.id).where(model.number == number)) is not None:
            attempt += 1
            number = f"{wish}-{attempt}"
    row.number = number
