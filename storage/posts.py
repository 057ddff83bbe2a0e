"""Posts: the bot's own messages that stand in places, and what each is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Place, Post, Topic
from storage.columns import Id, Utc, Verbs, Words, id_column, metadata
from storage.installations import installations

posts = Table(
    "posts",
    metadata,
    id_column(),
    Column("platform", Text, nullable=False),
    Column("installation", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("message_id", Words, nullable=False),
    Column("thread", Words, nullable=False),
    Column("place_kind", Text, nullable=False),
    Column("place_name", Words, nullable=False),
    Column("part", Integer, nullable=False),
    Column("topic_kind", Text),
    Column("topic_key", Text),
    Column("account_id", Id, ForeignKey("accounts.id")),  # who alone reads it, if one person does
    Column("posted_at", Utc, nullable=False),
    UniqueConstraint("platform", "installation", "channel", "message_id"),
)
_has_topic = posts.c.topic_kind.is_not(None)
Index("ix_posts_topic", posts.c.topic_kind, posts.c.topic_key,
      sqlite_where=_has_topic, postgresql_where=_has_topic)  # fmt: skip

_new = insert(posts)
ADD = _new.on_conflict_do_update(
    index_elements=["platform", "installation", "channel", "message_id"],
    set_={
        key: func.coalesce(_new.excluded[key], posts.c[key])
        for key in ("topic_kind", "topic_key", "account_id")
    }
    | {"part": _new.excluded.part},
)
# A channel of Slack's may be shared by several workspaces, and a post in it is any of our installations'.
_reachable = select(bindparam("installation", type_=Words)).union_all(
    select(installations.c.workspace).where(bindparam("platform", type_=Text) == "slack")
)
TOPIC_OF = select(posts.c.topic_kind, posts.c.topic_key).where(
    posts.c.platform == bindparam("platform"),
    posts.c.installation.in_(_reachable),
    posts.c.channel == bindparam("channel"),
    posts.c.message_id == bindparam("message_id"),
    _has_topic,
)
OF_TOPIC = (
    select(
        posts.c.platform,
        posts.c.installation,
        posts.c.channel,
        posts.c.thread,
        posts.c.place_kind,
        posts.c.place_name,
        posts.c.message_id,
        posts.c.part,
    )
    .where(posts.c.topic_kind == bindparam("kind"), posts.c.topic_key == bindparam("key"))
    .order_by(posts.c.id)
)


class Posts(Verbs):
    """The verbs over posts."""

    def add(self, post: Post, topic: Topic | None, now: datetime, account_id: int | None = None) -> None:
        """Keep a post, what it is about, and whose eyes alone it is for. A post that was edited in
        place is kept again: a new topic replaces the old one, None leaves it."""
        place = post.place
        given: dict[str, Any] = {
            "platform": place.platform,
            "installation": place.installation,
            "channel": place.channel,
            "message_id": post.message_id,
            "thread": place.thread,
            "place_kind": place.kind,
            "place_name": place.name,
            "part": post.part,
            "topic_kind": None if topic is None else topic.kind,
            "topic_key": None if topic is None else topic.key,
            "account_id": account_id,
            "posted_at": now,
        }
        self._connection.execute(ADD, given)

    def topic_of(self, platform: str, installation: str, channel: str, message_id: str) -> Topic | None:
        """What the post is about, or None: no topic, or not a post of ours. On Slack any installation of ours
        may have posted it there."""
        asked = {"platform": platform, "installation": installation}
        row = self._connection.execute(
            TOPIC_OF, asked | {"channel": channel, "message_id": message_id}
        ).first()
        return None if row is None else Topic(*row)

    def of_topic(self, topic: Topic) -> tuple[Post, ...]:
        """Every post about this, oldest first."""
        rows = self._connection.execute(OF_TOPIC, {"kind": topic.kind, "key": topic.key})
        return tuple(Post(Place(*row[:6]), row[6], row[7]) for row in rows)
