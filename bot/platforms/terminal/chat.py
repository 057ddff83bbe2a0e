"""A conversation at the terminal: lines become what somebody types or taps, messages become lines."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.messages import Account, Call, Incoming, Key, Place, Said
from bot.platforms.terminal.people import DIRECT, account_of, alike, direct_of, group_of, named
from bot.platforms.terminal.port import TerminalPort, Written
from bot.platforms.terminal.screens import Screen
from bot.platforms.terminal.sentences import (
    A_FILE,
    A_LINK,
    CLOSE,
    EXPLAINED,
    FOR,
    HOW_TO,
    NEW_FOR,
    NO_BUTTONS,
    NOT_RECORDED,
    NOT_THERE,
    NOW_IT_IS,
    THERE,
    THESE_BUTTONS,
)

_MENTION = re.compile(r"(?i)^@(?:bot|charterbot)\b[:,]?\s*")
_LATER = re.compile(r"(?i)^later (?P<number>[1-9]\d{0,2}) (?P<unit>hour|day|week)s?$")
_MOST_WORDS = 3  # of a name or place: "in my opinion it went well" is said, not gone to


class Chat:
    """One sitting. `people` are the names known from the start, the first one begins; `who` says how the
    prompt describes somebody; `settle` returns when all that was caused is delivered;
    `later` lets time pass and says what time it is then; `waiting` says what somebody is not told yet."""

    def __init__(
        self,
        port: TerminalPort,
        screen: Screen,
        people: tuple[str, ...],
        who: Callable[[Account], Awaitable[str]],
        settle: Callable[[], Awaitable[None]],
        now: Callable[[], datetime],
        later: Callable[[timedelta], Awaitable[datetime]],
        waiting: Callable[[Account], Awaitable[str]],
    ) -> None:
        self._port, self._screen, self._people = port, screen, list(people)
        self._who, self._settle, self._now = who, settle, now
        self._later, self._waiting = later, waiting
        self._account = account_of(people[0] if people else "Guest")
        self._place = direct_of(self._account)
        self._entered: dict[str, set[str]] = {}  # by user, the groups they have been to
        self._hinted: dict[str, int] = {}
        self._last = 0
        self._waits = False

    async def run(self) -> None:
        """Read and answer until there are no more lines."""
        self._port.arrived = self._arrived
        await self._settle()
        self._show_new()
        while (line := await self._next()) is not None and line.strip().casefold() != "quit":
            if line.strip():
                await self._take(line.strip())
                await self._settle()
                self._show_new()
        if not self._screen.watched:
            self._show_the_rest()

    async def _next(self) -> str | None:
        prompt = await self._prompt() if self._screen.watched else ""
        self._waits = True
        try:
            return await self._screen.read(prompt)
        finally:
            self._waits = False

    async def _prompt(self) -> str:
        about = await self._who(self._account)
        return " · ".join(filter(None, (self._account.name, about, self._place.name))) + "> "

    # ---- lines in ----

    async def _take(self, line: str) -> None:
        if passing := _LATER.match(line):
            await self._pass(int(passing["number"]), passing["unit"].lower())
            return
        word, _, rest = line.partition(" ")
        rest, few = rest.strip(), 0 < len(rest.split()) <= _MOST_WORDS
        number, _, words = rest.partition(" ")
        match word.casefold():
            case "?" if not rest:
                self._screen.show(EXPLAINED)
            case "as" if few:
                self._be(rest)
                if says := await self._waiting(self._account):
                    self._screen.show(says)
            case "in" if few and not self._is_a_button(line):
                self._go(rest)
            case "reply" if number.isdecimal() and words.strip():
                await self._reply(int(number), words.strip())
            case "tap" if number.isdecimal():
                await self._tap(int(number), words.strip())
            case "later" if not rest or number.isdecimal():
                self._screen.show(HOW_TO["later"])
            case "as" | "in" | "tap" | "reply" as alone if not rest or rest.isdecimal():
                self._screen.show(HOW_TO[alone] % {"people": ", ".join(self._people)})
            case _:
                await self._type(line)

    async def _pass(self, number: int, unit: str) -> None:
        moment = await self._later(timedelta(**{f"{unit}s": number}))
        self._screen.show(NOW_IT_IS % {"moment": f"{moment:%a %d %b %Y, %H:%M} UTC"})

    def _be(self, typed: str) -> None:
        name = named(typed, tuple(self._people))
        if name not in self._people:
            if known := alike(name, tuple(self._people)):
                self._screen.show(CLOSE % {"typed": name, "known": known})
            self._people.append(name)
        self._account = account_of(name)
        if self._place.kind == "direct":
            self._place = direct_of(self._account)
        else:
            self._enter()

    def _go(self, typed: str) -> None:
        name, asked = typed.lstrip("#") or typed, self._newest()
        self._place = direct_of(self._account) if name.casefold() == DIRECT else group_of(name)
        known = self._place.channel in self._entered.get(self._account.user, set())
        self._enter()
        if self._place.kind == "group" and not known and asked and asked.keys:
            self._screen.show(THERE % {"name": name})  # it may have been meant as an answer

    def _is_a_button(self, line: str) -> bool:
        """Whether a line is a label of the newest message ("In 2 weeks"), and so is said to the bot."""
        newest = self._newest()
        return newest is not None and line.casefold() in {key.label.casefold() for key in newest.keys}

    def _newest(self) -> Written | None:
        return max(self._readable(self._account.user), key=lambda one: one.number, default=None)

    def _enter(self) -> None:
        if self._place.kind == "group":
            self._entered.setdefault(self._account.user, set()).add(self._place.channel)

    async def _type(self, line: str) -> None:
        if line.startswith("/") and len(line) > 1:
            await self._hand_in(Call(text=line[1:], **self._event(self._place)))
            return
        mention = _MENTION.match(line)
        text = line[mention.end() :] if mention else line
        addressed = self._place.kind == "direct" or mention is not None
        await self._hand_in(Said(text=text, addressed=addressed, **self._event(self._place)))

    async def _reply(self, number: int, words: str) -> None:
        message = self._numbered(number)
        if message is None:
            return
        addressed = message.place.kind == "direct"
        said = Said(text=words, addressed=addressed, reply_to=message.id, **self._event(message.place))
        await self._hand_in(said)

    async def _tap(self, number: int, label: str) -> None:
        message = self._numbered(number)
        key = self._key(message, label) if message else None
        if message is None or key is None:
            return
        if key.url:
            self._screen.show(A_LINK % {"url": key.url})
            return
        event = self._event(message.place) | {"message_id": message.id}
        await self._hand_in(Call(token=key.token, **event))

    async def _hand_in(self, incoming: Incoming) -> None:
        if not await self._port.hand_in(incoming):
            self._screen.show(NOT_RECORDED)

    def _event(self, place: Place) -> dict[str, Any]:
        unique = uuid4().hex
        now = self._now()
        return {
            "event": unique,
            "account": self._account,
            "place": place,
            "received_at": now,
            "sent_at": now,
            "message_id": unique,
        }

    def _numbered(self, number: int) -> Written | None:
        for message in self._readable(self._account.user):
            if message.number == number:
                return message
        self._screen.show(NOT_THERE % {"number": number})
        return None

    def _key(self, message: Written, label: str) -> Key | None:
        wanted = label.strip("[]").casefold()
        same = [key for key in message.keys if key.label.casefold() == wanted]
        like = same or [key for key in message.keys if wanted and key.label.casefold().startswith(wanted)]
        if len(like) == 1:
            return like[0]
        labels = " ".join(f"[{key.label}]" for key in message.keys)
        says = THESE_BUTTONS if labels else NO_BUTTONS
        self._screen.show(says % {"number": message.number, "labels": labels})
        return None

    # ---- messages out ----

    def _arrived(self) -> None:
        if self._waits:  # while a line is being worked on, what it caused is shown after it
            self._show_new()

    def _readable(self, user: str) -> list[Written]:
        channels = self._entered.get(user, set())
        return [message for message in self._port.written if message.readable(user, channels)]

    def _unseen(self, user: str) -> list[Written]:
        return [message for message in self._readable(user) if user not in message.seen_by]

    def _show_new(self) -> None:
        for message in self._unseen(self._account.user):
            self._show(message, self._account.user)
        self._hint()

    def _show(self, message: Written, user: str) -> None:
        message.seen_by.add(user)
        if not message.number:
            self._last += 1
            message.number = self._last
        head = f"[{message.number}] "
        away = message.place.kind != self._place.kind or message.place.name != self._place.name
        where = f"({message.place.name}) " if away else ""
        lines = [line for line in f"{where}{self._screen.styled(message.text)}".split("\n") if line.strip()]
        lines += [message.shows] if message.shows else []
        if message.file:
            lines.append(A_FILE % {"path": message.file})
        if message.keys:
            lines.append(" ".join(_shown(key) for key in message.keys))
        self._screen.show(head + "\n".join([lines[0], *(f"    {line}".rstrip() for line in lines[1:])]))

    def _hint(self) -> None:
        self._hinted.pop(self._account.user, None)
        for user, name in self._others():
            count = len(self._unseen(user))
            if count > self._hinted.get(user, 0):
                self._screen.show(NEW_FOR % {"count": count, "name": name})
            self._hinted[user] = count

    def _others(self) -> list[tuple[str, str]]:
        everybody = [(account_of(name).user, name) for name in self._people]
        written_to = {m.place.channel.removeprefix(f"{DIRECT}:") for m in self._port.written if not m.number}
        known = {user for user, _ in everybody}
        everybody += [(user, user) for user in sorted(written_to - known) if not user.startswith("group:")]
        return [one for one in everybody if one[0] != self._account.user]

    def _show_the_rest(self) -> None:
        for user, name in self._others():
            unseen = self._unseen(user)
            if unseen:
                self._screen.show(FOR % {"name": name})
            for message in unseen:
                self._show(message, user)


def _shown(key: Key) -> str:
    return f"[{key.label}: {key.url}]" if key.url else f"[{key.label}]"
