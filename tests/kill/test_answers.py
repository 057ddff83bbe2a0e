"""A burst of answers to one event, with the bot killed in the middle of it: nobody is lost or goes twice,
no seat is given twice, whoever moves up is told once, the card shows what stands (engagement.md 1)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from bot.events.organising import new_uid
from bot.events.standing import PURPOSE, topic_of
from bot.rules.events.values import Event
from storage.deliveries import deliveries
from storage.received import received
from storage.store import Storage, Store
from tests.events_stage import ORGANISATIONS
from tests.kill.world import Doom, Door, MortalWorld
from tests.places_stage import place_of
from tests.world import plain

pytestmark = pytest.mark.kill

SEATS, PEOPLE, LEAVE = 4, 12, 3
TITLE = "Factory visit"
Step = tuple[str, int]  # a step of `tests.kill.child` or a moment that the platform sees, and the how manieth
STEPS: tuple[Step, ...] = (
    ("received", 2), ("committing", 3), ("committed", 2), ("acking", 1), ("sending", 3), ("claiming", 2),
    ("claimed", 1), ("claimed", 3), ("showing", 1), ("noting", 2), ("asked", 4), ("done", 3), ("any", 9),
)  # fmt: skip


class Crowd:
    """Twelve people, an event with four seats, and a hall where its card stands."""

    def __init__(self, world: MortalWorld, people: list[Any]) -> None:
        self.world, self.people = world, people
        self.hall = world.group("Diary", people[0])
        self.said = [0] * PEOPLE
        self.sent: list[Any] = []

    async def announced(self) -> None:
        """The event is there, and its card is to stand in the hall."""
        now = self.world.clock.now()
        given: dict[str, Any] = {"kind": "workshop", "title": TITLE, "minutes": 60, "zone": "Europe/Brussels"}
        given |= {"hosts": ("pool-net",), "audience": "members", "capacity": SEATS, "changed_at": now}

        def make(store: Store) -> None:
            person = store.persons.add("Dana", "en", "Europe/Brussels", now).id
            event = store.events.add(
                Event(
                    0,
                    new_uid(),
                    starts_at=now + timedelta(days=60),
                    created_by=person,
                    created_at=now,
                    **given,
                )
            )
            assert event.number == 1
            place = place_of(self.world, self.hall)
            store.places.set_purposes(store.places.remember(place, now), (PURPOSE,))
            store.cards.put(topic_of(event), place, now)

        await self.world.storage.write(make)

    async def burst(self, *answers: tuple[int, str]) -> None:
        """These people write their answers, all at once."""
        await asyncio.gather(*(self._says(one, word) for one, word in answers))

    async def _says(self, one: int, word: str) -> None:
        self.said[one] += 1
        if self.world.platform == "telegram":
            await self.people[one].user.types(f"/rsvp 1 {word}", wait=False)
            self.sent.append(self.world.telegram.updates[-1])
        else:
            await self.people[one].user.says(f"rsvp 1 {word}")

    async def comes_again(self) -> None:
        """The platform delivers all that was written once more, as if it had missed each acknowledgement."""
        if self.world.platform == "telegram":
            for update in self.sent:
                await self.world.telegram.deliver_again(update)
            while self.world.telegram._again or self.world.telegram._again_out:
                await asyncio.sleep(0.01)
        else:
            for event in list(self.world.slack.delivery.sent.values()):
                await self.world.slack.delivery.event(event)
        await self.world.quiet()

    async def states(self) -> list[str]:
        """What stands for each of them. Nobody else has a row, and nobody has two."""

        def look(store: Store) -> list[str]:
            persons = [store.accounts.identify(one.account).person for one in self.people]
            found = {one.person: one.state for one in store.rsvps.of_event(1)}
            assert found.keys() <= {one.id for one in persons if one}
            return [found.get(one.id, "") for one in persons if one]

        return await self.world.storage.read(look)

    async def line(self) -> list[int]:
        """Who waits, first to last."""

        def look(store: Store) -> list[int]:
            persons = [store.accounts.identify(one.account).person for one in self.people]
            at = {one.id: number for number, one in enumerate(persons) if one}
            return [at[one.person] for one in store.rsvps.line(1)]

        return await self.world.storage.read(look)

    def told(self, one: int) -> int:
        """How many words about a free seat stand before somebody's eyes."""
        begins = f"A seat is free: you're going to {TITLE}"
        return sum(text.startswith(begins) for text in self._reads(one))

    async def notices(self) -> list[tuple[int, int]]:
        """For each of them how many notices of a free seat were sent, and of how many nobody can tell."""

        def look(store: Store) -> list[tuple[int, int]]:
            found = store._connection.execute(
                select(deliveries.c.person_id, deliveries.c.state).where(deliveries.c.template == "")
            ).all()
            persons = [store.accounts.identify(one.account).person for one in self.people]
            mine = [[row.state for row in found if one and row.person_id == one.id] for one in persons]
            return [(states.count("sent"), states.count("unknown")) for states in mine]

        return await self.world.storage.read(look)

    async def is_whole(self) -> None:
        """Seats, line and card agree; everything was answered; nothing broke."""
        states = await self.states()
        assert states.count("going") == min(SEATS, states.count("going") + states.count("waitlisted"))
        counts = {
            "going": states.count("going"),
            "can't": states.count("withdrawn") + states.count("declined"),
        }
        counts["in line"] = states.count("waitlisted")
        card = " · ".join(f"{count} {word}" for word, count in counts.items() if count)
        [shown] = self._cards()
        assert card in shown.splitlines(), f"{card} is not on {shown}"
        for one, said in enumerate(self.said):
            answers = [text for text in self._reads(one) if not text.startswith("A seat is free")]
            assert len(answers) >= said, f"{self.people[one].name} was not answered each time: {answers}"
        broken = await self.world.storage.read(
            lambda store: store._connection.execute(
                select(received.c.reference).where(received.c.reference != "")
            ).all()
        )
        assert not broken, self.world.log()

    def _reads(self, one: int) -> list[str]:
        somebody = self.people[one]
        if self.world.platform == "telegram":
            return [plain(m.text) for m in somebody.user.sees() if m.from_bot]
        return [plain(m.words) for m in somebody._from_bot() if m in somebody.user.sees(somebody.user.direct)]

    def _cards(self) -> list[str]:
        return [self.people[0].reads_on(one).text for one in self.people[0].posts(self.hall)]


