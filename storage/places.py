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
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Place
from storage.columns import Id, Utc, Verbs, Words, id_column, metadata

PlaceState = Literal["open", "removed", "archived", "closed", "muted", "lost", "forgotten"]

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
    (the bot may only read), lost (a message did not get there: `says` is what the platform said) or
    forgotten (nobody wants to know of it; its row keeps the number, which buttons name), since `state_at`;
    `language` IETF tag and `zone` IANA name, "" for the alliance's; `added_by` is the account that let the
    bot in."""

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
_not_forgotten = case((places.c.state == "forgotten", "open"), else_=places.c.state)
REMEMBER = _new.on_conflict_do_update(
    index_elements=["platform", "installation", "channel", "thread"],
    set_={key: func.coalesce(func.nullif(_new.excluded[key], ""), places.c[key]) for key in ("kind", "name")}
    | {
        "state": _not_forgotten,
        "seen_at": _new.excluded.seen_at,
        "added_by": func.coalesce(_new.excluded.added_by, places.c.added_by),
    },
).returning(places.c.id)
COLUMNS = (
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
)
_every = select(*COLUMNS).order_by(places.c.id)
_remembered = places.c.state != "forgotten"
ALL = _every.where(_remembered)
GET = _every.where(places.c.id == bindparam("one"))
GET_LOCKED = GET.with_for_update()
OPEN = _every.where(places.c.state == "open", places.c.purpose != "")
_channel = (
    places.c.platform == bindparam("on"),
    places.c.installation == bindparam("through"),
    places.c.channel == bindparam("chat"),
)
_thread = places.c.thread == bindparam("within")
FIND = _every.where(*_channel, _thread)
IN_CHANNEL = _every.where(*_channel).with_for_update()
# Muted is a whole channel; but a thread can be lost alone, and is found again by what is said in it.
_out_of_reach = or_(
    places.c.state == "muted",
    and_(places.c.state == "lost", or_(places.c.thread == "", _thread)),
)
OUT_OF_REACH = select(places.c.id).where(*_channel, _out_of_reach).limit(1)
_one = update(places).where(places.c.id == bindparam("one"))
_state = {
    "state": bindparam("is_now"),
    "says": bindparam("what", type_=Words),
    "state_at": bindparam("now", type_=Utc),
}
USE = _one.values(purpose=bindparam("serves"))
SPEAK = _one.values(language=bindparam("speaks"))
SET_STATE = _one.values(_state)
_everywhere = update(places).where(*_channel, _remembered).values(_state).returning(*COLUMNS)
SET_STATE_IN_CHANNEL, SET_STATE_THERE = _everywhere, _everywhere.where(_thread)
REACH = (
    update(places)
    .where(*_channel, _out_of_reach)
    .values(state="open", says="", state_at=bindparam("now", type_=Utc))
    .returning(*COLUMNS)
)
RENAME_THERE = update(places).where(*_channel, _thread).values(name=bindparam("called", type_=Words))
RENAME_IN_CHANNEL = update(places).where(*_channel).values(name=bindparam("called", type_=Words))
MOVE = _one.values(channel=bindparam("chat", type_=Words), thread="", state="open", says="")
TAKE_OVER = _one.values(
    purpose=bindparam("serves"),
    language=bindparam("speaks"),
    zone=bindparam("clock"),
    added_by=bindparam("adder"),
    state=_not_forgotten,
)
FORGET = _one.values(state="forgotten", says="", purpose="")


class Places(Verbs):
    """The verbs over places. What is said of a place that is no thread holds for every thread in it."""

    def remember(self, place: Place, now: datetime, added_by: int | None = None) -> int:
        """Keep a place with its latest name and whose account let the bot in, and return its number. An
        empty name or nobody leaves what was known; purposes and state stay as they are, but one that was
        forgotten is open."""
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
        """Every place that is not forgotten, first seen first."""
        return tuple(_known(row) for row in self._connection.execute(ALL))

    def serving(self, purpose: str) -> tuple[KnownPlace, ...]:
        """The places for this purpose in which the bot may write, first seen first."""
        found = (_known(row) for row in self._connection.execute(OPEN))
        return tuple(known for known in found if purpose in known.purposes)

    def set_purposes(self, place_id: int, purposes: Iterable[str]) -> None:
        """What the place is for from now on; nothing else any more."""
        self._connection.execute(USE, {"one": place_id, "serves": ",".join(sorted(set(purposes)))})

    def set_language(self, place_id: int, language: str) -> None:
        """What stands there is said in that language (IETF tag) from now on."""
        self._connection.execute(SPEAK, {"one": place_id, "speaks": language})

    def set_state(self, place_id: int, state: PlaceState, says: str, now: datetime) -> None:
        """Whether the bot may write there, and what the platform said about it."""
        self._connection.execute(SET_STATE, {"one": place_id, "is_now": state, "what": says, "now": now})

    def set_state_of(
        self, place: Place, state: PlaceState, says: str, now: datetime
    ) -> tuple[KnownPlace, ...]:
        """`set_state` for whoever knows the place and not its number: the places that it holds for. What is
        forgotten stays so."""
        statement = SET_STATE_THERE if place.thread else SET_STATE_IN_CHANNEL
        given = {"is_now": state, "what": says, "now": now}
        return tuple(_known(row) for row in self._connection.execute(statement, _at(place) | given))

    def rename(self, place: Place, name: str) -> None:
        """It has a new name."""
        statement = RENAME_THERE if place.thread else RENAME_IN_CHANNEL
        self._connection.execute(statement, _at(place) | {"called": name})

    def out_of_reach(self, place: Place) -> bool:
        """Whether something here is muted or lost, so that hearing from the place would change it."""
        return self._connection.execute(OUT_OF_REACH, _at(place)).first() is not None

    def reach(self, place: Place, now: datetime) -> tuple[KnownPlace, ...]:
        """Somebody speaks to the bot here: what is muted or lost is tried again, for no platform tells when
        that is over. What is open by it now, as it is."""
        return tuple(_known(row) for row in self._connection.execute(REACH, _at(place) | {"now": now}))

    def moved(self, old: Place, new_channel: str) -> KnownPlace | None:
        """A channel became another one (a Telegram group that grew), and all that it was for with it: the
        place as it is now, None if nothing was known of it. Its oldest row goes on there; if the new channel
        is known already, because it was heard of first, that row takes over, in the state it is in. The
        others are forgotten."""
        found = [known for known in self.in_channel(old) if known.state != "forgotten"]
        if not found:
            return None
        there = self.in_channel(replace(old, channel=new_channel))
        newer = next((known for known in there if not known.place.thread), None)
        stays = newer or found[0]
        every = found if newer is None else [newer, *found]
        self.take_over(stays.id, every)
        if newer is None:
            self._connection.execute(MOVE, {"one": stays.id, "chat": new_channel})
        for other in found:
            if other.id != stays.id:
                self.forget(other.id)
        return self.get(stays.id)

    def in_channel(self, place: Place) -> list[KnownPlace]:
        """The channel of this place and every thread in it that is known, forgotten ones too, as one
        installation has them. Nobody else changes them until this transaction ends."""
        asked = {"on": place.platform, "through": place.installation, "chat": place.channel}
        return [_known(row) for row in self._connection.execute(IN_CHANNEL, asked)]

    def take_over(self, place_id: int, several: Iterable[KnownPlace]) -> None:
        """The place is for all that these were for, and is open if it was forgotten."""
        self._connection.execute(TAKE_OVER, {"one": place_id, **_together(several)})

    def forget(self, place_id: int) -> None:
        """Nobody wants to know about this place any more, until the bot is there again. Its number is never
        another place's: the questions that stand there name it."""
        self._connection.execute(FORGET, {"one": place_id})


def _at(place: Place) -> dict[str, Any]:
    asked = {"on": place.platform, "through": place.installation}
    return asked | {"chat": place.channel, "within": place.thread}


def _known(row: Any) -> KnownPlace:
    number, purpose, state, says, language, zone, state_at, added_by, *place = row
    purposes = tuple(purpose.split(",")) if purpose else ()
    return KnownPlace(number, Place(*place), purposes, state, says, language, zone, state_at, added_by)


def _together(several: Iterable[KnownPlace]) -> dict[str, Any]:
    """What places that have become one are for, and what was said of the first of which it was said."""
    every = tuple(several)
    return {
        "serves": ",".join(sorted({purpose for known in every for purpose in known.purposes})),
        "speaks": next((known.language for known in every if known.language), ""),
        "clock": next((known.zone for known in every if known.zone), ""),
        "adder": next((known.added_by for known in every if known.added_by is not None), None),
    }
