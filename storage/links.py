"""Link codes: how a person shows that two accounts are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Table, Text, bindparam, or_, select, update

from storage.columns import Id, Utc, Verbs, id_column, metadata

links = Table(
    "link_codes",
    metadata,
    id_column(),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("claimed_by", Id, ForeignKey("accounts.id")),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("claimed_at", Utc),
    Column("done_at", Utc),
    Index("ix_link_codes_account_id", "account_id"),
)


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code that `account_id` asked for and `claimed_by` typed; `done_at` once the first account said
    yes or no to it. Only the code's hash is kept."""

    id: int
    code_hash: str
    account_id: int
    claimed_by: int | None
    expires_at: datetime
    done_at: datetime | None


COLUMNS = (
    links.c.id,
    links.c.code_hash,
    links.c.account_id,
    links.c.claimed_by,
    links.c.expires_at,
    links.c.done_at,
)
ADD = links.insert()
BY_HASH = select(*COLUMNS).where(links.c.code_hash == bindparam("code_hash"))
BY_HASH_LOCKED = BY_HASH.with_for_update()
GET = select(*COLUMNS).where(links.c.id == bindparam("one"))
GET_LOCKED = GET.with_for_update()
_one = update(links).where(links.c.id == bindparam("one"), links.c.done_at.is_(None))
CLAIM = (
    _one.where(or_(links.c.claimed_by.is_(None), links.c.claimed_by == bindparam("account")))
    .values(claimed_by=bindparam("account"), claimed_at=bindparam("now", type_=Utc))
    .returning(*COLUMNS)
)
FINISH = _one.values(done_at=bindparam("now", type_=Utc)).returning(links.c.id)


class Links(Verbs):
    """The verbs over link codes."""

    def add(self, code_hash: str, account_id: int, expires_at: datetime, now: datetime) -> LinkCode:
        """A new code, asked for by this account."""
        given: dict[str, Any] = {"code_hash": code_hash, "account_id": account_id}
        given |= {"created_at": now, "expires_at": expires_at}
        key = self._connection.execute(ADD, given).inserted_primary_key
        assert key is not None
        return LinkCode(key[0], code_hash, account_id, None, expires_at, None)

    def by_hash(self, code_hash: str, lock: bool = True) -> LinkCode | None:
        """The code with this hash, in any state, locked until the transaction ends; None if none."""
        statement = BY_HASH_LOCKED if lock and self._writes else BY_HASH
        row = self._connection.execute(statement, {"code_hash": code_hash}).first()
        return None if row is None else LinkCode(*row)

    def claim(self, link_id: int, account_id: int, now: datetime) -> LinkCode | None:
        """This account typed the code. None, and nothing changed, if another did before or it is done.
        Whether it is expired is the caller's to judge."""
        row = self._connection.execute(CLAIM, {"one": link_id, "account": account_id, "now": now}).first()
        return None if row is None else LinkCode(*row)

    def get(self, link_id: int, lock: bool = False) -> LinkCode | None:
        """The code with this number, or None."""
        statement = GET_LOCKED if lock and self._writes else GET
        row = self._connection.execute(statement, {"one": link_id}).first()
        return None if row is None else LinkCode(*row)

    def finish(self, link_id: int, now: datetime) -> bool:
        """The code is done with. False if it was before: a second yes links nothing twice."""
        return self._connection.execute(FINISH, {"one": link_id, "now": now}).first() is not None
