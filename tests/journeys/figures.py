"""Reading a figure off the screen, and the total of the records behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from playwright.sync_api import Page

from tests.journeys.browsing import Server, keyed, visit

_UNITS = {"": 0, "%": 0, "K": 3, "M": 6, "B": 9, "万": 4, "亿": 8}
_NUMBER = re.compile(r"(-?)[^\d\s-]*(\d[\d,]*(?:\.\d+)?)\s*([KMB%万亿]?)")


@dataclass(frozen=True)
class Shown:
    """A figure as a screen shows it: its value, the number of records behind it, and the line that sums them up."""

    value: str
    records: int
    total: str

    def agrees(self) -> bool:
        """Tell whether the records come to the figure, which may be shown rounded."""
        value, grain = _numbers(self.value)[-1]
        total, _exact = _numbers(self.total)[-1]
        return abs(value - total) <= grain / 2


def figure(page: Page, server: Server, key: str, *, query: str = "") -> Shown:
    """Open a figure and read it together with the records behind it."""
    visit(page, server, f"kpi?key={key}{query}")
    return read(page)


def read(page: Page) -> Shown:
    """Read the figure whose screen is open."""
    value = keyed(page, "figure").locator("[data-testid=stMetricValue]").inner_text()
    foot = keyed(page, "foot").locator("strong").inner_text()
    return Shown(value, int(_numbers(foot)[0][0]), foot)


def amount(text: str) -> Decimal:
    """Give the last number that a text shows."""
    return _numbers(text)[-1][0]


def _numbers(text: str) -> list[tuple[Decimal, Decimal]]:
    """Give the numbers of a text, each with the worth of its last digit."""
    found = []
    for sign, digits, unit in _NUMBER.findall(text.replace("−", "-").replace("\u00a0", " ")):
        places = len(digits.partition(".")[2])
        number = Decimal(digits.replace(",", "")).scaleb(_UNITS[unit])
        found.append((-number if sign else number, Decimal(1).scaleb(_UNITS[unit] - places)))
    return found
