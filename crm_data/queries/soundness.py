"""Whether the records agree with one another: links, sums, ledgers, logs and the copy that analysis reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, Table, exists, func, select
from sqlalchemy.orm import Session

from crm_data import mirror
from crm_data.models import (
    Base,
    Contract,
    ContractLine,
    Customer,
    LifecycleMove,
    LoyaltyEntry,
    Opportunity,
    OpportunityEvent,
    OpportunityLine,
    Setting,
    StageStay,
)
from crm_data.money import DISCOUNT_UNITS, OTHER_DECIMALS, PRICE_UNITS, QUANTITY_UNITS
from crm_data.vocabulary import N_, OpportunityEventKind

_SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """Something that does not agree: a marked sentence with its values."""

    message: str
    values: dict[str, Any]


def findings(session: Session) -> Iterator[Finding]:
    """Give everything in a reading session's snapshot that does not agree."""
    checks: tuple[Callable[[Session], Iterator[Finding]], ...] = (
        _orphans, _strange_parts, _sums, _line_amounts, _stays, _passage, _log, _life_cycle, _points, _copy, _name,
    )  # fmt: skip
    for check in checks:
        yield from check(session)


def _orphans(session: Session) -> Iterator[Finding]:
    message = N_("{table}.{column}: {count} rows name a record that does not exist ({keys}).")
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            parent = key.column.table.alias()
            missing = key.parent.is_not(None) & ~exists().where(parent.c[key.column.name] == key.parent)
            yield from _found(session, _key_of(table), missing, message, table=table.name, column=key.parent.name)


def _strange_parts(session: Session) -> Iterator[Finding]:
    """Parts carry their customer, so that analysis need not look it up: it must be the whole's."""
    message = N_("{table}: {count} rows belong to another customer than their {whole} ({keys}).")
    wholes = {"contract_id": Contract.__table__, "opportunity_id": Opportunity.__table__}
    names = ("contract_lines", "milestones", "instalments", "receipts", "opportunity_lines", "opportunity_events",
             "stage_stays")  # fmt: skip
    for name in names:
        table = Base.metadata.tables[name]
        link = next(link for link in wholes if link in table.c)
        whole = wholes[link]
        other = exists().where(whole.c.id == table.c[link], whole.c.customer_id != table.c.customer_id)
        yield from _found(session, table.c.id, other, message, table=name, whole=link.removesuffix("_id"))


def _sums(session: Session) -> Iterator[Finding]:
    message = N_("{table}: the amount of {count} records is not the sum of their lines ({keys}).")
    for whole, line, link in (
        (Contract, ContractLine, ContractLine.contract_id),
        (Opportunity, OpportunityLine, OpportunityLine.opportunity_id),
    ):
        sums = select(link.label("whole_id"), func.sum(line.amount).label("total")).where(line.deleted_at.is_(None))
        lines = sums.group_by(link).subquery()
        wanted = (
            select(whole.id)
            .join(lines, lines.c.whole_id == whole.id)
            .where(whole.amount.is_distinct_from(lines.c.total), whole.deleted_at.is_(None))
        )
        yield from _listed(session.scalars(wanted).all(), message, table=whole.__tablename__)


def _line_amounts(session: Session) -> Iterator[Finding]:
    message = N_("{table}: the amount of {count} lines is not quantity times price ({keys}).")
    scale = QUANTITY_UNITS * PRICE_UNITS * DISCOUNT_UNITS
    powers = {currency: 10**places for currency, places in OTHER_DECIMALS.items()}
    for whole, line, link in (
        (Contract, ContractLine, ContractLine.contract_id),
        (Opportunity, OpportunityLine, OpportunityLine.opportunity_id),
    ):
        columns = (line.id, line.quantity_e3, line.unit_price_e4, line.discount_bp, line.amount, whole.currency)
        wanted = select(*columns).join(whole, whole.id == link).where(line.deleted_at.is_(None))
        power = pl.col("currency").replace_strict(powers, default=100, return_dtype=pl.Int128)
        exact = (
            pl.col("quantity_e3").cast(pl.Int128) * pl.col("unit_price_e4") * (DISCOUNT_UNITS - pl.col("discount_bp"))
        )
        right = (2 * (exact * power).abs() + scale) // (2 * scale) * exact.sign()
        lines = mirror.read_frame(session.connection(), wanted)
        wrong = lines.filter(right.cast(pl.Int64) != pl.col("amount"))
        yield from _listed(wrong["id"].to_list(), message, table=line.__tablename__)


def _stays(session: Session) -> Iterator[Finding]:
    columns = (StageStay.id, StageStay.opportunity_id, StageStay.stage_id, StageStay.entered_at, StageStay.entered_on,
               StageStay.left_on, StageStay.next_stage_id)  # fmt: skip
    stays = mirror.read_frame(session.connection(), select(*columns)).sort("opportunity_id", "entered_at", "id")
    following = {name: pl.col(name).shift(-1).over("opportunity_id") for name in ("id", "stage_id")}
    last = following["id"].is_null()
    broken = (~last & (pl.col("left_on").is_null() | pl.col("next_stage_id").ne_missing(following["stage_id"]))) | (
        last & pl.col("left_on").is_not_null()
    )
    wrong = stays.filter(broken | (pl.col("left_on") < pl.col("entered_on")))["opportunity_id"].unique().sort()
    yield from _listed(wrong.to_list(), N_("The stays of {count} opportunities do not follow one another ({keys})."))
    now = mirror.read_frame(session.connection(), select(Opportunity.id, Opportunity.stage_id))
    open_stays = stays.filter(pl.col("left_on").is_null()).select("opportunity_id", stays_in="stage_id")
    joined = now.join(open_stays, left_on="id", right_on="opportunity_id", how="left")
    elsewhere = joined.filter(pl.col("stage_id").ne_missing(pl.col("stays_in")))["id"].unique().sort()
    yield from _listed(elsewhere.to_list(), N_("{count} opportunities stay in another stage than their own ({keys})."))


