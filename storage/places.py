"""Places: the chats, channels, threads and topics in which the bot has been, and what each is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ForeignKey,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Place
from storage.columns import Id, Utc, Verbs, Words, id_column, metadata

PlaceState = Literal["open", "removed", "archived", "closed", "muted", "lost"]

places = Table(
    "places",
    metadata,
    id_column(),
    Column("platform", Text, nullable=False),
    Column("installation", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("thread", Words, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("purpose", Text, nullable=False),  # several with commas between
    Column("first_seen_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("state", Text, nullable=False),
    Column("says", Words, nullable=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("state_at", Utc),
    Column("added_by", Id, ForeignKey("accounts.id")),
    UniqueConstraint("platform", "installation", "channel", "thread"),
)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place as it is kept. `purposes` are what it is used for (none: not said), in order of the alphabet;
    `state` whether the bot may write there: open, removed (the bot was), archived, closed (a topic), muted
    (the bot may only read) or lost (a message did not get there: `says` is what the platform said), since
    `state_at`; `language` IETF tag and `zone` IANA name, "" for the alliance's; `added_by` is the account
    that let the bot in."""

    id: int
    place: Place
    purposes: tuple[str, ...] = ()
    state: PlaceState = "open"
    says: str = ""
    language: str = ""
    zone: str = ""
    state_at: datetime | None = None
    added_by: int | None = None


_new = insert(places)
REMEMBER = _new.on_conflict_do_update(
    index_elements=["platform", "installation", "channel", "thread"],
    set_={key: func.coalesce(func.nullif(_new.excluded[key], ""), places.c[key]) for key in ("kind", "name")}
    | {
        "seen_at": _new.excluded.seen_at,
        "added_by": func.coalesce(_new.excluded.added_by, places.c.added_by),
    },
).returning(places.c.id)
ALL = select(
    places.c.id,
    places.c.purpose,
    places.c.state,
    places.c.says,
    places.c.language,
    places.c.zone,
    places.c.state_at,
    places.c.added_by,
    places.c.platform,
    places.c.installation,
    places.c.channel,
    places.c.thread,
    places.c.kind,
    places.c.name,
).order_by(places.c.id)
GET = ALL.where(places.c.id == bindparam("one"))
GET_LOCKED = GET.with_for_update()
OPEN = ALL.where(places.c.state == "open", places.c.purpose != "")
_channel = (
    places.c.platform == bindparam("on"),
    places.c.installation == bindparam("through"),
    places.c.channel == bindparam("chat"),
)
_thread = places.c.thread == bindparam("within")
FIND = ALL.where(*_channel, _thread)
IN_CHANNEL = ALL.where(*_channel).with_for_update()
_one = update(places).where(places.c.id == bindparam("one"))
_state = {
    "state": bindparam("is_now"),
    "says": bindparam("what", type_=Words),
    "state_at": bindparam("now", type_=Utc),
}
USE = _one.values(purpose=bindparam("serves"))
SET_STATE = _one.values(_state)
SET_STATE_THERE = update(places).where(*_channel, _thread).values(_state)
SET_STATE_IN_CHANNEL = update(places).where(*_channel).values(_state)
RENAME_THERE = update(places).where(*_channel, _thread).values(name=bindparam("called", type_=Words))
RENAME_IN_CHANNEL = update(places).where(*_channel).values(name=bindparam("called", type_=Words))
MOVE = _one.values(
    channel=bindparam("chat", type_=Words),
    thread="",
    purpose=bindparam("serves"),
    state=bindparam("is_now"),
    says=bindparam("what", type_=Words),
)
FORGET = delete(places).where(places.c.id == bindparam("one"))


