"""A motion's ballot book as it is handed out: everything that a recount needs (docs/ballot-book.md)."""

from __future__ import annotations

from typing import Any

from bot.rules.decisions.exporting import export
from storage.store import Store


def export_of(store: Store, number: int) -> dict[str, Any]:
    """The export of one motion, ready for JSON. Raises LookupError, in a sentence, where there is none or
    voting has not opened."""
    motion, alliance = store.motions.get(number), store.charters.alliance()
    if motion is None or alliance is None:
        raise LookupError(f"There is no motion {number} here.")
    if motion.opened_at is None:
        raise LookupError(f"Voting on motion {number} has not opened, so it has no ballot book.")
    if motion.rule.hides_choices and motion.closed_at is None:
        raise LookupError(f"The ballots on motion {number} are sealed until voting is closed.")
    roll, book = store.ballots.roll(number), store.ballots.book(number)
    return export(alliance.slug, alliance.name, motion, roll, book)
