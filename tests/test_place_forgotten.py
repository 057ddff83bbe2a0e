"""Places that somebody has the bot forget, and the questions that still stand in them."""

from __future__ import annotations

from bot.messages import Call, Topic
from tests.places_stage import HELLO, adds_bot, group_of, known, place_of, posts, seen, stage
from tests.world import World, plain

__all__ = ["stage"]  # a fixture

INDICATORS = Topic("indicators", "")


async def test_a_broken_place_is_forgotten_in_two_taps(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall, platform = group_of(stage, "Hall", marie), stage.platform.capitalize()
    await adds_bot(stage, hall)
    await marie.taps("Indicators")
    await stage.removes_bot(marie, hall)
    await marie.types("/places")
    await marie.taps("Open 1")

    heard = await marie.taps("Forget it")
    assert heard.lines == [
        f"Shall I forget Hall ({platform})? What it was for goes too.",
        "If I'm added there again, I'll ask what it's for.",
    ]
    heard = await marie.taps("Yes, forget it")
    assert heard.lines == [
        f"Hall ({platform}) is off my list. If I'm added there again, I'll ask what it's for."
    ]
    assert await known(stage) == []
    assert await stage.storage.read(lambda store: store.cards.of_topic(INDICATORS)) == ()


async def test_the_question_in_a_forgotten_group_says_nothing_about_another(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall, board = group_of(stage, "Hall", marie), group_of(stage, "Board", marie)
    await adds_bot(stage, hall, marie)
    [old] = posts(marie, hall)
    await stage.removes_bot(marie, hall)
    await marie.types("/places")
    await marie.taps("Open 1")
    await marie.taps("Forget it")
    await marie.taps("Yes, forget it")
    await adds_bot(stage, board, marie)

    await marie.user.taps(old, "Votes")
    await stage.settled()
    [there] = await known(stage)
    assert (there.id, there.place.name, there.purposes) == (2, "Board", ())

    await adds_bot(stage, hall, marie)
    assert seen(marie, hall)[-1].splitlines() == [HELLO[0], "", HELLO[1]]
    assert [(one.id, one.place.name, one.purposes) for one in await known(stage)] == [
        (1, "Hall", ()),
        (2, "Board", ()),
    ]


async def test_a_question_that_names_another_group_is_refused(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall, board = group_of(stage, "Hall", marie), group_of(stage, "Board", marie)
    for group in (hall, board):
        await adds_bot(stage, group, marie)
    number, here = {"place": "2"}, place_of(stage, hall)
    taps = {"place for": {**number, "purpose": "votes", "on": "yes", "group": "yes"}}
    taps |= {"only answers": number, "place is set": number, "place asks": number}

    for command, arguments in taps.items():
        call = Call(command, marie.account, here, stage.clock.now(), command=command, arguments=arguments)
        answer = await stage.dispatch.receive(call)
        assert answer.message is not None
        assert plain(answer.message.text).startswith("That button is from an older message")
    assert [one.purposes for one in await known(stage)] == [(), ()]


async def test_a_group_without_a_name_is_called_so(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    here = place_of(stage, group_of(stage, "Hall", marie))
    number = await stage.storage.write(lambda store: store.places.remember(here, stage.clock.now()))
    await stage.storage.write(lambda store: store.places.set_state(number, "removed", "", stage.clock.now()))
    platform = stage.platform.capitalize()
    await marie.types("/places")
    assert marie.reads().lines[1] == f"1 · an unnamed group · {platform} · answers only"
    await marie.taps("Open 1")
    await marie.taps("Forget it")
    assert marie.reads().first == f"Shall I forget an unnamed group ({platform})? What it was for goes too."
    await marie.taps("Yes, forget it")
    assert marie.reads().first.startswith(f"An unnamed group ({platform}) is off my list.")


async def test_a_place_that_was_mended_meanwhile_is_not_forgotten(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = group_of(stage, "Hall", marie)
    await adds_bot(stage, hall)
    await stage.removes_bot(marie, hall)
    await marie.types("/places")
    await marie.taps("Open 1")
    await marie.taps("Forget it")
    await adds_bot(stage, hall, marie)

    heard = await marie.taps("Yes, forget it")

    assert heard.lines == [f"Hall · {stage.platform.capitalize()}", "There I only answer when asked."]
    assert len(await known(stage)) == 1
