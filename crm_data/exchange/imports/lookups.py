"""Reads what there is already: the keys, codes and names of customers, products, owners, categories and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import select

from crm_data.access import Actor
from crm_data.exchange.imports.plans import Job
from crm_data.exchange.parsing import digits_of
from crm_data.mirror import read_frame
from crm_data.models import Contact, Contract, Customer, Opportunity, Product, ProductCategory, User
from crm_data.vocabulary import Action, Module

_EXACT = {"code", "sku", "number", "key"}


def folded(text: pl.Expr) -> pl.Expr:
    """Make texts comparable as a person compares them: compatible characters alike, no case, blanks as one."""
    return text.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def within(owner: pl.Expr, actor: Actor, *, module: Module, actions: Sequence[Action]) -> pl.Expr:
    """Tell whether the actor may do all of this with records of an owner."""
    reached = pl.lit(value=True)
    for action in actions:
        owners = actor.owner_ids(actor.scope(module, action))
        if owners is not None:
            reached = reached & owner.is_in(sorted(owners)).fill_null(value=False)
    return reached


def customer_keys(job: Job) -> pl.DataFrame:
    """Read id, code, name, folded, phone (digits), email (folded), owner_id, parent_id, region of all customers.

    As in all these frames `deleted` says that a record is in the bin and `seen` that the actor may look at it.
    """
    columns = ("id", "code", "name", "phone", "email", "owner_id", "parent_id", "region")
    return _keys(job, Customer, columns, module=Module.CUSTOMERS).with_columns(
        folded=folded(pl.col("name")), phone=digits_of(pl.col("phone")), email=folded(pl.col("email"))
    )


def contact_keys(job: Job) -> pl.DataFrame:
    """Read id, customer_id, folded, phone (digits), email (folded) of all contacts; `seen` follows the customer."""
    columns = ("id", "customer_id", "name", "phone", "email", "primary")
    return _keys(job, Contact, columns, module=Module.CUSTOMERS).with_columns(
        folded=folded(pl.col("name")), phone=digits_of(pl.col("phone")), email=folded(pl.col("email"))
    )


def product_keys(job: Job) -> pl.DataFrame:
    """Read id, sku, name, folded, list_price_e4, unit_cost_e4 of all products."""
    columns = ("id", "sku", "name", "list_price_e4", "unit_cost_e4")
    return _keys(job, Product, columns, module=Module.PRODUCTS).with_columns(folded=folded(pl.col("name")))


def category_keys(job: Job) -> pl.DataFrame:
    """Read id, name, folded of all product categories."""
    read = _keys(job, ProductCategory, ("id", "name"), module=Module.PRODUCTS)
    return read.with_columns(folded=folded(pl.col("name")))


def number_keys(job: Job, model: type[Contract] | type[Opportunity], *, module: Module) -> pl.DataFrame:
    """Read id, number, owner_id of all contracts or opportunities."""
    return _keys(job, model, ("id", "number", "owner_id"), module=module)


def user_keys(job: Job) -> pl.DataFrame:
    """Read id, username, name, email (the last three folded) of all users."""
    read = _keys(job, User, ("id", "username", "name", "email"), module=None)
    return read.with_columns(folded(pl.col("username", "name", "email")))


def found(texts: pl.Series, keys: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Look texts up among the records that are to be seen and not in the bin; the first column that knows one decides.

    Gives one row for each different text: text, id (null when unknown), several (whether more than one record fits).
    `by` names columns of `keys`; all but codes and numbers hold folded text.
    """
    wanted = pl.DataFrame({"text": texts.drop_nulls().unique()}).with_columns(like=folded(pl.col("text")))
    open_keys = keys.filter(pl.col("seen") & ~pl.col("deleted"))
    for name in by:
        known = open_keys.select("id", key=name).drop_nulls()
        known = known.group_by("key").agg(pl.col("id").min().alias(f"id_{name}"), (pl.len() > 1).alias(f"many_{name}"))
        wanted = wanted.join(known, left_on="text" if name in _EXACT else "like", right_on="key", how="left")
    first = pl.coalesce(*(pl.col(f"id_{name}") for name in by))
    several = pl.coalesce(*(pl.col(f"many_{name}") for name in by)).fill_null(value=False)
    return wanted.select("text", id=first, several=several)


def _keys(job: Job, model: Any, columns: Sequence[str], *, module: Module | None) -> pl.DataFrame:
    wanted = select(*(getattr(model, name) for name in columns), model.deleted_at)
    frame = read_frame(job.session.connection(), wanted)
    if module is None:
        seen = pl.lit(value=True)
    elif "owner_id" in columns:
        seen = within(pl.col("owner_id"), job.actor, module=module, actions=[Action.VIEW])
    else:
        seen = pl.lit(job.actor.may(module))
    return frame.select(*columns, deleted=pl.col("deleted_at").is_not_null(), seen=seen)
