"""Tables: what else a platform calls an account; when it said that an account is no more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this version."""
    op.add_column("accounts", sa.Column("closed_at", sa.DateTime(timezone=True)))
    op.create_table(
        "account_aliases",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("workspace", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
    )
    op.create_index("ix_account_aliases_account_id", "account_aliases", ["account_id"])


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("account_aliases")
    op.drop_column("accounts", "closed_at")
