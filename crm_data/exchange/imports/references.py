"""What a row refers to: found, refused as unknown, or noted as something that is to be made."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import polars as pl
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from crm_data import access, db
from crm_data.access import Actor
from crm_data.exchange.imports import bulk
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.lookups import folded, found, user_keys, within
from crm_data.exchange.imports.plans import Job
from crm_data.exchange.parsing import parse_emails
from crm_data.exchange.reasons import Reason
from crm_data.models import Contract, Customer, Opportunity, Product, User
from crm_data.models.base import fold
from crm_data.services import users
from crm_data.vocabulary import Action, ChangeAction, Module, Role

_CODE = r"^\S*\d\S*$"
_LONGEST_CODE = 64
_RIGHTS = {
    "customers": Module.CUSTOMERS,
    "products": Module.PRODUCTS,
    "categories": Module.PRODUCTS,
    "owners": Module.USERS,
}


def may_make(job: Job, things: str) -> bool:
    """Tell whether unknown things are to be made; raises NotAllowedError when the actor may not."""
    if things not in job.options.create:
        return False
    access.require(job.actor, _RIGHTS[things], Action.CREATE)
    return True


def look_up(
    rows: pl.DataFrame, findings: Findings, *, field: str, keys: pl.DataFrame, by: Sequence[str], make: bool = False
) -> pl.DataFrame:
    """Add `<field>_id`, the record that a field's text refers to; it stays empty for what is to be made.

    A text that fits several records, or none unless `make`, is held against the row.
    """
    answers = found(rows[field], keys, by=by).rename({"text": field, "id": f"{field}_id"})
    rows = rows.join(answers, on=field, how="left", maintain_order="left")
    findings.add(rows.filter(pl.col("several")), Reason.SEVERAL, field=field)
    if not make:
        unknown = pl.col(field).is_not_null() & pl.col(f"{field}_id").is_null()
        findings.add(rows.filter(unknown), Reason.UNKNOWN, field=field)
    return rows.drop("several")


def to_make(
    rows: pl.DataFrame, *, field: str, exact: bool = False, after: int = 0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give rows whose unknown references have a key below zero, and the records to be made: text, id, row by row.

    Names that differ only in case or blanks are one; codes count as they are. Keys go on behind `after` others.
    """
    is_code = pl.lit(value=True) if exact else pl.col(field).str.contains(_CODE)
    like = pl.when(is_code).then(pl.col(field)).otherwise(folded(pl.col(field)))
    rows = rows.with_columns(__like=like)
    unknown = rows.filter(pl.col(field).is_not_null() & pl.col(f"{field}_id").is_null())
    made = unknown.group_by("__like", maintain_order=True).agg(text=pl.col(field).first())
    made = made.with_columns(id=made_keys(made.height, after=after))
    numbered = rows.join(made.select("__like", __id="id"), on="__like", how="left", maintain_order="left")
    key = pl.coalesce(f"{field}_id", "__id")
    return numbered.with_columns(key.alias(f"{field}_id")).drop("__like", "__id"), made.drop("__like")


def refuse_taken(rows: pl.DataFrame, findings: Findings, *, field: str, keys: pl.DataFrame, column: str) -> None:
    """Hold against a row that it would make a record whose code one bears already that the actor may not see."""
    hidden = keys.filter(~pl.col("seen") & ~pl.col("deleted")).select(pl.col(column).alias(field)).drop_nulls().unique()
    findings.add(rows.join(hidden, on=field, how="semi"), Reason.TAKEN, field=field)


def made_keys(count: int, *, after: int = 0) -> pl.Series:
    """Give keys for records that are yet to be made: -1, -2, … behind those of `after` others."""
    return pl.int_range(-after - 1, -after - count - 1, -1, eager=True, dtype=pl.Int64)


def real(key: str, *, start: int) -> pl.Expr:
    """Turn the keys of records that are being made into those that were reserved from `start` on."""
    column = pl.col(key)
    return pl.when(column < 0).then(start - 1 - column).otherwise(column).alias(key)


def highest(*keys: pl.Series) -> int:
    """Give how many keys must be reserved for records that are being made with these (some numbers may be unused)."""
    lowest = [int(low) for low in (each.min() for each in keys) if isinstance(low, int) and low < 0]
    return -min(lowest, default=0)


def own_by(rows: pl.DataFrame, findings: Findings, job: Job) -> pl.DataFrame:
    """Add owner_id, the owner that a row names; whoever imports must reach as far as that."""
    make = may_make(job, "owners")
    keys = user_keys(job)
    rows = look_up(rows, findings, field="owner", keys=keys, by=("username", "name", "email"), make=make)
    actions = [Action.IMPORT, Action.CREATE]
    reached = within(pl.col("owner_id"), job.actor, module=job.kind.module, actions=actions)
    named = pl.col("owner").is_not_null()
    findings.add(rows.filter(named & ~reached), Reason.NOT_YOURS, field="owner")
    return rows


def make_owners(session: Session, actor: Actor, made: pl.DataFrame) -> pl.DataFrame:
    """Add an account that cannot sign in for every new owner; give id (below zero) and real_id."""
    taken = set(session.scalars(select(User.username)))
    real_ids = []
    for name, address in zip(made["text"], parse_emails(made["text"]).values, strict=True):
        username = _username(name, taken=taken)
        taken.add(username)
        values = {"name": name, "email": address, "role": Role.SALES}
        real_ids.append(users.create(session, actor, username=username, password=None, values=values).id)
    return made.select("id", real_id=pl.Series(real_ids, dtype=pl.Int64))


def _username(name: str, *, taken: set[str]) -> str:
    """Make one word of a name, and another one when somebody has it."""
    word = re.sub(r"\s+", ".", fold(name))[: _LONGEST_CODE - 8]
    numbered = (f"{word}-{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain([word], numbered) if each not in taken)


def with_owners(rows: pl.DataFrame, owners: pl.DataFrame, *, mine: int | None) -> pl.DataFrame:
    """Put the real keys of new owners in place of those below zero; new records without an owner are `mine`."""
    joined = rows.join(owners, left_on="owner_id", right_on="id", how="left", maintain_order="left")
    own = pl.when(pl.col("match_id").is_null()).then(pl.lit(mine, pl.Int64))
    return joined.with_columns(owner_id=pl.coalesce("real_id", "owner_id", own)).drop("real_id")


def free_from_bin(
    session: Session, model: type[Customer | Product | Contract | Opportunity], *, keys: pl.DataFrame, wanted: pl.Series
) -> None:
    """Take codes that new records need away from records in the bin, which keep them with their key behind a tilde."""
    name = {"customers": "code", "products": "sku"}.get(model.__tablename__, "number")
    stale = keys.filter(pl.col("deleted") & pl.col(name).is_in(wanted.drop_nulls().implode()))
    if stale.is_empty():
        return
    tail = pl.lit("~") + pl.col("id").cast(pl.String)
    head = pl.col(name).str.head(pl.lit(_LONGEST_CODE, pl.Int64) - tail.str.len_chars())
    renamed = stale.select("id", old=name, new=head + tail)
    table = bulk.table(model)
    change = (
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam("new"), "rev": db.stamp(session)})
    )
    session.execute(change, [{"row_id": row["id"], "new": row["new"]} for row in renamed.iter_rows(named=True)])
    before, after = (pl.struct(pl.col(each).alias(name)).struct.json_encode() for each in ("old", "new"))
    entries = renamed.select(record_id="id", before=before, after=after)
    # Not an edit: taking the import back must not put two records under one code.
    bulk.note_changes(session, kind=model.__tablename__, action=ChangeAction.IMPORT, entries=entries)
