"""Importing purchases: lines with one number become one sale; every line and every cent is accounted for."""

from __future__ import annotations

from functools import partial

import polars as pl

from crm_data.exchange.imports import lookups, references, sales
from crm_data.exchange.imports.amounts import line_amounts
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.plans import Job, Prepared
from crm_data.exchange.reading import ROW
from crm_data.exchange.reasons import Reason
from crm_data.models import Contract
from crm_data.terms import today
from crm_data.vocabulary import Action, Module

_PRICED = ("quantity", "unit_price", "discount", "currency")


def prepare(job: Job, rows: pl.DataFrame, findings: Findings) -> Prepared:
    """Judge the lines of a file of purchases.

    A sale is one customer's purchase on one day in one currency: when the lines of a number differ in one of these, all
    lines of the number are refused, because nobody can tell whose sale it was.
    """
    rows, amounts = _with_amounts(rows, findings, job)
    _refuse_impossible(rows, findings, job)
    numbers = lookups.number_keys(job, Contract, module=Module.CONTRACTS)
    _refuse_known(rows, findings, numbers=numbers)
    customers, products = lookups.customer_keys(job), lookups.product_keys(job)
    rows = _looked_up(rows, findings, job, customers=customers, products=products)
    rows, new_customers = references.to_make(findings.accepted(rows), field="customer")
    _refuse_mixed(rows, findings)
    rows, new_products = references.to_make(findings.accepted(rows), field="sku", exact=True)
    rows, new_categories = _categories(rows)
    lines = _with_known(rows, job, customers=customers, products=products)
    found = sales.Sales(
        lines=lines,
        customers=new_customers.join(lines, left_on="id", right_on="customer_id", how="semi", maintain_order="left"),
        products=new_products,
        categories=new_categories,
    )
    keys = sales.Keys(numbers=numbers, customers=customers, products=products)
    makes = {
        "contracts": lines["number"].n_unique(),
        "contract_lines": lines.height,
        "customers": found.customers.height,
        "products": new_products.height,
        "product_categories": new_categories.height,
    }
    return Prepared(partial(sales.write, sales=found, keys=keys), makes, money=amounts)


def _with_amounts(rows: pl.DataFrame, findings: Findings, job: Job) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add what each line comes to, and give it by itself for the lines where it can be read."""
    rows = rows.with_columns(pl.col("currency").fill_null(job.terms.base_currency))
    rows = rows.with_columns(amount=line_amounts(rows))
    priced = pl.col("quantity").is_not_null() & pl.col("unit_price").is_not_null()
    findings.add(rows.filter(priced & pl.col("amount").is_null()), Reason.NUMBER_RANGE, field="unit_price")
    unread = findings.problems().filter(pl.col("field").is_in(_PRICED)).select(ROW)
    amounts = rows.select(ROW, "currency", "amount").drop_nulls().join(unread, on=ROW, how="anti")
    return rows, amounts


def _refuse_impossible(rows: pl.DataFrame, findings: Findings, job: Job) -> None:
    findings.add(rows.filter(pl.col("date") > today(job.session)), Reason.FUTURE, field="date")
    findings.add(rows.filter(pl.col("unit_price") < 0), Reason.NEGATIVE, field="unit_price")
    findings.add(rows.filter(pl.col("quantity") == 0), Reason.ZERO, field="quantity")


def _refuse_known(rows: pl.DataFrame, findings: Findings, *, numbers: pl.DataFrame) -> None:
    there = numbers.filter(~pl.col("deleted"))
    for seen, reason in ((pl.col("seen"), Reason.EXISTS), (~pl.col("seen"), Reason.TAKEN)):
        known = rows.join(there.filter(seen), on="number", how="semi", maintain_order="left")
        findings.add(known, reason, field="number", detail=pl.col("number"))


def _looked_up(
    rows: pl.DataFrame, findings: Findings, job: Job, *, customers: pl.DataFrame, products: pl.DataFrame
) -> pl.DataFrame:
    make_customers = references.may_make(job, "customers")
    make_products = references.may_make(job, "products")
    by = ("code", "folded")
    rows = references.look_up(rows, findings, field="customer", keys=customers, by=by, make=make_customers)
    rows = references.look_up(rows, findings, field="sku", keys=products, by=("sku",), make=make_products)
    unknown_customer = rows.filter(pl.col("customer_id").is_null())
    references.refuse_taken(unknown_customer, findings, field="customer", keys=customers, column="code")
    unknown_product = rows.filter(pl.col("sku_id").is_null())
    references.refuse_taken(unknown_product, findings, field="sku", keys=products, column="sku")
    # A category is only needed for a product that is to be made; a known product keeps its own.
    rows = rows.with_columns(category=pl.when(pl.col("sku_id").is_null()).then("category"))
    make = references.may_make(job, "categories")
    keys = lookups.category_keys(job)
    return references.look_up(rows, findings, field="category", keys=keys, by=("folded",), make=make)


def _refuse_mixed(rows: pl.DataFrame, findings: Findings) -> None:
    one = ("customer_id", "date", "currency")
    mixed = rows.group_by("number").agg(pl.col(one).n_unique()).filter(pl.any_horizontal(pl.col(one) > 1))
    several = rows.join(mixed, on="number", how="semi", maintain_order="left")
    findings.add(several, Reason.MIXED_SALE, field="number")


def _categories(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the categories to be made; each new product has the first one that its lines name."""
    first = pl.col("category").drop_nulls().first().over("sku_id")
    first_id = pl.col("category_id").filter(pl.col("category").is_not_null()).first().over("sku_id")
    rows = rows.with_columns(category=first, category_id=first_id)
    return references.to_make(rows, field="category")


def _with_known(rows: pl.DataFrame, job: Job, *, customers: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """Add the owner of each sale (the customer's, or whoever imports) and the cost of what was sold."""
    actions = [Action.IMPORT, Action.CREATE]
    mine = lookups.within(pl.col("owner_id"), job.actor, module=Module.CONTRACTS, actions=actions)
    owners = customers.select(customer_id="id", owner_id=pl.when(mine).then("owner_id"))
    rows = rows.join(owners, on="customer_id", how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("owner_id").fill_null(pl.lit(job.actor.user_id, pl.Int64)))
    costs = products.select(sku_id="id", stored_cost="unit_cost_e4")
    rows = rows.join(costs, on="sku_id", how="left", maintain_order="left")
    first_cost = pl.when(pl.col("sku_id") < 0).then(pl.col("unit_cost").drop_nulls().first().over("sku_id"))
    return rows.with_columns(unit_cost=pl.coalesce("unit_cost", "stored_cost", first_cost)).drop("stored_cost")
