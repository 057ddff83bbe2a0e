"""Tables: how members would rather have the bot say a sentence."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "wordings",
        sa.Column("id", ID, primary_key=True),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("plural", sa.Text, nullable=False),
        sa.Column("form", sa.Integer, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by", ID, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by", ID, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", MOMENT),
    )
    op.execute(sa.text("INSERT INTO changes (noun, number) VALUES ('wordings', 0)"))


def downgrade() -> None:
    """Back to the version before."""
    op.execute(sa.text("DELETE FROM changes WHERE noun = 'wordings'"))
    op.drop_table("wordings")
