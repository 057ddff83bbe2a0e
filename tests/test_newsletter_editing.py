"""What the coordination team does with an edition: stops, mends, approves, moves, pauses and corrects it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.newsletter_stage import (
    DRAFT,
    SEND,
    asks,
    by_mail,
    edition_of,
    filled,
    it_is,
    messages_of,
    news,
    news_hall,
    second_person,
    subscribed,
)
from tests.world import World

TITLE = "Green Manufacturing News, January 2027"


async def drafted(world: World) -> tuple[Any, Any, Any]:
    """A draft that two of the team were shown, and a reader."""
    vera = await world.member("Vera", "", "coordinator")
    theo = await world.member("Theo", "", "coordinator")
    marie = await world.member("Marie", "cimes")
    await subscribed(world, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    return vera, theo, marie


async def test_one_tap_stops_it_and_the_other_is_told(world: World) -> None:
    vera, theo, marie = await drafted(world)
    heard = await theo.taps("Stop it")
    assert heard.lines == [f"{TITLE} is stopped.", "Nobody got it. Its items can stand in another one."]
    await world.settled()
    assert vera.reads().first == f"Theo stopped {TITLE}."
    await it_is(world, SEND)
    assert await messages_of(world) == ()
    heard = await marie.types("/newsletter")
    assert "3 items wait for it." in heard.lines

    heard = await vera.taps("Make it again")
    assert heard.lines[:3] == [
        "✓ Here is the draft.",
        TITLE,
        "Goes out Wed 6 Jan, 10:00 in Brussels, unless somebody stops it.",
    ]
    await it_is(world, SEND + timedelta(days=1))
    assert marie.reads().first == TITLE


async def test_the_editors_page_mends_a_draft(world: World) -> None:
    vera, theo, marie = await drafted(world)
    [extra] = await news(world, marie, title="Late news", organisation="emc2")
    heard = await vera.taps("Open it")
    assert heard.lines == [
        TITLE,
        "Goes out Tue 5 Jan 2027, 10:00 in Brussels, unless somebody stops it.",
        "Goes to 1 person.",
        "Public: 2 of 3 items; the rest is for members only.",
        "1 · A guide to moulds · news · CIMES",
        "2 · Our plans for spring · news · Pool-Net · members only",
        "3 · Pumps that mend themselves · news · MecaTech",
    ]
    assert heard.buttons == ["Items", "Preview", "Introduction", "Another day", "Stop it"]
    heard = await vera.taps("Items")
    assert heard.buttons == ["Open 1", "Open 2", "Open 3", "Add an item", "Open it"]
    heard = await vera.taps("Open 3")
    assert heard.lines[0] == f"Item 3 of {TITLE} · news · public"
    assert heard.buttons == ["Up", "Edit", "Members only", "Leave out", "Items"]
    heard = await vera.taps("Up")
    assert heard.first == "Moved up: Pumps that mend themselves"
    await vera.taps("Items")
    await vera.taps("Open 3")
    heard = await vera.taps("Leave out")
    assert heard.first == "Left out: Our plans for spring"
    await vera.taps("Items")
    heard = await vera.taps("Add an item")
    assert heard.lines == ["Which one?"]
    heard = await vera.taps("Late news")
    assert heard.first == "Added: Late news"
    assert [line for line in heard.lines if " · " in line] == [
        "1 · A guide to moulds · news · CIMES",
        "2 · Pumps that mend themselves · news · MecaTech",
        "3 · Late news · news · EMC2",
    ]
    heard = await vera.taps("Preview")
    assert heard.first == "This is what members read in a chat:"
    heard = await vera.taps("As anybody sees it")
    assert heard.first == "This is what anybody reads, by mail and on the web:"
    assert await asks(world, lambda store: store.news.get(extra.id).used_in) == 1  # type: ignore[union-attr]

    before = theo.reads().text
    assert "Late news" not in before
    await world.passes(minutes=11)
    assert "Late news · EMC2" in theo.reads().lines, "who else looks after it is shown it once, as it is now"
    assert "Our plans for spring" not in theo.reads().text
    await it_is(world, SEND)
    assert "Late news · EMC2" in marie.reads().lines


async def test_a_broken_link_holds_it_until_it_is_mended(world: World) -> None:
    vera, _, marie = await drafted(world)
    await vera.taps("Open it")
    await vera.taps("Items")
    await vera.taps("Open 1")
    await vera.taps("Edit")
    await words(world, vera, "A guide to moulds\nRead it.\nhttp://localhost/moulds")
    heard = vera.reads()
    assert heard.first == "Changed: A guide to moulds"
    assert heard.lines[-2:] == [
        "To be mended before it goes out:",
        "Item 1: this link leads nowhere: http://localhost/moulds",
    ]
    await it_is(world, SEND)
    assert await messages_of(world) == ()
    assert vera.reads().lines == [
        f"{TITLE} is held: a few things have to be mended first.",
        "It waits for one of you until Tue 26 Jan, then it makes room for the next one.",
        "You get this because you look after the newsletter.",
    ]
    await vera.taps("Open it")
    await vera.taps("Items")
    await vera.taps("Open 1")
    await vera.taps("Edit")
    await words(world, vera, "A guide to moulds\nRead it.\nhttps://example.org/moulds")
    assert "Goes out Wed 6 Jan, 10:00 in Brussels, unless somebody stops it." in vera.reads().lines
    await it_is(world, SEND + timedelta(days=1))
    assert marie.reads().first == TITLE


async def test_a_second_person_approves_exactly_what_goes_out(world: World) -> None:
    vera, theo, marie = await drafted(world)
    await second_person(world)
    await vera.taps("Open it")
    await vera.taps("Introduction")
    await words(world, vera, "What we did in 2026.")
    heard = vera.reads()
    assert heard.lines[:4] == [
        "The introduction is changed.",
        TITLE,
        "Planned for Tue 5 Jan 2027, 10:00 in Brussels; it waits for a second person.",
        "You changed something in it, so it takes somebody else.",
    ]
    assert "Approve" not in heard.buttons
    await world.passes(minutes=11)
    heard = theo.reads()
    assert heard.first == (
        "The newsletter waits for a second person. It's planned for Tue 5 Jan 2027, 10:00 in Brussels."
    )
    assert heard.buttons == ["Approve", "Open it", "Stop it", "Later", "Stop these"]
    heard = await theo.taps("Approve")
    assert heard.lines[:3] == [
        "✓ Approved.",
        TITLE,
        "Approved; it goes out Tue 5 Jan 2027, 10:00 in Brussels.",
    ]

    await vera.types("/newsletter")
    await vera.taps("Open the draft")
    await vera.taps("Introduction")
    await words(world, vera, "What we did and made in 2026.")
    assert (await edition_of(world)).state == "approved", "spelling keeps it"
    await vera.taps("Introduction")
    await words(world, vera, "What we did and made in 2027.")
    assert vera.reads().first == (
        "The introduction is changed. It was approved before; it has to be approved again."
    )
    assert (await edition_of(world)).state == "draft"
    await it_is(world, SEND)
    assert await messages_of(world) == ()
    for one in (vera, theo):
        assert one.reads().first == f"{TITLE} is held: no second person approved it."

    await theo.taps("Open it")
    heard = await theo.taps("Approve")
    assert heard.first == "✓ Approved."
    await world.happens()
    assert marie.reads().lines[:2] == [TITLE, "What we did and made in 2027."]


async def test_what_was_approved_is_what_was_seen(world: World) -> None:
    vera, theo, _ = await drafted(world)
    await second_person(world)
    await theo.taps("Open it")
    page = theo.reads().raw
    await vera.taps("Open it")
    await vera.taps("Introduction")
    await words(world, vera, "See https://example.org/2026 for more.")
    heard = await theo.taps("Approve", on=page)
    assert heard.lines == [f"{TITLE} changed since you saw it, so it isn't approved yet. Please look again."]


async def test_another_day_has_to_be_one_for_newsletters(world: World) -> None:
    vera, theo, marie = await drafted(world)
    await vera.taps("Open it")
    await vera.taps("Another day")
    heard = await moment(world, vera, "Friday 8 January 10:00", datetime(2027, 1, 8, 9, tzinfo=UTC))
    assert heard.lines == [
        "Newsletters go out Tuesday to Thursday, 09:00 to 16:00, so not Fri 8 Jan 2027, 10:00 in Brussels.",
        "The next time is Tue 12 Jan 2027, 09:00 in Brussels.",
    ]
    heard = await vera.taps("Take that")
    assert heard.lines[:3] == [
        "✓ Another day.",
        TITLE,
        "Goes out Tue 12 Jan 2027, 09:00 in Brussels, unless somebody stops it.",
    ]
    await world.settled()
    assert "12 Jan" in theo.reads().first
    await it_is(world, SEND)
    assert await messages_of(world) == ()
    await it_is(world, datetime(2027, 1, 12, 8, tzinfo=UTC))
    assert marie.reads().first == TITLE


async def test_away_at_its_hour_it_is_held(world: World) -> None:
    vera, _, marie = await drafted(world)
    await it_is(world, SEND + timedelta(hours=7))
    assert await messages_of(world) == ()
    assert vera.reads().first == (f"{TITLE} is held: I was away at its hour, Tue 5 Jan, 10:00 in Brussels.")
    await world.passes(days=2)
    await vera.taps("Open it")
    heard = await vera.taps("Approve")
    assert "Approved; it goes out Tue 12 Jan, 09:00 in Brussels." in heard.lines
    await world.passes(days=5)
    assert marie.reads().first == TITLE


async def test_a_correction_is_a_dated_note_and_a_reply(world: World) -> None:
    vera, _, marie = await drafted(world)
    hall = await news_hall(marie)
    await it_is(world, SEND)
    heard = await vera.types("/newsletter correct 1 The guide is free since 12 January.")
    assert heard.lines == [
        f"This goes under {TITLE} in the archive, dated:",
        "The guide is free since 12 January.",
        "Everybody will read it, on the web too.",
        "Should the 2 who got it be told, too?",
    ]
    assert heard.buttons == ["Tell everybody", "Only the archive", "Members only", "Cancel"]
    heard = await vera.taps("Tell everybody")
    assert heard.lines == [
        f"✓ Noted under {TITLE}, with today's date.",
        "2 readers and chats are told.",
    ]
    await world.settled()
    assert "A correction to " + TITLE + ":" in [marie.reads_on(one).first for one in marie.posts(hall)]
    heard = await marie.types("/edition 1")
    assert heard.lines[:4] == [
        TITLE,
        "Sent Tue 5 Jan",
        "What the members of the alliance did, decided and plan.",
        "Correction, Tue 5 Jan: The guide is free since 12 January.",
    ]
    [item] = [one for one in (await edition_of(world)).items if "guide" in one.title]
    assert item.title == "A guide to moulds", "the edition itself stays as it went out"


async def test_on_its_way_it_can_be_paused_and_taken_up_again(world: World) -> None:
    vera, theo, marie = await drafted(world)
    await by_mail(world, "reader@example.org")  # no mail is sent here: that one waits
    await it_is(world, SEND)
    assert marie.reads().first == TITLE
    await vera.types("/newsletter")
    heard = await vera.taps("Open it")
    assert heard.lines[:2] == [TITLE, "On its way: 1 of 2."]
    assert heard.buttons == ["Pause", "Stop it", "Newsletter"]
    heard = await vera.taps("Pause")
    assert heard.lines[:3] == ["Paused.", TITLE, "Held: 1 of 2 have it."]
    assert await waits_until(world) > SEND + timedelta(days=365)
    heard = await vera.taps("Send the rest")
    assert heard.lines[:3] == ["✓ It goes on.", TITLE, "On its way: 1 of 2."]
    assert await waits_until(world) == SEND

    await it_is(world, datetime(2027, 1, 5, 15, tzinfo=UTC))
    assert theo.reads().first == f"{TITLE} is held: the hours for it are over, and some haven't got it."
    assert await waits_until(world) > SEND + timedelta(days=365)
    heard = await theo.taps("Open it")
    await theo.taps("Send the rest")
    assert await waits_until(world) == datetime(2027, 1, 6, 8, tzinfo=UTC), "when newsletters go out again"
    await theo.types("/newsletter")
    await theo.taps("Open it")
    heard = await theo.taps("Stop it")
    assert heard.lines == [f"{TITLE} is stopped.", "1 has it already; nobody else gets it."]
    assert sorted(one.state for one in await messages_of(world)) == ["sent", "skipped"]


async def test_what_came_too_late_is_sent_once_somebody_says_so(world: World) -> None:
    vera, _, _ = await drafted(world)
    await by_mail(world, "reader@example.org")
    await it_is(world, SEND)
    [waiting] = [one for one in await messages_of(world) if one.state == "queued"]
    await world.storage.write(lambda store: store.deliveries.skipped(waiting.id, "past its use"))
    await it_is(world, SEND + timedelta(hours=6))
    assert (await edition_of(world)).state == "held", "as after a night in which nothing went out"
    await vera.taps("Open it")
    heard = await vera.taps("Send the rest")
    assert heard.first == "✓ It goes on."
    again = (await messages_of(world))[-1]
    assert (again.state, again.reader, again.id > waiting.id) == ("queued", waiting.reader, True)
    assert again.not_before == datetime(2027, 1, 6, 8, tzinfo=UTC)
    await world.passes(hours=1)
    assert len(await messages_of(world)) == 3, "nobody gets it twice"


async def waits_until(world: World) -> datetime:
    """When the message that waits is to go."""
    [waiting] = [one for one in await messages_of(world) if one.state == "queued"]
    return waiting.not_before


async def words(world: World, who: Any, text: str) -> None:
    """Give the words that were asked for: in the form, or as a message."""
    await who.gives(words=text)


async def moment(world: World, who: Any, text: str, at: datetime) -> Any:
    """Give the moment that was asked for."""
    if world.platform == "slack":
        return await who.gives(at=int(at.timestamp()))
    return await who.says(text)
