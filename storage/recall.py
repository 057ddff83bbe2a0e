"""Recall: what was read before and has not changed since is not read again.

Each noun that is recalled has a row in `changes` that every change of it raises, in the same transaction.
So what a process remembers is good exactly as long as that number stands, whichever process changed it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Integer, Table, Text, bindparam, select, update

from storage.columns import Verbs, metadata

T = TypeVar("T")

NOUNS = ("organisations", "activities")
MOST = 8  # results kept for one noun: the years that people look at

changes = Table(
    "changes",
    metadata,
    Column("noun", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

NUMBERS = select(changes.c.noun, changes.c.number)
RAISE = update(changes).where(changes.c.noun == bindparam("which")).values(number=changes.c.number + 1)

LOCK = select(changes.c.number).where(changes.c.noun == bindparam("which")).with_for_update()

Memory = dict[str, tuple[int, dict[Any, Any]]]  # noun -> the number it is good for, and what was read


class Recall:
    """One transaction's way to what the process remembers."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection, self._memory = connection, memory
        self._numbers: dict[str, int] = {}
        self._changed: set[str] = set()

    def read(self, noun: str, key: Any, load: Callable[[], T]) -> T:
        """What `load` returns, or returned when the noun's number was the same. A transaction that has
        changed the noun itself reads anew and remembers nothing: it may yet be rolled back."""
        if noun in self._changed:
            return load()
        if not self._numbers:
            self._numbers = {row[0]: row[1] for row in self._connection.execute(NUMBERS)}
        number = self._numbers[noun]
        kept = self._memory.get(noun)
        if kept is None or kept[0] != number or len(kept[1]) > MOST:
            kept = self._memory[noun] = (number, {})
        if key not in kept[1]:
            kept[1][key] = load()
        found: T = kept[1][key]
        return found

    def lock(self, noun: str) -> None:
        """Wait for every other writer of the noun, so that what is read next is what stands when this
        transaction writes. (On SQLite a writer is alone anyway.)"""
        if self._connection.dialect.name != "sqlite":
            self._connection.execute(LOCK, {"which": noun})
            self._numbers = {}

    def changed(self, noun: str) -> None:
        """The noun is about to change. From here on other writers of it wait for this transaction, so
        that the numbers rise in the order of the commits."""
        if noun not in self._changed:
            self._changed.add(noun)
            self._connection.execute(RAISE, {"which": noun})


class RecallingVerbs(Verbs):
    """Verbs over a noun that is recalled."""

    def __init__(self, connection: Connection, writes: bool, recall: Recall) -> None:
        super().__init__(connection, writes)
        self._recall = recall
