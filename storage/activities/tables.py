"""The activities' tables."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text

from storage.columns import Id, Json, Utc, Words, id_column, metadata

activities = Table(
    "activities",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("title", Words, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("sme_number", Integer, nullable=False),
    Column("sme_basis", Text, nullable=False),
    Column("author", Id, ForeignKey("persons.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("logged_at", Utc, nullable=False),
    Index("ix_activities_day", "day", "id"),
    Index("ix_activities_author", "author"),
)
involved = Table(
    "activity_organisations",
    metadata,
    Column("activity_id", Id, ForeignKey("activities.id"), primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.slug"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("part", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_by", Id, ForeignKey("persons.id")),
    Column("answered_at", Utc),
    Index("ix_activity_organisations_organisation", "organisation", "activity_id"),
)
smes = Table(
    "activity_smes",
    metadata,
    Column("activity_id", Id, ForeignKey("activities.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("country", Words, nullable=False),
    Column("registration", Words, nullable=False),
    Column("domain", Words, nullable=False),
)
evidence = Table(
    "activity_evidence",
    metadata,
    id_column(),
    Column("activity_id", Id, ForeignKey("activities.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("url", Words, nullable=False),
    Column("file_id", Words, nullable=False),
    Column("file_name", Words, nullable=False),
    Column("platform", Text, nullable=False),
    Column("by", Id, ForeignKey("persons.id")),
    Column("at", Utc),
    Index("ix_activity_evidence_activity_id", "activity_id"),
    Index("ix_activity_evidence_url", "url", postgresql_using="hash"),  # links may be long
)
versions = Table(
    "activity_versions",
    metadata,
    Column("activity_id", Id, ForeignKey("activities.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("record", Json, nullable=False),
    Column("by", Id, ForeignKey("persons.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("reason", Words, nullable=False),
)
