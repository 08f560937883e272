"""What can be imported, column by column: the fields of every kind of file, and which column of a file is which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from crm_data.errors import CrmError
from crm_data.exchange.words import spellings
from crm_data.vocabulary import N_, Labelled, Module


class Reads(Enum):
    """How the cells of a field are read."""

    TEXT = auto()
    CODE = auto()
    REFERENCE = auto()
    DAY = auto()
    MONEY = auto()
    PRICE = auto()
    QUANTITY = auto()
    WHOLE = auto()
    PERCENT = auto()
    DISCOUNT = auto()
    FLAG = auto()
    CHOICE = auto()
    CURRENCY = auto()
    EMAIL = auto()
    PHONE = auto()
    WEBSITE = auto()
    LIST = auto()


@dataclass(frozen=True)
class Field:
    """One column that a file may have: its name, what it is called, and how its cells are read.

    `also` lists other names, separated by commas; the first of them that a file has wins.
    """

    key: str
    label: str
    reads: Reads = Reads.TEXT
    also: str = ""
    required: bool = False
    choices: type[Labelled] | None = None
    longest: int | None = None
    negative: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of file: its fields, the right it needs, what may be made on the way and what can be told apart by."""

    key: str
    label: str
    module: Module
    fields: tuple[Field, ...]
    creates: tuple[str, ...] = ()
    update_by: tuple[str, ...] = ()

    def __getitem__(self, key: str) -> Field:
        """Give the field with a key; raises CrmError naming the fields that there are."""
        found = next((each for each in self.fields if each.key == key), None)
        if found is None:
            raise CrmError(
                N_("{kind} have no field named {field}. There are: {fields}."),
                kind=self.key, field=key, fields=", ".join(each.key for each in self.fields),
            )  # fmt: skip
        return found

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields without which a row cannot be taken."""
        return tuple(each.key for each in self.fields if each.required)


@dataclass(frozen=True)
class ColumnMap:
    """Which column of a file stands for which field, which columns nobody knows, which needed fields have none."""

    columns: Mapping[str, str]
    unmapped: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())


def map_columns(headers: Sequence[str], kind: Kind, *, chosen: Mapping[str, str] | None = None) -> ColumnMap:
    """Find the column of each field: as chosen (field → column), else by the field's own name, label or other names.

    Upper and lower case, blanks, underscores and punctuation do not matter. Raises CrmError when something unknown was
    chosen, naming what there is.
    """
    columns = {key: _header(headers, column) for key, column in _known(kind, chosen)}
    taken = set(columns.values())
    for names_of in _PASSES:
        for each in kind.fields:
            header = _first_of(names_of(each), {_folded(name): name for name in headers if name not in taken})
            if each.key not in columns and header is not None:
                columns[each.key] = header
                taken.add(header)
    in_order = {each.key: columns[each.key] for each in kind.fields if each.key in columns}
    missing = tuple(key for key in kind.needed if key not in columns)
    return ColumnMap(in_order, tuple(header for header in headers if header not in taken), missing)


_PASSES: tuple[Callable[[Field], Iterable[str]], ...] = (
    lambda each: [each.key],
    lambda each: spellings(each.label),
    lambda each: each.also.split(","),
)


def _first_of(wanted: Iterable[str], headers: Mapping[str, str]) -> str | None:
    return next((headers[_folded(name)] for name in wanted if _folded(name) in headers), None)


def _known(kind: Kind, chosen: Mapping[str, str] | None) -> Iterator[tuple[str, str]]:
    for key, column in (chosen or {}).items():
        yield kind[key].key, column


def _header(headers: Sequence[str], column: str) -> str:
    found: Iterator[str] = (header for header in headers if header == column or _folded(header) == _folded(column))
    header = next(found, None)
    if header is None:
        raise CrmError(
            N_("The file has no column named {column}. It has: {columns}."), column=column, columns=", ".join(headers)
        )
    return header


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())
