"""Invitations: codes that let a person in with a role, and the tries that missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from storage.columns import Id, Utc, Verbs, id_column, metadata

invitations = Table(
    "invitations",
    metadata,
    id_column(),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("organisation", Text, ForeignKey("organisations.slug")),  # none: a role of the alliance
    Column("role", Text, nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("revoked_at", Utc),
    Column("created_by", Id, ForeignKey("persons.id")),
    Column("created_at", Utc, nullable=False),
    Column("motion", Id, ForeignKey("motions.number")),
    CheckConstraint("uses_left >= 0", name="uses_left"),
)
uses = Table(
    "invitation_uses",
    metadata,
    Column("invitation_id", Id, ForeignKey("invitations.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("used_at", Utc, nullable=False),
)
tries = Table(
    "wrong_tries",
    metadata,
    id_column(),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("tried_at", Utc, nullable=False),
    Index("ix_wrong_tries_account_id", "account_id", "tried_at"),
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A way in: for one organisation (slug; "" = the alliance) and role. Only the code's hash is kept.
    `created_by` is a person's number, None for the program; `used` counts the persons who came in. `motion`
    elected whoever it is for; None if none did."""

    id: int
    organisation: str
    role: str
    uses_left: int
    expires_at: datetime
    revoked_at: datetime | None
    created_by: int | None
    used: int
    motion: int | None = None


COLUMNS = (
    invitations.c.id,
    func.coalesce(invitations.c.organisation, "").label("organisation"),
    invitations.c.role,
    invitations.c.uses_left,
    invitations.c.expires_at,
    invitations.c.revoked_at,
    invitations.c.created_by,
    invitations.c.used,
    invitations.c.motion,
)
ADD = invitations.insert()
BY_HASH = select(*COLUMNS).where(invitations.c.code_hash == bindparam("code_hash"))
BY_HASH_LOCKED = BY_HASH.with_for_update()
_one = update(invitations).where(invitations.c.id == bindparam("one"))
USE = (
    _one.where(
        invitations.c.uses_left > 0,
        ~exists().where(uses.c.invitation_id == invitations.c.id, uses.c.person_id == bindparam("person")),
    )
    .values(uses_left=invitations.c.uses_left - 1, used=invitations.c.used + 1)
    .returning(invitations.c.id)
)
NOTE_USE = uses.insert()
REVOKE = _one.where(invitations.c.revoked_at.is_(None)).values(revoked_at=bindparam("now", type_=Utc))
STANDING = (
    select(*COLUMNS)
    .where(
        invitations.c.revoked_at.is_(None),
        invitations.c.uses_left > 0,
        invitations.c.expires_at > bindparam("now", type_=Utc),
    )
    .order_by(invitations.c.id)
)
USED_BY = (
    select(uses.c.person_id)
    .where(uses.c.invitation_id == bindparam("one"))
    .order_by(uses.c.used_at, uses.c.person_id)
)
WRONG_TRIES = select(func.count()).where(
    tries.c.account_id == bindparam("account"), tries.c.tried_at >= bindparam("since", type_=Utc)
)
NOTE_TRY = tries.insert()
FORGET_TRIES = delete(tries).where(
    tries.c.account_id == bindparam("account"), tries.c.tried_at < bindparam("before", type_=Utc)
)


class Invitations(Verbs):
    """The verbs over invitations."""

    def add(
        self,
        code_hash: str,
        organisation: str,
        role: str,
        uses: int,
        expires_at: datetime,
        created_by: int | None,
        now: datetime,
        motion: int | None = None,
    ) -> Invitation:
        """A new invitation, good for `uses` persons until `expires_at`. `motion` elected them, if one did."""
        given: dict[str, Any] = {"code_hash": code_hash, "organisation": organisation or None, "role": role}
        given |= {"uses_left": uses, "used": 0, "expires_at": expires_at, "created_by": created_by}
        given |= {"motion": motion}
        key = self._connection.execute(ADD, given | {"created_at": now}).inserted_primary_key
        assert key is not None
        return Invitation(key[0], organisation, role, uses, expires_at, None, created_by, 0, motion)

    def by_hash(self, code_hash: str, lock: bool = True) -> Invitation | None:
        """The invitation with this hash, used up, expired or not, locked until the transaction ends;
        None if there is none."""
        statement = BY_HASH_LOCKED if lock and self._writes else BY_HASH
        row = self._connection.execute(statement, {"code_hash": code_hash}).first()
        return None if row is None else Invitation(*row)

    def use(self, invitation_id: int, person_id: int, now: datetime) -> bool:
        """A person comes in by it. False, and nothing changed, if none are left or this person did
        before. Whether it is expired or revoked is the caller's to judge."""
        both = {"one": invitation_id, "person": person_id}
        if self._connection.execute(USE, both).first() is None:
            return False
        self._connection.execute(
            NOTE_USE, {"invitation_id": invitation_id, "person_id": person_id, "used_at": now}
        )
        return True

    def revoke(self, invitation_id: int, now: datetime) -> None:
        """Nobody comes in by it any more."""
        self._connection.execute(REVOKE, {"one": invitation_id, "now": now})

    def standing(self, now: datetime) -> tuple[Invitation, ...]:
        """The invitations still good at `now`, oldest first."""
        return tuple(Invitation(*row) for row in self._connection.execute(STANDING, {"now": now}))

    def used_by(self, invitation_id: int) -> tuple[int, ...]:
        """The numbers of the persons who came in by it, first one first."""
        return tuple(self._connection.execute(USED_BY, {"one": invitation_id}).scalars())

    def wrong_tries(self, account_id: int, since: datetime) -> int:
        """How many wrong codes this account has sent since then."""
        asked = {"account": account_id, "since": since}
        return self._connection.execute(WRONG_TRIES, asked).scalar_one()

    def note_wrong_try(self, account_id: int, now: datetime) -> None:
        """This account sent a wrong code. Those of more than a day ago are forgotten."""
        before = now - timedelta(days=1)
        self._connection.execute(FORGET_TRIES, {"account": account_id, "before": before})
        self._connection.execute(NOTE_TRY, {"account_id": account_id, "tried_at": now})
