"""The page of definitions says what the figures' declarations say."""

from __future__ import annotations

from tools import definitions


def test_the_page_of_definitions_is_written_anew_whenever_a_figure_changes() -> None:
    assert definitions.PAGE.read_text(encoding="utf-8") == definitions.page(), "run: python -m tools.definitions"