def _passage(session: Session) -> Iterator[Finding]:
    """Every stage event begins a stay: both must tell of the same stages in the same order."""
    entered = select(StageStay.opportunity_id, StageStay.stage_id).order_by(StageStay.entered_at, StageStay.id)
    moved = select(OpportunityEvent.opportunity_id, OpportunityEvent.new)
    moved = moved.where(OpportunityEvent.kind == OpportunityEventKind.STAGE)
    stays = mirror.read_frame(session.connection(), entered)
    events = mirror.read_frame(session.connection(), moved.order_by(OpportunityEvent.at, OpportunityEvent.id))
    stayed = stays.group_by("opportunity_id", maintain_order=True).agg(stayed=pl.col("stage_id").cast(pl.String))
    said = events.group_by("opportunity_id", maintain_order=True).agg(said=pl.col("new"))
    joined = stayed.join(said, on="opportunity_id", how="full", coalesce=True)
    wrong = joined.filter(pl.col("stayed").list.join(",").ne_missing(pl.col("said").list.join(",")))
    message = N_("The log of {count} opportunities tells of other stages than they stayed in ({keys}).")
    yield from _listed(wrong["opportunity_id"].sort().to_list(), message)


def _log(session: Session) -> Iterator[Finding]:
    message = N_("{count} opportunities have another {field} than the last event of their log says ({keys}).")
    fields = {
        OpportunityEventKind.STAGE: Opportunity.stage_id,
        OpportunityEventKind.AMOUNT: Opportunity.amount,
        OpportunityEventKind.OWNER: Opportunity.owner_id,
        OpportunityEventKind.PROBABILITY: Opportunity.probability,
    }
    columns = (OpportunityEvent.opportunity_id, OpportunityEvent.kind, OpportunityEvent.new)
    wanted = select(*columns).order_by(OpportunityEvent.at, OpportunityEvent.id)
    events = mirror.read_frame(session.connection(), wanted).group_by("opportunity_id", "kind").last()
    for kind, column in fields.items():
        now = mirror.read_frame(session.connection(), select(Opportunity.id, column))
        said = events.filter(pl.col("kind") == kind.value).select("opportunity_id", pl.col("new").cast(pl.Int64))
        joined = now.join(said, left_on="id", right_on="opportunity_id", how="left")
        wrong = joined.filter(pl.col(column.key).ne_missing(pl.col("new")))["id"].sort()
        yield from _listed(wrong.to_list(), message, field=kind.label)


def _life_cycle(session: Session) -> Iterator[Finding]:
    columns = (LifecycleMove.customer_id, LifecycleMove.to_stage)
    wanted = select(*columns).order_by(LifecycleMove.at, LifecycleMove.id)
    moves = mirror.read_frame(session.connection(), wanted).group_by("customer_id").last()
    now = mirror.read_frame(session.connection(), select(Customer.id, Customer.stage))
    joined = now.join(moves, left_on="id", right_on="customer_id")
    wrong = joined.filter(pl.col("stage") != pl.col("to_stage"))["id"].sort()
    yield from _listed(
        wrong.to_list(), N_("{count} customers are in another stage than their last move says ({keys}).")
    )


def _points(session: Session) -> Iterator[Finding]:
    columns = (LoyaltyEntry.id, LoyaltyEntry.customer_id, LoyaltyEntry.points)
    entries = mirror.read_frame(session.connection(), select(*columns)).sort("id")
    balance = pl.col("points").cum_sum().over("customer_id")
    wrong = entries.filter(balance < 0)["customer_id"].unique().sort()
    yield from _listed(wrong.to_list(), N_("The points of {count} customers fell below zero ({keys})."))


def _copy(session: Session) -> Iterator[Finding]:
    message = N_("The copy for analysis differs from {table}: {copied} instead of {stored} ({column}).")
    copies = mirror.frames(session)
    for table in mirror.mirrored():
        columns = [column for column in table.c if column.type.python_type is int]
        sums = [func.coalesce(func.sum(column), 0).label(column.key) for column in columns]
        stored = session.execute(select(func.count().label("rows"), *sums)).mappings().one()
        kept = copies[table.name].select(
            pl.len().alias("rows"), *(pl.col(c.key).cast(pl.Int128).sum() for c in columns)
        )
        copied = kept.collect().row(0, named=True)
        for name, value in copied.items():
            if int(value or 0) != int(stored[name]):
                values = {"table": table.name, "column": name, "copied": int(value or 0), "stored": int(stored[name])}
                yield Finding(message, values)


def _name(session: Session) -> Iterator[Finding]:
    if session.scalar(select(Setting.value).where(Setting.key == "database_id")) is None:
        yield Finding(N_("The database has no name of its own. Run: python -m crm_data init"), {})


def _found(
    session: Session, key: Any, condition: ColumnElement[bool], message: str, /, **values: Any
) -> Iterator[Finding]:
    wanted: Select[Any] = select(key).where(condition).order_by(key)
    yield from _listed(session.scalars(wanted).all(), message, **values)


def _listed(keys: Any, message: str, /, **values: Any) -> Iterator[Finding]:
    if keys:
        shown = ", ".join(map(str, keys[:_SHOWN])) + (" …" if len(keys) > _SHOWN else "")
        yield Finding(message, values | {"count": len(keys), "keys": shown})


def _key_of(table: Table) -> Any:
    return next(iter(table.primary_key.columns))
