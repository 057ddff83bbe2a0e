"""Tables as they are in a database, whatever its version; their rows as JSON that both kinds take."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from storage.columns import Json, Utc, to_json

VERSION: Final = "alembic_version"  # the migrations' own table, in the manifest as `revision`
AT_ONCE: Final = 500  # rows that are in memory at the same time
WITH_BYTES: Final = 4  # the same where rows hold pictures and files


def tables_of(connection: Connection) -> tuple[Table, ...]:
    """The tables that are there, by name, with columns of the few kinds that both databases have."""
    looks = inspect(connection)
    names = sorted(name for name in looks.get_table_names() if name != VERSION)
    return tuple(
        Table(
            name,
            MetaData(),
            *(
                Column(column["name"], _kind(column["type"]), primary_key=column["name"] in key)
                for column in looks.get_columns(name)
            ),
        )
        for name in names
        for key in [looks.get_pk_constraint(name)["constrained_columns"]]
    )


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows of a table by their key, as JSON; never more than a few in memory."""
    names, at_once = [column.name for column in table.c], at_once_of(table)
    rows = connection.execution_options(yield_per=at_once).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for row in rows:
        yield json.dumps(dict(zip(names, row, strict=True)), separators=(",", ":"), default=_plain).encode()


def row_from(table: Table, said: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the database takes it. Raises ValueError or TypeError for what its columns cannot hold."""
    return {
        column.name: None if said[column.name] is None else _reader(column.type)(said[column.name])
        for column in table.c
    }


def at_once_of(table: Table) -> int:
    """How many rows of a table may be in memory."""
    return WITH_BYTES if any(isinstance(column.type, LargeBinary) for column in table.c) else AT_ONCE


def last_numbers(connection: Connection) -> dict[str, int]:
    """Table -> the highest number that it ever gave to a row, where the database keeps that: whoever names
    a row by number never means another one, also when it is gone."""
    if connection.dialect.name == "sqlite":
        if not connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")):
            return {}
        return {row[0]: row[1] for row in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    sequences = sequences_of(connection)
    return {
        table: connection.scalar(text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}"))
        or 0
        for table, (_, name) in sequences.items()
    }


def sequences_of(connection: Connection) -> dict[str, tuple[str, str]]:
    """Table -> its column that numbers itself, and the sequence (quoted) that does it, on PostgreSQL."""
    rows = connection.execute(
        text(
            "SELECT table_name, column_name,"
            " pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND (column_default LIKE 'nextval(%' OR is_identity = 'YES')"
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows if row[2] is not None}


def _kind(found: TypeEngine[Any]) -> TypeEngine[Any]:
    kinds: tuple[tuple[type[TypeEngine[Any]], TypeEngine[Any]], ...] = (
        *((DateTime, Utc()), (Date, Date()), (Boolean, Boolean()), (JSON, Json)),
        *((LargeBinary, LargeBinary()), (Integer, BigInteger()), (Numeric, Float(53)), (String, String())),
    )
    for type_, kept_as in kinds:
        if isinstance(found, type_):
            return kept_as
    raise TypeError(f"no backup knows columns of {found!r} yet")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    raise TypeError(f"no backup knows {type(value)!r} yet")


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    if isinstance(kind, Utc):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return lambda said: b64decode(said, validate=True)
    expected: dict[type[Any], type] = {Boolean: bool, BigInteger: int, String: str}
    for type_, python in expected.items():
        if isinstance(kind, type_):
            return lambda said: said if type(said) is python else _refuse(said)
    return lambda said: said


def _refuse(said: Any) -> Any:
    raise TypeError(f"not {to_json(said)[:20]}")
