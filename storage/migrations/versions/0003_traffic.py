"""Tables: places and posts, what comes in, and what goes out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "places",
    "posts",
    "received",
    "drafts",
    "buttons",
    "deliveries",
)


def upgrade() -> None:
    """To this version."""
    _standing()
    _received()
    _sent()


def downgrade() -> None:
    """Back to the version before."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    """An index over the rows that matter."""
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _standing() -> None:
    """Where the bot is and what it posted."""
    op.create_table(
        "places",
        sa.Column("id", ID, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("installation", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.UniqueConstraint("platform", "installation", "channel", "thread"),
    )
    op.create_table(
        "posts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("installation", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("place_kind", sa.Text, nullable=False),
        sa.Column("place_name", sa.Text, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("topic_kind", sa.Text),
        sa.Column("topic_key", sa.Text),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id")),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.UniqueConstraint("platform", "installation", "channel", "message_id"),
    )
    _partial("ix_posts_topic", "posts", ["topic_kind", "topic_key"], "topic_kind IS NOT NULL")


def _received() -> None:
    """What came in, and what waits for an answer."""
    op.create_table(
        "received",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("answer", sa.JSON),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
    )
    op.create_index("ix_received_received_at", "received", ["received_at"])
    _partial("ix_received_unsent", "received", ["received_at"], "state = 'unsent'")
    op.create_table(
        "drafts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("option", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_drafts_account_id", "drafts", ["account_id"])
    _partial("ix_drafts_asking", "drafts", ["account_id"], "state = 'asking'")
    op.create_index("ix_drafts_touched_at", "drafts", ["touched_at"])
    op.create_table(
        "buttons",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id")),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_buttons_expires_at", "buttons", ["expires_at"])


def _sent() -> None:
    """What is on its way."""
    op.create_table(
        "deliveries",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id")),
        sa.Column("place", sa.Text),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("buttons", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("useful_until", MOMENT),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attempted_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("topic", sa.Text),
        sa.UniqueConstraint("key"),
    )
    _partial("ix_deliveries_attempting", "deliveries", ["attempted_at"], "state = 'attempting'")
    _partial("ix_deliveries_queued", "deliveries", ["priority", "not_before"], "state = 'queued'")
