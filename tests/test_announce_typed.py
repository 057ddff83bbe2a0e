"""What somebody types for many: its last words, a text that comes in pieces, one too long for a form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage.store import Storage
from tests.announce_stage import broadcast, cooled, coordinator, heard_with, kept, written
from tests.world import World

LONG = "\n\n".join(f"Paragraph {n} {('lorem ipsum dolor sit amet ' * 12).strip()}" for n in range(10))
AS_LONG = "That is as long as one message gets. If more follows at once, it joins the text."


@pytest.fixture
async def on_telegram(sqlite_url: str) -> AsyncIterator[World]:
    """Where a long text comes in pieces."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


@pytest.fixture
async def on_slack(sqlite_url: str) -> AsyncIterator[World]:
    """Where a form shows 3,000 signs."""
    storage = Storage(sqlite_url)
    async with World("slack", storage) as world:
        yield world
    storage.close_now()


async def test_the_last_words_of_several_lines_belong_to_them(world: World) -> None:
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    heard = await vera.types("/announce Dear all,\n\nthe deadline is Friday.\n\nPlease send answers to CIMES")
    assert (await broadcast(world)).texts["en"].endswith("Please send answers to CIMES")
    assert "Goes to 2 people: everybody." in heard.lines
    assert "Part of the text" not in heard.buttons


async def test_the_last_words_of_one_line_are_given_back(world: World) -> None:
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    heard = await vera.types("/announce Send your answers to CIMES")
    assert heard.lines[1:4] == [
        "Send your answers",
        "Goes to 1 person: CIMES.",
        "No chat gets it, since it isn't for everybody.",
    ]
    heard = await vera.taps("Part of the text")
    assert heard.lines[1:3] == ["Send your answers to CIMES", "Goes to 2 people: everybody."]
    assert "Part of the text" not in heard.buttons


async def test_a_number_is_no_text_but_one_that_is_there(world: World) -> None:
    vera = await coordinator(world)
    await written(vera, "Call opens Monday")
    heard = await vera.types("/announce 1")
    assert heard.lines[:2] == ["This is what people will see:", "Call opens Monday"]
    assert (await vera.types("/announce 2")).first == "I know no announcement 2."
    assert await kept(world) == ["draft"]


async def test_an_event_that_there_is_not(world: World) -> None:
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    heard = await written(vera, "Hello", to="event 999")
    assert heard.first == "I know no event 999. Its number stands on its card."
    heard = await vera.says("CIMES")
    assert "Goes to 1 person: CIMES." in heard.lines
    heard = await written(vera, "Hello", to="event 99999999999999999999999")
    assert "Goes to 2 people: everybody." in heard.lines
    assert heard.lines[1] == "Hello to event 99999999999999999999999"


async def test_the_rest_of_a_long_text_joins_it(on_telegram: World) -> None:
    world, vera = on_telegram, await coordinator(on_telegram)
    await vera.types("/announce")
    await vera.gives(text=LONG + "\n\n" + LONG)
    assert (await broadcast(world)).texts["en"] == LONG + "\n\n" + LONG
    assert "It came in 2 messages. Look where they meet." in vera.reads().lines

    await vera.taps("Edit text")
    await vera.says(LONG + "\n\n" + LONG + "\n\n" + LONG)
    assert (await broadcast(world)).texts["en"] == LONG + "\n\n" + LONG + "\n\n" + LONG
    assert "It came in 3 messages. Look where they meet." in vera.reads().lines


async def test_words_that_come_later_are_asked_about(on_telegram: World) -> None:
    world, vera = on_telegram, await coordinator(on_telegram)
    text = (LONG + "\n\n" + LONG)[:4090].rstrip()
    await vera.types("/announce")
    heard = await vera.says(text)
    assert AS_LONG in heard.lines
    world.clock.pass_(seconds=40)
    heard = await vera.says("announcements")
    assert heard.first == '"announcements" came a while after your long text.'
    assert heard.buttons == ["Part of the text", "Something else"]
    heard = await vera.taps("Something else")
    assert heard.first == "Announcements"
    assert (await broadcast(world)).texts["en"] == text

    await vera.types("/announce")
    await vera.says(text)
    world.clock.pass_(seconds=40)
    await vera.says("And one more thing.")
    await vera.taps("Part of the text")
    assert (await broadcast(world, 2)).texts["en"].endswith("And one more thing.")


