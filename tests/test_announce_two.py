"""Two coordinators: both press Send, one agrees to what the other wrote, an audience that changes."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.charter import Charter
from storage.store import Store
from tests.announce_stage import (
    announcing_hall,
    broadcast,
    cooled,
    coordinator,
    heard_with,
    lines_in,
    written,
)
from tests.lanes_stage import read_by
from tests.world import World


async def asks_a_second_person(world: World) -> None:
    """The charter wants a second person's yes from the first member organisation on."""

    def amend(store: Store) -> None:
        charter = Charter.from_json(store.charters.versions()[-1].text)
        table: Any = type(charter.announcements)(second_person_from=1)
        other = charter.model_copy(update={"announcements_table": table})
        store.charters.add(other.fingerprint(), other.to_json(), world.clock.now().date(), world.clock.now())

    await world.storage.write(amend)


async def test_of_two_who_press_send_one_is_first(world: World) -> None:
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Once only")
    heard = await luc.types("/announcement 1")
    assert heard.buttons[0] == "Send to 4"

    first, second = await asyncio.gather(vera.taps("Send to 4"), luc.taps("Send to 4"))
    starts = ("✓ Once only: on its way in 3 minutes.", "Once only is already on its way: ")
    assert {vera.reads().first.startswith(starts[0]), luc.reads().first.startswith(starts[0])} == {
        True,
        False,
    }
    late, winner = (luc, "Vera") if vera.reads().first == starts[0] else (vera, "Luc")
    assert late.reads().first == f"Once only is already on its way: {winner} sent it at 10:30."
    await cooled(world)
    assert lines_in(marie, hall) == [["Once only", "From Vera, Green Manufacturing"]]
    assert read_by(marie).count("Once only") == 1
    del first, second


async def test_an_audience_that_changed_meanwhile_is_looked_at_again(world: World) -> None:
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await written(vera, "For all of you")
    await world.member("João", "pool-net")
    heard = await vera.taps("Send to 2")
    assert heard.first == "Something changed since you saw it. This is what people will see now:"
    assert heard.buttons[0] == "Send to 3"
    assert (await broadcast(world)).state == "draft"
    heard = await vera.taps("Send to 3")
    assert heard.first == "✓ For all of you: on its way in 3 minutes."


async def test_a_second_person_agrees(world: World) -> None:
    await asks_a_second_person(world)
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    heard = await written(vera, "Four eyes")
    assert heard.lines[-1] == "A second person has to agree before it goes."
    heard = await vera.taps("Send to 4")
    assert heard.lines == ["Four eyes waits for a second person. Nothing goes out before.", "I asked Luc."]
    await cooled(world)
    assert lines_in(marie, hall) == []

    asked = heard_with(luc, "second person's yes")
    assert asked.lines[:3] == [
        "Vera wants to send this, and needs a second person's yes:",
        "Four eyes",
        "Goes to 1 chat and 3 people: everybody.",
    ]
    assert asked.buttons == ["Send it", "Not like this", "Later", "Stop these"]
    heard = await luc.taps("Send it")
    assert heard.first == "✓ Four eyes: on its way in 3 minutes."
    await world.settled()
    assert heard_with(vera, "agreed").first == "Luc agreed: Four eyes is on its way in 3 minutes."
    await cooled(world)
    assert lines_in(marie, hall) == [["Four eyes", "From Vera, Green Manufacturing"]]
    heard = await vera.types("/announcement 1")
    assert heard.lines[-1] == "Sent by Vera, agreed by Luc."


async def test_a_second_person_would_not_send_it_like_this(world: World) -> None:
    await asks_a_second_person(world)
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    await world.member("Marie", "cimes")
    await written(vera, "Too blunt")
    await vera.taps("Send to 3")
    await world.settled()
    await luc.taps("Not like this")
    heard = await luc.says("Say please.")
    assert heard.lines == ["Too blunt is a draft again. I told Vera why."]
    await world.settled()
    told = heard_with(vera, "would not send")
    assert told.lines == [
        "Luc would not send Too blunt like this:",
        "Say please.",
        "It's a draft again. Nobody got it.",
    ]
    heard = await vera.taps("Show it")
    assert heard.buttons[0] == "Send to 3"


async def test_nobody_agrees_to_their_own_words(world: World) -> None:
    await asks_a_second_person(world)
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    await world.member("Marie", "cimes")
    await written(vera, "Mine")
    await luc.types("/announcement 1")
    await luc.taps("Edit text")
    await luc.gives(text="Ours")
    await vera.types("/announcement 1")
    heard = await vera.taps("Send to 3")
    assert heard.lines[1] == "Nobody else may send announcements yet. Invite a second coordinator first."
    heard = await luc.types("/announcement 1")
    assert "Send it" not in heard.buttons
    heard = await vera.taps("Withdraw it")
    assert heard.lines[:2] == ["This is what people will see:", "Ours"]
