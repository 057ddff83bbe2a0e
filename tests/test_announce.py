"""Announcing: written, previewed exactly, confirmed by number, stopped in time (section 4)."""

from __future__ import annotations

from storage.store import Storage, Store
from tests.announce_stage import (
    announcing_hall,
    broadcast,
    cooled,
    coordinator,
    heard_with,
    kept,
    lines_in,
    written,
)
from tests.both_platforms import Both
from tests.lanes_stage import read_by
from tests.world import World


async def test_a_coordinator_announces_and_everybody_reads_it(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)

    heard = await written(vera, "**Call for partners** opens Monday: https://example.org/call")
    assert heard.lines == [
        "This is what people will see:",
        "Call for partners opens Monday: https://example.org/call",
        "Goes to 1 chat and 2 people: everybody.",
        "Nobody is here yet from Clust-ER MECH, EMC2, EVOLUMA and 3 more.",
        "It interrupts 2 people.",
    ]
    assert heard.buttons == ["Send to 3", "Edit text", "Goes to", "Who exactly", "More", "Throw away"]
    assert lines_in(marie, hall) == []

    heard = await vera.taps("Send to 3")
    assert heard.lines == [
        "✓ Call for partners opens Monday: https://example.org/call: on its way in 3 minutes.",
        "To 1 chat and 2 people.",
    ]
    assert heard.buttons == ["Stop"]
    await world.passes(minutes=2)
    assert lines_in(marie, hall) == []

    await cooled(world)
    said = ["Call for partners opens Monday: https://example.org/call", "From Vera, Green Manufacturing"]
    assert lines_in(marie, hall) == [said]
    assert marie.reads().lines == [*said, "You get this because you take part in the alliance."]
    assert marie.reads().buttons == ["Later", "Stop these"]
    report = heard_with(vera, "is out")
    assert report.lines == [
        "✓ Call for partners opens Monday: https://example.org/call is out: 3 of 3 readers have it.",
        "Sent by Vera.",
    ]
    assert report.buttons == ["Fix text", "Take back", "List as a file", "Texts"]


