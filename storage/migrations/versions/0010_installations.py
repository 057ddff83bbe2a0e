"""Tables: our app in Slack workspaces, each with its sealed token; what one of many has to itself."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXTS = ("workspace", "team", "enterprise", "name", "app", "bot_user", "bot", "scopes", "token", "installer")


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "installations",
        sa.Column("id", ID, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sa.Column("is_enterprise_install", sa.Boolean, nullable=False),
        sa.Column("installed_by", ID, sa.ForeignKey("accounts.id")),
        sa.Column("installed_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.UniqueConstraint("workspace"),
    )
    op.create_table(
        "claims",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("claims")
    op.drop_table("installations")
