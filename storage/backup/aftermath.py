"""After a restore: what may have happened since the backup does not happen twice, and books are recounted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from bot.rules.decisions import book
from bot.rules.decisions.exporting import export
from bot.rules.decisions.recounting import Unreadable, recount
from storage.deliveries.tables import CHANGES, deliveries, is_queued
from storage.leases import leases
from storage.motions.tables import motions
from storage.nouns import Store
from storage.recall import Recall
from storage.received import received


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """How many messages nobody can tell of whether they arrived, and how many answers are taken for given."""

    messages: int
    answers: int


def settle(connection: Connection, now: datetime, moved: bool) -> LeftOpen:
    """Nobody leads. A bot that went on after the backup may have said all that is due by now. So such a
    message counts as being sent when the bot went: the next start finds it unknown, and the coordinator
    decides. One that is past its use stays in line and is skipped, and what only changes a post is done
    again. Answers are taken for given. With `moved` the bot stood still since the backup, and goes on where
    it stopped."""
    connection.execute(delete(leases))
    if moved:
        return LeftOpen(0, 0)
    useful = or_(deliveries.c.useful_until.is_(None), deliveries.c.useful_until >= now)
    due = deliveries.c.not_before <= now
    messages = connection.execute(
        update(deliveries)
        .where(is_queued, due, useful, deliveries.c.act.not_in(CHANGES))
        .values(state="attempting", attempted_at=deliveries.c.not_before)
        .returning(deliveries.c.id)
    ).all()
    answers = connection.execute(
        update(received)
        .where(received.c.state == "unsent", received.c.received_at <= now)
        .values(state="given")
        .returning(received.c.event)
    ).all()
    return LeftOpen(len(messages), len(answers))


def recount_books(connection: Connection) -> tuple[int, tuple[str, ...]]:
    """How many ballot books there are, each checked (docs/ballot-book.md), and what does not fit. A closed
    one is counted again; of one that is open the lines and the roll are looked at."""
    store = Store(connection, True, Recall({}))
    opened = select(motions.c.number).where(motions.c.opened_at.is_not(None)).order_by(motions.c.number)
    numbers = connection.scalars(opened).all()
    return len(numbers), tuple(
        f"Motion {number}: {finding}" for number in numbers for finding in _misfits(store, number)
    )


def _misfits(store: Store, number: int) -> Iterable[str]:
    motion, alliance = store.motions.get(number), store.charters.alliance()
    assert motion is not None
    assert alliance is not None
    roll, entries = store.ballots.roll(number), store.ballots.book(number)
    if all(entry.event != "closed" for entry in entries) and motion.closed_at is None:
        expected = book.roll_hash(number, roll)
        lines = map(str, book.faults(entries, book.genesis(number, expected)))
        return lines if motion.roll_hash == expected else ("The roll does not fit its hash.", *lines)
    try:
        return recount(export(alliance.slug, alliance.name, motion, roll, entries)).findings
    except Unreadable as fault:
        return (str(fault),)
