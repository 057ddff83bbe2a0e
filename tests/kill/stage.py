"""Marie of CIMES logs what she did with MecaTech, and Luc of MecaTech is asked about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from storage.activities.tables import activities
from storage.deliveries import deliveries
from storage.received import received
from tests.kill.world import MortalWorld
from tests.world import plain


@dataclass
class Line:
    """One line that Marie gives; `acked` if the platform was told that it was taken."""

    number: int
    acked: bool = True

    @property
    def title(self) -> str:
        """What she calls it."""
        return f"Alpha {self.number}"

    @property
    def answer(self) -> str:
        """How the answer to it begins."""
        return f"✓ Logged: {self.title} · workshop · "

    @property
    def question(self) -> str:
        """How Luc's question about it begins."""
        return f"CIMES says that MecaTech took part in {self.title} (workshop, "

    @property
    def undone(self) -> str:
        """What Marie reads once she took it back."""
        return f"Taken back: {self.title}. It isn't counted any more."

    @property
    def confirmed(self) -> str:
        """How it begins what Luc reads once he confirmed it."""
        return f"✓ Confirmed for MecaTech: {self.title}, "

    @property
    def all(self) -> tuple[str, ...]:
        """The beginnings of all that is ever said about it."""
        return self.answer, self.question, self.undone, self.confirmed


class Stage:
    """What the two do and see, and what the database holds of it."""

    def __init__(self, world: MortalWorld, marie: Any, luc: Any) -> None:
        self.world, self.marie, self.luc = world, marie, luc
        self.lines: list[Line] = []
        self.today = world.clock.now().date()

    @property
    def answers_ride_on_acks(self) -> bool:
        """Whether the answer to a line comes with its acknowledgement."""
        return self.world.door.startswith("commands")

    # ---- what they do ----

    async def logs(self) -> None:
        """Marie gives one more line; its day is far from the others', so that nobody takes it for one of
        them."""
        line = Line(len(self.lines) + 1)
        self.lines.append(line)
        day = self.today - timedelta(days=200 - 3 * line.number)
        words = f"log workshop {line.title} on {day.day} {day:%B %Y} with MecaTech"
        if self.world.platform == "telegram":
            await self.marie.user.types(f"/{words}", wait=False)
        elif self.answers_ride_on_acks:
            line.acked = False
            await self.world.listening()
            await self.marie.user.types(f"/{words}")
            line.acked = not self.marie.user.timed_out
        else:
            await self.marie.user.says(words)

    async def taps(self, somebody: Any, line: Line, label: str) -> bool:
        """Somebody presses a button under what they were told about a line; whether it was acknowledged."""
        await self.world.listening()
        begins = line.answer if somebody is self.marie else line.question
        message = next(one for one in self._messages(somebody) if _words(one).startswith(begins))
        if self.world.platform == "telegram":
            await somebody.user.taps(message, label, wait=False)
            return True
        await somebody.user.taps(message, label)
        return not somebody.user.timed_out

    # ---- what they see ----

    def chat(self, somebody: Any) -> str:
        """The id of somebody's direct chat."""
        user = somebody.user
        return str(user.chat.id if self.world.platform == "telegram" else user.direct.id)

    def seen(self, somebody: Any, begins: str) -> int:
        """How many messages that begin so stand before somebody's eyes."""
        return sum(_words(message).startswith(begins) for message in self._messages(somebody))

    def strange(self) -> list[str]:
        """Messages that neither of them should see: about something broken, or asked a second time."""
        known = tuple(begins for line in self.lines for begins in line.all)
        both = (*self._messages(self.marie), *self._messages(self.luc))
        return [_words(message) for message in both if not _words(message).startswith(known)]

    def _messages(self, somebody: Any) -> Sequence[Any]:
        user = somebody.user
        found = user._from_bot() if self.world.platform == "telegram" else somebody._from_bot()
        return tuple(found)

    # ---- what is recorded ----

    async def changes(self, line: Line) -> list[str]:
        """The states that a line's activity went through after it was logged."""
        found = await self._rows(select(activities.c.id).where(activities.c.title == line.title))
        versions = await self.world.storage.read(lambda store: store.activities.versions(found[0][0]))
        return [version.record.state for version in versions[1:]]

    async def nothing_is_lost_or_doubled(self) -> None:
        """Every line that was acknowledged is recorded once, no other more than once; what is recorded is
        answered; Luc's questions came once, or nobody can tell."""
        titles = Counter(str(row[0]) for row in await self._rows(select(activities.c.title)))
        for line in self.lines:
            allowed = (1,) if line.acked else (0, 1)
            assert titles[line.title] in allowed, f"{line}: recorded {titles[line.title]} times"
            assert self.seen(self.marie, line.answer) >= titles[line.title], f"{line} was never answered"
        assert sum(titles.values()) == sum(titles[line.title] for line in self.lines)
        broken = await self._rows(select(received.c.reference).where(received.c.reference != ""))
        assert not broken, self.world.log()
        assert not self.strange()
        await self._questions_came_once(titles)

    async def _questions_came_once(self, titles: Counter[str]) -> None:
        asked = select(deliveries.c["values"], deliveries.c.state)
        rows = await self._rows(asked.where(deliveries.c.template == "cohost_asked"))
        assert Counter(row[0]["title"] for row in rows) == titles
        states = {row[0]["title"]: row[1] for row in rows}
        for line in self.lines:
            came, state = self.seen(self.luc, line.question), states.get(line.title, "")
            assert (came, state) in ((1, "sent"), (1, "unknown"), (0, "unknown"), (0, "")), line
        assert list(states.values()).count("unknown") <= self.world.deaths

    async def _rows(self, asked: Select[Any]) -> Sequence[Any]:
        return await self.world.storage.read(lambda store: store._connection.execute(asked).all())


def _words(message: Any) -> str:
    return plain(message.words if hasattr(message, "words") else message.text)
