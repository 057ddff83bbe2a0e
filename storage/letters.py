"""Letters: the personal page behind a mail's link, whose buttons may be pressed once."""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    literal_column,
    select,
    update,
)

from bot.messages import Attachment, Key, Mail, Message, Topic
from storage.columns import Id, Utc, Value, Verbs, Words, id_column, metadata
from storage.json_words import JsonWords

BYTES = 20  # 160 bits: 32 letters and digits

letters = Table(
    "letters",
    metadata,
    id_column(),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("message_id", Words, nullable=False),
    Column("message", JsonWords, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("picked", Integer),
    Column("topic", Value(Topic)),
    Column("delivery", Words, nullable=False),
    Index("ix_letters_expires_at", "expires_at"),
    sqlite_autoincrement=True,  # a number names what was pressed: never again, also when its letter is gone
)
# Written out, not bound: SQLite uses a partial index only where it reads the condition itself.
_was_mailed = letters.c.message_id != literal_column("''")
Index("ix_letters_message_id", letters.c.message_id,
      sqlite_where=_was_mailed, postgresql_where=_was_mailed)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail said to one account, `message_id` being the mail's ("" for a page that was in no mail). The
    bytes of a picture are not kept with it. `picked` is the button (0, 1 …) that was pressed when it was
    used; `delivery` the key of the delivery, "" for none."""

    id: int
    account_id: int
    message_id: str
    message: Message
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    picked: int | None = None
    topic: Topic | None = None
    delivery: str = ""


COLUMNS = (
    letters.c.id,
    letters.c.account_id,
    letters.c.message_id,
    letters.c.message,
    letters.c.created_at,
    letters.c.expires_at,
    letters.c.used_at,
    letters.c.picked,
    letters.c.topic,
    letters.c.delivery,
)
WRITE = letters.insert()
READ = select(*COLUMNS).where(letters.c.token_hash == bindparam("hash"))
USE = (
    update(letters)
    .where(
        letters.c.token_hash == bindparam("hash"),
        letters.c.used_at.is_(None),
        letters.c.expires_at > bindparam("now", type_=Utc),
    )
    .values(used_at=bindparam("now", type_=Utc), picked=bindparam("which"))
    .returning(*COLUMNS)
)
REOPEN = (
    update(letters)
    .where(letters.c.id == bindparam("number"), letters.c.used_at == bindparam("was", type_=Utc))
    .values(used_at=None, picked=None)
)
BY_MESSAGE_ID = (
    select(*COLUMNS)
    .where(_was_mailed, letters.c.message_id == bindparam("mail", type_=Words))
    .order_by(letters.c.id.desc())
    .limit(1)
)
FORGET = delete(letters).where(letters.c.expires_at < bindparam("before", type_=Utc))


class Letters(Verbs):
    """The verbs over letters. Only a token's hash is kept."""

    def write(
        self,
        account_id: int,
        message: Message,
        message_id: str,
        now: datetime,
        until: datetime,
        delivery: str = "",
        topic: Topic | None = None,
    ) -> str:
        """A new letter to this account, good until then: its random token (32 small letters and digits),
        kept nowhere."""
        token = b32encode(secrets.token_bytes(BYTES)).decode().lower()
        given: dict[str, Any] = {"token_hash": _hash(token), "account_id": account_id}
        given |= {"message_id": message_id, "message": _to_json(message), "created_at": now}
        given |= {"expires_at": until, "topic": topic, "delivery": delivery}
        self._connection.execute(WRITE, given)
        return token

    def read(self, token: str) -> Letter | None:
        """The letter that this token opens, also one that was used or is over; None if it opens none."""
        row = self._connection.execute(READ, {"hash": _hash(token)}).first()
        return None if row is None else _letter(row)

    def use(self, token: str, picked: int, now: datetime) -> Letter | None:
        """One of its buttons is pressed, and from now on none of them any more. None, and nothing changed, if
        it was used before, is over, or there is none: of several at once, one gets it."""
        asked = {"hash": _hash(token), "which": picked, "now": now}
        row = self._connection.execute(USE, asked).first()
        return None if row is None else _letter(row)

    def reopen(self, letter: Letter) -> None:
        """What it was used for could not be done: its buttons can be pressed again. Nothing changes if it was
        used anew meanwhile."""
        if letter.used_at is not None:
            self._connection.execute(REOPEN, {"number": letter.id, "was": letter.used_at})

    def by_message_id(self, message_id: str) -> Letter | None:
        """The letter of this mail, or None."""
        row = self._connection.execute(BY_MESSAGE_ID, {"mail": message_id}).first()
        return None if row is None else _letter(row)

    def forget(self, before: datetime) -> None:
        """Delete what was over before this moment."""
        self._connection.execute(FORGET, {"before": before})


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _to_json(message: Message) -> dict[str, Any]:
    file = message.file
    row = asdict(replace(message, file=None if file is None else replace(file, content=b"")))
    if row["file"]:
        del row["file"]["content"]
    return row


def _letter(row: Any) -> Letter:
    number, account_id, message_id, said, *rest = row
    keys = tuple(Key(**key) for key in said["keys"])
    file = Attachment(**said["file"]) if said["file"] else None
    mail = Mail(**said["mail"]) if said["mail"] else None
    message = Message(said["text"], keys, file, said["silent"], mail)
    return Letter(number, account_id, message_id, message, *rest)
