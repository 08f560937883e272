"""What a figure can be broken down by: people, teams, customers' fields, products, stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import N_, CustomerKind, Labelled, LifecycleStage, LostReason

Attach = Callable[[pl.LazyFrame, Tables, Period], pl.LazyFrame]


@dataclass(frozen=True, eq=False, kw_only=True)
class Dimension:
    """A way to group the rows of a figure.

    `attach` adds the column `member` to the rows: the key of a record of the table `names`, a value of `vocabulary`,
    or plain words. Null is a group of its own: the records without.
    """

    key: str
    label: str
    attach: Attach
    needs: tuple[str, ...] = ()
    names: str | None = None
    vocabulary: type[Labelled] | None = None


def by_column(column: str) -> Attach:
    """Take the groups from a column of the rows."""
    return lambda rows, _tables, _period: rows.with_columns(member=pl.col(column))


def _by_customer(field: str) -> Attach:
    def attach(rows: pl.LazyFrame, tables: Tables, _period: Period) -> pl.LazyFrame:
        fields = tables["customers"].select(pl.col("id").alias("customer_id"), pl.col(field).alias("member"))
        return rows.join(fields, on="customer_id", how="left")

    return attach


def _by_team(rows: pl.LazyFrame, tables: Tables, _period: Period) -> pl.LazyFrame:
    teams = tables["users"].select(pl.col("id").alias("owner_id"), pl.col("team_id").alias("member"))
    return rows.join(teams, on="owner_id", how="left")


def _by_sale_region(rows: pl.LazyFrame, tables: Tables, _period: Period) -> pl.LazyFrame:
    """The region written on the sale counts, and the customer's where there is none."""
    home = tables["customers"].select(pl.col("id").alias("customer_id"), pl.col("region").alias("_home"))
    joined = rows.join(home, on="customer_id", how="left")
    return joined.with_columns(member=pl.coalesce("region", "_home")).drop("_home")


def _by_product(rows: pl.LazyFrame, tables: Tables, _period: Period) -> pl.LazyFrame:
    """Cut contracts into their lines, whose amounts add up to the contract's; one without lines has no product."""
    lines = tables["contract_lines"].select(
        pl.col("contract_id").alias("id"), pl.col("product_id").alias("member"), pl.col("amount").alias("_line")
    )
    whole = pl.col("_line").sum().over("id")
    # A converted amount is shared out by the lines' own amounts.
    share = (
        pl.when(pl.col("amount") == whole).then(pl.col("_line")).otherwise(pl.col("amount") * pl.col("_line") / whole)
    )
    joined = rows.join(lines, on="id", how="left")
    kept = pl.when(pl.col("_line").is_null() | (whole == 0)).then(pl.col("amount")).otherwise(share)
    return joined.with_columns(amount=kept.cast(pl.Float64).round(0).cast(pl.Int64)).drop("_line")


def _in_categories(products: Attach) -> Attach:
    def attach(rows: pl.LazyFrame, tables: Tables, period: Period) -> pl.LazyFrame:
        categories = tables["products"].select(pl.col("id").alias("member"), pl.col("category_id").alias("_category"))
        joined = products(rows, tables, period).join(categories, on="member", how="left")
        return joined.with_columns(member=pl.col("_category")).drop("_category")

    return attach


def _category(products: Attach) -> Dimension:
    return Dimension(
        key="product_category",
        label=N_("Product category"),
        attach=_in_categories(products),
        needs=("contract_lines", "products", "product_categories"),
        names="product_categories",
    )


OWNER = Dimension(key="owner", label=N_("Owner"), attach=by_column("owner_id"), needs=("users",), names="users")
TEAM = Dimension(key="team", label=N_("Team"), attach=_by_team, needs=("users", "teams"), names="teams")
CUSTOMER = Dimension(
    key="customer", label=N_("Customer"), attach=by_column("customer_id"), needs=("customers",), names="customers"
)
STAGE = Dimension(key="stage", label=N_("Stage"), attach=by_column("stage_id"), needs=("stages",), names="stages")
CAMPAIGN = Dimension(
    key="campaign", label=N_("Campaign"), attach=by_column("campaign_id"), needs=("campaigns",), names="campaigns"
)
SURVEY = Dimension(key="survey", label=N_("Survey"), attach=by_column("survey_id"), needs=("surveys",), names="surveys")
PRODUCT = Dimension(
    key="product",
    label=N_("Product"),
    attach=_by_product,
    needs=("contract_lines", "products"),
    names="products",
)
LINE_PRODUCT = Dimension(
    key="product", label=N_("Product"), attach=by_column("product_id"), needs=("products",), names="products"
)
CATEGORY, LINE_CATEGORY = _category(_by_product), _category(by_column("product_id"))
LOST_REASON = Dimension(
    key="lost_reason", label=N_("Lost reason"), attach=by_column("lost_reason"), vocabulary=LostReason
)
SALE_REGION = Dimension(key="region", label=N_("Region"), attach=_by_sale_region, needs=("customers",))
REGION = Dimension(key="region", label=N_("Region"), attach=_by_customer("region"), needs=("customers",))
INDUSTRY = Dimension(key="industry", label=N_("Industry"), attach=_by_customer("industry"), needs=("customers",))
CUSTOMER_CATEGORY = Dimension(
    key="category", label=N_("Customer category"), attach=_by_customer("category"), needs=("customers",)
)
TIER = Dimension(key="tier", label=N_("Tier"), attach=_by_customer("tier"), needs=("customers",))
SOURCE = Dimension(key="source", label=N_("Source"), attach=_by_customer("source"), needs=("customers",))
KIND = Dimension(
    key="kind",
    label=N_("Kind of customer"),
    attach=_by_customer("kind"),
    needs=("customers",),
    vocabulary=CustomerKind,
)
LIFECYCLE = Dimension(
    key="lifecycle",
    label=N_("Life-cycle stage"),
    attach=_by_customer("stage"),
    needs=("customers",),
    vocabulary=LifecycleStage,
)

PEOPLE = (OWNER, TEAM)
FIELDS = (REGION, INDUSTRY, CUSTOMER_CATEGORY, TIER, SOURCE, KIND, LIFECYCLE)
EVERYBODY = (*PEOPLE, CUSTOMER, *FIELDS)
SALES = (*PEOPLE, CUSTOMER, PRODUCT, CATEGORY, SALE_REGION, *FIELDS[1:])