async def test_a_long_new_text_of_one_that_is_out(on_telegram: World) -> None:
    world, vera = on_telegram, await coordinator(on_telegram)
    await written(vera, "Short")
    await vera.taps("Send to 1")
    await cooled(world)
    await vera.taps("Fix text")
    await vera.says(LONG + "\n\n" + LONG)
    heard = vera.reads()
    assert heard.lines[0].endswith(f"2 messages are one text of {len(LONG) * 2 + 2:,} characters.")
    await vera.taps("Go on")
    await vera.taps("Just fix it")
    assert (await broadcast(world)).texts["en"] == LONG + "\n\n" + LONG


async def test_a_text_too_long_for_a_form_is_asked_for_in_words(on_slack: World) -> None:
    world, vera = on_slack, await coordinator(on_slack)
    await vera.says(f"announce {LONG}")
    heard = await vera.taps("Edit text")
    assert vera.user.modal is None
    assert heard.lines[-1] == "Write the new text."
    await vera.says("Shorter")
    await vera.taps("Edit text")
    assert vera.user.modal is not None
    await vera.gives(text=LONG[:2900])
    await vera.taps("Edit text")
    await vera.gives(text=LONG[:2990])
    await vera.taps("Send to 1")
    await cooled(world)
    assert heard_with(vera, "is out").lines[0].startswith("✓ Paragraph 0")

    await vera.says(f"announce {LONG}")
    await vera.taps("Send to 1")
    await cooled(world)
    await vera.types("/announcement 2")
    heard = await vera.taps("Fix text")
    assert heard.lines[-1] == "Write it as it should be."
    heard = await vera.says("Short now")
    assert heard.buttons == ["Just fix it", "Fix and say so", "Leave it"]
    await vera.taps("Just fix it")
    assert (await broadcast(world, 2)).texts == {"en": "Short now"}


async def test_a_language_is_taken_out_again(world: World) -> None:
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await written(vera, "The call is open")
    await vera.taps("More")
    await vera.taps("Add a language")
    await vera.taps("French")
    await vera.gives(text="L'appel est ouvert")
    await vera.taps("More")
    heard = await vera.taps("Take a language out")
    assert heard.first == "The call is open: which of its texts?"
    await vera.taps("French")
    assert (await broadcast(world)).texts == {"en": "The call is open"}
    heard = await vera.taps("More")
    assert "Take a language out" not in heard.buttons


async def test_who_is_off_is_said_plainly(world: World) -> None:
    vera = await coordinator(world)
    for name in ("Marie", "Luc", "Ana", "Eva"):
        await world.member(name, "cimes")
    joao = await world.member("João", "pool-net")
    await joao.types("/timezone America/Los_Angeles")
    heard = await written(vera, "Hello")
    assert "It's Tue 24 Nov, 10:30; 1 of the 6 is off." in heard.lines
    world.clock.at -= timedelta(hours=6)  # 04:30 in Brussels
    heard = await vera.types("/announcement 1")
    assert "It's Tue 24 Nov, 04:30; all 6 are off. They are back at 09:00." in heard.lines


async def test_roles_are_named_as_people_call_them(world: World) -> None:
    """Whoever speaks: titles, their plurals and everyday words, in the members' languages."""
    vera = await coordinator(world)
    await world.member("Marie", "cimes", "representative")
    await world.member("Paul", "cimes", "alternate")
    for typed in ("représentantes", "Vertreterinnen", "przedstawiciele", "pārstāvji", "reprezentanți"):
        heard = await vera.types(f"/announce Hello to {typed}")
        assert "Goes to 1 person: Representative." in heard.lines, typed
        await vera.taps("Throw away")
    heard = await vera.types("/announce Hello to suppléants et rappresentanti")
    assert "Goes to 2 people: Alternate and Representative." in heard.lines
