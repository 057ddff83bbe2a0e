"""Tables: events, RSVPs, feedback, e-mails, calendar links, partner questions; the organisations' sectors."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True)
TABLES = ("events", "rsvps", "feedback", "emails", "calendar_links", "partner_questions")


def upgrade() -> None:
    """To this version."""
    counters = sa.table("counters", sa.column("noun", sa.Text), sa.column("number", sa.Integer))
    op.bulk_insert(counters, [{"noun": "events", "number": 0}])
    # plain ALTER TABLE: batch mode rebuilds the table, and with it all that points to it
    op.add_column("organisations", sa.Column("sectors", JSON, nullable=False, server_default="[]"))
    _events()
    _rsvps()
    _feedback()
    _ways_to_persons()
    _partner_questions()


def downgrade() -> None:
    """Back to the version before."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("organisations", "sectors")
    op.execute("DELETE FROM counters WHERE noun = 'events'")


def _of_event() -> sa.Column[int]:
    return sa.Column("event", ID, sa.ForeignKey("events.number"), primary_key=True)


def _of_person(name: str = "person", key: bool = False) -> sa.Column[int]:
    points = sa.ForeignKey("persons.id")
    return sa.Column(name, ID, points, primary_key=key, nullable=False, autoincrement=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, MOMENT, nullable=nullable) for name in names]


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    """An index over the rows that matter."""
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _events() -> None:
    """What people are invited to."""
    op.create_table(
        "events",
        sa.Column("number", ID, primary_key=True, autoincrement=False),
        sa.Column("uid", sa.Text, nullable=False, unique=True),
        *_texts("kind", "title"),
        *_moments("starts_at", "ends_at"),
        *_numbers("minutes"),
        *_texts("zone"),
        sa.Column("hosts", JSON, nullable=False),
        *_texts("audience"),
        _of_person("created_by"),
        *_moments("created_at", "changed_at"),
        *_texts("about", "where", "link"),
        *(sa.Column(name, sa.Integer) for name in ("capacity", "per_organisation")),
        *_texts("mode", "repeats"),
        *_numbers("times"),
        sa.Column("meeting", ID, sa.ForeignKey("meetings.number")),
        *_texts("state", "why"),
        *_numbers("sequence"),
        *_moments("cancelled_at", "last_call_at", "released_at", "ended_at", "asked_at", nullable=True),
        *_moments("turned_at", nullable=True),
        sa.Column("attendance_measured", sa.Boolean, nullable=False),
        *_numbers("guests"),
        sa.Column("activity", ID, sa.ForeignKey("activities.id")),
        sa.Column("not_countable", sa.Boolean, nullable=False),
        sa.Column("shared", JSON, nullable=False),
        sa.UniqueConstraint("meeting"),
    )
    op.create_index("ix_events_ends_at", "events", ["ends_at"])
    live = "state = 'planned' AND (ended_at IS NULL OR asked_at IS NULL)"
    _partial("ix_events_live", "events", ["number"], live)


def _rsvps() -> None:
    """Who goes, who waits, who came."""
    op.create_table(
        "rsvps",
        _of_event(),
        _of_person(key=True),
        sa.Column("organisation", sa.Text, sa.ForeignKey("organisations.slug")),
        *_texts("state"),
        *_moments("answered_at"),
        *_numbers("seats", "priority"),
        *_moments("queued_at", "offered_until", nullable=True),
        *_numbers("expiries"),
        *_moments("asked_again_at", nullable=True),
        *_texts("said", "method"),
        *_numbers("minutes"),
    )
    op.create_index("ix_rsvps_state", "rsvps", ["event", "state", "answered_at", "person"])
    op.create_index("ix_rsvps_person", "rsvps", ["person"])
    held = ["event", "organisation", "seats", "state"]
    _partial("ix_rsvps_held", "rsvps", held, "state IN ('going', 'offered', 'attended')")
    in_order = ["event", "state", "priority", "queued_at", "person"]
    _partial("ix_rsvps_line", "rsvps", in_order, "state = 'waitlisted'")
    _partial("ix_rsvps_offered", "rsvps", ["offered_until", "event"], "state = 'offered'")


def _feedback() -> None:
    """What those who came say about it."""
    op.create_table(
        "feedback",
        _of_event(),
        _of_person(key=True),
        sa.Column("useful", sa.Integer),
        sa.Column("plan", sa.Text),
        *_moments("at"),
    )


def _ways_to_persons() -> None:
    """Whose an e-mail address is, and a calendar's address."""
    op.create_table(
        "emails",
        sa.Column("address", sa.Text, primary_key=True),
        _of_person(),
        *_moments("added_at"),
    )
    op.create_index("ix_emails_person", "emails", ["person"])
    op.create_table(
        "calendar_links",
        _of_person(key=True),
        sa.Column("token_hash", sa.Text, nullable=False, unique=True),
        *_moments("issued_at"),
        *_moments("ended_at", nullable=True),
    )


def _partner_questions() -> None:
    """Who was asked to host an event with whom, and what they said."""
    op.create_table(
        "partner_questions",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.Text, sa.ForeignKey("organisations.slug"), primary_key=True)
            for name in ("asker", "asked")
        ),
        *_texts("answer"),
        _of_person("by"),
        *_moments("at"),
    )
