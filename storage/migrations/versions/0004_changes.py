"""Table: how often what is recalled has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    table = op.create_table(
        "changes",
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("noun", name=op.f("pk_changes")),
    )
    op.bulk_insert(table, [{"noun": noun, "number": 0} for noun in ("organisations", "activities")])


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("changes")
