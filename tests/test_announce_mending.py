"""After it went out: one fix reaches every copy, a correction says so, it is taken back, tried again."""

from __future__ import annotations

import csv
import io

from tests.announce_stage import (
    announcing_hall,
    broadcast,
    cooled,
    coordinator,
    heard_with,
    kept,
    lines_in,
    shuts_out,
    written,
)
from tests.attention_stage import calm
from tests.lanes_stage import deletes, read_by
from tests.places_stage import adds_bot
from tests.world import World

__all__ = ["calm"]


async def test_one_fix_reaches_every_copy(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "The call opens on Tuesday")
    await vera.taps("Send to 3")
    await cooled(world)

    await vera.taps("Fix text")
    await vera.gives(text="The call opens on Monday")
    sure = heard_with(vera, "this is what changes")
    assert sure.lines == [
        "The call opens on Tuesday: this is what changes.",
        "The call opens on Tuesday Monday",
        "It's edited where 3 readers have it; an edit tells nobody.",
        "If it matters, say so in reply to it as well.",
    ]
    assert sure.buttons == ["Just fix it", "Fix and say so", "Leave it"]
    world.clock.pass_(minutes=10)
    heard = await vera.taps("Just fix it")
    assert heard.lines == ["✓ Fixed: The call opens on Monday. 3 copies are edited now."]
    await world.passes(minutes=1)
    fixed = ["The call opens on Monday", "From Vera, Green Manufacturing", "edited 10:43"]
    assert lines_in(marie, hall) == [fixed]
    assert heard_with(marie, "opens on").lines[:3] == fixed
    report = heard_with(vera, "is out")
    assert report.lines == [
        "✓ The call opens on Monday is out: 3 of 3 readers have it.",
        "Fixed at 10:43: edited in 3 of 3.",
        "Sent by Vera.",
    ]

    heard = await vera.taps("Texts")
    assert heard.lines[1] == "The call opens on Monday"
    assert heard.lines[2] == "Before · Vera, Tue 24 Nov, 10:30"
    assert heard.lines[3] == "The call opens on Tuesday"


