"""Before it goes out: whose words they are, whom they reach, when, and what somebody typed for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.store import Store
from tests.announce_stage import (
    announcing_hall,
    cooled,
    coordinator,
    heard_with,
    kept,
    lines_in,
    written,
)
from tests.lanes_stage import read_by
from tests.test_announce_two import asks_a_second_person
from tests.world import World

FRIDAY_EVENING = datetime(2026, 11, 27, 17, 40, tzinfo=UTC)  # 18:40 in Brussels
MONDAY_NIGHT = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)


async def test_of_one_that_was_stopped_there_is_one_copy(world: World) -> None:
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Too early")
    await vera.taps("Send to 4")
    await vera.taps("Stop")
    await luc.types("/announcement 1")
    await vera.taps("Send after all")
    heard = await luc.taps("Send after all")
    assert heard.lines[:2] == ["This is what people will see:", "Too early"]
    assert await kept(world) == ["stopped", "draft"]
    await vera.taps("Send to 4")
    heard = await luc.taps("Send to 4")
    assert heard.first == "Too early is already on its way: Vera sent it at 10:30."
    await cooled(world)
    assert lines_in(marie, hall) == [["Too early", "From Vera, Green Manufacturing"]]

    await luc.types("/announcement 1")
    heard = await luc.taps("Send after all")
    assert heard.first == "✓ Too early is out: 4 of 4 readers have it."


async def test_a_copy_reaches_whom_the_first_did_not(world: World) -> None:
    """Who has it at that moment is left out; who was only about to get it, and did not, gets this one."""
    vera = await coordinator(world)
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await written(vera, "Half")
    await vera.taps("Send to 3")
    await world.settled()
    of_luc, of_marie = await _claimed(world), await _claimed(world)
    await world.storage.write(lambda store: store.deliveries.sent(of_marie, world.clock.now()))
    await vera.taps("Stop")
    await vera.taps("Send after all")
    heard = await vera.types("/announcement 2")
    assert "Goes to 2 people: everybody." in heard.lines
    assert "Not to: 1 person (already reached)." in heard.lines
    await vera.taps("Send to 2")
    await world.storage.write(lambda store: store.deliveries.failed(of_luc, "gone", world.clock.now()))
    await cooled(world)
    assert "Half" not in read_by(marie)
    assert "Half" in read_by(luc)


async def test_a_fix_before_it_left_needs_a_yes_again(world: World) -> None:
    await asks_a_second_person(world)
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    marie = await world.member("Marie", "cimes")
    await written(vera, "The call opens")
    await vera.taps("Send to 3")
    await world.settled()
    await luc.taps("Send it")
    await vera.types("/announcement 1")
    await vera.taps("Fix text")
    await vera.gives(text="Vote for Vera")
    sure = heard_with(vera, "this is what changes")
    assert sure.lines[-1] == "Nobody has it yet. A second person has to agree to the new text."
    heard = await vera.taps("Just fix it")
    assert heard.lines == [
        "Vote for Vera has a new text, so it waits for a second person again.",
        "I asked Luc.",
    ]
    await cooled(world)
    assert await kept(world) == ["awaiting"]
    assert [one for one in read_by(marie) if "Vote" in one or "call" in one] == []

    asked = heard_with(luc, "Vote for Vera")
    assert asked.first == "Vera wants to send this, and needs a second person's yes:"
    await luc.taps("Send it")
    await cooled(world)
    assert read_by(marie).count("Vote for Vera") == 1
    assert "The call opens" not in read_by(marie)


async def test_who_agrees_late_chooses_when(world: World) -> None:
    world.clock.at = FRIDAY_EVENING
    await asks_a_second_person(world)
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    marie = await world.member("Marie", "cimes")
    await written(vera, "Later please")
    await vera.taps("Send Mon 09:00")
    await world.settled()
    assert "It would go out Mon 30 Nov, 09:00." in heard_with(luc, "second person's yes").lines
    world.clock.at = MONDAY_NIGHT
    heard = await luc.taps("Send it")
    assert heard.first == "It's late for what Vera planned. When is it to go?"
    assert heard.lines[-1] == "It was to go out Mon 30 Nov, 09:00, which has passed."
    assert heard.buttons == ["Send Tue 09:00", "Send now", "Not like this"]
    heard = await luc.taps("Send now")
    assert heard.lines[-1] == "Why can't it wait? Your words stand in the report."
    heard = await luc.taps("Back")
    heard = await luc.taps("Send Tue 09:00")
    assert heard.first == "✓ Later please goes out Tue 1 Dec, 09:00. Until then you can stop it."
    await world.settled()
    assert heard_with(vera, "agreed").first == "Luc agreed: Later please goes out Tue 1 Dec, 09:00."
    await cooled(world)
    assert "Later please" not in read_by(marie)
    await world.passes(hours=11)
    assert "Later please" in read_by(marie)


async def test_a_late_yes_can_be_for_now(world: World) -> None:
    await asks_a_second_person(world)
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    await world.member("Marie", "cimes")
    await written(vera, "The room is another one")
    await vera.taps("Send to 3")
    await world.settled()
    world.clock.at = FRIDAY_EVENING
    heard = await luc.taps("Send it")
    assert heard.lines[-1] == "It was to go out at once, while most were at work."
    await luc.taps("Send now")
    heard = await luc.says("It is tomorrow")
    assert heard.first == "✓ The room is another one: on its way in 3 minutes."
    await cooled(world)
    heard = await vera.types("/announcement 1")
    assert heard.lines[-2:] == ["Sent by Vera, agreed by Luc.", "Why it couldn't wait: It is tomorrow"]


async def test_whoever_had_a_part_in_it_is_no_second_person(world: World) -> None:
    await asks_a_second_person(world)
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    paul = await coordinator(world, "Paul")
    await world.member("Marie", "cimes")
    await written(vera, "My own words")
    await luc.types("/announcement 1")
    await luc.taps("Who exactly")
    await luc.taps("Take off 1")  # Luc himself
    await vera.taps("Throw away")
    await paul.types("/announcement 1")
    await paul.taps("Send after all")
    heard = await paul.taps("Send to 3")
    assert heard.lines[1] == "Nobody else may send announcements yet. Invite a second coordinator first."
    for one in (vera, luc):
        heard = await one.types("/announcement 2")
        assert heard.first == "⏳ My own words waits for a second person."
        assert "Send it" not in heard.buttons


async def test_who_cannot_be_asked_is_named(world: World) -> None:
    await asks_a_second_person(world)
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    number = await _number(world, luc)
    await world.storage.write(
        lambda store: store.silenced.stop(number, "announcement second", world.clock.now())
    )
    await written(vera, "Two")
    heard = await vera.taps("Send to 2")
    assert heard.lines[1:] == ["I can't ask Luc here. They can open it: /announcement 1"]
    heard = await luc.types("/announcement 1")
    await luc.taps("Send it")
    assert await kept(world) == ["sending"]


async def test_what_is_for_some_goes_to_no_chat(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    await world.member("João", "pool-net")
    hall = await announcing_hall(marie)
    heard = await written(vera, "Your fee is late", to="representatives in France")
    assert heard.buttons == [
        "Send to 1", "Part of the text", "Edit text", "Goes to", "Chats too", "Who exactly", "More",
        "Throw away",
    ]  # fmt: skip
    heard = await vera.taps("Who exactly")
    assert heard.lines[-1] == "2 · Partners · not: it's for some people only"
    await vera.taps("Back")
    heard = await vera.taps("Chats too")
    assert "Goes to 1 chat and 1 person: Representative and France." in heard.lines
    heard = await vera.taps("No chats")
    assert heard.buttons[0] == "Send to 1"
    heard = await vera.taps("Send to 1")
    assert heard.lines[1] == "To 1 person."
    await cooled(world)
    assert lines_in(marie, hall) == []
    assert "Your fee is late" in read_by(marie)


async def test_who_was_taken_off_stays_off_another_audience(world: World) -> None:
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await world.member("João", "pool-net")
    await written(vera, "A gift for Marie")
    await vera.taps("Who exactly")
    await vera.taps("Take off 2")
    await vera.taps("Back")
    await vera.taps("Goes to")
    heard = await vera.says("France and Portugal")
    assert "Not to: 1 person (taken off)." in heard.lines


async def test_one_that_was_stopped_before_it_left_comes_with_no_card(world: World) -> None:
    world.clock.at = FRIDAY_EVENING
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    await world.member("Marie", "cimes")
    await written(vera, "Monday")
    await vera.taps("Send Mon 09:00")
    await luc.types("/announcement 1")
    await luc.taps("Stop")
    await world.settled()
    assert vera.reads().first == "Luc stopped Monday. Nobody got it."
    await world.passes(days=4)
    assert [one for one in read_by(vera) if "Stopped" in one] == []


async def _number(world: World, somebody: Any) -> int:
    def look(store: Store) -> int:
        person = store.accounts.identify(somebody.account).person
        assert person is not None
        return person.id

    return await world.storage.read(look)


async def _claimed(world: World) -> int:
    """The next message is on its way: which one."""

    def claim(store: Store) -> int:
        one = store.deliveries.claim(world.clock.now() + timedelta(minutes=3), world.platform)
        assert one is not None
        return one.id

    return await world.storage.write(claim)
