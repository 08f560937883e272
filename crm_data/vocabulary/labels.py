"""How a closed list carries the words that people read."""

from __future__ import annotations

from enum import StrEnum


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a marker
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return message


class Labelled(StrEnum):
    """A closed list whose members carry the words that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        """Take the stored value and the label in English."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
