"""Drafts: commands that wait for one more answer, a form, a person's way in, or their return."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Table, Text, bindparam, delete, select, update

from bot.messages import Place
from storage.columns import Id, Json, Utc, Value, Verbs, Words, id_column, metadata

drafts = Table(
    "drafts",
    metadata,
    id_column(),
    Column("token", Words, nullable=False, unique=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("place", Value(Place), nullable=False),
    Column("command", Words, nullable=False),
    Column("arguments", Json, nullable=False),
    Column("option", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("choices", Json, nullable=False),
    Column("touched_at", Utc, nullable=False),
)
_asking = drafts.c.state == "asking"
Index("ix_drafts_asking", drafts.c.account_id, sqlite_where=_asking, postgresql_where=_asking)
Index("ix_drafts_account_id", drafts.c.account_id)
Index("ix_drafts_touched_at", drafts.c.touched_at)


@dataclass(frozen=True, slots=True)
class Draft:
    """A command not yet given. `option` is the one asked for; `state`: asking (the next words answer
    it), form (a form is open), aside (put away, can be taken up), waiting (a stranger's words `text`,
    run once they are in), done. `choices` is a JSON list; `asked_at` tells how old the question is."""

    token: str
    account_id: int
    place: Place
    command: str
    arguments: dict[str, str]
    option: str
    state: str
    text: str
    asked_at: datetime
    created_at: datetime
    choices: list[Any]


COLUMNS = (
    drafts.c.token,
    drafts.c.account_id,
    drafts.c.place,
    drafts.c.command,
    drafts.c.arguments,
    drafts.c.option,
    drafts.c.state,
    drafts.c.text,
    drafts.c.asked_at,
    drafts.c.created_at,
    drafts.c.choices,
)
PUT = drafts.insert()
ONE = update(drafts).where(drafts.c.token == bindparam("which"))
BY_TOKEN = select(*COLUMNS).where(drafts.c.token == bindparam("which"))
BY_TOKEN_LOCKED = BY_TOKEN.with_for_update()
NEWEST = (
    select(*COLUMNS)
    .where(drafts.c.account_id == bindparam("account"))
    .order_by(drafts.c.asked_at.desc(), drafts.c.id.desc())
    .limit(1)
)
OPEN = NEWEST.where(_asking)
OPEN_LOCKED = OPEN.with_for_update()  # two quick answers: the second finds the question answered
WAITING = NEWEST.where(drafts.c.state == "waiting")
PUT_ASIDE = (
    update(drafts)
    .where(drafts.c.account_id == bindparam("account"), _asking)
    .values(state="aside", touched_at=bindparam("now", type_=Utc))
    .returning(drafts.c.id, *COLUMNS)
)
CLOSE_ALL = (
    update(drafts)
    .where(drafts.c.account_id == bindparam("account"), drafts.c.state != "done")
    .values(state="done")
)
FORGET = delete(drafts).where(drafts.c.touched_at < bindparam("before", type_=Utc))


class Drafts(Verbs):
    """The verbs over drafts."""

    def put(
        self,
        account_id: int,
        place: Place,
        command: str,
        arguments: Mapping[str, str],
        option: str,
        state: str,
        now: datetime,
        text: str = "",
        choices: Sequence[Any] = (),
    ) -> Draft:
        """A new draft behind a fresh token of 12 url-safe characters."""
        token = secrets.token_urlsafe(9)
        draft = Draft(
            token, account_id, place, command, dict(arguments), option, state, text, now, now, list(choices)
        )
        self._connection.execute(
            PUT, {column.key: getattr(draft, column.key) for column in COLUMNS} | {"touched_at": now}
        )
        return draft

    def update(
        self,
        token: str,
        *,
        arguments: Mapping[str, str] | None = None,
        option: str | None = None,
        state: str | None = None,
        place: Place | None = None,
        asked_at: datetime | None = None,
        choices: Sequence[Any] | None = None,
    ) -> Draft:
        """Change what is given, leave the rest. Raises LookupError if there is no such draft."""
        given = {
            "arguments": None if arguments is None else dict(arguments),
            "option": option,
            "state": state,
            "place": place,
            "asked_at": asked_at,
            "touched_at": asked_at,
            "choices": None if choices is None else list(choices),
        }
        given = {key: value for key, value in given.items() if value is not None}
        if given:
            self._connection.execute(ONE.values(given), {"which": token})
        draft = self.by_token(token)
        if draft is None:
            raise LookupError("draft")
        return draft

    def open(self, account_id: int) -> Draft | None:
        """The newest draft that asks this account something, or None."""
        return _draft(
            self._connection.execute(OPEN_LOCKED if self._writes else OPEN, {"account": account_id}).first()
        )

    def by_token(self, token: str, lock: bool = True) -> Draft | None:
        """The draft behind a token in any state, locked until the transaction ends (a reader takes no
        lock); None if there is none."""
        statement = BY_TOKEN_LOCKED if lock and self._writes else BY_TOKEN
        return _draft(self._connection.execute(statement, {"which": token}).first())

    def close(self, token: str) -> None:
        """The draft is done: given, or thrown away. Its row stays until `forget`, so that a form sent
        twice can be told from one never seen."""
        self._connection.execute(ONE.values(state="done"), {"which": token})

    def close_all(self, account_id: int) -> None:
        """Whatever this account began or waits for is done with."""
        self._connection.execute(CLOSE_ALL, {"account": account_id})

    def put_aside(self, account_id: int, now: datetime) -> tuple[Draft, ...]:
        """Put away what asks this account something, and return it, oldest first."""
        rows = self._connection.execute(PUT_ASIDE, {"account": account_id, "now": now}).all()
        return tuple(Draft(*row[1:]) for row in sorted(rows, key=lambda row: row.id))

    def waiting(self, account_id: int) -> Draft | None:
        """What a stranger asked for last and gets once they are in, or None."""
        return _draft(self._connection.execute(WAITING, {"account": account_id}).first())

    def forget(self, before: datetime) -> None:
        """Delete every draft that was asked about, or put aside, before this moment for the last time."""
        self._connection.execute(FORGET, {"before": before})


def _draft(row: Any) -> Draft | None:
    return None if row is None else Draft(*row)
