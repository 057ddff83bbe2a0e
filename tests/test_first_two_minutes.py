"""A newcomer's first two minutes: from START, or a pasted code, to a first log that counts, in at most four
taps and one typed line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.command_line.inviting import invite_one
from bot.seeding import charters_of
from storage.store import Storage
from tests.platforms.slack_installs_stage import InstallWorld
from tests.world import Heard, World

MOST_TAPS, MOST_LINES = 4, 1


@dataclass
class Counted:
    """Somebody whose taps and typed lines are counted. What is pasted or opened by a link is not typed."""

    person: Any
    taps_made: int = 0
    lines_typed: int = 0

    async def opens(self, world: World, ready: Heard) -> Any:
        """What an invitation says: its link where there is one (START is a tap), else its code is pasted."""
        link = re.search(r"https://\S+\?start=([A-Z2-7]{28})", ready.text)
        if link is None:
            assert world.platform == "slack"
            code = re.search(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{4}", ready.text)
            assert code is not None
            return await self.person.says(code[0])
        self.taps_made += 1
        return await self.person.starts(link[1])

    async def taps(self, label: str) -> Any:
        self.taps_made += 1
        return await self.person.taps(label)

    async def types(self, line: str) -> Any:
        self.lines_typed += 1
        return await (self.person.types(line) if line.startswith("/") else self.person.says(line))


async def test_from_an_invitation_to_a_log_that_counts_by_asking(world: World) -> None:
    ana, rita = await world.member("Ana", "pool-net"), Counted(world.stranger("Rita"))
    ready = await ana.types("/invite pool-net cluster-manager")

    hello = await rita.opens(world, ready)
    alliance = "European Cluster Alliance for Green Manufacturing"
    assert hello.first == f"This invitation is for Pool-Net (Cluster manager), in the {alliance}."
    welcome = await rita.taps("Yes, that's me")
    assert welcome.first == "Welcome, Rita! You're in for Pool-Net (Cluster manager)."
    assert welcome.buttons[0] == "Log it"
    if world.platform == "telegram":
        asked = await rita.taps("Log it")
        assert asked.first == "What was it?"
        await rita.taps("workshop")
        heard = await rita.types("Mould recycling in practice with CIMES yesterday")
    else:
        heard = await rita.types("/log workshop Mould recycling in practice with CIMES yesterday")

    assert heard.lines == [
        "✓ Logged: Mould recycling in practice · workshop · Mon 23 Nov · Pool-Net and CIMES",
        "Knowledge exchange: 1 of 2 for 2026.",
        "CIMES gets one tap to confirm; it counts meanwhile.",
    ]
    assert (rita.taps_made, rita.lines_typed) <= (MOST_TAPS, MOST_LINES)
    assert rita.lines_typed == 1


async def test_from_the_link_that_adds_the_app_to_a_log_that_counts(storage: Storage) -> None:
    async with InstallWorld("slack", storage) as world:
        assert isinstance(world, InstallWorld)
        marie = Counted(world.someone("Marie", world.slack.installs.workspace(7, "CIMES")))
        charter = charters_of(storage).at(world.clock.now().date())
        invited = partial(
            invite_one, charter=charter, organisation="cimes", role="representative", now=world.clock.now()
        )
        code = (await storage.write(invited)).code

        hello = await world.installs(marie.person)  # the page's button, then Slack's own
        marie.taps_made += 2
        assert hello.first == "Hello! I'm in CIMES now, thanks to you."
        await marie.person.says(code)  # pasted
        await marie.taps("Yes, that's me")
        heard = await marie.types("/log workshop Mould recycling in practice with Pool-Net yesterday")

        assert heard.lines[:2] == [
            "✓ Logged: Mould recycling in practice · workshop · Mon 23 Nov · CIMES and Pool-Net",
            "Knowledge exchange: 1 of 2 for 2026.",
        ]
        assert (marie.taps_made, marie.lines_typed) == (3, 1)
