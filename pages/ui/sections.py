"""The parts of a record page, one of which is open; which one stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pages.ui import address
from pages.ui.text import _

Draw = Callable[[], None]


def sections(parts: Mapping[str, tuple[str, Draw]]) -> None:
    """Draw the choice of parts (key → words, function) and the open one; its key is `tab` in the address."""
    parts[address.one_of("tab", _("Part of the record"), {key: words for key, (words, _draw) in parts.items()})][1]()