async def test_what_matters_is_also_said_in_reply(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Meet at 9")
    await vera.taps("Send to 3")
    await cooled(world)
    await vera.taps("Fix text")
    await vera.gives(text="Meet at 10")
    await vera.taps("Fix and say so")
    heard = await vera.says("It begins at ten, not at nine.")
    assert heard.lines == [
        "✓ Fixed: Meet at 10. 3 copies are edited now.",
        "Your line goes to everybody who has it.",
    ]
    await world.passes(minutes=1)
    assert [lines[0] for lines in lines_in(marie, hall)] == [
        "Meet at 10",
        "Correction: It begins at ten, not at nine.",
    ]
    assert heard_with(marie, "Correction").lines == [
        "Correction: It begins at ten, not at nine.",
        "About Meet at 10.",
        "You get this because you got what it corrects.",
    ]
    assert await kept(world) == ["sending"]


async def test_a_correction_takes_nothing_from_a_day_that_is_full(calm: World) -> None:
    vera = await coordinator(calm)
    luc = await calm.member("Luc", "mecatech")
    await written(vera, "Meet at 9")
    await vera.taps("Send to 2")
    await cooled(calm)
    await vera.taps("Fix text")
    await vera.gives(text="Meet at 8")
    await vera.taps("Fix and say so")
    await vera.says("It begins at eight, not at nine.")
    await calm.passes(minutes=1)
    assert heard_with(luc, "Correction").first == "Correction: It begins at eight, not at nine."


async def test_a_fix_before_anything_left_goes_out_by_itself(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Befor")
    await vera.taps("Send to 3")
    await vera.types("/announcement 1")
    await vera.taps("Fix text")
    await vera.gives(text="Before")
    sure = heard_with(vera, "this is what changes")
    assert sure.lines[1:] == ["Befor Before", "Nobody has it yet. It goes out with the new text."]
    assert sure.buttons == ["Just fix it", "Leave it"]
    await vera.taps("Just fix it")
    assert heard_with(vera, "✓ Fixed").lines == ["✓ Fixed: Before. It goes out with the new text."]
    await cooled(world)
    assert lines_in(marie, hall) == [["Before", "From Vera, Green Manufacturing"]]
    assert (await broadcast(world)).edited_at is None


async def test_one_that_somebody_deleted_there_is_told(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "One")
    await vera.taps("Send to 3")
    await cooled(world)
    deletes(world, marie, hall)
    await vera.taps("Fix text")
    await vera.gives(text="Two")
    await vera.taps("Just fix it")
    await world.passes(minutes=1)
    heard = await vera.types("/announcement 1")
    assert heard.lines[1:3] == ["Fixed at 10:33: edited in 2 of 3.", "1 was deleted there."]


async def test_it_is_taken_back_everywhere(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Not for you")
    await vera.taps("Send to 3")
    await cooled(world)
    heard = await vera.taps("Take back")
    assert heard.lines == [
        "Take Not for you back? 3 readers have it.",
        "It's deleted where it can be; elsewhere a note says that it was withdrawn.",
    ]
    heard = await vera.taps("Yes, take it back")
    assert heard.first == "Not for you is being taken back everywhere."
    await world.passes(minutes=1)
    assert lines_in(marie, hall) == []
    heard = await vera.types("/announcement 1")
    assert heard.lines == [
        "Not for you was taken back: by Vera, Tue 24 Nov, 10:33.",
        "Deleted: 3. Replaced by a note: 0.",
        "Sent by Vera.",
    ]
    heard = await vera.taps("Texts")
    assert heard.lines[1] == "Not for you"
    assert await kept(world) == ["retracted"]


async def test_an_old_one_is_replaced_by_a_note_where_it_cannot_be_deleted(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Old news")
    await vera.taps("Send to 3")
    await cooled(world)
    await world.passes(days=3)
    await vera.taps("Take back")
    await vera.taps("Yes, take it back")
    await world.passes(minutes=1)
    heard = await vera.types("/announcement 1")
    if world.platform == "telegram":
        assert lines_in(marie, hall) == [["This announcement was withdrawn Fri 27 Nov, 10:33."]]
        assert heard.lines[1] == "Deleted: 0. Replaced by a note: 3."
    else:
        assert lines_in(marie, hall) == []
        assert heard.lines[1] == "Deleted: 3. Replaced by a note: 0."


async def test_only_those_that_failed_are_sent_again(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Once")
    await vera.taps("Send to 3")
    shuts_out(world, hall)
    await cooled(world)
    report = heard_with(vera, "is out")
    assert report.lines == [
        "✓ Once is out: 2 of 3 readers have it.",
        "1 reader without it: I was removed.",
        "Chats to repair: Partners.",
        "Sent by Vera.",
    ]
    assert report.buttons == ["Fix text", "Take back", "Retry failed", "Places", "List as a file", "Texts"]

    await adds_bot(world, hall, marie)
    heard = await vera.taps("Retry failed")
    assert heard.first == "Once goes once more to 1 reader."
    await world.passes(minutes=1)
    assert lines_in(marie, hall)[-1] == ["Once", "From Vera, Green Manufacturing"]
    assert read_by(marie).count("Once") == 1
    heard = await vera.types("/announcement 1")
    assert heard.first == "✓ Once is out: 3 of 3 readers have it."
    await vera.taps("List as a file")
    rows = list(csv.reader(io.StringIO(vera.file("announcement-1.csv").text)))
    assert rows[0] == ["Reader", "Organisation", "Platform", "State", "Why", "When (UTC)"]
    assert ["Marie", "CIMES", world.platform, "sent", "", "2026-11-24 09:33"] in rows


async def test_a_reply_under_it_in_a_group_is_talk(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Talk to us")
    await vera.taps("Send to 3")
    await cooled(world)
    await marie.says("Thanks!", hall, reply_to=marie.finds("Talk to us", hall))
    assert len(lines_in(marie, hall)) == 1
    assert marie.reads().first == "Talk to us"
