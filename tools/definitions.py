"""Writes docs/definitions.md, what every figure means, from the figures' own declarations."""

from __future__ import annotations

import sys
from pathlib import Path

from crm_data.analytics.kpi import Composed, Measure
from crm_data.analytics.kpis import CHAPTERS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "definitions.md"
_HEAD = """# What every figure means

Written by `python -m tools.definitions` from the declarations in `crm_data/analytics/kpis`; the app shows the same
words behind “How is this computed?”. Money is in the base currency, at the exchange rate of the day that a record
counts by. A figure that cannot be measured is “n/a”, never zero. What a person may not see is not counted.
"""


def page() -> str:
    """Give the whole page."""
    chapters = (f"## {name}\n\n" + "\n".join(map(_entry, measures)) for name, measures in CHAPTERS.items())
    return "\n".join([_HEAD, *chapters])


def _entry(measure: Measure) -> str:
    lines = [
        f"### {measure.label}",
        "",
        measure.meaning,
        "",
        f"- Key: `{measure.key}`",
        f"- Formula: {measure.formula}",
        f"- Counts by: {measure.day}",
        f"- Unit: {measure.unit.label}. {measure.better.label}.",
        f"- Broken down by: {', '.join(dimension.label for dimension in measure.by) or 'nothing'}",
    ]
    if isinstance(measure, Composed):
        lines.append(f"- Made of: {', '.join(part.label for part in measure.parts)}")
    elif measure.min_n > 1:
        lines.append(f"- Needs at least {measure.min_n} cases to be leaned on")
    return "\n".join([*lines, ""])


def main() -> int:
    """Write the page; with `--check` only tell whether it is up to date."""
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
