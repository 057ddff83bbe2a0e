"""Counters: numbers that people read (motion 7, meeting 2, event 12), without gaps."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, Table, Text, bindparam, update

from storage.columns import metadata

counters = Table(
    "counters",
    metadata,
    Column("noun", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

NEXT = (
    update(counters)
    .where(counters.c.noun == bindparam("which"))
    .values(number=counters.c.number + 1)
    .returning(counters.c.number)
)


def next_number(connection: Connection, noun: str) -> int:
    """The next number of "motions", "meetings" or "events": 1, 2, 3 … Whoever takes one after this waits
    until the transaction ends, and one that is rolled back leaves no gap."""
    number: int = connection.execute(NEXT, {"which": noun}).scalar_one()
    return number