class Places(Verbs):
    """The verbs over places. What is said of a place that is no thread holds for every thread in it."""

    def remember(self, place: Place, now: datetime, added_by: int | None = None) -> int:
        """Keep a place with its latest name and whose account let the bot in, and return its number. An
        empty name or nobody leaves what was known; purposes and state stay as they are."""
        given: dict[str, Any] = {"platform": place.platform, "installation": place.installation}
        given |= {"channel": place.channel, "thread": place.thread, "kind": place.kind, "name": place.name}
        given |= {"purpose": "", "first_seen_at": now, "seen_at": now, "added_by": added_by}
        given |= {"state": "open", "says": "", "language": "", "zone": ""}
        number: int = self._connection.execute(REMEMBER, given).scalar_one()
        return number

    def get(self, place_id: int, lock: bool = False) -> KnownPlace | None:
        """The place with this number, or None. With `lock` nobody else changes it until this transaction
        ends."""
        row = self._connection.execute(GET_LOCKED if lock else GET, {"one": place_id}).first()
        return None if row is None else _known(row)

    def find(self, place: Place) -> KnownPlace | None:
        """What is known of this very place, or None."""
        row = self._connection.execute(FIND, _at(place)).first()
        return None if row is None else _known(row)

    def all(self) -> tuple[KnownPlace, ...]:
        """Every place, first seen first."""
        return tuple(_known(row) for row in self._connection.execute(ALL))

    def serving(self, purpose: str) -> tuple[KnownPlace, ...]:
        """The places for this purpose in which the bot may write, first seen first."""
        found = (_known(row) for row in self._connection.execute(OPEN))
        return tuple(known for known in found if purpose in known.purposes)

    def set_purposes(self, place_id: int, purposes: Iterable[str]) -> None:
        """What the place is for from now on; nothing else any more."""
        self._connection.execute(USE, {"one": place_id, "serves": ",".join(sorted(set(purposes)))})

    def set_state(self, place_id: int, state: PlaceState, says: str, now: datetime) -> None:
        """Whether the bot may write there, and what the platform said about it."""
        self._connection.execute(SET_STATE, {"one": place_id, "is_now": state, "what": says, "now": now})

    def set_state_of(self, place: Place, state: PlaceState, says: str, now: datetime) -> None:
        """`set_state` for whoever knows the place and not its number."""
        statement = SET_STATE_THERE if place.thread else SET_STATE_IN_CHANNEL
        self._connection.execute(statement, _at(place) | {"is_now": state, "what": says, "now": now})

    def rename(self, place: Place, name: str) -> None:
        """It has a new name."""
        statement = RENAME_THERE if place.thread else RENAME_IN_CHANNEL
        self._connection.execute(statement, _at(place) | {"called": name})

    def moved(self, old: Place, new_channel: str) -> KnownPlace | None:
        """A channel became another one (a Telegram group that grew): its oldest row goes on there, with all
        its purposes; None if it was not known. If the new channel is known already, because it was heard of
        first, that row's purposes and state are taken over, and the row is gone."""
        found = [_known(row) for row in self._connection.execute(IN_CHANNEL, _at(old))]
        if not found:
            return None
        there = replace(old, channel=new_channel)
        newer = [_known(row) for row in self._connection.execute(IN_CHANNEL, _at(there))]
        for other in (*found[1:], *newer):
            self.forget(other.id)
        purposes = {purpose for known in (*found, *newer) for purpose in known.purposes}
        state, says = (newer[0].state, newer[0].says) if newer else ("open", "")
        asked = {"one": found[0].id, "chat": new_channel, "serves": ",".join(sorted(purposes))}
        self._connection.execute(MOVE, asked | {"is_now": state, "what": says})
        return self.get(found[0].id)

    def forget(self, place_id: int) -> None:
        """Nobody wants to know about this place any more."""
        self._connection.execute(FORGET, {"one": place_id})


def _at(place: Place) -> dict[str, Any]:
    asked = {"on": place.platform, "through": place.installation}
    return asked | {"chat": place.channel, "within": place.thread}


def _known(row: Any) -> KnownPlace:
    number, purpose, state, says, language, zone, state_at, added_by, *place = row
    purposes = tuple(purpose.split(",")) if purpose else ()
    return KnownPlace(number, Place(*place), purposes, state, says, language, zone, state_at, added_by)
