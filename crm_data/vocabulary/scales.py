"""Rating scales: what an answer means on the scale it was given on."""

from __future__ import annotations

from collections.abc import Sequence

from crm_data.vocabulary.labels import N_
from crm_data.vocabulary.relations import Orientation, SurveyKind

# How many points a satisfaction scale may have, and how many of them at its end count as the best (and the worst) box.
BOXES = {3: 1, 4: 2, 5: 2, 6: 2, 7: 2, 10: 3}
# What the worst and the best answer of a scale mean.
ENDS = {
    SurveyKind.NPS: (N_("not at all likely"), N_("extremely likely")),
    SurveyKind.CSAT: (N_("very dissatisfied"), N_("very satisfied")),
    SurveyKind.CES: (N_("very hard"), N_("very easy")),
    SurveyKind.OWN: (N_("very bad"), N_("very good")),
}
_WORST_NPS, _WORST_CES = 7, 3


def bounds(kind: SurveyKind, *, points: int) -> tuple[int, int]:
    """Give the lowest and highest answer of a survey's score; `points` counts where a person may choose."""
    fixed = {SurveyKind.NPS: (0, 10), SurveyKind.CES: (1, 7)}
    return fixed.get(kind, (1, points))


def is_bad(score: int | None, *, kind: SurveyKind, scale: Sequence[int], orientation: Orientation) -> bool:
    """Tell whether an answer calls for somebody to follow it up.

    NPS: 0 to 6. CES: the three points at the hard end of seven. Satisfaction and own questionnaires: the worst box,
    as large as the best one (1 of 3, 2 of 4 to 7, 3 of 10). `scale` is (lowest, highest); a skipped answer is not bad.
    """
    if score is None:
        return False
    low, high = scale
    above_the_worst = score - low if orientation is Orientation.HIGH else high - score
    worst = {SurveyKind.NPS: _WORST_NPS, SurveyKind.CES: _WORST_CES}
    return above_the_worst < worst.get(kind, BOXES.get(high - low + 1, 1))
