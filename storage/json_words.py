"""JSON that holds what people wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

from storage.columns import as_kept


class JsonWords(TypeDecorator[Any]):
    """Lists, mappings and texts of any depth, in their order. Every text in it comes back as a column of
    `Words` gives it back."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        """What both databases take."""
        return _kept(value)


def moment_to_json(moment: datetime | None) -> str | None:
    """A moment as JSON has it, in UTC. Raises ValueError on a naive one."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its zone: {moment!r}")
    return moment.astimezone(UTC).isoformat()


def moment_from_json(text: str | None) -> datetime | None:
    """The moment again."""
    return None if text is None else datetime.fromisoformat(text)


def day_from_json(text: str | None) -> date | None:
    """A day that was written by its isoformat."""
    return None if text is None else date.fromisoformat(text)


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return as_kept(value)
    if isinstance(value, dict):
        return {as_kept(key): _kept(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(one) for one in value]
    return value
