"""What the bot said by itself, as its own book of deliveries has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.dispatch.surroundings import context_for
from bot.messages import Call, Key, Message, Place
from bot.notices import NOTICES
from bot.people.duties import as_person, owed_by
from bot.people.waking import EVENTS, waking_of
from bot.rules.attention import Waking, is_waking
from bot.simulation.house import Inhabitant, PaperHouse
from bot.timetable import NOBODY, NOWHERE
from storage.deliveries import Delivery
from storage.store import Store

DIGEST = "digest"
ON_THEIR_WAY = ("queued", "attempting")
SOON = timedelta(hours=2)  # what is due later is looked up once a day
A_DAY = timedelta(days=1)
GAP = 20  # numbers in a row that no delivery has, after which there are no more


@dataclass(frozen=True, slots=True)
class Line:
    """One message to one person that they did not ask for: when it went (UTC), by whose clocks, its kind and
    key, and what it says; whether it took from their attention, and the kinds of those that are said in it.
    `waking` are their hours as this message has to keep them, None if it may come at any hour. `owed` names
    what it asks for, "" for nothing; `due` is whether its kind held it to be due at that moment, and `stood`
    whether its reader, or whom they stand in for, owed just that. `asked`: they put it off till then."""

    at: datetime
    name: str
    person: int
    zone: str
    platform: str
    kind: str
    key: str
    text: str
    keys: tuple[Key, ...]
    counted: bool
    waking: Waking | None
    folded: tuple[str, ...] = ()
    owed: str = ""
    due: bool = True
    stood: bool = False
    asked: bool = False

    @property
    def local(self) -> datetime:
        """When it went by their clocks."""
        return self.at.astimezone(ZoneInfo(self.zone))

    @property
    def in_time(self) -> bool:
        """Whether it came when it may come to this person."""
        return self.waking is None or is_waking(self.at, self.waking)


class Ledger:
    """The `lines` of a year in their order; and of each delivery what became of it (`fates`, by number)."""

    def __init__(self, house: PaperHouse) -> None:
        self.lines: list[Line] = []
        self.fates: dict[int, Delivery] = {}
        self._house = house
        self._open: set[int] = set()
        self._last, self._swept = 0, house.clock.at
        self._names = {one.person: one for one in house.people.values()}

    async def look(self, *, whole: bool = False) -> tuple[Line, ...]:
        """Write down what was sent since the last look; the new lines."""
        arrived = [one for port in self._house.ports.values() for one in port.arrived]
        now = self._house.clock.at
        whole = whole or now - self._swept >= A_DAY
        if not arrived and not whole:
            return ()
        for port in self._house.ports.values():
            port.arrived.clear()
        new = await self._house.storage.read(lambda store: self._read(store, arrived, whole))
        self._swept = now if whole else self._swept
        self.lines += new
        return new

    def _read(self, store: Store, arrived: list[tuple[Place, Message]], whole: bool) -> tuple[Line, ...]:
        sent = [one for one in self._ended(store, whole) if one.state == "sent" and not one.changes]
        chats: dict[str, list[Message]] = defaultdict(list)
        for place, message in arrived:
            chats[f"{place.platform}:{place.channel}"].append(message)
        ctx = context_for(self._house.around, Call("ledger", NOBODY, NOWHERE, self._house.clock.at), store)
        notices = [one for one in sorted(sent, key=_in_turn) if one.kind and one.person_id]
        return tuple(self._line(ctx, one, _taken(ctx, one, chats[_chat_of(store, one)])) for one in notices)

    def _ended(self, store: Store, whole: bool) -> list[Delivery]:
        """The deliveries that came to an end since the last look."""
        now, ended = self._house.clock.at, []
        for number in (*sorted(self._open), *self._newer(store)):
            known = self.fates.get(number)
            if known is not None and not whole and known.not_before > now + SOON:
                continue
            one = store.deliveries.get(number)
            if one is None:
                self._open.discard(number)
                continue
            self.fates[number] = one
            if one.state in ON_THEIR_WAY:
                self._open.add(number)
            else:
                self._open.discard(number)
                ended.append(one)
        return ended

    def _newer(self, store: Store) -> Iterator[int]:
        number = self._last + 1
        while number <= self._last + GAP:
            if store.deliveries.get(number) is not None:
                self._last = number
                yield number
            number += 1

    def _line(self, ctx: Context, one: Delivery, message: Message) -> Line:
        who, notice = self._names[one.person_id or 0], NOTICES[one.kind]
        reading = as_person(ctx, who.person)
        assert reading is not None, f"{who.name} has left"
        free = notice.any_hour
        any_hour = free if isinstance(free, bool) else free(reading, one.values)
        theirs = waking_of(ctx, who.person, EVENTS if one.kind == DIGEST else notice.theme)
        items = one.values["items"] if one.kind == DIGEST else ()
        owed = str(one.values.get("owed", ""))
        return Line(
            *(ctx.now, who.name, who.person, theirs.zone, one.platform, one.kind, one.key),
            *(message.text, message.keys, one.counted),
            None if any_hour or not ctx.charter.attention.quiet else theirs,
            tuple(self.fates[item].kind for item in items if item in self.fates),
            owed,
            not owed or notice.still_due(reading, one.values),
            bool(owed) and _stands(ctx, one.kind, one.values, who),
            one.asked,
        )


def _in_turn(one: Delivery) -> tuple[int, datetime, int]:
    """The order in which a lane takes what is due."""
    return one.priority, one.not_before, one.id


def _taken(ctx: Context, one: Delivery, chat: list[Message]) -> Message:
    """Take the message of a delivery from what came into its chat: the first one that gives its reason."""
    reason = ctx.translate(NOTICES[one.kind].reason)
    found = next((message for message in chat if reason in message.text), chat[0])
    chat.remove(found)
    return found


def _chat_of(store: Store, one: Delivery) -> str:
    if one.place is not None:
        return f"{one.platform}:{one.place.channel}"
    there = store.accounts.get(one.account_id or 0).direct
    assert there is not None, "paper chats are always open"
    return f"{there.platform}:{there.channel}"


def _stands(ctx: Context, kind: str, values: Any, who: Inhabitant) -> bool:
    """Whether what a reminder asks for is owed now, by its reader or by whom they stand in for."""
    reading = as_person(ctx, values.get("stands_for", who.person))
    about = set(NOTICES[kind].about(values))
    return reading is not None and any(one.key in about for one in owed_by(reading))
