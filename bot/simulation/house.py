"""The house of a simulated year: the whole bot over a database that is thrown away, and people in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.app import TEMPLATES
from bot.charter import MadeUpPerson, load, load_people
from bot.commands import warm
from bot.delivery import Worker
from bot.dispatch import Dispatch, Surroundings
from bot.messages import Account, Call, Said
from bot.platforms.measuring import measured, spacings
from bot.seeding import charters_of, people_beside, seed
from bot.simulation.paper import PaperPort, TurnedClock, Written
from bot.templating import Templates
from bot.ticking import Ticker
from bot.timetable import JOBS
from storage.store import Storage, Store

SLACK, TELEGRAM = "slack", "telegram"
WHERE = ((SLACK,), (TELEGRAM,), (SLACK, TELEGRAM))  # people in turn: here, there, linked on both
IN_MEMORY = Path("/dev/shm")  # a folder that is memory, where there is one
MOST_TURNS, A_MINUTE = 4, timedelta(minutes=1)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """One of the made-up people: their number, and their accounts, the preferred one first."""

    name: str
    person: int
    zone: str
    accounts: tuple[Account, ...]


class PaperHouse:
    """The bot between two platforms of paper, from a moment on. Close it with `close`."""

    def __init__(self, charter_file: Path, begins: datetime) -> None:
        """Raises CharterFault for a file that cannot be used."""
        self.clock = TurnedClock(begins)
        charter = load(charter_file)
        made_up = load_people(people_beside(charter_file), charter)
        where = str(IN_MEMORY) if IN_MEMORY.is_dir() else None
        self._folder = TemporaryDirectory(prefix="charterbot-year-", dir=where)
        self.storage = Storage(f"sqlite:///{self._folder.name}/year.db")
        self.storage.migrate()
        seed(self.storage, charter, begins)
        warm()
        self.ports = {name: PaperPort(name, self.clock) for name in (SLACK, TELEGRAM)}
        self.around = Surroundings(
            charters_of(self.storage),
            Templates(TEMPLATES),
            self.clock,
            start_links={name: port.start_link for name, port in self.ports.items()},
            measure=measured(self.ports),
            spacing=spacings(self.ports),
        )
        self.dispatch = Dispatch(self.storage, self.around)
        self.worker = Worker(self.storage, self.dispatch, self.ports, self.around)
        # A ticker for each job: one for all would look at every job again whenever an hour has passed.
        jobs = (
            Ticker(self.storage, self.around, jobs={one.name: one}, deadlines={}) for one in JOBS.values()
        )
        self.deadlines = Ticker(self.storage, self.around, jobs={})
        self.tickers = (*jobs, self.deadlines)
        self.people = self._let_in(made_up)
        self._events = 0
        self._due: datetime | None = None

    async def open(self) -> None:
        """Connect the platforms."""
        for port in self.ports.values():
            await port.connect(self.dispatch)

    async def close(self) -> None:
        """Close the database and throw it away."""
        for port in self.ports.values():
            await port.disconnect()
        await self.storage.close()
        self._folder.cleanup()

    async def happens(self) -> None:
        """All that is due now: jobs and deadlines, and what they have to say."""
        for ticker in self.tickers:
            if ticker is self.deadlines or (ticker.next_moment() or NEVER) <= self.clock.at:
                await ticker.tick()
        await self.dispatch.flush()
        for _ in range(MOST_TURNS):  # what one platform's lane says may be to be shown on the other one
            self._due = await self.storage.read(self._next_due)
            if self._due is None or self._due > self.clock.at:
                return
            await self.worker.settle()
        self._due = self.clock.at + A_MINUTE

    def next_moment(self) -> datetime | None:
        """When something happens next by itself (UTC), None for never."""
        moments = (self._due, *(ticker.next_moment() for ticker in self.tickers))
        return min((at for at in moments if at is not None and at > self.clock.at), default=None)

    async def types(self, name: str, words: str, account: Account | None = None) -> str:
        """Somebody types a command ("/log …") or plain words in their direct chat; what they are told."""
        one = account or self.people[name].accounts[0]
        given = self._given(one)
        if words.startswith("/"):
            return await self.ports[one.platform].hand_in(Call(text=words[1:], **given))
        return await self.ports[one.platform].hand_in(Said(text=words, addressed=True, **given))

    async def taps(self, name: str, label: str) -> str | None:
        """Somebody presses the newest button with this label, or one that begins so; what they are told.
        None if none is in sight."""
        for account in self.people[name].accounts:
            for written in self.ports[account.platform].reads(account):
                if token := _token(written, label):
                    given = self._given(account) | {"message_id": written.id}
                    return await self.ports[account.platform].hand_in(Call(token=token, **given))
        return None

    def _next_due(self, store: Store) -> datetime | None:
        """When a message is to go next, or a card to be shown. Asked first: most of what happens in a
        year has nothing to say, and a worker looks around for long."""
        platforms = tuple(self.ports)
        moments = (store.deliveries.next_due(platforms), store.cards.next_due(platforms))
        return min((at for at in moments if at is not None), default=None)

    def _given(self, account: Account) -> dict[str, Any]:
        self._events += 1
        event, now = f"paper-{self._events}", self.clock.at
        place = self.ports[account.platform].chat_of(account)
        given: dict[str, Any] = {"event": event, "account": account, "place": place, "message_id": event}
        return given | {"received_at": now, "sent_at": now}

    def _let_in(self, made_up: Iterable[MadeUpPerson]) -> dict[str, Inhabitant]:
        def let_in(store: Store) -> dict[str, Inhabitant]:
            found = {}
            for number, one in enumerate(made_up):
                accounts = [self.ports[name].account_of(one.name, one.zone) for name in WHERE[number % 3]]
                found[one.name] = _added(store, one, accounts, self)
            return found

        return self.storage.write_now(let_in)


def _added(store: Store, one: MadeUpPerson, accounts: list[Account], house: PaperHouse) -> Inhabitant:
    """One more person with their accounts and roles."""
    now, charter = house.clock.at, house.around.charters.at(house.clock.at.date())
    person = store.persons.add(one.name, one.language, one.zone, now).id
    for account in accounts:
        there = house.ports[account.platform].chat_of(account)
        store.accounts.attach(store.accounts.remember(account, now, there), person)
    for role in one.roles:
        at_home = charter.role(role).scope == "organisation"
        store.roles.grant(person, role, one.organisation if at_home else "", now, None)
    return Inhabitant(one.name, person, one.zone, tuple(accounts))


def _token(written: Written, label: str) -> str:
    same = [key.token for key in written.keys if key.label == label]
    like = same or [key.token for key in written.keys if key.label.startswith(label)]
    return next((token for token in like if token), "")
