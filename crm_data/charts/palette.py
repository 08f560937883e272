"""The same meaning has the same colour on every picture, in the light look and in the dark one."""

from __future__ import annotations

# Colours of meanings reach 3 : 1 against both page backgrounds and stay apart for the colour-blind; tests compute it.
ACCENT = "#0B828A"
NEUTRAL = "#8B95A5"
GOOD = "#0B8069"
BAD = "#DB6320"
TARGET = "#B9770E"

# Streamlit's own tick labels have 3.7 : 1 on white. Its browser code puts the theme's text colour in place of this
# stand-in (its GRAY_90) wherever a figure names it; anywhere else it is a near-black that can be read on white.
TEXT = "#000037"

CURRENT = ACCENT
PREVIOUS = NEUTRAL

OUTCOMES = {"won": GOOD, "lost": BAD, "open": "#6F8CE8"}
NPS = {"detractors": BAD, "passives": NEUTRAL, "promoters": GOOD}
AGEING = {
    "not_due": ACCENT,
    "to_30": "#BE8911",
    "to_60": "#935607",
    "to_90": "#D2535D",
    "over_90": "#834AB6",
}
CAMPAIGN = {"budget": NEUTRAL, "cost": TARGET, "revenue": GOOD}
STAGE = {"amount": "#8BA7B3", "weighted": ACCENT}

# Arbitrary series take these in order, through the theme's colourway; `.streamlit/config.toml` repeats both lists.
SERIES_LIGHT = (
    "#0B6E75", "#DC781C", "#262873", "#976DC6", "#A1410D", "#25A78D", "#5C181C", "#5A3D93", "#743B38", "#B1684F",
)  # fmt: skip
SERIES_DARK = (
    "#4FB9C0", "#F2A65A", "#4483C0", "#C5D2FE", "#B14F79", "#AC906B", "#72750E", "#B39DFF", "#66E5B7", "#EDD267",
)  # fmt: skip
MOST_SERIES = 7


def luminance(color: str) -> float:
    """Give a colour's relative luminance, 0–1 (WCAG 2.2)."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, 1–21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink(background: str) -> str:
    """Give the colour of text that reads best on a coloured bar."""
    return max(("#FFFFFF", "#0B1117"), key=lambda color: contrast(color, background))
