"""What customers answered: recommendation, satisfaction and effort, each kind and scale for itself."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from crm_data.analytics.periods import Period
from crm_data.analytics.tables import Tables
from crm_data.vocabulary import Orientation, SurveyKind
from crm_data.vocabulary.scales import BOXES

NEEDS = ("responses", "surveys", "customers")
PROMOTER, DETRACTOR = 9, 6
EASY = 5
_CONTACT_WITHIN = timedelta(hours=48)
_NPS_SCALE, _CES_SCALE = (0, 10), (1, 7)
_RESPONDENT = ("customer_id", "contact_id")


def answer_rows(tables: Tables, period: Period, *, kind: SurveyKind) -> pl.LazyFrame:
    """Give the answers to surveys of a kind in a period that have a score; skipped ones are not answers.

    Columns: the standard ones (kind responses, owner of the customer, day in the organisation's time zone), survey_id,
    contact_id, score (turned so that high is good), scale_low, scale_high, relationship, answered_at, followed_up_at.
    """
    surveys = tables["surveys"].filter(pl.col("kind") == kind)
    about = surveys.select(
        pl.col("id").alias("survey_id"), "scale_low", "scale_high", "orientation", "relationship_survey"
    )
    owners = tables["customers"].select(pl.col("id").alias("customer_id"), "owner_id")
    turned = pl.col("scale_low") + pl.col("scale_high") - pl.col("score")
    return (
        tables["responses"]
        .with_columns(day=tables.day_of("answered_at"))
        .filter(pl.col("day") >= period.start, pl.col("day") < period.end, pl.col("score").is_not_null())
        .join(about, on="survey_id")
        .join(owners, on="customer_id", how="left")
        .select(
            pl.lit("responses").alias("kind"),
            *("id", "customer_id", "owner_id", "day", "survey_id", "contact_id", "scale_low", "scale_high"),
            *("answered_at", "followed_up_at", pl.col("relationship_survey").alias("relationship")),
            score=pl.when(pl.col("orientation") == Orientation.LOW).then(turned).otherwise("score"),
        )
    )


def recommendation_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the last answer of each respondent to relationship surveys of recommendation, 0 to 10 (see answer_rows)."""
    return _last(_recommendations(tables, period).filter("relationship"), *_RESPONDENT)


def occasion_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give all answers about single occasions on 0 to 10: they are never mixed with those about the relation."""
    return _recommendations(tables, period).filter(~pl.col("relationship"))


def satisfaction_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the answers about satisfaction on the one scale and occasion that has most of them.

    Columns: those of answer_rows, top (in the best box: 1 of 3, 2 of 4 to 7, 3 of 10), others (answers left out
    because they are on another scale or occasion). Of a relationship survey each respondent's last answer counts.
    """
    points = pl.col("scale_high") - pl.col("scale_low") + 1
    box = points.replace_strict(BOXES, default=None, return_dtype=pl.Int64)
    rows = _one_answer(answer_rows(tables, period, kind=SurveyKind.CSAT)).with_columns(points=points, box=box)
    group = ("relationship", "points")
    largest = (
        rows.filter(pl.col("box").is_not_null())
        .group_by(group)
        .len()
        .sort("len", "points", "relationship", descending=True)
        .head(1)
    )
    kept = rows.with_columns(total=pl.len()).join(largest, on=group)
    return kept.with_columns(
        top=pl.col("score") > pl.col("scale_high") - pl.col("box"), others=pl.col("total") - pl.col("len")
    ).drop("total", "len", "box")


def effort_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the answers about effort on 1 to 7, 7 the easiest (see answer_rows), of a relationship survey the last."""
    rows = _on_scale(answer_rows(tables, period, kind=SurveyKind.CES), _CES_SCALE)
    return _one_answer(rows)


def detractor_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give every answer of a detractor, and whether somebody got in touch within 48 hours.

    Columns: those of answer_rows, in_time (null while the 48 hours may still run and nobody has).
    """
    rows = _recommendations(tables, period).filter(pl.col("score") <= DETRACTOR)
    taken = pl.col("followed_up_at") - pl.col("answered_at")
    running = pl.col("followed_up_at").is_null() & (pl.col("day") > period.calendar.today - _CONTACT_WITHIN)
    return rows.with_columns(in_time=pl.when(~running).then((taken <= _CONTACT_WITHIN).fill_null(value=False)))


def invitation_rows(tables: Tables, period: Period) -> pl.LazyFrame:
    """Give the invitations sent in a period that arrived, and whether they were answered, however much later.

    Columns: the standard ones (kind invitations, day of sending), survey_id, answered. An answer that skipped the
    scoring question does not count.
    """
    owners = tables["customers"].select(pl.col("id").alias("customer_id"), "owner_id")
    skipped = tables["responses"].filter(pl.col("invitation_id").is_not_null(), pl.col("score").is_null())
    empty = skipped.select(pl.col("invitation_id").alias("id"), empty=pl.lit(value=True)).unique("id")
    return (
        tables["invitations"]
        .with_columns(day=tables.day_of("sent_at"))
        .filter(pl.col("day") >= period.start, pl.col("day") < period.end, pl.col("bounced_at").is_null())
        .join(owners, on="customer_id", how="left")
        .join(empty, on="id", how="left")
        .select(
            pl.lit("invitations").alias("kind"),
            *("id", "customer_id", "owner_id", "day", "survey_id"),
            answered=pl.col("answered_at").is_not_null() & pl.col("empty").is_null(),
        )
    )


def _recommendations(tables: Tables, period: Period) -> pl.LazyFrame:
    return _on_scale(answer_rows(tables, period, kind=SurveyKind.NPS), _NPS_SCALE)


def _on_scale(rows: pl.LazyFrame, scale: tuple[int, int]) -> pl.LazyFrame:
    return rows.filter(pl.col("scale_low") == scale[0], pl.col("scale_high") == scale[1])


def _one_answer(rows: pl.LazyFrame) -> pl.LazyFrame:
    relation = _last(rows.filter("relationship"), "survey_id", *_RESPONDENT)
    return pl.concat([relation, rows.filter(~pl.col("relationship"))])


def _last(rows: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
    return rows.sort("answered_at", "id").unique(list(keys), keep="last", maintain_order=True)
