"""Tables: how people want to be written to, absences, profile checks; what a delivery took of attention."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
QUEUED = sa.text("state = 'queued'")
FLAGS = ("counted", "asked", "fixed_end")
TABLES = ("attention_themes", "attention_habits", "absences", "profile_checks")


def upgrade() -> None:
    """To this version."""
    op.add_column("deliveries", sa.Column("since", MOMENT))
    op.add_column("deliveries", sa.Column("folded_into", ID))
    for name in FLAGS:
        op.add_column("deliveries", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_deliveries_waiting_for", "deliveries", ["person_id"], sqlite_where=QUEUED, postgresql_where=QUEUED
    )
    counted = sa.text("counted")
    op.create_index(
        "ix_deliveries_counted", "deliveries", ["person_id", "attempted_at"],
        sqlite_where=counted, postgresql_where=counted,
    )  # fmt: skip
    _attention()
    op.create_table(
        "profile_checks",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation", sa.Text, sa.ForeignKey("organisations.slug"), nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("checked_on", sa.Date, nullable=False),
        sa.Column("by", ID, sa.ForeignKey("persons.id")),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_profile_checks_organisation", "profile_checks", ["organisation", "id"])


def downgrade() -> None:
    """Back to the version before."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in ("ix_deliveries_counted", "ix_deliveries_waiting_for"):
        op.drop_index(name, "deliveries")
    op.execute("UPDATE deliveries SET state = 'skipped' WHERE state = 'folded'")
    for column in (*reversed(FLAGS), "folded_into", "since"):
        op.drop_column("deliveries", column)


def _attention() -> None:
    op.create_table(
        "attention_themes",
        _person(),
        sa.Column("theme", sa.Text, primary_key=True),
        sa.Column("pace", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "attention_habits",
        _person(),
        sa.Column("quiet_august", sa.Boolean, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "absences",
        _person(),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("deputy", ID, sa.ForeignKey("persons.id")),
        sa.Column("at", MOMENT, nullable=False),
    )


def _person() -> sa.Column[int]:
    return sa.Column("person_id", ID, sa.ForeignKey("persons.id"), primary_key=True, autoincrement=False)
