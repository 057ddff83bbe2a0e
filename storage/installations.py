"""Installations: our app in one Slack workspace each, or in a whole organisation of workspaces, with the
token that speaks there, sealed; and what can be had once by one of many."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Place
from storage.accounts import accounts
from storage.columns import Id, Utc, Words, id_column, metadata
from storage.heirs import Heirs
from storage.places import KnownPlace, Places

InstallationState = Literal["active", "revoked", "removed"]
TAKEN_OUT = "uninstalled"  # what is said of a place that went with its installation
# and of one to which a message found out, before the end was known, that the token is over
FOUND_OUT = frozenset(f"removed: {code}" for code in ("token_revoked", "account_inactive", "invalid_auth"))
BEFORE = timedelta(hours=1)  # the end that accounts may have been found out of reach by it
_SHAPE = re.compile(r"[A-Za-z0-9]+")  # of Slack's ids

installations = Table(
    "installations",
    metadata,
    id_column(),
    Column("workspace", Words, nullable=False, unique=True),  # what places name: the team, or the enterprise
    Column("team", Words, nullable=False),
    Column("enterprise", Words, nullable=False),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("name", Words, nullable=False),
    Column("app", Words, nullable=False),
    Column("bot_user", Words, nullable=False),
    Column("bot", Words, nullable=False),
    Column("scopes", Words, nullable=False),  # with commas between
    Column("token", Text, nullable=False),  # sealed
    Column("installer", Words, nullable=False),
    Column("installed_by", Id, ForeignKey("accounts.id")),
    Column("installed_at", Utc, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_at", Utc),
)
claims = Table(
    "claims",
    metadata,
    Column("name", Words, primary_key=True),
    Column("by", Words, nullable=False),
    Column("until", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Installation:
    """Our app in one workspace. `workspace` is what places and deliveries name: Slack's team id, or the
    enterprise's where a whole organisation installed it; then `team` is "". `token` is sealed; `installer` is
    the Slack user who installed it, `installed_by` their account once they were greeted; `ended_at` is when
    it last ended, also of one that is back."""

    workspace: str
    team: str
    enterprise: str
    is_enterprise_install: bool
    name: str
    app: str
    bot_user: str
    bot: str
    scopes: tuple[str, ...]
    token: str = field(repr=False)
    installer: str
    installed_at: datetime
    state: InstallationState = "active"
    ended_at: datetime | None = None
    installed_by: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether it speaks."""
        return self.state == "active"


_names = (
    "workspace", "team", "enterprise", "is_enterprise_install", "name", "app", "bot_user", "bot", "scopes",
    "token", "installer", "installed_at", "state", "ended_at", "installed_by",
)  # fmt: skip
COLUMNS = tuple(installations.c[name] for name in _names)
KEPT = ("workspace", "installed_by", "ended_at")  # by an installation that comes back
ALL = select(*COLUMNS).order_by(installations.c.id)
_this = installations.c.workspace == bindparam("which")
GET = select(*COLUMNS).where(_this)
GET_LOCKED = GET.with_for_update()
_new = insert(installations)
INSTALL = _new.on_conflict_do_update(
    index_elements=["workspace"],
    set_={name: _new.excluded[name] for name in _names if name not in KEPT},
)
_one = update(installations).where(_this)
END = _one.values(state=bindparam("is_now"), ended_at=bindparam("now", type_=Utc))
GREETED = _one.values(installed_by=bindparam("account"))
RESEAL = _one.where(installations.c.token == bindparam("before")).values(token=bindparam("sealed"))
_direct = type_coerce(accounts.c.direct, Text)
BACK = (
    update(accounts)
    .where(
        accounts.c.platform == "slack",
        accounts.c.unreachable_at >= bindparam("since", type_=Utc),
        accounts.c.closed_at.is_(None),
        or_(accounts.c.workspace == bindparam("which"), func.coalesce(_direct, "").like(bindparam("within"))),
    )
    .values(unreachable_at=None)
)
OVER = delete(claims).where(claims.c.until <= bindparam("now", type_=Utc))
CLAIM = insert(claims).on_conflict_do_nothing(index_elements=["name"])
HOLDER = select(claims.c.by).where(claims.c.name == bindparam("what"))
RELEASE = delete(claims).where(and_(claims.c.name == bindparam("what"), claims.c.by == bindparam("whose")))


