"""A column: the first day of an absence that begins later than on the day it was told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.add_column("absences", sa.Column("begins", sa.Date))


def downgrade() -> None:
    """Back to the version before."""
    op.drop_column("absences", "begins")
