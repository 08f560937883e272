"""Whole tables for other programs: the columns that an import of the same kind understands, and what fits a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from crm_data import access, money
from crm_data.access import Actor
from crm_data.errors import CrmError
from crm_data.exchange import writing
from crm_data.mirror import read_frame
from crm_data.models import (
    Activity,
    Base,
    Campaign,
    CampaignMember,
    Contact,
    Contract,
    ContractLine,
    Customer,
    Instalment,
    Opportunity,
    Product,
    ProductCategory,
    Receipt,
    Response,
    Stage,
    Survey,
    Task,
    User,
)
from crm_data.terms import terms
from crm_data.vocabulary import N_, Action, ContractKind

_SCALES = {"list_price": 4, "unit_cost": 4, "unit_price": 4, "quantity": 3, "discount": 2}
_MONEY = {"amount", "annual_revenue"}
_CURRENCY, _LIST = "currency", "tags"
_customer = func.coalesce(Customer.code, Customer.name).label("customer")
_owner = User.username.label("owner")
_parent = aliased(Customer)
Chosen = tuple[type[Base], Select[*tuple[Any, ...]]]


def table(session: Session, actor: Actor, *, kind: str, filters: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Read all records of a kind that the actor may export; `filters` maps a column to the value it must have.

    Columns are the import fields of the kind (see the selects below). Money and prices are exact decimals in major
    units; a record names others by code, number or user name; closed lists have their keys.

    Raises NotAllowedError without the right to export the kind, and CrmError for a column it does not have.
    """
    model, statement = KINDS[kind]()
    access.require(actor, access.module_of(model), Action.EXPORT)
    wanted = access.visible(actor, statement, model, action=Action.EXPORT).order_by(_key(model))
    rows = read_frame(session.connection(), wanted)
    if _LIST in rows.columns:
        rows = rows.with_columns(pl.col(_LIST).str.json_decode(pl.List(pl.String)))
    found = _in_units(rows, base=terms(session).base_currency)
    for field, value in (filters or {}).items():
        if field not in found.columns:
            message = N_("There is no column “{field}”. Choose one of: {choices}.")
            raise CrmError(message, field=field, choices=", ".join(found.columns))
        found = found.filter(pl.col(field).cast(pl.String) == value)
    return found


def _in_units(rows: pl.DataFrame, *, base: str) -> pl.DataFrame:
    """Turn integers into exact decimals, row by row in the row's currency."""
    scaled = [writing.money(pl.col(name), decimals=_SCALES[name]) for name in rows.columns if name in _SCALES]
    codes = rows[_CURRENCY].unique().to_list() if _CURRENCY in rows.columns else [base]
    places = {code: money.decimals(code) for code in codes}
    most = max(places.values(), default=2)
    power = {code: 10 ** (most - digits) for code, digits in places.items()}
    factor = (
        pl.col(_CURRENCY).replace_strict(power, return_dtype=pl.Int64)
        if _CURRENCY in rows.columns and rows.height
        else pl.lit(10 ** (most - money.decimals(base)))
    )
    amounts = [writing.money(pl.col(name) * factor, decimals=most) for name in rows.columns if name in _MONEY]
    return rows.with_columns(*scaled, *amounts)


def _key(model: Any) -> Any:
    return model.id


def _customers() -> Chosen:
    c = Customer
    columns = (
        c.name, c.code, c.kind, c.category, c.tier, c.stage, c.industry, c.region, c.city, c.address, c.phone, c.email,
        c.website, func.coalesce(_parent.code, _parent.name).label("parent"), _owner, c.source, c.tags, c.gender,
        c.birth_date, c.income_band, c.education, c.employees, c.annual_revenue, c.acquired_on.label("created"),
    )  # fmt: skip
    return c, select(*columns).outerjoin(_parent, _parent.id == c.parent_id).outerjoin(User, User.id == c.owner_id)


def _contacts() -> Chosen:
    c = Contact
    columns = (_customer, c.name, c.title, c.department, c.role, c.phone, c.email, c.birthday, c.primary)
    return c, select(*columns).join(Customer, Customer.id == c.customer_id)


