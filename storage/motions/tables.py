"""The motions' tables, and an earlier text as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text

from storage.columns import Id, Json, Utc, Words, metadata

# A column for each field of `bot.rules.decisions.values.Motion`, by the same name.
motions = Table(
    "motions",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("rule", Json, nullable=False),
    Column("proposer", Id, ForeignKey("persons.id"), nullable=False),
    Column("organisation", Words, ForeignKey("organisations.slug")),  # none: for the alliance
    Column("proposed_at", Utc, nullable=False),
    Column("notice_at", Utc, nullable=False),
    Column("opens_at", Utc, nullable=False),
    Column("closes_at", Utc, nullable=False),
    Column("article", Integer),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Column("base", Integer, nullable=False),
    Column("subject", Words, nullable=False),  # points to nothing: it may be no member yet
    Column("role", Words, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("candidates", Json, nullable=False),
    Column("effect", Json, nullable=False),
    Column("electorate", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("extended_by", Words, ForeignKey("organisations.slug")),
    Column("extended_at", Utc),
    Column("withdrawn_at", Utc),
    Column("voided_at", Utc),
    Column("void_reason", Words, nullable=False),
    Column("opened_at", Utc),
    Column("roll_hash", Text, nullable=False),
    Column("closed_at", Utc),
    Column("closing_hash", Text, nullable=False),
    Column("outcome", Json, nullable=False),
    Column("final_at", Utc),
    Column("certified_at", Utc),
    Column("in_force_on", Date),
    Column("review_on", Date),
    Column("link", Words, nullable=False),
)
is_live = motions.c.withdrawn_at.is_(None) & motions.c.voided_at.is_(None) & motions.c.certified_at.is_(None)
Index("ix_motions_live", motions.c.number, sqlite_where=is_live, postgresql_where=is_live)

motion_texts = Table(
    "motion_texts",
    metadata,
    Column("motion", Id, ForeignKey("motions.number"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("after", Words, nullable=False),
    Column("by", Id, ForeignKey("persons.id"), nullable=False),
    Column("at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class MotionText:
    """What a motion said in one of its earlier versions (1, 2 …), until the person `by` wrote the next one
    at that moment."""

    motion: int
    version: int
    title: str
    text: str
    after: str
    by: int
    at: datetime
