"""A message to very many places at once, and what became of it in each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from bot.messages import Place
from bot.notices import BROADCAST
from storage.deliveries import Delivery, deliveries
from storage.store import Store
from tests.kill.world import MortalWorld

KINDS = ("supergroup", "channel", "group")
UNDER_WAY = 32  # sends that one process has under way at the most


class Broadcast:
    """So many groups and channels of a world on Telegram, each of which is to be told its own line. `name`
    tells it from others in the same world."""

    def __init__(self, world: MortalWorld, size: int, name: str = "broadcast") -> None:
        self.world, self.size, self.name = world, size, name
        self.groups = [self._group(number) for number in range(size)]

    async def begins(self) -> None:
        """Every message is put on its way, in one transaction."""
        now = self.world.clock.now()
        these = [
            Delivery.new(
                key=f"{self.name}:{number}",
                platform="telegram",
                place=Place("telegram", "", group.id, kind="group", name=group.chat.title),
                template="question",
                values={"question": self._line(number), "hint": ""},
                priority=BROADCAST,
                not_before=now,
            )
            for number, group in enumerate(self.groups)
        ]
        assert await self.world.storage.write(lambda store: store.deliveries.queue(these)) == self.size

    def arrived(self) -> int:
        """How many messages stand in the places."""
        return sum(one.chat.next_id - 1 for one in self.groups)

    async def nothing_is_lost_or_doubled(self) -> int:
        """Each place has its message once, or nobody can tell and it is listed as that; never twice.
        Returns how many of those there are."""
        states, unclear = await self.world.storage.read(self._fates)
        assert len(states) == self.size
        for number in range(self.size):
            seen, state = self._seen(number), states[f"{self.name}:{number}"]
            assert seen in ([self._line(number)], []), f"place {number} has {seen}"
            assert state == "unknown" or (state == "sent" and seen), f"place {number}: {state}, {seen}"
        assert unclear == {key for key, state in states.items() if state == "unknown"}
        print(f"{self.size} places, {self.world.deaths} deaths: {Counter(states.values())}")
        return len(unclear)

    def _line(self, number: int) -> str:
        return f"The hall is open on day {number}"

    def _seen(self, number: int) -> list[str]:
        found = self.groups[number].chat.messages.values()
        return [one.text for one in found if one.from_bot]

    def _group(self, number: int) -> Any:
        group = self.world.telegram.group(f"Hall {number}", [], bot=False, kind=KINDS[number % len(KINDS)])
        group.chat.bot = "administrator" if group.chat.kind == "channel" else "member"
        return group

    def _fates(self, store: Store) -> tuple[dict[str, str], set[str]]:
        """The state of every message, and the keys of those that are listed for a person to decide on."""
        asked = select(deliveries.c.key, deliveries.c.state)
        ours = f"{self.name}:"
        rows = store._connection.execute(asked.where(deliveries.c.key.startswith(ours)))
        listed = {one.key for one in store.deliveries.unclear() if one.key.startswith(ours)}
        return {row.key: row.state for row in rows}, listed
