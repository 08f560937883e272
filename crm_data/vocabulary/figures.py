"""The words for figures: units and directions."""

from __future__ import annotations

from crm_data.vocabulary.labels import N_, Labelled


class Unit(Labelled):
    """What a figure is measured in."""

    MONEY = "money", N_("Money")
    PERCENT = "percent", N_("Per cent")
    COUNT = "count", N_("Count")
    DAYS = "days", N_("Days")
    HOURS = "hours", N_("Hours")
    POINTS = "points", N_("Points from −100 to 100")
    SCORE = "score", N_("Score from 0 to 100")
    SCALE = "scale", N_("Scale value")
    TIMES = "times", N_("Times")
    MONEY_PER_DAY = "money_per_day", N_("Money per day")


class Better(Labelled):
    """Which direction of a figure is good news."""

    HIGHER = "higher", N_("Higher is better")
    LOWER = "lower", N_("Lower is better")
    NEITHER = "neither", N_("Neither is better")