class Installations(Heirs):
    """The verbs over installations."""

    def all(self) -> tuple[Installation, ...]:
        """Every one there ever was, oldest first."""
        return tuple(_read(row) for row in self._connection.execute(ALL))

    def get(self, workspace: str, lock: bool = False) -> Installation | None:
        """The one in this workspace, or None. With `lock` nobody else changes it until this transaction
        ends."""
        statement = GET_LOCKED if lock and self._writes else GET
        row = self._connection.execute(statement, {"which": workspace}).first()
        return None if row is None else _read(row)

    def install(self, new: Installation) -> Installation | None:
        """Keep it, in the row of an earlier one of the same workspace if there was one: that one as it was,
        else None."""
        before = self.get(new.workspace, lock=True)
        given = {name: getattr(new, name) for name in _names} | {"scopes": ",".join(new.scopes)}
        self._connection.execute(INSTALL, given)
        return before

    def end(self, workspace: str, state: InstallationState, now: datetime) -> Installation | None:
        """It speaks no more: it as it was, None if it had ended before (then only `removed` is noted)."""
        before = self.get(workspace, lock=True)
        if before is None:
            return None
        if before.is_active or state == "removed":
            ended = now if before.is_active else before.ended_at
            self._connection.execute(END, {"which": workspace, "is_now": state, "now": ended})
        return before if before.is_active else None

    def greeted(self, workspace: str, account_id: int) -> None:
        """Whose account it is that installed it."""
        self._connection.execute(GREETED, {"which": workspace, "account": account_id})

    def reseal(self, workspace: str, before: str, sealed: str) -> None:
        """The same token under another key; nothing, if it is another one by now."""
        self._connection.execute(RESEAL, {"which": workspace, "before": before, "sealed": sealed})

    def places_gone(self, workspace: str, now: datetime) -> int:
        """Its places are gone with it: how many, with those that were found out to be before it was."""
        places = Places(self._connection, self._writes)
        every = self._places(places, workspace)
        gone = [known for known in every if known.state == "open" or known.says in FOUND_OUT]
        for known in gone:
            places.set_state(known.id, "removed", TAKEN_OUT, now)
        return len(gone)

    def back(self, before: Installation, now: datetime) -> tuple[KnownPlace, ...]:
        """It is there again: so are the places that went with it, and the accounts that were out of reach by
        it. The places."""
        places = Places(self._connection, self._writes)
        found = [known for known in self._places(places, before.workspace) if known.says == TAKEN_OUT]
        for known in found:
            places.set_state(known.id, "open", "", now)
        if before.ended_at is not None and _SHAPE.fullmatch(before.workspace):
            within = f'%"installation":"{before.workspace}"%'
            asked = {"which": before.workspace, "since": before.ended_at - BEFORE, "within": within}
            self._connection.execute(BACK, asked)
        return tuple(found)

    def claim(self, name: str, by: str, until: datetime, now: datetime) -> str:
        """Have something to oneself until that moment, unless another one has it already: who has it."""
        self._connection.execute(OVER, {"now": now})
        self._connection.execute(CLAIM, {"name": name, "by": by, "until": until})
        return str(self._connection.execute(HOLDER, {"what": name}).scalar_one())

    def release(self, name: str, by: str) -> None:
        """Whoever has it lets it go."""
        self._connection.execute(RELEASE, {"what": name, "whose": by})

    def _places(self, places: Places, workspace: str) -> Iterable[KnownPlace]:
        return (
            known
            for known in places.all()
            if (known.place.platform, known.place.installation) == ("slack", workspace)
        )


def reached_through(direct: Place | None, home: str) -> str:
    """The workspace through which an account is reached: where it reads us, else its home."""
    return direct.installation if direct is not None and direct.installation else home


def _read(row: Any) -> Installation:
    given = dict(zip(_names, row, strict=True))
    given["scopes"] = tuple(scope for scope in given["scopes"].split(",") if scope)
    return Installation(**given)