def _products() -> Chosen:
    p = Product
    columns = (
        p.sku, p.name, ProductCategory.name.label("category"), p.list_price_e4.label("list_price"),
        p.unit_cost_e4.label("unit_cost"), p.unit, p.launched_on.label("launched"), p.retired_on.label("retired"),
    )  # fmt: skip
    return p, select(*columns).outerjoin(ProductCategory, ProductCategory.id == p.category_id)


def _opportunities() -> Chosen:
    o = Opportunity
    columns = (
        _customer, Stage.key.label("stage"), o.name, o.number, _owner, o.amount, o.currency, o.probability,
        o.opened_on.label("opened"), o.expected_close_on.label("expected_close"), o.closed_on.label("closed"),
        o.lost_reason, o.source,
    )  # fmt: skip
    joined = select(*columns).join(Customer, Customer.id == o.customer_id).join(Stage, Stage.id == o.stage_id)
    return o, joined.outerjoin(User, User.id == o.owner_id)


def _purchases() -> Chosen:
    line, c = ContractLine, Contract
    columns = (
        c.number, _customer, c.signed_on.label("date"), Product.sku, line.quantity_e3.label("quantity"),
        line.unit_price_e4.label("unit_price"), Product.name.label("product"), ProductCategory.name.label("category"),
        line.unit_cost_e4.label("unit_cost"), line.discount_bp.label("discount"), c.region, c.currency,
    )  # fmt: skip
    joined = select(*columns).join(c, c.id == line.contract_id).join(Customer, Customer.id == c.customer_id)
    goods = joined.join(Product, Product.id == line.product_id)
    return line, goods.outerjoin(ProductCategory, ProductCategory.id == Product.category_id).where(
        c.kind == ContractKind.SALE
    )


def _contracts() -> Chosen:
    c = Contract
    columns = (
        c.number, _customer, c.signed_on.label("signed"), c.title, c.kind, c.amount, c.starts_on.label("start"),
        c.ends_on.label("end"), c.status, _owner, c.currency,
    )  # fmt: skip
    return c, select(*columns).join(Customer, Customer.id == c.customer_id).outerjoin(User, User.id == c.owner_id)


def _instalments() -> Chosen:
    i = Instalment
    columns = (Contract.number.label("contract"), i.due_on.label("due"), i.amount, Contract.currency)
    return i, select(*columns).join(Contract, Contract.id == i.contract_id)


def _receipts() -> Chosen:
    r = Receipt
    columns = (
        Contract.number.label("contract"),
        r.received_on.label("received"),
        r.amount,
        r.method,
        Contract.currency,
    )
    return r, select(*columns).join(Contract, Contract.id == r.contract_id)


def _activities() -> Chosen:
    a = Activity
    columns = (
        _customer, a.kind, a.at, a.subject, a.text, User.username.label("user"), a.direction, a.minutes, a.outcome,
    )  # fmt: skip
    return a, select(*columns).join(Customer, Customer.id == a.customer_id).outerjoin(User, User.id == a.user_id)


def _tasks() -> Chosen:
    t = Task
    columns = (
        _customer, t.kind, t.title, t.due_on.label("due"), User.username.label("assignee"), t.done_at.label("done"),
    )  # fmt: skip
    return t, select(*columns).outerjoin(Customer, Customer.id == t.customer_id).outerjoin(
        User, User.id == t.assignee_id
    )


def _responses() -> Chosen:
    r = Response
    columns = (Survey.name.label("survey"), _customer, r.answered_at.label("answered"), r.score, r.comment)
    return r, select(*columns).join(Survey, Survey.id == r.survey_id).join(Customer, Customer.id == r.customer_id)


def _members() -> Chosen:
    m = CampaignMember
    columns = (Campaign.name.label("campaign"), _customer, m.state, m.updated_at.label("at"))
    return m, select(*columns).join(Campaign, Campaign.id == m.campaign_id).join(Customer, Customer.id == m.customer_id)


KINDS: Mapping[str, Callable[[], Chosen]] = {
    "customers": _customers,
    "contacts": _contacts,
    "products": _products,
    "opportunities": _opportunities,
    "purchases": _purchases,
    "contracts": _contracts,
    "instalments": _instalments,
    "receipts": _receipts,
    "activities": _activities,
    "tasks": _tasks,
    "responses": _responses,
    "members": _members,
}


def model_of(kind: str) -> type[Base]:
    """Give the model whose rights govern a kind."""
    return KINDS[kind]()[0]
