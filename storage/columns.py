"""What every table is made of: the metadata, the column types, and the base of all verbs."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    Text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite
Json = JSON(none_as_null=True)  # not JSONB: the order of keys is the order that people see


def id_column() -> Column[int]:
    """The number of a row."""
    return Column("id", Id, primary_key=True)


class Utc(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out, on both databases (SQLite itself forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """UTC, ready to be stored. Raises ValueError on a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """An aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Any text that a person or a platform gave. NUL and half surrogates, which PostgreSQL refuses and
    no encoding can carry, are kept as U+FFFD, so that no payload can make a transaction impossible."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Text that both databases take."""
        return None if value is None else as_kept(value)


def as_kept(text: str) -> str:
    """Text as a column of `Words` gives it back."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Value(TypeDecorator[Any]):
    """A small frozen dataclass (an account, a place, a topic) kept whole as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, of: type) -> None:
        super().__init__()
        self.of = of
        self._names = tuple(field.name for field in fields(of))

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """JSON text of the value's fields."""
        return None if value is None else to_json({name: getattr(value, name) for name in self._names})

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """The value again."""
        if value is None:
            return None
        kept = json.loads(value).items()
        return self.of(**{name: tuple(one) if isinstance(one, list) else one for name, one in kept})


_encode = json.JSONEncoder(separators=(",", ":")).encode


def to_json(value: Any) -> str:
    """Compact JSON, escaped to ASCII so that any text survives on both databases."""
    return _encode(value)


class Verbs:
    """One transaction's verbs over one noun. `writes` is False in a reader, which takes no locks."""

    def __init__(self, connection: Connection, writes: bool = True) -> None:
        self._connection = connection
        self._writes = writes
