"""Any course of an announcement: it goes, is stopped, fixed, taken back and tried again while the platform
comes and goes and chats are lost. Beside it runs a list of who must see what, which knows nothing of how the
bot does it: it looks at the chats, and takes the bot at its word.

walk = await Walk(world, seed=7).here()
await walk.goes(8)                                                # steps, then the trouble ends
walk.every                                                        # what must be true now
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from bot.broadcasts.audience import audience_of, seal
from bot.context import Context
from bot.messages import Call, Place
from tests.announce_stage import announcing_hall, coordinator, lines_in, shuts_out
from tests.assembly_stage import acting, in_house
from tests.lanes_stage import read_by, server
from tests.world import World

SENDS = {"slack": ["chat.postMessage", "conversations.open"], "telegram": ["sendMessage"]}
CHANGES = {"slack": ["chat.update", "chat.delete"], "telegram": ["editMessageText", "deleteMessage"]}
REFUSES = {"slack": {"status": 503}, "telegram": {"status": 429, "retry_after": 30}}
COPY = re.compile(r"News (\d+) v(\d+)")
STEPS = (
    *["passes"] * 4, *["comes due"] * 2, "forgets", *["sends"] * 4, *["fixes"] * 4, "fixes and says so",
    *["stops"] * 3, "takes back", "takes back", *["retries"] * 2, *["begins"] * 2, *["ends"] * 2,
    *["hiccups"] * 3, *["swallows"] * 3, "restarts", *["loses"] * 2, *["finds"] * 2,
)  # fmt: skip
SOON = {
    "sends": ["swallows", "hiccups", "loses", "comes due", "stops"],
    "hiccups": ["stops", "takes back", "fixes", "passes"],
    "swallows": ["retries", "fixes", "takes back", "passes"],
    "fixes": ["hiccups", "comes due"],
}  # what often follows
HEALS = ("passes", "ends", "finds", "passes", "retries all", "passes")


@dataclass
class Told:
    """What the list says of one announcement. `sure`: who was in reach when somebody said yes; `had`: who had
    it when it was stopped or taken back; `notes`: who had it at each correction, by its version."""

    number: int
    sure: list[str]
    state: str = "sending"
    version: int = 1
    had: list[str] = field(default_factory=list)
    notes: dict[int, list[str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return f"News {self.number} v{self.version}"


class Walk:
    """One course of things: a step is a method, and `done` says which were taken."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seed, self.chance = world, seed, random.Random(seed)
        self.every: list[Told] = []
        self.lost: list[str] = []  # who is out of reach now
        self.ever_lost: list[str] = []
        self.swallowed = 0  # calls of which nobody could tell
        self.calm = True
        self.done: list[str] = []

    async def here(self) -> Walk:
        """Vera coordinates, Marie and Luc read, and there are two halls."""
        self.vera = await coordinator(self.world)
        self.people = {"Vera": self.vera}
        for name, organisation in (("Marie", "cimes"), ("Luc", "mecatech")):
            self.people[name] = await self.world.member(name, organisation)
            await self.people[name].says("help")
        self.marie = self.people["Marie"]
        self.halls = {name: await announcing_hall(self.marie, name=name) for name in ("Partners", "Annex")}
        return self

    async def goes(self, steps: int) -> None:
        """So many steps by chance, then all trouble ends, but perhaps for who is lost for good."""
        heals = HEALS if self.chance.random() < 0.6 else [one for one in HEALS if one != "finds"]
        for name in (*self._course(steps), *heals):
            self.done.append(name)
            await getattr(self, name.replace(" ", "_"))()

    def _course(self, steps: int) -> list[str]:
        course = ["sends"]
        while len(course) < steps:
            soon = SOON.get(course[-1]) if self.chance.random() < 0.7 else None
            course.append(self.chance.choice(soon or STEPS))
        return course

    # ---- what happens ----

    async def passes(self) -> None:
        await self.world.passes(hours=2 if self.calm else 0.3)

    async def comes_due(self) -> None:
        """Three minutes pass, and what is put off then waits still."""
        self.world.clock.pass_(minutes=3)
        await self.world.worker.settle()

    async def begins(self) -> None:
        """The platform refuses: all, what is new, or what changes."""
        which = self.chance.choice([SENDS, CHANGES, None])
        methods = which or {one: SENDS[one] + CHANGES[one] for one in SENDS}
        self._orders(methods, 10_000, **REFUSES[self.world.platform])
        self.calm = False

    async def ends(self) -> None:
        server(self.world)._faults.clear()
        self.calm = True

    async def hiccups(self) -> None:
        """The next few calls are refused; what they were for waits a little."""
        await self._in_trouble(self.chance.randint(1, 4), **REFUSES[self.world.platform])

    async def swallows(self) -> None:
        """The next few calls are taken, or not, and never answered."""
        times = self.chance.randint(2, 4)  # the first one may be the card's
        self.swallowed += times * 2
        await self._in_trouble(times, drop=True, after_processing=self.chance.random() < 0.7)

    async def _in_trouble(self, times: int, **fault: Any) -> None:
        if self.calm:
            self._orders(SENDS, times, **fault)
            self._orders(CHANGES, times, **fault)
            await self.comes_due()
            server(self.world)._faults.clear()

    async def forgets(self) -> None:
        """Days pass, in which nobody does anything."""
        if self.calm:
            await self.world.passes(days=2)

    async def restarts(self) -> None:
        await self.world.stop_bot()
        await self.world.start_bot()

    async def loses(self) -> None:
        """A chat shuts the bot out, or somebody blocks it; it may be told."""
        people = ["Marie", "Luc"] if self.world.platform == "telegram" else []
        there = [one for one in [*self.halls, *people] if one not in self.lost]
        if not there:
            return
        name = self.chance.choice(there)
        self.lost.append(name)
        self.ever_lost.append(name)
        self.done.append(name)
        if name in people:
            self.people[name].user.person.blocked = True
        elif self.chance.random() < 0.5:
            shuts_out(self.world, self.halls[name])
        else:
            await self.world.removes_bot(self.marie, self.halls[name])

    async def finds(self) -> None:
        """Whoever was lost is back, and says so."""
        if not self.calm:
            return
        while self.lost:
            name = self.lost.pop()
            if name in self.people:
                await self.people[name].starts()
            elif self.world.platform == "slack":
                await self.world.slack.adds_bot(self.halls[name], self.marie.user)
            else:
                self.halls[name].add_bot(self.marie.user)
            await self.world.settled()

    def _orders(self, methods: dict[str, list[str]], times: int, **fault: Any) -> None:
        for method in methods[self.world.platform]:
            server(self.world).fail_next(method, times=times, **fault)

    # ---- what Vera does ----

    async def sends(self) -> None:
        number = len(self.every) + 1
        if number > 3:
            return
        sure = [one for one in [*self.people, *self.halls] if one not in self.lost]
        await self._press("announce", text=f"News {number} v1")
        mark = await in_house(self.world, lambda ctx: self._mark(ctx, number))
        said = await self._press("announcement send", number=number, mark=mark, urgent="Now")
        assert said.startswith("✓"), self.story(said)
        self.every.append(Told(number, sure))

    async def fixes(self, note: bool = False) -> None:
        told = self._one()
        text, had = f"News {told.number} v{told.version + 1}", self._with(told)
        given = {"note": f"Note {told.number} v{told.version + 1}"} if note else {"how": "fix"}
        said = await self._press("announcement fix", number=told.number, text=text, **given)
        if told.state == "retracted":
            assert "Fixed" not in said, self.story(said)
        elif "Fixed" in said:
            told.version += 1
            if note:
                told.notes[told.version] = had
        else:  # nobody has it, so there is nobody to tell
            assert (note, had) == (True, []), self.story(said)

    async def fixes_and_says_so(self) -> None:
        await self.fixes(note=True)

    async def stops(self) -> None:
        told = self._one()
        had = self._with(told)
        said = await self._press("announcement stop", number=told.number)
        if "doesn't go to" in said or "Nobody got it" in said:
            assert told.state == "sending", self.story(said)
            assert "Nobody got it" not in said or not had, self.story(said)
            told.state, told.had = "stopped", had

    async def takes_back(self) -> None:
        told = self._one()
        had = self._with(told)
        await self._press("announcement take back", number=told.number, sure="yes")
        if told.state != "retracted":
            told.state, told.had = "retracted", had

    async def retries(self) -> None:
        await self._press("announcement retry", number=self._one().number)

    async def retries_all(self) -> None:
        for told in self.every:
            await self._press("announcement retry", number=told.number)

    def _one(self) -> Told:
        return self.chance.choice(self.every)

    def _mark(self, ctx: Context, number: int) -> str:
        draft = ctx.store.broadcasts.get(number)
        assert draft is not None
        return seal(draft, audience_of(acting(ctx, self.vera), draft))

    async def _press(self, command: str, **given: Any) -> str:
        """A button, as the port gives it: it works when the platform takes no answer, too."""
        self.done.append(f"{command} {given}")
        account, slack = self.vera.account, self.world.platform == "slack"
        place = Place(account.platform, account.workspace, f"D{account.user}" if slack else account.user)
        arguments = {name: str(value) for name, value in given.items()}
        event = f"walk:{len(self.done)}"
        call = Call(event, account, place, self.world.clock.now(), command=command, arguments=arguments)
        answer = await self.world.dispatch.receive(call)
        return answer.message.text if answer.message else ""

    # ---- what everybody sees ----

    def sees(self, name: str) -> list[str]:
        """The first lines of all that stands before somebody, or in a hall."""
        if name in self.halls:
            return [lines[0] for lines in lines_in(self.marie, self.halls[name])]
        return read_by(self.people[name])

    def copies(self, told: Told, name: str) -> list[str]:
        found = (COPY.fullmatch(one) for one in self.sees(name))
        return [one[0] for one in found if one and int(one[1]) == told.number]

    def _with(self, told: Told) -> list[str]:
        return [name for name in [*self.people, *self.halls] if self.copies(told, name)]

    def story(self, end: Any) -> str:
        return f"seed {self.seed}: {' · '.join(self.done)}\n{end}"
