"""Tables: cards, jobs and their runs, leases, silenced notices; whom deliveries are for, how places stand."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("cards", "jobs", "runs", "leases", "silenced")
# Plain ALTER TABLE: batch mode rebuilds the table, which drops triggers and cascades over its children.
COLUMNS = {
    "deliveries": (
        lambda: sa.Column("person_id", ID, sa.ForeignKey("persons.id", name="fk_deliveries_person_id")),
        lambda: sa.Column("kind", sa.Text, nullable=False, server_default=""),
        lambda: sa.Column("target", sa.Text, nullable=False, server_default=""),
    ),
    "places": (
        lambda: sa.Column("state", sa.Text, nullable=False, server_default="open"),
        lambda: sa.Column("says", sa.Text, nullable=False, server_default=""),
        lambda: sa.Column("language", sa.Text, nullable=False, server_default=""),
        lambda: sa.Column("zone", sa.Text, nullable=False, server_default=""),
        lambda: sa.Column("state_at", MOMENT),
        lambda: sa.Column("added_by", ID, sa.ForeignKey("accounts.id", name="fk_places_added_by")),
    ),
}


def upgrade() -> None:
    """To this version."""
    # SQLite cannot add a constraint to a table that is there; PostgreSQL forgets the name of one inline
    inline = op.get_bind().dialect.name == "sqlite"
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, column(), inline_references=inline)
    op.drop_index("ix_deliveries_queued", "deliveries")
    urgency = ["platform", "priority", "not_before", "id"]
    _partial("ix_deliveries_queued", "deliveries", urgency, "state = 'queued'")
    _partial("ix_deliveries_unknown", "deliveries", ["attempted_at"], "state = 'unknown'")
    _cards()
    _timetable()
    op.create_table(
        "silenced",
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for index in ("ix_deliveries_unknown", "ix_deliveries_queued"):
        op.drop_index(index, "deliveries")
    _partial("ix_deliveries_queued", "deliveries", ["priority", "not_before"], "state = 'queued'")
    for table, columns in COLUMNS.items():
        for column in reversed(columns):
            op.drop_column(table, column().name)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    """An index over the rows that matter."""
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _cards() -> None:
    """Posts that show a topic as it stands."""
    op.create_table(
        "cards",
        sa.Column("id", ID, primary_key=True),
        sa.Column("topic_kind", sa.Text, nullable=False),
        sa.Column("topic_key", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("installation", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("shown_hash", sa.Text, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.UniqueConstraint("topic_kind", "topic_key", "platform", "installation", "channel", "thread"),
    )
    _partial("ix_cards_stale", "cards", ["platform", "not_before", "id"], "state = 'live' AND wanted > shown")
    op.create_index("ix_cards_channel", "cards", ["platform", "installation", "channel"])


def _timetable() -> None:
    """What runs by itself, and who runs it."""
    op.create_table(
        "jobs",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("paused_at", MOMENT),
        sa.Column("paused_by", ID, sa.ForeignKey("persons.id")),
    )
    op.create_table(
        "runs",
        sa.Column("id", ID, primary_key=True),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("ran_at", MOMENT, nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("made", sa.Integer, nullable=False),
        sa.UniqueConstraint("job", "slot"),
    )
    op.create_index("ix_runs_ran_at", "runs", ["job", "ran_at"])
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("beat", sa.Integer, nullable=False),
    )
