"""Strangers: what they asked for waits, somebody opens the door, or they just look (section 6)."""

from __future__ import annotations

import asyncio
import re

from tests.events_stage import planned
from tests.world import Heard, World

CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){6}")
ALLIANCE = "European Cluster Alliance for Green Manufacturing"
HELLO = f"Hello! I keep the diary and the votes of the {ALLIANCE}, and we haven't met."
AGAIN = "We still haven't met."


def code_in(heard: Heard) -> str:
    found = CODE.search(heard.text)
    assert found, heard.text
    return found[0]


async def test_what_a_stranger_asked_for_waits_until_they_are_in(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    rita = world.stranger("Rita")

    heard = await rita.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    assert heard.lines == [
        HELLO,
        "What you asked for waits here: Green hydrogen 101 · workshop.",
        "Which fits?",
    ]
    assert heard.buttons == ["I have an invitation", "I'm with a member", "Just looking"]

    await rita.says(code_in(await ana.types("/invite")))
    heard = await rita.taps("Yes, that's me")
    assert heard.lines[-1] == "Green hydrogen 101 waits here. Shall we go on with it?"

    heard = await rita.taps("Continue")
    assert heard.first == "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · Pool-Net and MecaTech"


async def test_a_look_neither_waits_nor_takes_the_place_of_what_does(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    rita = world.stranger("Rita")
    await rita.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")

    for look in ("/activities", "/indicators", "/profile", "/people", "/help", "/leave", "/language French"):
        said = AGAIN if look == "/help" else HELLO
        assert (await rita.types(look)).lines == [said, "Which fits?"]

    assert (await rita.says("hello")).lines[1] == (
        "What you asked for waits here: Green hydrogen 101 · workshop."
    )
    await rita.says(code_in(await ana.types("/invite")))
    await rita.taps("Yes, that's me")
    heard = await rita.taps("Continue")
    assert heard.first == "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · Pool-Net and MecaTech"


async def test_what_has_no_title_is_called_by_its_command(world: World) -> None:
    rita = world.stranger("Rita")

    heard = await rita.types("/withdraw 7")

    assert heard.lines == [HELLO, "What you asked for waits here: withdraw.", "Which fits?"]


async def test_who_leaves_is_asked_nothing_old_when_they_come_back(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    rita = world.stranger("Rita")
    await rita.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await rita.says(code_in(await ana.types("/invite")))
    await rita.taps("Yes, that's me")
    await rita.types("/leave")
    await rita.taps("Yes, leave")
    world.clock.pass_(hours=1)

    assert (await rita.says("hello")).lines == [HELLO, "Which fits?"]


async def test_a_stranger_asks_to_join_and_a_colleague_lets_them_in(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    zoe = world.stranger("Zoe")
    platform = world.platform.capitalize()

    await zoe.says("hello")
    await zoe.taps("I'm with a member")
    heard = await zoe.taps("CIMES")
    assert heard.lines == [
        "I've asked CIMES's people and the coordinator to let you in. I'll write to you here."
    ]
    await world.settled()
    assert marie.reads().lines == [
        f"Zoe ({platform}) asks to join for CIMES.",
        f"People choose their names on {platform} themselves. Do you know them?",
        "You get this because you may let people in.",
    ]

    heard = await marie.taps("Let them in")
    assert heard.lines == ["Zoe is in for CIMES (Colleague). I've welcomed them."]
    await world.settled()
    assert zoe.reads().first == "Welcome, Zoe! You're in for CIMES (Colleague)."


async def test_the_first_person_of_an_organisation_who_is_let_in_represents_it(world: World) -> None:
    giulia = await world.member("Giulia", "", "coordinator")
    yann = world.stranger("Yann")

    await yann.says("hello")
    await yann.taps("I'm with a member")
    await yann.says("EMC2")
    await world.settled()
    heard = await giulia.taps("Let them in")

    assert heard.lines == [
        "Yann is in for EMC2 (Representative). I've welcomed them.",
        "They are the first one of EMC2 here.",
    ]


async def test_asking_twice_tells_nobody_twice(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    zoe = world.stranger("Zoe")
    for _ in range(2):
        await zoe.says("hello")
        await zoe.taps("I'm with a member")
        await zoe.taps("CIMES")
    await world.settled()
    await marie.taps("Not now")
    await world.settled()

    assert zoe.reads().lines == [
        "CIMES's people can't let you in right now. An invitation from them would still open the door."
    ]
    assert marie.reads().lines == ["Zoe is not let in for CIMES now, and heard so kindly."]


async def test_anybody_may_just_look(world: World) -> None:
    await world.member("Ana", "pool-net")
    otto = world.stranger("Otto")

    await otto.says("hello")
    heard = await otto.taps("Just looking")

    assert "Knowledge exchange: at least 2 · events" in heard.lines
    assert heard.buttons == ["I have an invitation", "I'm with a member", "Privacy notice"]
    heard = await otto.taps("Privacy notice")
    assert heard.first.startswith(
        "What I keep: your name, organisation and role, what you log, answer and vote"
    )


async def test_two_colleagues_who_let_somebody_in_at_once_make_one_person_of_them(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes")
    zoe = world.stranger("Zoe")
    await zoe.says("hello")
    await zoe.taps("I'm with a member")
    await zoe.taps("CIMES")
    await world.settled()

    heard = await asyncio.gather(marie.taps("Let them in"), paul.taps("Let them in"))

    assert {one.first for one in heard} <= {
        "Zoe is in for CIMES (Colleague). I've welcomed them.",
        "Zoe is in for CIMES already; a colleague was quicker.",
    }
    assert (await marie.types("/people")).lines == [
        "CIMES",
        "Marie · Representative",
        "Paul · Representative",
        "Zoe · Colleague",
    ]


async def test_a_stranger_says_in_plain_words_what_the_taps_say(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    zoe = world.stranger("Zoe")
    assert (await zoe.says("good morning")).lines == [HELLO, "Which fits?"]
    assert (await zoe.says("good morning??")).lines == [AGAIN, "Which fits?"]
    world.clock.pass_(hours=1)
    assert (await zoe.says("good morning")).lines == [HELLO, "Which fits?"]
    for words in ("what is this?", "Who are you"):
        assert (await zoe.says(words)).first.startswith(f"{ALLIANCE}: ")
    heard = await zoe.says("hi there, im from cimes")
    assert (heard.lines, heard.buttons[:2]) == (["Which organisation are you with?"], ["CIMES", "Another"])
    heard = await zoe.says("CIMES")
    assert heard.first.startswith("I've asked CIMES's people")
    await world.settled()
    assert marie.reads().first.startswith("Zoe (")


async def test_an_invitation_that_is_shown_stays_there_after_hello(world: World) -> None:
    ana, rita = await world.member("Ana", "pool-net"), world.stranger("Rita")
    shown = await rita.says(code_in(await ana.types("/invite")))
    world.clock.pass_(minutes=1)
    heard = await rita.says("hi")
    assert (heard.lines, heard.buttons) == (shown.lines, shown.buttons)
    assert (await rita.says("yes")).first == "Welcome, Rita! You're in for Pool-Net (Representative)."


async def test_a_number_alone_tells_a_stranger_no_title_of_members(world: World) -> None:
    ana, rita = await world.member("Ana", "pool-net"), world.stranger("Rita")
    await planned(world, by=ana, title="LCA clinic for foundries")
    heard = await rita.types("/rsvp 1 yes")
    assert heard.lines == [HELLO, "What you asked for waits here: rsvp.", "Which fits?"]
    await planned(world, by=ana, title="Open day", audience="public")
    heard = await rita.types("/rsvp 2 yes")
    assert heard.lines[1] == "What you asked for waits here: Open day."
