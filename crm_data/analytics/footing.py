"""The foot of a list of records: the figure once more, from the listed rows alone, and what each row is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from crm_data.analytics.figures import combined, known
from crm_data.analytics.kpi import Composed, Measure
from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables, gather
from crm_data.vocabulary import Unit


def total(measure: Measure, rows: pl.DataFrame, *, period: Period) -> float | None:
    """Give a figure's value from the rows that `series.rows_of` lists: what a reader gets who adds up the list."""
    if not isinstance(measure, Composed):
        return _of_rows(measure.value, rows)
    parts = {part.key: _of_rows(part.value, rows.filter(pl.col("part") == part.key)) for part in measure.parts}
    columns = {key: [value] for key, value in parts.items()} | {"days": [round(period.days * period.elapsed)]}
    frame = pl.LazyFrame(columns, schema_overrides=dict.fromkeys(parts, pl.Float64))
    value = known(gather([frame.select(combined(measure)[0])])[0].item())
    return round(value) if value is not None and measure.unit is Unit.MONEY else value


@dataclass(frozen=True)
class Origin:
    """Where a row's name is found: the table and column, and the column of the row's own table with the key.

    What opens is the record that gives the name, or the customer.
    """

    table: str
    name: str
    key: str = "id"
    opens_customer: bool = False


# Table of a counted record → what it is called by, and which record opens for it.
ORIGINS: Mapping[str, Origin] = {
    "customers": Origin("customers", "name"),
    "contacts": Origin("contacts", "name", opens_customer=True),
    "activities": Origin("activities", "subject", opens_customer=True),
    "tasks": Origin("tasks", "title", opens_customer=True),
    "opportunities": Origin("opportunities", "name"),
    "contracts": Origin("contracts", "title"),
    "contract_lines": Origin("contracts", "title", "contract_id"),
    "milestones": Origin("contracts", "title", "contract_id"),
    "instalments": Origin("contracts", "title", "contract_id"),
    "receipts": Origin("contracts", "title", "contract_id"),
    "campaigns": Origin("campaigns", "name"),
    "campaign_costs": Origin("campaigns", "name", "campaign_id"),
    "campaign_members": Origin("campaigns", "name", "campaign_id", opens_customer=True),
    "surveys": Origin("surveys", "name"),
    "invitations": Origin("surveys", "name", "survey_id", opens_customer=True),
    "responses": Origin("surveys", "name", "survey_id", opens_customer=True),
}


def named(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Add to rows what people call them: `name`, `customer`, `owner`, and the record to open: `opens`, `opens_id`."""
    wanted = rows.with_row_index("_place")
    frames = gather([_named(wanted, kind, tables) for kind in wanted["kind"].unique(maintain_order=True)])
    schema = {"_place": pl.UInt32, "name": pl.String, "opens": pl.String, "opens_id": pl.Int64}
    names = pl.concat(frames, how="vertical_relaxed") if frames else pl.DataFrame(schema=schema)
    people = [_names(tables, "customers", "customer"), _names(tables, "users", "owner")]
    customers, owners = gather(people)
    return (
        wanted.join(names, on="_place", how="left")
        .join(customers, on="customer_id", how="left")
        .join(owners, on="owner_id", how="left")
        .sort("_place")
        .drop("_place")
        .with_columns(name=pl.coalesce("name", "customer"))
    )


def reads(kinds: Iterable[str] = ORIGINS) -> frozenset[str]:
    """Give the tables that names of these kinds of rows are found in."""
    origins = [ORIGINS[kind].table for kind in kinds if kind in ORIGINS]
    return frozenset({*(kind for kind in kinds if kind in ORIGINS), *origins, "customers", "users"})


def _of_rows(value: pl.Expr, rows: pl.DataFrame) -> float | None:
    return known(gather([rows.lazy().select(value.alias("value"))])[0].item())


def _named(rows: pl.DataFrame, kind: str, tables: Tables) -> pl.LazyFrame:
    found = rows.lazy().filter(pl.col("kind") == kind).select("_place", "id", "customer_id")
    origin = ORIGINS.get(kind)
    if origin is None:
        return found.select("_place", pl.lit(None, pl.String).alias("name"), opens=pl.lit("customers"),
                            opens_id="customer_id")  # fmt: skip
    own = tables[kind].select(pl.col("id"), pl.col(origin.key).alias("_named"))
    names = tables[origin.table].select(pl.col("id").alias("_named"), pl.col(origin.name).alias("name"))
    opens, key = ("customers", "customer_id") if origin.opens_customer else (origin.table, "_named")
    return (
        found.join(own, on="id", how="left")
        .join(names, on="_named", how="left")
        .select("_place", pl.col("name").cast(pl.String), opens=pl.lit(opens), opens_id=key)
    )


def _names(tables: Tables, table: str, name: str) -> pl.LazyFrame:
    return tables[table].select(pl.col("id").alias(f"{name}_id"), pl.col("name").alias(name))
