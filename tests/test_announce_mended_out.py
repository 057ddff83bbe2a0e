"""After it went out: where a fix or a take-back did not arrive, what mails say, how it stands days later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage.store import Storage
from tests.announce_stage import (
    announcing_hall,
    broadcast,
    cooled,
    coordinator,
    heard_with,
    lines_in,
    shuts_out,
    written,
)
from tests.lanes_stage import read_by
from tests.places_stage import adds_bot
from tests.world import World


@pytest.fixture
async def with_mail(sqlite_url: str) -> AsyncIterator[World]:
    """Where Anna reads mails."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage, mail=True) as world:
        yield world
    storage.close_now()


@pytest.fixture
async def on_telegram(sqlite_url: str) -> AsyncIterator[World]:
    """Where nothing is changed in a group that put the bot out."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


async def test_a_fix_that_missed_a_chat_is_tried_again(on_telegram: World) -> None:
    world, vera = on_telegram, await coordinator(on_telegram)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Meet at 9")
    await vera.taps("Send to 3")
    await cooled(world)
    await world.removes_bot(marie, hall)
    await vera.taps("Fix text")
    await vera.gives(text="Meet at 10")
    await vera.taps("Just fix it")
    await world.passes(days=1)
    heard = await vera.types("/announcement 1")
    assert heard.lines == [
        "✓ Meet at 10 is out: 3 of 3 readers have it.",
        "Fixed Tue 24 Nov, 10:33: edited in 2 of 3.",
        "The text of before still stands there: Partners.",
        "Sent by Vera.",
    ]
    assert heard.buttons == ["Fix text", "Take back", "Retry failed", "Places", "List as a file", "Texts"]
    await adds_bot(world, hall, marie)
    heard = await vera.taps("Retry failed")
    assert heard.first == "Meet at 10: 1 copy is tried again."
    await world.passes(minutes=5)
    assert lines_in(marie, hall)[0][0] == "Meet at 10"
    heard = await vera.types("/announcement 1")
    assert "Retry failed" not in heard.buttons


async def test_a_take_back_that_missed_a_chat_is_tried_again(on_telegram: World) -> None:
    world, vera = on_telegram, await coordinator(on_telegram)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Not for you")
    await vera.taps("Send to 3")
    await cooled(world)
    await world.removes_bot(marie, hall)
    await vera.taps("Take back")
    await vera.taps("Yes, take it back")
    await world.passes(minutes=5)
    heard = await vera.types("/announcement 1")
    assert heard.lines[1:3] == ["Deleted: 2. Replaced by a note: 0.", "It remains there: Partners."]
    assert heard.buttons[0] == "Retry failed"
    await adds_bot(world, hall, marie)
    await vera.taps("Retry failed")
    await world.passes(minutes=5)
    assert [one for one in lines_in(marie, hall) if one[0] == "Not for you"] == []
    heard = await vera.types("/announcement 1")
    assert heard.lines[1] == "Deleted: 3. Replaced by a note: 0."
    assert "Retry failed" not in heard.buttons


async def test_of_one_text_two_corrections_go_by_mail(with_mail: World) -> None:
    world, vera = with_mail, await coordinator(with_mail)
    luc, anna = await coordinator(world, "Luc"), await world.mail.person("Anna", "cimes")
    await written(vera, "**Meet** at 9")
    await vera.taps("Send to 3")
    await cooled(world)
    await vera.taps("Fix text")
    await vera.gives(text="**Meet** at 10")
    assert "1 mail can't be edited." in heard_with(vera, "this is what changes").lines
    await vera.taps("Just fix it")
    await luc.types("/announcement 1")
    await luc.taps("Correct by mail")
    await vera.taps("Correct by mail")
    for one, note in ((vera, "It begins at ten."), (luc, "Also: room 6, not 5!")):
        heard = await one.says(note)
        assert heard.first == "✓ A correction of Meet at 10 goes to 1 reader by mail."
        await world.passes(minutes=1)
        assert note in (await anna.reads_mail()).text


async def test_who_read_the_correction_by_mail_is_up_to_date(with_mail: World) -> None:
    world, vera = with_mail, await coordinator(with_mail)
    anna = await world.mail.person("Anna", "cimes")
    await written(vera, "**Meet** at 9")
    await vera.taps("Send to 2")
    await cooled(world)
    await vera.taps("Fix text")
    await vera.gives(text="**Meet** at 10")
    assert "It's edited where 1 reader has it; an edit tells nobody." in vera.reads().lines
    await vera.taps("Fix and say so")
    heard = await vera.says("It begins at ten.")
    assert heard.lines == [
        "✓ Fixed: Meet at 10. 1 copy is edited now.",
        "Your line goes to everybody who has it.",
    ]
    await world.passes(minutes=1)
    assert "It begins at ten." in (await anna.reads_mail()).text
    heard = await vera.types("/announcement 1")
    assert "Correct by mail" not in heard.buttons
    assert "mail" not in heard.text


async def test_a_mail_says_that_it_was_withdrawn(with_mail: World) -> None:
    world, vera = with_mail, await coordinator(with_mail)
    anna = await world.mail.person("Anna", "cimes")
    await written(vera, "Wrong")
    await vera.taps("Send to 2")
    await cooled(world)
    await vera.taps("Take back")
    heard = await vera.taps("Yes, take it back")
    assert heard.lines[1] == "1 mail can't be taken back."
    heard = await vera.taps("Tell by mail")
    assert heard.first == "✓ That Wrong was taken back goes to 1 reader by mail."
    await world.passes(minutes=1)
    mail = await anna.reads_mail()
    assert mail.subject == "Withdrawn: Wrong"
    assert "Wrong was withdrawn Tue 24 Nov, 10:33." in mail.text
    heard = await vera.types("/announcement 1")
    assert "1 mail says that it was taken back." in heard.lines
    assert "Tell by mail" not in heard.buttons


async def test_what_reached_nobody_is_not_out(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Once")
    await vera.taps("Who exactly")
    await vera.taps("Take off 2")
    await vera.taps("Take off 2")
    await vera.taps("Back")
    await vera.taps("Send to 1")
    shuts_out(world, hall)
    await cooled(world)
    heard = await vera.types("/announcement 1")
    assert heard.lines[:2] == ["Once has reached nobody yet.", "1 reader without it: I was removed."]
    assert "Retry failed" in heard.buttons


async def test_a_tap_on_a_preview_of_last_week_says_what_became_of_it(world: World) -> None:
    vera, luc = await coordinator(world), await coordinator(world, "Luc")
    await written(vera, "Once")
    await luc.types("/announcement 1")
    preview = _with(luc, "Send to 2")
    await vera.taps("Send to 2")
    await cooled(world)
    await world.passes(days=5)
    heard = await luc.taps("Send to 2", preview)
    assert heard.first == "Once is out already: Vera sent it Tue 24 Nov, 10:30."


async def test_what_it_says_already_leaves_a_way_on(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    await written(vera, "Same")
    await vera.taps("Send to 2")
    await cooled(world)
    await vera.taps("Fix text")
    if world.platform == "telegram":
        heard = await vera.says("Same")
        assert heard.lines == [
            "That is what it says already, so nothing has changed.",
            "Write what it should say, or leave it.",
        ]
        await vera.says("Other")
    else:
        await vera.gives(text="Other")
    await vera.taps("Just fix it")
    await world.passes(minutes=1)
    assert (await broadcast(world)).version == 2
    assert "Other" in read_by(marie)


def _with(somebody: Any, label: str) -> Any:
    world = somebody.world
    every = somebody.user._from_bot() if world.platform == "telegram" else somebody._from_bot()
    return [one for one in every if label in one.buttons][-1]
