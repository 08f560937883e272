"""What all records have in common: keys, change marks, versions and the recycle bin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Enum, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from crm_data.vocabulary import Labelled


class Instant(TypeDecorator[datetime]):
    """A moment in UTC with microseconds: stored without a zone, so that the three databases agree; aware in Python."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Keep the fraction of a second on MariaDB, whose plain DATETIME drops it."""
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone: nobody could tell which it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Say that what was stored is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


# SQLite makes a column the row id, and thereby quick, only when it is called INTEGER.
Key = BigInteger().with_variant(Integer(), "sqlite")

Money = Annotated[int, mapped_column(BigInteger)]
Currency = Annotated[str, mapped_column(String(3))]
Name = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(64))]
Words = Annotated[str, mapped_column(Text)]
Moment = Annotated[datetime, mapped_column(Instant)]
Reference = Annotated[int, mapped_column(Key)]
Document = Annotated[dict[str, Any], mapped_column(JSON)]
Listing = Annotated[list[str], mapped_column(JSON)]

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Labelled: Enum(Labelled, native_enum=False, length=24),
    }


def choice(vocabulary: type[Labelled]) -> Enum:
    """Give the column type of a closed list: its stored value as text, its member in Python."""
    return Enum(vocabulary, native_enum=False, length=24, create_constraint=False, values_callable=list)


class Keyed:
    """A row with an integer key below 2^53 that the writing process chose (see db.take_keys)."""

    if TYPE_CHECKING:
        __table__: ClassVar[Any]

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)


class Marked:
    """A row that the analysis copies: `rev` is the change mark of the transaction that wrote it last."""

    rev: Mapped[int] = mapped_column(BigInteger, default=0, index=True)


class Dated:
    """A row that knows when it was made and last changed."""

    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class Record(Base, Keyed, Marked, Dated):
    """A record that a person edits: versioned, audited and deleted only into the recycle bin."""

    __abstract__ = True

    version: Mapped[int] = mapped_column(Integer, default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it on the class
        """Let every update name the version it was based on."""
        return {"version_id_col": cls.version}

    # Names of the columns whose text the search looks through; the table then has a `search_text` column.
    searched: ClassVar[tuple[str, ...]] = ()


class Searchable:
    """A record that is found by any part of its texts, folded as `fold` does."""

    search_text: Mapped[str] = mapped_column(Text, default="")


def fold(value: str) -> str:
    """Make texts comparable as a person compares them: NFKC, case folded, blanks as one."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", value).casefold()).strip()


def digits(phone: str) -> str:
    """Keep the digits of a phone number, however it was written."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))


def search_text(record: Record) -> str:
    """Join what the search looks through: the named columns folded, and phone numbers as digits too."""
    return _joined({name: getattr(record, name) for name in record.searched})


def search_text_of(model: type[Record], row: Mapping[str, Any]) -> str:
    """Join what the search looks through in the values of a record that is not loaded."""
    return _joined({name: row.get(name) for name in model.searched})


def _joined(values: Mapping[str, Any]) -> str:
    parts = [fold(str(value)) for value in values.values() if value]
    parts += [digits(value) for name, value in values.items() if value and name == "phone"]
    return "\n".join(parts)