async def test_three_minutes_to_stop_it(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Too early")
    await vera.taps("Send to 3")
    await world.passes(minutes=2)

    heard = await vera.taps("Stop")
    assert heard.lines == ["Stopped: Too early. Nobody got it."]
    await cooled(world)
    assert lines_in(marie, hall) == []
    assert await kept(world) == ["stopped"]

    heard = await vera.taps("Send after all")
    assert heard.lines[:2] == ["This is what people will see:", "Too early"]
    await vera.taps("Send to 3")
    await cooled(world)
    assert lines_in(marie, hall) == [["Too early", "From Vera, Green Manufacturing"]]
    assert await kept(world) == ["stopped", "sending"]

    heard = await vera.types("/announcements")
    assert heard.lines == [
        "Announcements",
        "2 · Too early · Vera · Tue 24 Nov, 10:38, 3 of 3",
        "1 · Too early · Vera · stopped, 0 of 3 have it",
    ]
    heard = await vera.taps("Open 1")
    assert heard.first == "Stopped: Too early, by Vera, Tue 24 Nov, 10:32."


async def test_the_audience_is_typed_and_looked_at(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    joao = await world.member("João", "pool-net", "member")
    hall = await announcing_hall(marie)

    heard = await written(vera, "Meet in Lyon", to="representatives in France")
    assert heard.lines[1:5] == [
        "Meet in Lyon",
        "Goes to 1 person: Representative and France.",
        "No chat gets it, since it isn't for everybody.",
        "I read the last words as who gets it.",
    ]
    assert heard.buttons[:2] == ["Send to 1", "Part of the text"]
    heard = await vera.taps("Goes to")
    assert heard.first == "Meet in Lyon: who is it for?"
    heard = await vera.says("the moon and Portugal")
    assert heard.first == 'I don\'t know who "moon" is.'
    heard = await vera.says("Portugal")
    assert "Goes to 1 person: Portugal." in heard.lines
    heard = await vera.taps("Chats too")
    assert "Goes to 1 chat and 1 person: Portugal." in heard.lines

    heard = await vera.taps("Who exactly")
    assert heard.lines[:3] == [
        "Who gets Meet in Lyon",
        f"1 · Partners · {world.platform.capitalize()}",
        f"2 · João · Pool-Net · {world.platform.capitalize()}",
    ]
    heard = await vera.taps("Take off 1")
    assert heard.lines[1:] == [
        f"1 · João · Pool-Net · {world.platform.capitalize()}",
        "2 · Partners · not: it's for some people only",
    ]
    assert heard.buttons == ["Take off 1", "Add 2", "Back"]
    await vera.taps("Back")
    heard = await vera.taps("Send to 1")
    await cooled(world)
    assert lines_in(marie, hall) == []
    assert joao.reads().first == "Meet in Lyon"
    assert "Meet in Lyon" not in read_by(marie)


async def test_who_stopped_announcements_and_chats_out_of_reach_are_named(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    other = await announcing_hall(marie, name="EMC2 general")
    await written(vera, "First")
    await vera.taps("Send to 4")
    await cooled(world)
    await marie.taps("Stop these")
    await world.removes_bot(marie, other)

    heard = await written(vera, "Second")
    assert "Goes to 1 chat and 1 person: everybody." in heard.lines
    assert "Not to: 1 person (muted), EMC2 general (I was removed)." in heard.lines
    await vera.taps("Send to 2")
    await cooled(world)
    assert lines_in(marie, hall)[-1] == ["Second", "From Vera, Green Manufacturing"]
    assert "Second" not in read_by(marie)


async def test_it_is_edited_thrown_away_and_fetched_back(world: World) -> None:
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await written(vera, "A tpyo")
    await vera.taps("Edit text")
    heard = await vera.gives(text="No typo\n\nat all")
    heard = heard if heard.lines else vera.reads()
    assert heard.lines[:3] == ["This is what people will see:", "No typo", "at all"]

    heard = await vera.taps("Throw away")
    assert heard.lines == ["Thrown away: No typo. Nobody got it."]
    heard = await vera.taps("Get it back")
    assert heard.lines[:2] == ["This is what people will see:", "No typo"]
    assert await kept(world) == ["stopped", "draft"]
    assert (await broadcast(world, 2)).texts == {"en": "No typo\n\nat all"}


async def test_without_words_it_asks_and_with_nobody_it_says_so(world: World) -> None:
    vera = await coordinator(world)
    heard = await vera.types("/announce")
    if world.platform == "telegram":
        assert heard.first == "What do you want to announce?"
    await vera.gives(text="Hello\n\n- one\n- two")
    heard = vera.reads()
    assert heard.lines[1:4] == ["Hello", "• one", "• two"]
    await vera.taps("Goes to")
    heard = await vera.says("Portugal")
    assert "It reaches nobody yet: Portugal." in heard.lines
    assert heard.buttons == ["Edit text", "Goes to", "Who exactly", "More", "Throw away"]


async def test_people_without_the_right_cannot(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/announce Hello")
    assert await kept(world) == []
    assert "This is what people will see:" not in heard.text


async def test_each_reads_it_in_their_language(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")

    def speaks_french(store: Store) -> None:
        person = store.accounts.identify(marie.account).person
        assert person is not None
        store.persons.change(person.id, language="fr")

    await world.storage.write(speaks_french)
    await written(vera, "The call is open")
    await vera.taps("More")
    heard = await vera.taps("Add a language")
    assert heard.first == "The call is open: in which language too?"
    await vera.taps("French")
    await vera.gives(text="L'appel est ouvert")
    heard = vera.reads()
    assert heard.lines[1:5] == ["English:", "The call is open", "French:", "L'appel est ouvert"]
    await vera.taps("Send to 2")
    await cooled(world)
    assert marie.reads().first == "L'appel est ouvert"


async def test_one_announcement_on_both_platforms(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with Both(storage) as both:
        vera = await both.member("Vera", "", "coordinator", on="slack")
        await vera.says("help")
        luc = await both.member("Luc", "mecatech", on="slack")
        zane = await both.member("Zane", "green-tech", on="telegram")
        channel, group = await announcing_hall(luc, name="Hall S"), await announcing_hall(zane, name="Hall T")
        heard = await vera.types("/announce **Bold** news")
        assert "Goes to 2 chats and 3 people: everybody." in heard.lines
        await vera.taps("Send to 5")
        await both.passes(minutes=4)
        await both.settled()
        said = ["Bold news", "From Vera, Green Manufacturing"]
        assert lines_in(luc, channel) == lines_in(zane, group) == [said]
        assert zane.reads().lines[:2] == said
        assert heard_with(vera, "is out").first == "✓ Bold news is out: 5 of 5 readers have it."
    storage.close_now()
