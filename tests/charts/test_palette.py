"""Colours can be told apart by everybody and read on both backgrounds."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crm_data.charts import palette

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEME: dict[str, Any] = CONFIG["theme"]
BACKGROUNDS = [THEME[name]["backgroundColor"] for name in ("light", "dark")]
MEANINGS = {
    "outcomes": palette.OUTCOMES,
    "nps": palette.NPS,
    "ageing": palette.AGEING,
    "campaign": palette.CAMPAIGN,
    "trend": {"current": palette.CURRENT, "previous": palette.PREVIOUS, "target": palette.TARGET},
}

# How the three kinds of colour blindness see linear RGB, in full (Machado, Oliveira and Fernandes 2009).
EYES = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
TO_CONES = ((0.4122, 0.5363, 0.0514), (0.2119, 0.6807, 0.1074), (0.0883, 0.2817, 0.63))
TO_OKLAB = ((0.2105, 0.7936, -0.0041), (1.978, -2.4286, 0.4506), (0.0259, 0.7828, -0.8087))


def times(matrix: Any, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen(color: str, eye: str) -> list[float]:
    """Give a colour in Oklab as an eye sees it."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    inside = [min(max(part, 0.0), 1.0) for part in times(EYES[eye], linear)]
    return times(TO_OKLAB, [part ** (1 / 3) for part in times(TO_CONES, inside)])


def nearest(colors: list[str]) -> float:
    """Give the smallest distance between two of the colours, for the eye to which they are closest (Oklab × 100)."""
    pairs = itertools.product(itertools.combinations(colors, 2), EYES)
    return min(
        100 * sum((a - b) ** 2 for a, b in zip(seen(x, e), seen(y, e), strict=True)) ** 0.5 for (x, y), e in pairs
    )


@pytest.mark.parametrize("colors", [palette.SERIES_LIGHT, palette.SERIES_DARK])
def test_ten_series_have_ten_colours_that_every_eye_tells_apart(colors: tuple[str, ...]) -> None:
    assert len(set(colors)) >= 10
    assert nearest(list(colors)) >= 7
    assert nearest(list(colors[: palette.MOST_SERIES])) >= 10


@pytest.mark.parametrize("meaning", MEANINGS)
def test_the_colours_of_one_picture_are_told_apart_by_every_eye(meaning: str) -> None:
    assert nearest(list(MEANINGS[meaning].values())) >= 6


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_colours_of_meanings_stand_out_from_both_backgrounds(background: str) -> None:
    colors = {color for colors in MEANINGS.values() for color in colors.values()}
    assert {color for color in colors if palette.contrast(color, background) < 3} == set()


@pytest.mark.parametrize(("look", "colors"), [("light", palette.SERIES_LIGHT), ("dark", palette.SERIES_DARK)])
def test_the_theme_uses_the_palettes_series_and_they_stand_out(look: str, colors: tuple[str, ...]) -> None:
    background = THEME[look]["backgroundColor"]
    assert THEME[look]["chartCategoricalColors"] == list(colors)
    assert [color for color in colors if palette.contrast(color, background) < 3] == []


@pytest.mark.parametrize("look", ["light", "dark"])
def test_text_and_links_can_be_read_in_both_looks(look: str) -> None:
    theme = THEME[look]
    grounds = [theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"]]
    readable = [palette.contrast(theme[ink], ground) for ink in ("textColor", "linkColor") for ground in grounds]
    assert min(readable) >= 4.5


@pytest.mark.parametrize("look", ["light", "dark"])
def test_white_on_the_accent_can_be_read(look: str) -> None:
    assert palette.contrast("#FFFFFF", THEME[look]["primaryColor"]) >= 4.5


@pytest.mark.parametrize("colors", [palette.AGEING, palette.NPS])
def test_text_inside_bars_can_be_read(colors: dict[str, str]) -> None:
    assert [color for color in colors.values() if palette.contrast(palette.ink(color), color) < 4.5] == []


def test_the_servers_settings_keep_to_this_machine_and_call_nobody() -> None:
    wanted = {"address": "127.0.0.1", "headless": True, "fileWatcherType": "none", "maxUploadSize": 200}
    assert wanted.items() <= CONFIG["server"].items()
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"] == {
        "toolbarMode": "viewer", "showErrorDetails": "none", "showErrorLinks": False, "disableDataExport": True,
    }  # fmt: skip
