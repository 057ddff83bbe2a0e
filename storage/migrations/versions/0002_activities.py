"""Tables: activities, with who took part, SMEs, evidence and every version."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "activities",
    "activity_organisations",
    "activity_smes",
    "activity_evidence",
    "activity_versions",
)


def upgrade() -> None:
    """To this version."""
    _activities()
    _proofs()


def downgrade() -> None:
    """Back to the version before."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _activities() -> None:
    """What members did."""
    op.create_table(
        "activities",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sme_number", sa.Integer, nullable=False),
        sa.Column("sme_basis", sa.Text, nullable=False),
        sa.Column("author", ID, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("logged_at", MOMENT, nullable=False),
    )
    op.create_index("ix_activities_author", "activities", ["author"])
    op.create_index("ix_activities_day", "activities", ["day", "id"])
    op.create_table(
        "activity_organisations",
        sa.Column("activity_id", ID, sa.ForeignKey("activities.id"), primary_key=True),
        sa.Column("organisation", sa.Text, sa.ForeignKey("organisations.slug"), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_by", ID, sa.ForeignKey("persons.id")),
        sa.Column("answered_at", MOMENT),
    )
    op.create_index(
        "ix_activity_organisations_organisation", "activity_organisations", ["organisation", "activity_id"]
    )
    op.create_table(
        "activity_smes",
        sa.Column("activity_id", ID, sa.ForeignKey("activities.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("registration", sa.Text, nullable=False),
        sa.Column("domain", sa.Text, nullable=False),
    )


def _proofs() -> None:
    """Evidence and versions of what members did."""
    op.create_table(
        "activity_evidence",
        sa.Column("id", ID, primary_key=True),
        sa.Column("activity_id", ID, sa.ForeignKey("activities.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("file_id", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("by", ID, sa.ForeignKey("persons.id")),
        sa.Column("at", MOMENT),
    )
    op.create_index("ix_activity_evidence_activity_id", "activity_evidence", ["activity_id"])
    op.create_index("ix_activity_evidence_url", "activity_evidence", ["url"], postgresql_using="hash")
    op.create_table(
        "activity_versions",
        sa.Column("activity_id", ID, sa.ForeignKey("activities.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", sa.JSON, nullable=False),
        sa.Column("by", ID, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
