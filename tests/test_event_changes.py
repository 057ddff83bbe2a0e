"""Events that change: words and seats silently, time and place with a word to everybody who answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.assembly_stage import slack_world
from tests.attention_stage import calm
from tests.events_stage import START, answers, event_of, people, planned, rsvp_of
from tests.world import World

__all__ = ["calm", "slack_world"]  # fixtures

LINK = "https://meet.example.org/h2"
IN_LISBON = "Tue 8 Dec, 14:00 in Lisbon (15:00 CET)"


async def test_words_and_seats_change_without_a_message(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")
    number = await planned(world, by=ana, capacity=3)
    crowd = await people(world, 2)
    await answers(world, number, "going", *crowd, luc)
    [waits] = await people(world, 1)
    await answers(world, number, "going", waits)
    await luc.types("/event 1")
    before = luc.reads().text

    heard = await ana.types("/event change 1 seats 1")
    assert heard.lines == [
        "✓ Green hydrogen 101 is changed; its cards follow.",
        "Over by 2: nobody loses a seat, and nobody moves up meanwhile.",
    ]
    heard = await ana.types("/event change 1 seats 4")
    assert heard.lines[1:] == ["1 person in line moves up and is told."]
    found = await rsvp_of(world, number, waits)
    assert found is not None
    assert found.state == "going"
    heard = await ana.types(f"/event change 1 title Hydrogen, plainly link {LINK}")
    assert heard.first == "✓ Hydrogen, plainly is changed; its cards follow."
    heard = await ana.types(f"/event change 1 link {LINK}")
    assert heard.first == "Hydrogen, plainly is like that already. Nothing changed."
    await ana.types("/event change 1 link -")
    await world.settled()
    assert luc.reads().text == before, "nobody is told"
    event = await event_of(world, number)
    assert (event.title, event.link, event.capacity, event.sequence) == ("Hydrogen, plainly", "", 4, 0)


async def test_what_changes_is_asked_for(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await planned(world, by=ana, about="Old words", capacity=3)
    heard = await ana.types("/event change 1")
    if world.platform == "slack":
        form = {one["block_id"]: one["element"].get("initial_value") for one in ana.user.form.inputs}
        assert (form["title"], form["about"], form["seats"]) == ("Green hydrogen 101", "Old words", "3")
        heard = await ana.gives(about="New words", seats="0")
    else:
        assert heard.first.startswith("What changes about Green hydrogen 101?")
        assert heard.buttons == [
            "Title",
            "What it is about",
            "Link",
            "Seats",
            "Seats each",
            "Who is invited",
            "Move it",
            "Cancel",
        ]
        heard = await ana.taps("What it is about")
        assert heard.lines == ["What is it about?", "A dash takes it away"]
        heard = await ana.says("New words")
        await ana.types("/event change 1 seats 0")
    assert heard.first == "✓ Green hydrogen 101 is changed; its cards follow."
    event = await event_of(world, 1)
    assert (event.about, event.capacity) == ("New words", None)


async def test_a_move_tells_what_it_was_and_what_it_is(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    joao = await world.member("João", "pool-net", "member")
    luc = await world.member("Luc", "mecatech")
    marie = await world.member("Marie", "cimes")
    number = await planned(world, by=ana, link=LINK)
    await answers(world, number, "going", joao)
    await answers(world, number, "maybe", luc)
    await answers(world, number, "no", marie)
    await marie.types("/events")

    heard = await ana.types("/event move 1 to 9 December 15:30")
    assert heard.lines == [
        "Move Green hydrogen 101 to Wed 9 Dec, 15:30 in Lisbon (16:30 CET)?",
        f"Until now: {IN_LISBON}.",
        "2 people are told.",
        "Those who go keep their seats, and are asked if they still come.",
    ]
    assert heard.buttons == ["Move it", "Another time", "Cancel"]
    heard = await ana.taps("Move it")
    assert heard.lines == [
        "✓ Green hydrogen 101 is moved: Wed 9 Dec, 15:30 in Lisbon (16:30 CET).",
        "2 people are told; the cards follow.",
    ]
    await world.settled()
    heard = joao.reads()
    assert heard.lines == [
        "Green hydrogen 101 is moved: Wed 9 Dec, 15:30 in Lisbon (16:30 CET)",
        f"Until now: {IN_LISBON}.",
        "Your seat is kept. Do you still come?",
        "You get this because you were invited, answered, or host it.",
    ]
    assert heard.buttons == [
        "Still coming",
        "Can't make it",
        "To my calendar",
        "Open it",
        "Later",
        "Stop these",
    ]
    heard = luc.reads()
    assert heard.first == "Green hydrogen 101 is moved: Wed 9 Dec, 16:30 in Brussels"
    assert heard.buttons == [
        "Can't make it",
        "To my calendar",
        "Open it",
        "Later",
        "Stop these",
    ]
    assert marie.reads().first == "Events · 1", "she said no, and hears nothing"
    event = await event_of(world, number)
    assert (event.sequence, event.starts_at) == (1, datetime(2026, 12, 9, 15, 30, tzinfo=UTC))
    found = await rsvp_of(world, number, joao)
    assert found is not None
    assert found.asked_again_at is not None

    await joao.taps("Still coming")
    heard = await ana.types("/event move 1 length 90 in Hall 2, Nantes")
    assert "Those who go keep their seats, and are asked if they still come." not in heard.lines
    await ana.taps("Move it")
    await world.settled()
    assert joao.reads().lines[:4] == [
        "Green hydrogen 101 is moved: Wed 9 Dec, 15:30 in Lisbon (16:30 CET)",
        "90 minutes",
        "Where: Hall 2, Nantes",
        "Until now: Wed 9 Dec, 15:30 in Lisbon (16:30 CET), 1 hour.",
    ]
    assert joao.reads().lines[4] == "You're still going. You can change that here."


async def test_a_move_is_no_move_to_where_it_is_or_to_the_past(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await planned(world, by=ana)
    heard = await ana.types("/event move 1 to 8 December 14:00")
    assert heard.first == (
        f"Green hydrogen 101 is on {IN_LISBON} already, at that place. To which day and time does it move?"
    )
    heard = await ana.types("/event move 1 to 2026-11-20 14:00")
    assert heard.first == "Fri 20 Nov, 14:00 is behind us. On which day, and at what time, is it?"
    await ana.taps("Cancel")


async def test_a_yes_to_one_move_is_none_to_another(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    joao = await world.member("João", "pool-net", "member")
    number = await planned(world, by=ana)
    await ana.types("/event move 1 to 9 December 14:00")
    await joao.types("/event move 1 to 10 December 14:00")
    await joao.taps("Move it")
    heard = await ana.taps("Move it")
    assert heard.lines[:2] == [
        "Move Green hydrogen 101 to Wed 9 Dec, 14:00 in Lisbon (15:00 CET)?",
        "Until now: Thu 10 Dec, 14:00 in Lisbon (15:00 CET).",
    ]
    assert (await event_of(world, number)).sequence == 1


async def test_what_is_near_goes_out_at_once_and_silent_the_rest_in_working_hours(calm: World) -> None:
    world = calm
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")
    world.clock.at = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)  # Friday evening
    near = await planned(world, by=ana, starts_at=datetime(2026, 11, 28, 9, tzinfo=UTC), title="Near")
    far = await planned(world, by=ana, title="Far")
    await answers(world, near, "going", luc)
    early = await planned(world, by=ana, starts_at=datetime(2026, 11, 30, 7, tzinfo=UTC), title="Early")
    await answers(world, far, "going", luc)
    await answers(world, early, "going", luc)
    await luc.types("/events")

    await ana.types(f"/event move {far} to 10 December 14:00")
    await ana.taps("Move it")
    await world.passes(hours=1)
    assert luc.reads().first.startswith("Events"), "that waits until Monday"
    await ana.types(f"/event move {near} to 28 November 11:00")
    await ana.taps("Move it")
    await world.settled()
    heard = luc.reads()
    assert heard.first == "Near is moved: Sat 28 Nov, 12:00 in Brussels"
    if world.platform == "telegram":
        assert heard.raw.silent
    await ana.types(f"/event move {early} to 14 December 9:00")
    await ana.taps("Move it")
    await world.settled()
    assert luc.reads().first.startswith("Early is moved: Mon 14 Dec"), "nobody comes in vain on Monday"
    world.clock.at = datetime(2026, 11, 30, 7, 51, tzinfo=UTC)  # some minutes after half past eight
    await world.happens()
    assert luc.reads().first.startswith("Far is moved: Thu 10 Dec")
    if world.platform == "telegram":
        assert not luc.reads().raw.silent


async def test_cancelling_takes_two_taps_and_tells_everybody_who_answered(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")
    marie = await world.member("Marie", "cimes")
    paul = await world.member("Paul", "cimes")
    number = await planned(world, by=ana, capacity=1)
    await answers(world, number, "going", luc, marie)
    await answers(world, number, "no", paul)
    await paul.types("/events")

    heard = await ana.types("/event cancel 1")
    assert heard.lines == [f"Cancel Green hydrogen 101, {IN_LISBON}?", "2 people are told."]
    assert heard.buttons == ["Yes, cancel it", "Say why", "Not now"]
    await ana.taps("Say why")
    heard = await ana.says("The speaker is ill")
    assert heard.lines[1] == "Why: The speaker is ill"
    heard = await ana.taps("Yes, cancel it")
    assert heard.lines == [
        f"Green hydrogen 101, {IN_LISBON}, is cancelled.",
        "2 people are told.",
    ]
    await world.settled()
    for one in (luc, marie):
        assert one.reads().lines == [
            f"Green hydrogen 101, Tue 8 Dec, 15:00 in {'Brussels' if one is luc else 'Paris'}, is cancelled.",
            "Pool-Net says: The speaker is ill",
            "Nothing to do.",
            "You get this because you were invited, answered, or host it.",
        ]
        assert one.reads().buttons == ["Out of my calendar", "Events", "Later", "Stop these"]
    assert paul.reads().first.startswith("Events")
    heard = await ana.types("/event move 1 to 9 December 14:00")
    assert heard.first == "Green hydrogen 101 is cancelled, so nothing about it changes any more."
    heard = await luc.types("/event 1")
    assert heard.lines[:3] == [
        "Green hydrogen 101 is cancelled.",
        "Tue 8 Dec, 15:00 in Brussels",
        "Why: The speaker is ill",
    ]


async def test_what_has_begun_keeps_its_start_and_others_change_nothing(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")
    number = await planned(world, by=ana, repeats="weekly", times=3, about="Every Tuesday")
    heard = await luc.types(f"/event cancel {number}")
    assert heard.first == (
        "Green hydrogen 101 is hosted by Pool-Net, and its people change it. Nothing has changed."
    )
    assert (await luc.types(f"/event {number}")).buttons == ["Going", "Maybe", "Can't"]

    world.clock.at = START + timedelta(days=1)
    heard = await ana.types(f"/event move {number} to 16 December 14:00")
    assert heard.first == (
        "Green hydrogen 101 has begun, so its start stays. You can still move its place, or cancel the rest."
    )
    heard = await ana.types(f"/event move {number} in Hall 2")
    assert heard.buttons == ["Move it", "Cancel"]
    await ana.taps("Cancel")
    assert (await luc.types(f"/event {number}")).lines[1] == (
        "Tue 15 Dec, 15:00 in Brussels · 1 hour · every week, 3 times"
    )
    world.clock.at = START + timedelta(days=20)
    heard = await ana.types(f"/event change {number} seats 3")
    assert heard.first == "Green hydrogen 101 is over, so nothing about it changes any more."
    heard = await ana.types(f"/event {number}")
    assert heard.lines[-1] == "It's over."
    assert heard.buttons == ["Log it", "Who came", "Share the recording", "What they said"]


async def test_a_held_seat_is_held_until_two_hours_before_the_new_start(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    number = await planned(world, by=ana, capacity=1, mode="offer", where="Hall 2, Nantes")
    first, second = await people(world, 2)
    await answers(world, number, "going", first, second)
    await answers(world, number, "no", first)
    found = await rsvp_of(world, number, second)
    assert found is not None
    assert found.offered_until == datetime(2026, 11, 26, 14, 30, tzinfo=UTC), "24 waking hours"

    await ana.types(f"/event move {number} to 26 November 14:00")
    await ana.taps("Move it")
    found = await rsvp_of(world, number, second)
    assert found is not None
    assert (found.state, found.offered_until) == ("offered", datetime(2026, 11, 26, 12, tzinfo=UTC))


async def test_who_waited_for_the_first_tap_moves_up_once_there_is_time_again(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    number = await planned(world, by=ana, capacity=1, starts_at=world.clock.now() + timedelta(hours=1))
    first, second = await people(world, 2)
    await answers(world, number, "going", first, second)
    await answers(world, number, "no", first)
    found = await rsvp_of(world, number, second)
    assert found is not None
    assert found.state == "waitlisted"
    await ana.types(f"/event move {number} to 8 December 14:00")
    await ana.taps("Move it")
    found = await rsvp_of(world, number, second)
    assert found is not None
    assert found.state == "going"


async def test_who_was_invited_hears_of_a_move_and_of_the_end(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await planned(world, by=ana, invite=True)
    assert luc.reads().buttons[:3] == ["Going", "Maybe", "Can't"]
    await ana.types("/event move 1 to 9 December 14:00")
    await ana.taps("Move it")
    await world.settled()
    heard = luc.reads()
    assert heard.first.startswith("Green hydrogen 101 is moved: Wed 9 Dec, 15:00 in Brussels")
    assert heard.buttons[:3] == ["Going", "Maybe", "Can't"]
    await ana.types("/event cancel 1")
    await ana.taps("Yes, cancel it")
    await world.settled()
    assert "is cancelled" in luc.reads().first
    found = await rsvp_of(world, number, luc)
    assert found is not None
    assert found.state == "invited"


async def test_an_invitation_on_its_way_is_read_as_the_event_stands_then(calm: World) -> None:
    world = calm
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    await luc.types("/events")
    await world.passes(hours=12)  # it is night
    await planned(world, by=ana, invite=True)
    quiet = luc.reads().first
    await ana.types("/event move 1 to 9 December 14:00")
    await ana.taps("Move it")
    await world.settled()
    assert luc.reads().first == quiet, "nothing at night"
    await world.passes(hours=14)
    heard = luc.reads()
    assert heard.first.startswith("Pool-Net invites you: Green hydrogen 101, Wed 9 Dec, 15:00 in Brussels")
    assert heard.buttons[:3] == ["Going", "Maybe", "Can't"]
