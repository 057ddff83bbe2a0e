"""The tables of roll, ballot book and explanations, and an explanation as it is kept.

The book takes new lines and nothing else, and the roll only that a voter recuses itself, once: triggers in
the database see to it, whoever writes (migration 0006). Rebuilding these tables on SQLite would drop them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.columns import Id, Utc, Words, metadata

rolls = Table(
    "rolls",
    metadata,
    Column("motion", Id, ForeignKey("motions.number"), primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.slug"), primary_key=True),
    Column("name", Words, nullable=False),
    Column("member_class", Words, nullable=False),
    Column("recused_at", Utc),
    Column("recused_why", Words, nullable=False),
)
ballots = Table(
    "ballots",
    metadata,
    Column("motion", Id, ForeignKey("motions.number"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("organisation", Words, ForeignKey("organisations.slug")),  # none: the book's own line
    Column("person", Id, ForeignKey("persons.id")),  # none: the program
    Column("at", Utc, nullable=False),
    Column("payload", Words, nullable=False),
    Column("salt", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("via", Text, nullable=False),
    Index("ix_ballots_receipt", "receipt"),
    Index("ix_ballots_organisation", "organisation", "at"),
)
explanations = Table(
    "explanations",
    metadata,
    Column("motion", Id, ForeignKey("motions.number"), primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.slug"), primary_key=True),
    Column("person", Id, ForeignKey("persons.id"), nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an organisation (slug) votes as it does, in a person's words."""

    motion: int
    organisation: str
    person: int
    text: str
    at: datetime
