"""The app's home tab on Slack: what stands there, what a tap there does, when it is published again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.context import Context
from bot.messages import Account, Answer, Button, Call, Key, Message, Place
from bot.people.duties import BY_DEPUTY, DUTIES, Owed
from bot.platforms.port import SendFailed
from bot.platforms.slack.home import HOME, PAUSE, Homes, home_view
from bot.platforms.slack.installations.sessions import Sessions
from bot.platforms.slack.outgoing import SlackWeb
from tests.events_stage import planned
from tests.platforms.slack_scene import RecordingInbox, Scene, StageClock, says
from tests.servers.slack.rules import faults_of_home
from tests.world import World, plain


async def with_heads(world: World, of_cimes: str, of_mecatech: str) -> tuple[Any, Any]:
    """Two members; what is asked of one person of an organisation is asked of somebody else."""
    await world.member("Head of CIMES", "cimes")
    await world.member("Head of MecaTech", "mecatech")
    return await world.member(of_cimes, "cimes", "member"), await world.member(
        of_mecatech, "mecatech", "member"
    )


async def until(so: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not so():
            await asyncio.sleep(0.005)


def at_home(somebody: Any) -> list[str]:
    """What somebody reads on their home tab."""
    return [line for line in plain(somebody.user.home.words).splitlines() if line]


# ---- what stands there ----


async def test_whoever_opens_the_tab_finds_what_they_find_by_home(slack_world: World) -> None:
    world = slack_world
    marie, luc = await with_heads(world, "Marie Dupont", "Luc")
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")
    await planned(world, by=marie)

    assert await luc.user.opens() == []  # nothing is said, it only stands there

    assert at_home(luc) == [
        "Hello Luc! You act for MecaTech.",
        "What we counted in 2026",
        "Knowledge exchange: 1 of 2",
        "Joint proposals: 0 of 1",
        "SMEs reached: 0 of 20",
        "Policy voice: 0 of 1",
        "To do",
        "1 CIMES says MecaTech took part in Moulds, Thu 12 Nov.",
        "Next events",
        "2 Green hydrogen 101 · Tue 8 Dec, 15:00 in Brussels",
    ]
    taps = ["1 · We did", "1 · Not us", "2 · Going", "2 · Can't"]
    assert luc.user.home.buttons == [*taps, "Log something", "Events", "What I send you"]
    heard = await luc.types("/home")
    assert (heard.lines, heard.buttons) == (at_home(luc), luc.user.home.buttons)

    await marie.user.opens()
    assert at_home(marie)[:3] == [
        "Hello Marie! You act for CIMES.",
        "What we counted in 2026",
        "Knowledge exchange: 1 of 2 · CIMES 1",
    ]


async def test_a_tap_at_home_is_answered_in_the_direct_chat_and_home_follows(slack_world: World) -> None:
    world = slack_world
    marie, luc = await with_heads(world, "Marie", "Luc")
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")
    await planned(world, by=marie)
    await luc.user.opens()

    [answer] = await luc.user.taps_at_home("2 · Going")
    assert answer.channel == luc.user.direct.id
    assert plain(answer.words).startswith("You're going: Green hydrogen 101")
    [answer] = await luc.user.taps_at_home("1 · We did")
    assert plain(answer.words).startswith("✓ Confirmed for MecaTech: Moulds, Thu 12 Nov.")

    assert "1 CIMES says MecaTech took part in Moulds, Thu 12 Nov." in at_home(
        luc
    )  # not yet: it was just shown
    world.clock.pass_(seconds=5)
    await until(lambda: at_home(luc)[6:] != [] and "Nothing to do." in " ".join(at_home(luc)))
    assert at_home(luc)[2] == "Knowledge exchange: 1 of 2 · MecaTech 1"
    assert at_home(luc)[-1] == "Green hydrogen 101 · Tue 8 Dec, 15:00 in Brussels · ✓ you're going"
    assert luc.user.home.buttons[0] == "Can't"


async def test_a_form_opens_from_home(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await marie.user.opens()

    assert await marie.user.taps_at_home("Log something") == []
    heard = await marie.gives(kind="workshop", title="Moulds", day="2026-11-12")

    assert heard.first == "✓ Logged: Moulds · workshop · Thu 12 Nov · CIMES"
    assert heard.raw.channel == marie.user.direct.id


async def test_what_breaks_is_left_out_and_all_else_stands_there(
    slack_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = slack_world
    marie, luc = await with_heads(world, "Marie", "Luc")
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")

    def breaks(_ctx: Context) -> Iterator[Owed]:
        raise LookupError("gone")

    monkeypatch.setitem(DUTIES, "breaks", breaks)
    monkeypatch.setitem(DUTIES, "mute", lambda _: (Owed("mute", "mute:1", "owed/vote", {"number": 7}),))
    await luc.user.opens()
    assert "CIMES says MecaTech took part in Moulds, Thu 12 Nov." in at_home(luc)
    assert at_home(luc)[-2:] == ["Next events", "No event is coming."]


async def test_a_deputy_finds_there_what_they_stand_in_for(
    slack_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    marie, luc = await with_heads(slack_world, "Marie", "Luc")
    paul = await slack_world.member("Paul", "cimes", "member")

    def owes(ctx: Context) -> Iterator[Owed]:
        if ctx.person.name == "Marie":
            asked = {"organisation": "CIMES", "on": None}
            yield Owed("lent", "lent:1", "owed/profile", asked, (Button("Look", "eccp"),), None, "cimes")

    monkeypatch.setitem(DUTIES, "lent", owes)
    monkeypatch.setitem(BY_DEPUTY, "lent", "log_activities")
    await luc.types("/log workshop Moulds on 12 Nov with CIMES")
    await marie.types("/away until friday deputy paul")
    await paul.user.opens()
    assert at_home(paul)[6:] == [
        "To do",
        "1 MecaTech says CIMES took part in Moulds, Thu 12 Nov.",
        "For Marie",
        "2 The ECCP profile of CIMES: is it up to date?",
        "Next events",
        "No event is coming.",
    ]
    assert paul.user.home.buttons[:3] == ["1 · We did", "1 · Not us", "2 · Look"]
    assert (await paul.types("/home")).lines == at_home(paul)
    await marie.types("/back")
    assert "For Marie" not in (await paul.types("/home")).lines


async def test_looking_at_home_puts_no_question_aside(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    asked = await marie.says("log workshop")
    assert asked.first == "What was it called?"

    await marie.user.opens()

    assert at_home(marie)[0] == "Hello Marie! You act for CIMES."
    assert (await marie.says("Moulds")).first == "✓ Logged: Moulds · workshop · Tue 24 Nov · CIMES"


async def test_a_stranger_finds_the_ways_in(slack_world: World) -> None:
    eve = slack_world.stranger("Eve")

    await eve.user.opens()

    assert at_home(eve)[0].startswith(
        "Hello! I keep the diary and the votes of the European Cluster Alliance"
    )
    assert eve.user.home.buttons == ["I have an invitation", "I'm with a member", "Just looking"]
    [answer] = await eve.user.taps_at_home("Just looking")
    assert answer.channel == eve.user.direct.id


async def test_home_is_a_word_on_every_platform(world: World) -> None:
    marie, _ = await with_heads(world, "Marie", "Luc")

    heard = await marie.types("/home")

    assert heard.lines == [
        "Hello Marie! You act for CIMES.",
        "What we counted in 2026",
        "Knowledge exchange: 0 of 2",
        "Joint proposals: 0 of 1",
        "SMEs reached: 0 of 20",
        "Policy voice: 0 of 1",
        "To do",
        "Nothing to do. All that was asked of you is answered.",
        "Next events",
        "No event is coming.",
    ]
    assert heard.buttons == ["Log something", "Events", "What I send you"]


# ---- how it is published ----


async def test_only_the_home_tab_is_a_question(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("Hello Ana!", "Log something")

    await ana.opens("messages")
    assert scene.inbox.received == []
    await ana.opens()

    [call] = scene.inbox.received
    assert isinstance(call, Call)
    assert (call.command, call.place.channel, call.place.kind) == ("home", ana.direct.id, "direct")
    assert (call.account.user, call.account.name) == (ana.id, "Ana")
    assert (ana.home.words, ana.home.buttons) == ("Hello Ana!", ["Log something"])


async def test_a_tab_that_slack_refuses_leaves_all_else_alone(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("Hello Ana!")
    scene.server.fail_next("views.publish", code="not_enabled")

    assert await ana.opens() == []

    assert scene.inbox.given_up == []
    assert [call.event for call, _ in scene.inbox.done] == [scene.inbox.received[0].event]


async def test_an_answer_that_was_not_given_before_a_restart_goes_to_the_tab(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    place, account = Place("slack", "T1", ana.direct.id), Account("slack", "T1", ana.id)

    assert await scene.port.give(place, account, says("Hello Ana!"), HOME) is None

    assert ana.home.words == "Hello Ana!"
    assert ana.sees() == []


def test_a_view_has_at_most_a_hundred_blocks_and_keeps_its_buttons() -> None:
    keys = tuple(Key(f"Tap {number}", token=str(number)) for number in range(25))
    long = "\n\n---\n\n".join("word " * 600 for _ in range(120))

    view = home_view(Message(long, keys), "D1")

    assert faults_of_home(view) == []
    assert len(view["blocks"]) == 100
    assert sum(block["type"] == "actions" for block in view["blocks"]) == 5


# ---- when it is published again ----


class Kept:
    """Homes over an inbox and a clock that a test turns; what was published, and when."""

    def __init__(self, scene: Scene) -> None:
        self.clock, self.inbox = StageClock(), RecordingInbox()
        self.sessions, self.gone = Sessions(scene.server.api_url, scene.port.pacer), False
        self.web = self.sessions.web(scene.server.bot_token)
        self.server = scene.server
        self.homes = Homes(self.inbox, self.way, self.clock)
        self.ana = scene.server.user("Ana")
        self.opening = Call(
            "home:1", Account("slack", "T1", self.ana.id), Place("slack", "T1", self.ana.direct.id),
            self.clock.now(), command="home", arguments={"tab": "yes"}, message_id=HOME,
        )  # fmt: skip

    async def way(self, _: str) -> SlackWeb:
        if self.gone:
            raise SendFailed("gone", "removed: uninstalled")
        return self.web

    async def opens(self, event: str = "home:1") -> Answer:
        """Ana opens her tab."""
        return await self.homes.receive(replace(self.opening, event=event))

    async def does(self, event: str) -> None:
        """Ana does something, and is answered."""
        self.homes.given(replace(self.opening, event=event, command="", token="x", message_id=""))
        for _ in range(40):
            await asyncio.sleep(0.001)

    def published(self) -> list[str]:
        """What stood on her tab, one after the other."""
        calls = (one for one in self.server.calls if one.method == "views.publish")
        return [one.arguments["view"]["blocks"][0]["text"]["text"] for one in calls]


@pytest.fixture
async def kept(scene: Scene) -> AsyncIterator[Kept]:
    """Ana's home tab, over a Slack."""
    made = Kept(scene)
    running = asyncio.create_task(made.homes.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await made.sessions.close()


async def test_home_is_published_again_only_when_it_says_something_else(kept: Kept) -> None:
    kept.inbox.always = says("One thing to do", "1 · Yes")
    await kept.does("act:0")
    assert kept.inbox.received == []  # she never opened it, so nobody looks

    await kept.opens()
    kept.clock.passes(60)
    await kept.does("act:1")
    assert kept.published() == []
    kept.inbox.always = says("Nothing to do")
    await kept.does("act:2")

    assert kept.published() == ["Nothing to do"]
    asked = [one.event for one in kept.inbox.received]
    assert asked == ["home:1", "home:act:1", "home:act:2"]
    assert {"home:act:1", "home:act:2"} <= {one.event for one, _ in kept.inbox.done}


async def test_nobodys_home_is_published_twice_in_five_seconds(kept: Kept) -> None:
    kept.inbox.always = says("One thing to do")
    began = kept.clock.now()
    await kept.opens()

    kept.inbox.always = says("Two things to do")
    assert await kept.opens("home:2") == Answer()  # it stands there since a moment ago
    await kept.does("act:1")
    assert (kept.published(), kept.clock.now() - began) == (["Two things to do"], PAUSE)
    kept.inbox.always = says("Three things to do")
    await kept.does("act:2")

    assert kept.published() == ["Two things to do", "Three things to do"]
    assert kept.clock.now() - began == 2 * PAUSE


async def test_a_workspace_that_is_gone_or_a_busy_database_disturbs_nobody(kept: Kept) -> None:
    kept.inbox.always = says("One thing to do")
    await kept.opens()
    kept.inbox.always = says("Nothing to do")
    kept.gone = True
    await kept.does("act:1")
    assert kept.published() == []
    kept.gone, kept.inbox.failing = False, 1
    kept.inbox.always = says("Something new")
    await kept.does("act:2")
    assert kept.published() == []
    await kept.does("act:3")
    assert kept.published() == ["Something new"]
