"""Answers: each kind, scale and occasion for itself, one answer a person."""

from crm_data.analytics import figures, series
from crm_data.analytics.kpis import by_key
from tests.analytics.golden.hearing import FOLLOWED, HEARD, SURVEYS, a_survey, answers
from tests.analytics.worlds import a_world, days, noon

JUNE = days("2026-06-01", "2026-06-30")


def test_the_relation_and_single_occasions_are_never_mixed():
    relation = series.rows_of(by_key("nps"), HEARD, period=JUNE)
    occasions = series.rows_of(by_key("nps_transactional"), HEARD, period=JUNE)
    assert (set(relation["survey_id"]), set(occasions["survey_id"])) == ({1}, {2})


def test_a_respondents_last_answer_counts():
    rows = series.rows_of(by_key("nps"), HEARD, period=JUNE)
    assert rows.filter(rows["customer_id"] == 1)["score"].to_list() == [10]


def test_two_contacts_of_a_customer_are_two_respondents():
    given = {"survey_id": 1, "customer_id": 1, "answered_at": noon("2026-06-05")}
    world = a_world(
        surveys=SURVEYS, responses=[{**given, "contact_id": 1, "score": 10}, {**given, "contact_id": 2, "score": 0}]
    )
    assert figures.figure(by_key("nps"), world, period=JUNE).n == 2


def test_scales_are_not_mixed_and_what_is_left_out_is_named():
    found = figures.figure(by_key("csat"), HEARD, period=JUNE)
    messages = [note.message.format(**note.values) for note in found.notes]
    assert messages[-1] == "Answers on another scale or occasion, left out: 4."


def test_the_best_box_grows_with_the_scale():
    shares = {}
    for points in (3, 4, 5, 6, 7, 10):
        world = a_world(surveys=[a_survey(1, "csat", 1, points)], responses=answers(1, *range(1, points + 1)))
        shares[points] = round((figures.figure(by_key("csat"), world, period=JUNE).value or 0) * points)
    assert shares == {3: 1, 4: 2, 5: 2, 6: 2, 7: 2, 10: 3}


def test_a_scale_on_which_low_is_good_is_turned():
    turned = a_world(surveys=[a_survey(1, "csat", 1, 5, orientation="low")], responses=answers(1, 1, 1, 5))
    assert figures.figure(by_key("csat"), turned, period=JUNE).value == 2 / 3


def test_the_score_is_told_by_customers_field():
    parts = series.breakdown(by_key("nps"), HEARD, period=JUNE, by="region")
    assert {row["id"]: (row["value"], row["n"]) for row in parts.to_dicts()} == {"N": (25, 4), "S": (25, 4)}


def test_few_answers_are_not_reliable():
    assert series.breakdown(by_key("nps"), HEARD, period=JUNE, by="region")["reliable"].to_list() == [False, False]


def test_the_classes_of_answers_are_told_beside_the_score():
    tally = figures.figure(by_key("nps"), HEARD, period=JUNE).tally
    assert tally == {"promoters": 4, "passives": 2, "detractors": 2}


def test_an_answer_whose_48_hours_still_run_is_left_out_and_named():
    notes = figures.figure(by_key("follow_up_rate"), FOLLOWED, period=JUNE).notes
    assert [note.message.format(**note.values) for note in notes] == ["Answered less than 48 hours ago, left out: 1."]
