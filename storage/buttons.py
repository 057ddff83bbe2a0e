"""Buttons: stored calls behind short tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Json, Utc, Verbs, Words, metadata

buttons = Table(
    "buttons",
    metadata,
    Column("token", Words, primary_key=True),
    Column("command", Text, nullable=False),
    Column("arguments", Json, nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id")),
    Column("expires_at", Utc, nullable=False),
    Index("ix_buttons_expires_at", "expires_at"),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A call behind a token. `account_id`: who may press it, None = anyone who may give the command."""

    token: str
    command: str
    arguments: Mapping[str, str]
    account_id: int | None
    expires_at: datetime


COLUMNS = (
    buttons.c.token,
    buttons.c.command,
    buttons.c.arguments,
    buttons.c.account_id,
    buttons.c.expires_at,
)
ADD = buttons.insert()
_new = insert(buttons)
AGAIN = _new.on_conflict_do_update(
    index_elements=["token"],
    set_={"arguments": _new.excluded.arguments, "expires_at": _new.excluded.expires_at},
)
GET = select(*COLUMNS).where(buttons.c.token == bindparam("which"))
FORGET = delete(buttons).where(buttons.c.expires_at < bindparam("before", type_=Utc))


class Buttons(Verbs):
    """The verbs over buttons."""

    def add_all(self, stored: Sequence[Stored], *, again: bool = False) -> None:
        """Keep these, in one statement. Raises Duplicate if a token is taken; with `again` those that are
        known say what is given now, and are good for longer."""
        if stored:
            self._connection.execute(AGAIN if again else ADD, [_given(button) for button in stored])

    def get(self, token: str) -> Stored | None:
        """The call behind a token, expired or not; None if there is none."""
        row = self._connection.execute(GET, {"which": token}).first()
        return None if row is None else Stored(*row)

    def forget(self, before: datetime) -> None:
        """Delete every button that expired before this moment."""
        self._connection.execute(FORGET, {"before": before})


def _given(button: Stored) -> dict[str, object]:
    given = {column.key: getattr(button, column.key) for column in COLUMNS}
    return given | {"arguments": dict(button.arguments)}