@pytest.fixture(params=["polling", "words by socket"])
async def crowd(
    request: pytest.FixtureRequest, storage: Storage, database_url: str, tmp_path: Path
) -> AsyncIterator[Crowd]:
    """The people and the event, on either platform over either database."""
    world = MortalWorld(cast(Door, request.param), storage, database_url, tmp_path)
    async with world:
        people = [await world.member(f"P{at}", ORGANISATIONS[at % 7], "member") for at in range(PEOPLE)]
        crowd = Crowd(world, people)
        await crowd.announced()
        yield crowd


async def test_killed_in_a_burst_of_answers(crowd: Crowd) -> None:
    world = crowd.world
    everybody = [(one, "yes") for one in range(PEOPLE)]
    await _killed(crowd, ("committing", 5), everybody)
    assert sorted(await crowd.states()) == ["going"] * SEATS + ["waitlisted"] * (PEOPLE - SEATS)
    await crowd.is_whole()
    due = [0] * PEOPLE
    assert await crowd.notices() == [(0, 0)] * PEOPLE
    gone: list[int] = []

    for step in STEPS:
        states, line = await crowd.states(), await crowd.line()
        leave = [one for one in range(PEOPLE) if states[one] == "going"][:LEAVE]
        await _killed(crowd, step, [*((one, "no") for one in leave), *((one, "yes") for one in gone)])

        after = await crowd.states()
        promoted = line[:LEAVE]
        assert [after[one] for one in promoted] == ["going"] * LEAVE, f"killed at {step}"
        assert [after[one] for one in leave] == ["withdrawn"] * LEAVE, f"killed at {step}"
        assert [after[one] for one in gone] == ["waitlisted"] * len(gone), f"killed at {step}"
        assert (await crowd.line())[: len(line) - LEAVE] == line[LEAVE:], "nobody loses their place"
        for one in promoted:
            due[one] += 1
        await _told_once(crowd, due, step)
        await crowd.is_whole()
        gone = leave

    before = await crowd.states(), await crowd.line(), [crowd.told(one) for one in range(PEOPLE)]
    await world.listening()
    await crowd.comes_again()
    assert (await crowd.states(), await crowd.line(), [crowd.told(one) for one in range(PEOPLE)]) == before
    await crowd.is_whole()


async def _killed(crowd: Crowd, step: Step, answers: list[tuple[int, str]]) -> None:
    """These answer at once, the bot is killed at that step, started again, and done with all of it."""
    world = crowd.world
    await world.listening()
    name, times = step
    world.let_die(Doom(name, times=times) if name in ("asked", "done") else name, times)
    writing = asyncio.create_task(crowd.burst(*answers))
    await world.died()
    await world.start_bot()
    await writing
    await world.quiet()


async def _told_once(crowd: Crowd, due: list[int], step: object) -> None:
    """Each of those who moved up has one notice for it: one message, or nobody can tell."""
    for one, (sent, unknown) in enumerate(await crowd.notices()):
        assert sent + unknown == due[one], f"P{one}, killed at {step}"
        assert sent <= crowd.told(one) <= due[one], f"P{one}, killed at {step}"
    assert sum(unknown for _, unknown in await crowd.notices()) <= crowd.world.deaths
