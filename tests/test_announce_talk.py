"""A reply to an announcement in private: nobody else reads it, so it can be passed on."""

from __future__ import annotations

from typing import Any

from tests.announce_stage import cooled, coordinator, heard_with, written
from tests.attention_stage import calm
from tests.newsletter_stage import told
from tests.world import World

__all__ = ["calm"]  # a fixture

WORDS = "ok, will send\nit tomorrow"
OPENS = "Call opens Monday"
ANSWERED = "Luc, MecaTech, answers Call opens Monday: ok, will send it tomorrow"


async def announced(world: World, *people: Any) -> tuple[Any, Any]:
    """Vera's announcement is out: she, and what Luc was sent of it."""
    vera = await coordinator(world)
    await written(vera, OPENS)
    await vera.taps(f"Send to {len(people) + 1}")
    await cooled(world)
    return vera, heard_with(people[0], OPENS).raw


async def test_an_answer_in_private_is_passed_on_by_a_tap(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    vera, post = await announced(world, luc)
    heard = await luc.says(WORDS, reply_to=post)
    assert heard.lines == ["Vera doesn't read this chat."]
    assert heard.buttons == ["Pass it on"]
    assert (await luc.taps("Pass it on")).first == "✓ Passed on to Vera."
    await world.settled()
    heard = vera.reads()
    assert heard.lines == [
        ANSWERED,
        "You get this because you may send announcements.",
    ]
    assert heard.buttons == ["Show it", "Later", "Stop these"]

    await luc.says(WORDS, reply_to=post)
    await luc.taps("Pass it on")
    await world.settled()
    assert sum(one.first == ANSWERED for one in told(vera)) == 1, "the same is told once"
    assert (await luc.says("A letter. " * 60, reply_to=post)).buttons == []


async def test_what_was_read_in_a_digest_is_answered_too_and_waits_for_the_authors_hours(calm: World) -> None:
    luc, vera = await calm.member("Luc", "mecatech"), await coordinator(calm)
    await luc.types("/notify announcements daily")
    await written(vera, OPENS)
    await vera.taps("Send to 2")
    await cooled(calm)
    await luc.says("digest")
    post = (await luc.taps("Read it")).raw
    calm.clock.pass_(hours=10)
    await luc.says(WORDS, reply_to=post)
    await luc.taps("Pass it on")
    await calm.settled()
    assert [one for one in told(vera) if one.first == ANSWERED] == []
    await calm.passes(hours=16)
    assert len([one for one in told(vera) if one.first == ANSWERED]) == 1
