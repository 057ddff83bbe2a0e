"""Recall: what was read before and has not changed since is not read again.

Each noun that is recalled has a row in `changes` that every change of it raises, in the same transaction.
So what a process remembers is good exactly as long as that number stands, whichever process changed it.

A transaction that raised the number holds its row until it ends. Found it there the number that the memory is
good for, then nobody else has written since, and what is remembered can be brought forward by its own change
instead of being read anew. Others see that only after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Integer, Table, Text, bindparam, select, update

from storage.columns import Verbs, metadata

T = TypeVar("T")

NOUNS = ("organisations", "activities", "charters", "wordings")
MOST = 60  # results kept for one noun: the years of an alliance's life and what was worked out from them

changes = Table(
    "changes",
    metadata,
    Column("noun", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

NUMBERS = select(changes.c.noun, changes.c.number)
RAISE = (
    update(changes)
    .where(changes.c.noun == bindparam("which"))
    .values(number=changes.c.number + 1)
    .returning(changes.c.number)
)

Read = dict[Any, Any]  # what was read of a noun, by what was asked
Memory = dict[str, tuple[int, Read]]  # noun -> the number it is good for, and what was read


class Recall:
    """One transaction's way to what the process remembers."""

    connection: Connection

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._numbers: dict[str, int] = {}
        self._own: Memory = {}  # of the nouns that this transaction holds; the process's once it commits
        self._changed: frozenset[str] = frozenset()

    def read(self, noun: str, key: Any, load: Callable[[], T]) -> T:
        """What `load` returns, or returned when the noun's number was the same."""
        _, kept = self._own.get(noun) or self._shared(noun)
        found: T | None = kept.get(key)
        if found is None:
            found = load()
            if len(kept) >= MOST:
                kept.clear()
            kept[key] = found
        return found

    def lock(self, noun: str) -> None:
        """Wait for every other writer of the noun, and let the next ones wait for this transaction: what
        is read from here on is what stands when it writes, and the numbers rise in the order of the
        commits."""
        if noun not in self._own:
            number: int = self.connection.execute(RAISE, {"which": noun}).scalar_one()
            kept = self._memory.get(noun)
            self._own[noun] = (number, dict(kept[1]) if kept is not None and kept[0] == number - 1 else {})

    def changed(self, noun: str) -> Read:
        """The noun is about to change. What was remembered of it is forgotten, and returned for whoever can
        `bring_forward` each of it by the change."""
        self.lock(noun)
        self._changed |= {noun}
        number, before = self._own[noun]
        self._own[noun] = (number, {})
        return before

    def bring_forward(self, noun: str, read: Mapping[Any, Any]) -> None:
        """What the noun's reads return after the change, by what is asked."""
        self._own[noun][1].update(read)

    @property
    def changed_nouns(self) -> frozenset[str]:
        """What this transaction has changed so far."""
        return self._changed

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What the transaction writes inside is rolled back at its end, the numbers with it, so what is
        known of both is put back too."""
        before = self._known()
        try:
            yield
        finally:
            self._own, self._changed, self._numbers = before

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What the transaction writes inside is rolled back if it raises: then what is known of it is put
        back, too."""
        before = self._known()
        try:
            yield
        except BaseException:
            self._own, self._changed, self._numbers = before
            raise

    def _known(self) -> tuple[Memory, frozenset[str], dict[str, int]]:
        own = {noun: (number, dict(read)) for noun, (number, read) in self._own.items()}
        return own, self._changed, {}

    def committed(self) -> None:
        """The transaction is committed: what it knows of the nouns it held, everybody may know. (One that
        is rolled back is never told, so nothing of it stays.)"""
        self._memory.update(self._own)

    def _shared(self, noun: str) -> tuple[int, Read]:
        if not self._numbers:
            self._numbers = {row[0]: row[1] for row in self.connection.execute(NUMBERS).all()}
        number = self._numbers[noun]
        kept = self._memory.get(noun)
        if kept is None or kept[0] != number:
            kept = self._memory[noun] = (number, {})
        return kept


class RecallingVerbs(Verbs):
    """Verbs over a noun that is recalled."""

    def __init__(self, connection: Connection, writes: bool, recall: Recall) -> None:
        super().__init__(connection, writes)
        self._recall = recall
