"""The table of cards, and a card as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint, literal_column

from bot.messages import Place, Topic
from storage.columns import Utc, Value, Words, id_column, metadata

cards = Table(
    "cards",
    metadata,
    id_column(),
    Column("topic_kind", Text, nullable=False),
    Column("topic_key", Text, nullable=False),
    Column("place", Value(Place), nullable=False),
    Column("platform", Text, nullable=False),
    Column("installation", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("thread", Words, nullable=False),
    Column("message_id", Words, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("shown_hash", Text, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("claimed_at", Utc),
    Column("attempts", Integer, nullable=False),
    Column("says", Words, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("topic_kind", "topic_key", "platform", "installation", "channel", "thread"),
)
# Written out, not bound: SQLite uses a partial index only where it reads the condition itself.
is_live = cards.c.state == literal_column("'live'")
is_stale = is_live & (cards.c.wanted > cards.c.shown)
Index("ix_cards_stale", cards.c.platform, cards.c.not_before, cards.c.id,
      sqlite_where=is_stale, postgresql_where=is_stale)  # fmt: skip
Index("ix_cards_channel", cards.c.platform, cards.c.installation, cards.c.channel)


@dataclass(frozen=True, slots=True)
class CardRow:
    """One topic's card in one place. It is stale while `wanted` (raised by each change of the topic) is
    more than `shown`, the version that its post shows; `shown_hash` tells whether an edit would change
    anything; `message_id` "" is not posted yet; `says` what the platform said when it went wrong."""

    id: int
    topic: Topic
    place: Place
    message_id: str = ""
    wanted: int = 1
    shown: int = 0
    shown_hash: str = ""
    attempts: int = 0
    says: str = ""
    state: Literal["live", "stopped"] = "live"
