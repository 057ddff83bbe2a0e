"""The events' table."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from storage.columns import Id, Json, Utc, Words, metadata

# A column for each field of `bot.rules.events.values.Event` by the same name, and when its last session ends.
events = Table(
    "events",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("uid", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("title", Words, nullable=False),
    Column("starts_at", Utc, nullable=False),
    Column("ends_at", Utc, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("zone", Text, nullable=False),
    Column("hosts", Json, nullable=False),
    Column("audience", Text, nullable=False),
    Column("created_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Column("about", Words, nullable=False),
    Column("where", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("capacity", Integer),
    Column("per_organisation", Integer),
    Column("mode", Text, nullable=False),
    Column("repeats", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("meeting", Id, ForeignKey("meetings.number")),  # none: it is no General Assembly
    Column("state", Text, nullable=False),
    Column("why", Words, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("cancelled_at", Utc),
    Column("last_call_at", Utc),
    Column("released_at", Utc),
    Column("ended_at", Utc),
    Column("asked_at", Utc),
    Column("turned_at", Utc),
    Column("attendance_measured", Boolean, nullable=False),
    Column("guests", Integer, nullable=False),
    Column("activity", Id, ForeignKey("activities.id")),  # none: it is not logged
    Column("not_countable", Boolean, nullable=False),
    Column("shared", Json, nullable=False),
    UniqueConstraint("meeting"),
    Index("ix_events_ends_at", "ends_at"),
)
# Written out, not bound: SQLite uses a partial index only where it reads the condition itself.
is_planned = events.c.state == literal_column("'planned'")
is_live = is_planned & (events.c.ended_at.is_(None) | events.c.asked_at.is_(None))
Index("ix_events_live", events.c.number, sqlite_where=is_live, postgresql_where=is_live)
