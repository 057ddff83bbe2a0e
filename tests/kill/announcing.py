"""An announcement, or an edition, on its way to very many chats and people, and what stands with each."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import update

from bot import batches
from bot.broadcasts import confirming, mending
from bot.broadcasts.audience import audience_of
from bot.broadcasts.standing import PURPOSE, found_broadcast
from bot.context import Context
from bot.dispatch import Surroundings
from bot.dispatch.effects import leave_behind
from bot.dispatch.surroundings import context_for
from bot.messages import Call, Place
from bot.newsletter.correcting import correct
from bot.newsletter.sending import audience_of as readers_of
from bot.newsletter.standing import PURPOSE as NEWS
from bot.newsletter.subscribing import subscribe
from bot.newsletter.telling import EDITION
from bot.rules.broadcasts.values import Broadcast, Tally
from bot.rules.newsletter.sealing import seal
from bot.rules.newsletter.values import Edition, Item
from bot.seeding import charters_of
from bot.templating import Templates
from storage.cards.tables import cards
from storage.deliveries import Delivery
from storage.store import Store
from tests.kill.process import PATIENCE
from tests.kill.world import Doom, MortalWorld
from tests.places_stage import place_of
from tests.world import ROOT, plain

T = TypeVar("T")
OLD, NEW, NOTE = "The hall is open", "The hall is closed", "It was the other hall"
NEWS_TITLE = "News of November"
UNDER_WAY = 32  # sends that one process has under way at the most
STEPS = ("claiming", "claimed", "sending", "noting", "any")
SEEN = ("asked", "done")  # what the platform sees of a message
_templates: list[Templates] = []


class Audience:
    """So many halls, in each of which Marie reads, and so many people; Vera announces."""

    def __init__(self, world: MortalWorld, halls: int, people: int) -> None:
        self.world, self.size, self.edition = world, (halls, people), 0
        if not _templates:
            _templates.append(Templates(ROOT / "templates"))
        self.around = Surroundings(charters_of(world.storage), _templates[0], world.clock)

    async def here(self) -> Audience:
        """Everybody is there, and the halls show announcements and the newsletter."""
        halls, people = self.size
        world = self.world
        self.vera = await world.member("Vera", "", "coordinator")
        self.people = [await world.member(f"P{n}", "cimes", "member") for n in range(people)]
        self.halls = [world.group(f"Hall {n}", self.people[0]) for n in range(halls)]

        def choose(store: Store) -> None:
            for hall in self.halls:
                known = store.places.remember(place_of(world, hall), world.clock.now())
                store.places.set_purposes(known, (PURPOSE, NEWS))

        await world.storage.write(choose)
        return self

    async def in_house(self, work: Callable[[Context], T]) -> T:
        """Something that Vera does, in one transaction, as if another process had taken it."""

        def run(store: Store) -> T:
            account = self.vera.account
            chat = account.user if account.platform == "telegram" else self.vera.user.direct.id
            place = Place(account.platform, account.workspace, str(chat))
            call = Call("house", account, place, self.world.clock.now())
            ctx = context_for(self.around, call, store)
            done = work(ctx)
            leave_behind(ctx)
            return done

        return await self.world.storage.write(run)

    # ---- what Vera does ----

    async def announces(self) -> None:
        """An announcement is confirmed, and its three minutes are over."""

        def work(ctx: Context) -> None:
            made = ctx.store.broadcasts.add(
                Broadcast(
                    number=0,
                    texts={"en": OLD},
                    created_by=ctx.person.id,
                    created_at=ctx.now,
                    confirmed_by=ctx.person.id,
                    confirmed_at=ctx.now,
                    urgent="now",
                )
            )
            going = confirming.put_on_its_way(ctx, made, audience_of(ctx, made))
            batches.move(ctx, "broadcast:1", ctx.now)
            ctx.store.broadcasts.write(replace(going, send_at=ctx.now))
            ctx.store._connection.execute(update(cards).values(not_before=ctx.now))

        await self.in_house(work)

    async def fixes(self, note: str = "") -> None:
        def work(ctx: Context) -> None:
            found = found_broadcast(ctx, 1, lock=True)
            mending.fix(ctx, found, "en", NEW, note)

        await self.in_house(work)

    async def takes_back(self) -> None:
        await self.in_house(lambda ctx: mending.take_back(ctx, found_broadcast(ctx, 1, lock=True)))

    async def stops(self) -> int:
        return await self.in_house(lambda ctx: confirming.stop(ctx, found_broadcast(ctx, 1, lock=True))[1])

    async def sends_edition(self) -> None:
        """An edition goes out, in whatever hour it is now. The bot may have made one of its own before."""

        def work(ctx: Context) -> int:
            now = ctx.now
            for one in (*self.people, self.vera):
                person = ctx.store.accounts.identify(one.account).person
                assert person is not None
                subscribe(ctx.store, now, person=person.id, topics=())
            items = tuple(
                Item(title=f"Item {n}", text="Words of it.", at=now, organisation="cimes", consent="public")
                for n in range(3)
            )
            made = ctx.store.editions.add(
                Edition(
                    number=0,
                    slug="the-one-that-is-killed",
                    title=NEWS_TITLE,
                    items=items,
                    created_at=now,
                    collected_since=now - timedelta(days=30),
                    collected_until=now,
                    send_at=now + timedelta(days=2),
                    state="approved",
                )
            )
            made = ctx.store.editions.write(replace(made, seal=seal(made), sent_at=now))
            readers = readers_of(ctx, made).readers
            until = now + timedelta(days=1)
            values = {"edition": made.number}
            batches.send(ctx, f"edition:{made.number}", EDITION, values, readers, now, useful_until=until)
            return made.number

        self.edition = await self.in_house(work)

    async def corrects_edition(self) -> None:
        def work(ctx: Context) -> None:
            found = ctx.store.editions.get(self.edition, lock=True)
            assert found is not None
            correct(ctx, found, NOTE, tell=True, mail=False)
            batches.move(ctx, f"edition:{self.edition}:note:1", ctx.now)  # in whatever hour it is now

        await self.in_house(work)

    # ---- what became of it ----

    def copies(self) -> dict[str, list[str]]:
        """The words of each message that stands, by reader, oldest first; the progress card is none."""
        found = {self._key(one): self._reads(one) for one in self.halls}
        return found | {self._key(one): self._read_alone(one) for one in (*self.people, self.vera)}

    def arrived(self) -> int:
        """How many of the messages stand."""
        return sum(map(len, self.copies().values()))

    async def deliveries(self, batch: str) -> tuple[Delivery, ...]:
        return await self.world.storage.read(lambda store: store.deliveries.of_batch(batch))

    async def tally(self, batch: str) -> Tally:
        return await self.world.storage.read(lambda store: store.deliveries.tally(batch))

    async def fates(self, batch: str) -> dict[str, str]:
        """What became of a batch for each reader, by what they are called here."""
        keys = await self.world.storage.read(self._numbers)
        outcomes = await self.world.storage.read(lambda store: store.deliveries.outcomes(batch))
        return {keys[one.reader]: one.state for one in outcomes}

    async def is_once(self, batch: str, *words: str) -> int:
        """Each reader has it once, or nobody can tell and it is listed as that; how many those are. `words`
        are what it may say; the first is what must stand where it is known to."""
        fates, copies = await self.fates(batch), self.copies()
        assert len(fates) == sum(self.size) + 1
        for reader, state in fates.items():
            seen = [one for text in copies[reader] for one in words if one in text and NOTE not in text]
            assert len(seen) <= 1, f"{reader} ({state}) has {seen}"
            if state == "sent":
                assert seen == [words[0]], f"{reader} has {seen}"
            else:
                assert state in ("unknown", "skipped"), f"{reader}: {state}"
                assert state == "unknown" or not seen, f"{reader} was skipped and has {seen}"
        unclear = await self.world.storage.read(lambda store: store.deliveries.unclear())
        listed = [one for one in unclear if one.batch == batch]
        assert len(listed) == Counter(fates.values())["unknown"]
        print(f"{batch}: {self.world.deaths} deaths, {dict(Counter(fates.values()))}")
        return len(listed)

    def _numbers(self, store: Store) -> dict[str, str]:
        found = {}
        for hall in self.halls:
            known = store.places.find(place_of(self.world, hall))
            assert known is not None
            found[f"place:{known.id}"] = self._key(hall)
        for one in (*self.people, self.vera):
            person = store.accounts.identify(one.account).person
            assert person is not None
            found[f"person:{person.id}"] = self._key(one)
        return found

    def _key(self, one: Any) -> str:
        return str(one.name if hasattr(one, "name") else one.chat.title)

    def _reads(self, hall: Any) -> list[str]:
        if self.world.platform == "telegram":
            every = hall.chat.messages.values()
            return [plain(m.text) for m in every if m.from_bot and not m.deleted]
        return [self.people[0].reads_on(one).text for one in self.people[0].posts(hall)]

    def _read_alone(self, somebody: Any) -> list[str]:
        if self.world.platform == "telegram":
            every = [plain(m.text) for m in somebody.user.sees() if m.from_bot and not m.deleted]
        else:
            seen = somebody.user.sees(somebody.user.direct)
            every = [plain(m.words) for m in seen if m.author != somebody.user.id]
        return [one for one in every if "Sent by Vera" not in one]


# ---- deaths ----


async def dies(world: MortalWorld, step: str | Doom, times: int = 1) -> bool:
    """The bot dies at that step, and is started again; or in no step in particular, where that step does not
    come any more before everything is at rest: then False."""
    world.let_die(step, times)
    until, came = time.monotonic() + PATIENCE, True
    while world.alive():
        if came and await world.at_rest():
            came = False
            world.kill()
        assert time.monotonic() < until, f"neither dead nor done:\n{world.log()}"
        await asyncio.sleep(0.005)
    world.deaths += 1
    world.let_live()
    await world.start_bot()
    return came


async def dies_by_chance(world: MortalWorld, chance: random.Random, most: int) -> None:
    """It dies at a random step, up to so many messages further on, or in any moment."""
    way, times = chance.random(), chance.randint(1, most)
    if way < 0.55:
        await dies(world, chance.choice(STEPS), times)
    elif way < 0.8:
        await dies(world, Doom(chance.choice(SEEN), times=times))
    else:
        await asyncio.sleep(chance.uniform(0.05, 1.0))
        world.kill()
        await world.died()
        await world.start_bot()
