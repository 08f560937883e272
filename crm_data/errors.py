"""What went wrong, said so that a person knows what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class CrmError(Exception):
    """A problem that a person can act on: a message id of the catalogue and the values of its placeholders.

    The screen or command translates `message_id`, then fills in `values`; `str(error)` is the English sentence.
    """

    def __init__(self, message_id: str, /, **values: Any) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = values

    def __str__(self) -> str:
        return self.message_id.format(**self.values)


class NotAllowedError(CrmError):
    """The acting user's role does not permit this."""


class NotFoundError(CrmError):
    """There is no such record, or none that the acting user may know of."""


class InvalidError(CrmError):
    """A value cannot be stored; `field` names where it was typed."""

    def __init__(self, message_id: str, /, *, field: str = "", **values: Any) -> None:
        super().__init__(message_id, **values)
        self.field = field


class InvalidFormError(CrmError):
    """Several values cannot be stored; `problems` has one InvalidError a field."""

    def __init__(self, message_id: str, /, *, problems: Sequence[InvalidError], **values: Any) -> None:
        super().__init__(message_id, **values)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class FieldConflict:
    """One field that two people changed: what it was, what is stored now, what was typed here."""

    original: Any
    theirs: Any
    mine: Any


class ConflictError(CrmError):
    """Somebody else saved the same fields meanwhile; nothing was written."""

    def __init__(self, message_id: str, /, *, fields: Mapping[str, FieldConflict], version: int, **values: Any) -> None:
        super().__init__(message_id, **values)
        self.fields = dict(fields)
        self.version = version


class AlreadyDoneError(CrmError):
    """The same form was sent before; its first sending counts."""


class UndoConflictError(CrmError):
    """A change cannot be undone because later work stands on it; `records` lists (kind, id, field)."""

    def __init__(self, message_id: str, /, *, records: Sequence[tuple[str, int, str]], **values: Any) -> None:
        super().__init__(message_id, **values)
        self.records = tuple(records)
