"""Pictures tell the truth: zero-based, at most seven colours, people's words verbatim, a click leads to a record."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import plotly.graph_objects as go
import pytest

from crm_data.charts import campaigns, composition, layout, ranking, trend
from tests.charts.frames import CHARTS, EMPTY, MARKUP, named, rows

every_chart = pytest.mark.parametrize("name", CHARTS)


def drawn(name: str) -> go.Figure:
    frame, draw = CHARTS[name]
    return draw(frame)


def strings(value: Any) -> list[str]:
    """Give every text in a figure."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in inner for text in strings(item)]


@every_chart
def test_an_empty_frame_gives_a_sentence_instead_of_axes(name: str) -> None:
    frame, draw = CHARTS[name]
    figure = draw(frame.clear())
    assert [note.text for note in figure.layout.annotations] == [EMPTY]
    assert not figure.data


@every_chart
def test_markup_in_peoples_words_is_shown_verbatim(name: str) -> None:
    figure = drawn(name).to_dict()
    figure["layout"].pop("template", None)
    own = re.compile(r"</?b>(?=&|$|<br>|3|5)|<br>")
    texts = [own.sub("", text) for text in strings(json.loads(json.dumps(figure, default=str)))]
    assert [text for text in texts if "<" in text] == []


@every_chart
def test_the_title_is_escaped(name: str) -> None:
    assert drawn(name).layout.title.text == html.escape(MARKUP, quote=False)


@every_chart
def test_every_mark_carries_the_id_of_its_record(name: str) -> None:
    carried = json.dumps([list(trace.customdata) for trace in drawn(name).data if trace.customdata is not None])
    assert set(re.findall(r"\d+", carried)) == {"1", "2"}


@every_chart
def test_hover_texts_are_never_templates_that_could_read_a_label_as_code(name: str) -> None:
    assert [trace.hovertemplate for trace in drawn(name).data if trace.hovertemplate] == []


@pytest.mark.parametrize("name", ["trend bars", "ranking", "stages", "ageing", "campaign", "funnel", "loyalty"])
def test_bars_start_at_zero(name: str) -> None:
    figure = drawn(name)
    axis = figure.layout.yaxis if name == "trend bars" else figure.layout.xaxis
    assert axis.range[0] == 0


def test_an_axis_reaches_below_zero_only_for_negative_values() -> None:
    axis = layout.value_axis([-40, 100], tick=None)
    assert axis["range"] == [-50, 100]


def test_ticks_are_written_by_the_callers_format() -> None:
    axis = layout.value_axis([0, 900], tick=lambda value: f"<{value:.0f}>")
    assert axis["ticktext"][-1] == "&lt;1000&gt;"


def test_more_than_seven_series_are_refused() -> None:
    keys = [f"s{index}" for index in range(8)]
    with pytest.raises(ValueError, match="8 series"):
        trend.trend_chart(rows(1), series=named(*keys), title="", empty=EMPTY)


def test_a_share_of_nine_parts_is_folded_to_seven() -> None:
    figure = composition.share_chart(rows(*range(9, 0, -1)), title="", empty=EMPTY, other="Other")
    assert len(figure.data) == 7
    assert figure.data[-1].x[0] == 3 + 2 + 1


def test_a_long_ranking_adds_the_rest_up_in_a_last_row_without_id() -> None:
    folded = ranking.fold(rows(5, 4, 3, 2), keep=2, other="Other", text=str)
    assert folded.row(-1, named=True) == {"label": "Other", "value": 5, "text": "5", "id": None, "other": True}


def test_a_ranking_is_never_longer_than_asked() -> None:
    figure = ranking.ranking_chart(rows(*[1.0] * 11, 4), title="", empty=EMPTY, other="Other", at_most=5)
    assert figure.data[0].x == (1, 1, 1, 1, 11)


def test_two_customers_of_one_name_stay_two_bars() -> None:
    figure = drawn("ranking")
    assert figure.data[0].y == (0, 1)


def test_no_value_is_written_and_not_drawn_as_a_value() -> None:
    frame = rows(None, 2, text=["n/a", "2"])
    bars = campaigns.funnel_chart(frame, title="", empty=EMPTY).data[0]
    assert (bars.x[0], bars.text[0]) == (0, "n/a")


def test_the_unfinished_bucket_is_hatched_in_bars() -> None:
    frame = rows(3, 5, unfinished=[False, True]).drop("low", "high")
    figure = trend.trend_chart(frame, series=named("value"), title="", empty=EMPTY, kind="bars")
    assert list(figure.data[0].marker.pattern.shape) == ["", "/"]


def test_the_way_to_the_unfinished_bucket_is_dotted_in_lines() -> None:
    frame = rows(3, 5, 4, unfinished=[False, False, True]).drop("low", "high")
    line, tail = trend.trend_chart(frame, series=named("value"), title="", empty=EMPTY).data
    assert (line.y, tail.y, tail.line.dash) == ((3, 5, None), (None, 5, 4), "dot")


def test_the_previous_period_and_the_target_are_lines_of_their_own() -> None:
    frame = rows(3, previous=[2], target=[4]).drop("low", "high")
    figure = trend.trend_chart(frame, series=named("value", "previous", "target"), title="", empty=EMPTY, kind="bars")
    assert [(trace.type, trace.y[0]) for trace in figure.data] == [("bar", 3), ("scatter", 2), ("scatter", 4)]


def test_an_axis_of_many_buckets_names_few_of_them_and_always_the_last() -> None:
    frame = rows(*range(12), label=[f"2026-{month:02}" for month in range(1, 13)])
    axis = trend.trend_chart(frame, series=named("value"), title="", empty=EMPTY).layout.xaxis
    assert (len(axis.ticktext), axis.ticktext[-1]) == (4, "2026-12")


def test_a_stack_needs_an_axis_for_its_sum() -> None:
    frame = rows(60, other=[70]).drop("low", "high")
    figure = trend.trend_chart(frame, series=named("value", "other"), title="", empty=EMPTY, kind="stack")
    assert figure.layout.yaxis.range[1] >= 130


def test_a_long_chinese_name_is_cut_beside_the_axis_and_whole_in_the_hover_text() -> None:
    name = "上海华新机电设备有限公司及其全部子公司"
    figure = ranking.ranking_chart(rows(1, label=[name]), title="", empty=EMPTY, other="Other")
    assert figure.layout.yaxis.ticktext[0].endswith("…")
    assert name in figure.data[0].hovertext[0]
