"""Tables: announcements, media, the newsletter, subscriptions, letters; a delivery's batch, mail's fate."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True)
TABLES = (
    "media",
    "broadcasts",
    "broadcast_texts",
    "editions",
    "news",
    "subscriptions",
    "letters",
    "email_troubles",
)


def upgrade() -> None:
    """To this version."""
    counters = sa.table("counters", sa.column("noun", sa.Text), sa.column("number", sa.Integer))
    op.bulk_insert(counters, [{"noun": noun, "number": 0} for noun in ("broadcasts", "editions")])
    _deliveries()
    _media()
    _broadcasts()
    _newsletter()
    _letters()
    _emails()


def downgrade() -> None:
    """Back to the version before."""
    op.drop_column("emails", "confirmed_at")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_deliveries_batch", "deliveries")
    for name in ("about", "post", "reader", "act", "batch"):
        op.drop_column("deliveries", name)
    op.execute("DELETE FROM counters WHERE noun IN ('broadcasts', 'editions')")


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _number() -> sa.Column[int]:
    return sa.Column("number", ID, primary_key=True, autoincrement=False)


def _of_person(name: str, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey("persons.id"), nullable=nullable)


def _of_media() -> sa.Column[int]:
    return sa.Column("media", ID, sa.ForeignKey("media.id", ondelete="SET NULL"))


def _of_organisation() -> sa.Column[str]:
    return sa.Column("organisation", sa.Text, sa.ForeignKey("organisations.slug"))


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, MOMENT, nullable=nullable) for name in names]


def _json(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, JSON, nullable=False) for name in names]


def _partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    """An index over the rows that matter."""
    given = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=given, postgresql_where=given)


def _deliveries() -> None:
    """The decision that a message came from, what it does, whom it reaches, and where it stands."""
    # plain ALTER TABLE: batch mode rebuilds the table, and with it all that points to it
    for name, at_first in (("batch", ""), ("act", "send"), ("reader", "")):
        op.add_column("deliveries", sa.Column(name, sa.Text, nullable=False, server_default=at_first))
    op.add_column("deliveries", sa.Column("post", JSON))
    op.add_column("deliveries", sa.Column("about", ID))
    _partial("ix_deliveries_batch", "deliveries", ["batch", "id"], "batch <> ''")


def _media() -> None:
    """Pictures and files that people sent along."""
    op.create_table(
        "media",
        _id(),
        *_texts("platform", "ref", "name", "mime"),
        sa.Column("size", sa.BigInteger, nullable=False),
        *_texts("alt", "state", "says"),
        _of_person("by"),
        *_moments("at"),
        *_numbers("attempts"),
        *_moments("not_before"),
        sa.Column("content", sa.LargeBinary),
        sqlite_autoincrement=True,
    )
    _partial("ix_media_wanted", "media", ["platform", "not_before", "id"], "state = 'wanted'")


def _broadcasts() -> None:
    """Announcements, and every text that they had."""
    op.create_table(
        "broadcasts",
        _number(),
        *_json("texts"),
        _of_person("created_by", nullable=False),
        *_moments("created_at"),
        _of_organisation(),
        *_json("segments"),
        sa.Column("places", JSON),
        *_json("without"),
        _of_media(),
        *_texts("urgent", "state"),
        _of_person("confirmed_by"),
        *_moments("confirmed_at", nullable=True),
        _of_person("second_by"),
        *_moments("send_at", nullable=True),
        _of_person("stopped_by"),
        *_moments("stopped_at", nullable=True),
        *_numbers("version"),
        _of_person("edited_by"),
        *_moments("edited_at", nullable=True),
        _of_person("retracted_by"),
        *_moments("retracted_at", nullable=True),
        *_json("authors"),
        sa.Column("copy_of", ID, sa.ForeignKey("broadcasts.number")),
        *_numbers("tries"),
    )
    op.create_index("ix_broadcasts_copy_of", "broadcasts", ["copy_of"])
    op.create_table(
        "broadcast_texts",
        sa.Column("broadcast", ID, sa.ForeignKey("broadcasts.number"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        *_json("texts"),
        _of_person("by", nullable=False),
        *_moments("at"),
    )


def _newsletter() -> None:
    """Editions, the items they tell, and who reads them."""
    op.create_table(
        "editions",
        _number(),
        sa.Column("slug", sa.Text, nullable=False, unique=True),
        *_texts("title", "intro"),
        *_json("items"),
        *_texts("approval", "state"),
        *_moments("created_at"),
        _of_person("created_by"),
        *_json("changed_by"),
        *_moments("collected_since", "collected_until", "send_at"),
        *_moments("shown_at", nullable=True),
        *_texts("seal"),
        _of_person("approved_by"),
        *_moments("approved_at", nullable=True),
        _of_person("stopped_by"),
        *_moments("stopped_at", "sent_at", nullable=True),
        *_texts("why"),
        *_json("notes"),
        *_numbers("version"),
    )
    op.create_table(
        "news",
        _id(),
        *_texts("source", "key", "kind", "title", "text", "link"),
        _of_organisation(),
        *_json("topics"),
        *_texts("language", "consent"),
        sa.Column("embargo", sa.Date),
        _of_media(),
        _of_person("by"),
        *_moments("at"),
        sa.Column("used_in", ID, sa.ForeignKey("editions.number")),
        *_moments("dropped_at", nullable=True),
    )
    _partial("ix_news_found", "news", ["source", "key"], "key <> ''", unique=True)
    waits = "source = 'member' AND used_in IS NULL AND dropped_at IS NULL"
    _partial("ix_news_waiting", "news", ["at", "id"], waits)
    _partial("ix_news_used_in", "news", ["used_in"], "used_in IS NOT NULL")
    op.create_index("ix_news_by", "news", ["by"])
    op.create_table(
        "subscriptions",
        _id(),
        _of_person("person"),
        sa.Column("account", ID, sa.ForeignKey("accounts.id")),
        *_json("topics"),
        *_texts("language", "state"),
        sa.Column("word", sa.Text, nullable=False, unique=True),
        *_texts("source", "text_version"),
        *_moments("asked_at"),
        *_moments("since", "ended_at", nullable=True),
        *_texts("why"),
        sa.CheckConstraint("(person IS NULL) <> (account IS NULL)", name="one_reader"),
    )
    for reader in ("person", "account"):
        name = f"ix_subscriptions_{reader}"
        _partial(name, "subscriptions", [reader], f"{reader} IS NOT NULL", unique=True)


def _letters() -> None:
    """The pages behind the links of mails."""
    op.create_table(
        "letters",
        _id(),
        sa.Column("token_hash", sa.Text, nullable=False, unique=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        *_texts("message_id"),
        *_json("message"),
        *_moments("created_at", "expires_at"),
        *_moments("used_at", nullable=True),
        sa.Column("picked", sa.Integer),
        sa.Column("topic", sa.Text),
        *_texts("delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letters_expires_at", "letters", ["expires_at"])
    _partial("ix_letters_message_id", "letters", ["message_id"], "message_id <> ''")


def _emails() -> None:
    """Who proved that an address is theirs, and whether mail arrives there."""
    op.add_column("emails", sa.Column("confirmed_at", MOMENT))
    op.create_table(
        "email_troubles",
        sa.Column("address", sa.Text, primary_key=True),
        *_moments("stopped_at", nullable=True),
        *_texts("why"),
        *_numbers("soft"),
        *_moments("changed_at"),
    )
