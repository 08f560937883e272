"""Which stage of the pipeline a word stands for, and whether a row has what the stage needs."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select

from crm_data.exchange.imports import references
from crm_data.exchange.imports.findings import Findings
from crm_data.exchange.imports.lookups import folded, within
from crm_data.exchange.imports.plans import Job
from crm_data.exchange.reasons import Reason
from crm_data.exchange.words import spellings
from crm_data.mirror import read_frame
from crm_data.models import Opportunity, OpportunityLine, Stage
from crm_data.services import pipeline
from crm_data.vocabulary import Action, Module

STORED = ("amount", "lost_reason", "opened_on", "expected_close_on", "closed_on")
_FIELDS = {"expected_close_on": "expected_close", "closed_on": "closed"}


def stored_opportunities(job: Job) -> pl.DataFrame:
    """Read id, number, owner_id, stage_id, currency, deleted, seen, has_lines and STORED of all opportunities."""
    columns = [getattr(Opportunity, name) for name in ("id", "number", "owner_id", "stage_id", "currency", *STORED)]
    lines = select(OpportunityLine.opportunity_id).where(OpportunityLine.deleted_at.is_(None)).distinct()
    summed = read_frame(job.session.connection(), lines)["opportunity_id"].implode()
    frame = read_frame(job.session.connection(), select(*columns, Opportunity.deleted_at))
    seen = within(pl.col("owner_id"), job.actor, module=Module.OPPORTUNITIES, actions=[Action.VIEW])
    return frame.with_columns(
        deleted=pl.col("deleted_at").is_not_null(), seen=seen, has_lines=pl.col("id").is_in(summed)
    ).drop("deleted_at")


def with_stages(rows: pl.DataFrame, findings: Findings, job: Job, *, stored: pl.DataFrame) -> pl.DataFrame:
    """Add stage_id, outcome (the stage's kind), stage_name and stage_probability; an update may keep its stage."""
    places = job.session.scalars(select(Stage).where(Stage.deleted_at.is_(None)).order_by(Stage.position)).all()
    known = [(place.id, word) for place in places for word in {place.key, place.name, *spellings(place.name)}]
    keys = pl.DataFrame(known, schema={"id": pl.Int64, "word": pl.String}, orient="row").with_columns(
        word=folded(pl.col("word")), deleted=pl.lit(value=False), seen=pl.lit(value=True)
    )
    rows = references.look_up(rows, findings, field="stage", keys=keys.unique(["id", "word"]), by=("word",))
    own = stored.select(match_id="id", own_stage="stage_id")
    rows = rows.join(own, on="match_id", how="left", maintain_order="left")
    rows = rows.with_columns(stage_id=pl.coalesce("stage_id", "own_stage")).drop("own_stage")
    facts = [(place.id, place.kind.value, place.name, place.probability) for place in places]
    schema = {"stage_id": pl.Int64, "outcome": pl.String, "stage_name": pl.String, "stage_probability": pl.Int64}
    return rows.join(pl.DataFrame(facts, schema=schema, orient="row"), on="stage_id", how="left", maintain_order="left")


def refuse_incomplete(rows: pl.DataFrame, findings: Findings, job: Job) -> None:
    """Hold against a row that something which its stage needs is empty."""
    for place in job.session.scalars(select(Stage).where(Stage.deleted_at.is_(None))):
        inside = rows.filter(pl.col("stage_id") == place.id)
        for name in pipeline.needs(kind=place.kind, required=place.required_fields or ()):
            empty = inside.filter(pl.col(name).is_null()) if name in inside.columns else inside
            findings.add(empty, Reason.NEEDED_IN_STAGE, field=_FIELDS.get(name, name), detail=place.name)
