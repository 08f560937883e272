"""Writes imported sales: new customers and products first, then each sale with its lines."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.exchange.imports import bulk, references
from crm_data.exchange.imports.catalogue import write_categories, write_products
from crm_data.exchange.imports.customers import named_customers, write_customers
from crm_data.exchange.imports.references import real
from crm_data.models import Contract, ContractLine, Customer, Product
from crm_data.vocabulary import ContractKind, ContractStatus, LifecycleStage


@dataclass(frozen=True)
class Sales:
    """What is to be written: the lines, and the customers, products and categories that they need (text, id)."""

    lines: pl.DataFrame
    customers: pl.DataFrame
    products: pl.DataFrame
    categories: pl.DataFrame


@dataclass(frozen=True)
class Keys:
    """What there is already under the numbers and codes that the sales bring."""

    numbers: pl.DataFrame
    customers: pl.DataFrame
    products: pl.DataFrame


def write(session: Session, actor: Actor, *, sales: Sales, keys: Keys) -> None:
    """Write the sales; all keys are reserved in one go per table."""
    lines = _with_customers(session, actor, sales, keys=keys)
    lines = _with_products(session, sales, lines, keys=keys)
    whole = _sales_of(lines)
    references.free_from_bin(session, Contract, keys=keys.numbers, wanted=whole["number"])
    start = bulk.start_of(session, model=Contract, count=whole.height)
    whole = whole.with_columns(id=pl.int_range(start, start + whole.height, dtype=pl.Int64))
    bulk.insert_records(session, Contract, whole)
    _write_lines(session, lines.join(whole.select("number", contract_id="id"), on="number", maintain_order="left"))


def _with_customers(session: Session, actor: Actor, sales: Sales, *, keys: Keys) -> pl.DataFrame:
    start = bulk.start_of(session, model=Customer, count=references.highest(sales.customers["id"]))
    first = sales.lines.group_by("customer_id").agg(
        acquired_on=pl.col("date").min(), region=pl.col("region").drop_nulls().first()
    )
    known = sales.customers.join(first, left_on="id", right_on="customer_id", how="left", maintain_order="left")
    made = named_customers(known, owner_id=actor.user_id)
    references.free_from_bin(session, Customer, keys=keys.customers, wanted=made["code"])
    bought = pl.lit(LifecycleStage.WON.value)
    write_customers(session, actor, made.with_columns(real("id", start=start), stage=bought))
    return sales.lines.with_columns(real("customer_id", start=start))


def _with_products(session: Session, sales: Sales, lines: pl.DataFrame, *, keys: Keys) -> pl.DataFrame:
    named = (
        lines.filter(pl.col("sku_id") < 0)
        .group_by("sku_id")
        .agg(
            name=pl.col("product").drop_nulls().first(),
            category_id=pl.col("category_id").first(),
            unit_cost_e4=pl.col("unit_cost").drop_nulls().first(),
        )
    )
    made = sales.products.join(named, left_on="id", right_on="sku_id", how="left", maintain_order="left")
    categories = write_categories(session, sales.categories)
    start = bulk.start_of(session, model=Product, count=references.highest(made["id"]))
    references.free_from_bin(session, Product, keys=keys.products, wanted=made["text"])
    frame = made.select(
        real("id", start=start),
        real("category_id", start=categories),
        "unit_cost_e4",
        sku="text",
        name=pl.coalesce("name", "text"),
    )
    write_products(session, frame)
    return lines.with_columns(real("sku_id", start=start))


def _sales_of(lines: pl.DataFrame) -> pl.DataFrame:
    whole = lines.group_by("number", maintain_order=True).agg(
        pl.col("customer_id", "currency", "owner_id").first(),
        signed_on=pl.col("date").first(),
        region=pl.col("region").drop_nulls().first(),
        amount=pl.col("amount").sum(),
    )
    return whole.with_columns(
        title="number",
        starts_on="signed_on",
        kind=pl.lit(ContractKind.SALE.value),
        status=pl.lit(ContractStatus.FULFILLED.value),
    )


def _write_lines(session: Session, lines: pl.DataFrame) -> None:
    start = bulk.start_of(session, model=ContractLine, count=lines.height)
    frame = lines.select(
        "contract_id",
        "customer_id",
        "amount",
        id=pl.int_range(start, start + lines.height, dtype=pl.Int64),
        product_id="sku_id",
        quantity_e3="quantity",
        unit_price_e4="unit_price",
        discount_bp=pl.col("discount").fill_null(0),
        unit_cost_e4="unit_cost",
    )
    bulk.insert_records(session, ContractLine, frame)
