"""Who came: people say it themselves, or the host's people tick them off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.events.standing import found_event
from bot.handlers.attendance.attending import came, closed, did_not_come, reopened
from bot.rules.rsvp.values import Rsvp
from storage.store import Storage
from tests.assembly_stage import acting, in_house
from tests.ended_events_stage import WORKING_DAY, over
from tests.events_stage import START, answers, card_of, event_of, events_hall, it_is, people, planned, rsvp_of
from tests.world import World


async def stands(world: World, number: int, who: Any) -> tuple[str, str, str]:
    """State, what they had said, and how it is known."""
    own = await rsvp_of(world, number, who)
    return (own.state, own.said, own.method) if own else ("", "", "")


async def test_people_say_on_the_card_that_they_are_there(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    eva, marie = await world.member("Eva", "emc2"), await world.member("Marie", "cimes")
    hall = await events_hall(ana, luc, eva, marie)
    number = await planned(world, by=ana)
    await answers(world, number, "going", luc)
    await answers(world, number, "no", eva)
    assert "I joined" not in card_of(luc, hall).buttons

    await it_is(world, START - timedelta(minutes=10))
    await world.passes(minutes=1)
    opened = await luc.types(f"/event {number}")
    assert opened.buttons[0] == "I joined"
    heard = await luc.taps("I joined")
    assert heard.lines == ["✓ You're down as there: Green hydrogen 101, Tue 8 Dec."]
    assert heard.buttons == ["I wasn't there"]
    assert await stands(world, number, luc) == ("attended", "going", "joined")

    card = await card_with_joined(world, marie, hall)
    for somebody in (eva, marie):  # who had said no, and who had not answered
        heard = await somebody.taps("I joined", card.raw)
        assert "You're down as there: Green hydrogen 101, Tue 8 Dec." in (heard.alert or heard.text)
    assert await stands(world, number, eva) == ("attended", "declined", "joined")
    assert await stands(world, number, marie) == ("attended", "invited", "joined")
    heard = await luc.taps("I joined", card_of(luc, hall).raw)
    assert "You're down as there already: Green hydrogen 101, Tue 8 Dec." in (heard.alert or heard.text)


async def card_with_joined(world: World, somebody: Any, hall: Any) -> Any:
    """The card, once it has been shown anew with [I joined]."""
    await world.passes(minutes=1)
    card = card_of(somebody, hall)
    assert card.buttons[-1] == "I joined"
    return card


async def test_a_tap_by_mistake_is_taken_back_and_too_early_or_late_is_said(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await planned(world, by=ana, starts_at=WORKING_DAY)
    await answers(world, number, "maybe", luc)
    await it_is(world, WORKING_DAY + timedelta(minutes=30))
    await luc.types(f"/event {number}")
    await luc.taps("I joined")
    heard = await luc.taps("I wasn't there")
    assert heard.lines == ["You're not down as there any more: Green hydrogen 101, Thu 10 Dec."]
    assert heard.buttons == ["I joined"]
    assert await stands(world, number, luc) == ("maybe", "", "")
    await it_is(world, WORKING_DAY + timedelta(hours=25))
    heard = await luc.taps("I joined")
    assert heard.lines == [
        "Green hydrogen 101 was on Thu 10 Dec. The tap works for a day after it.",
        "Were you there? The hosts can still put you down.",
    ]
    assert await stands(world, number, luc) == ("maybe", "", "")


async def test_the_hosts_tick_off_who_came(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    eva, marie = await world.member("Eva", "emc2"), await world.member("Marie", "cimes")
    await world.member("Marko", "mecatech")
    number = await planned(world, by=ana, starts_at=WORKING_DAY)
    await answers(world, number, "going", luc, eva)
    await answers(world, number, "maybe", marie)
    heard = await ana.types(f"/who came {number}")
    assert heard.first.startswith("Green hydrogen 101 begins Thu 10 Dec, 14:00 in Lisbon.")
    heard = await luc.types(f"/who came {number}")
    assert "Pool-Net" in heard.first, "not an event of his"

    await it_is(world, WORKING_DAY + timedelta(minutes=90))
    await ana.types(f"/who came {number}")
    heard = await ana.taps("Eva")
    assert heard.lines == [
        "Who came to Green hydrogen 101, Thu 10 Dec?",
        "Down as there: 1 of 3 on the list.",
        "1 · ✓ Eva (EMC2)",
        "2 · Luc (MecaTech)",
        "3 · Marie (CIMES) · maybe",
    ]
    taps = ["✓ Eva", "Luc", "Marie", "All who said yes", "Somebody else", "That's everybody"]
    assert heard.buttons == taps
    assert await stands(world, number, luc) == ("going", "", ""), "unknown is not missing"

    assert (await ana.taps("✓ Eva")).lines[1] == "Down as there: 0 of 3 on the list."
    await ana.taps("All who said yes")
    assert await stands(world, number, luc) == ("attended", "going", "ticked")
    assert await stands(world, number, marie) == ("maybe", "", "")
    heard = await ana.taps("None of them")
    assert heard.lines[1] == "Down as there: 0 of 3 on the list."
    await ana.taps("Eva")

    heard = await ana.taps("Somebody else")
    if world.platform == "telegram":  # Slack shows a form
        assert heard.lines == [
            "Who else came? Tell me a name.",
            "Or a number, for people whom nobody here knows.",
        ]
    heard = await ana.gives(who="marko")
    assert heard.first == "✓ Marko is down as there: Green hydrogen 101."
    await ana.taps("Somebody else")
    heard = await ana.gives(who="5 people")
    assert heard.lines[1:3] == [
        "Down as there: 2 of 4 on the list.",
        "And 5 people whom nobody here knows.",
    ]
    assert (await event_of(world, number)).guests == 5

    heard = await ana.taps("That's everybody")
    assert heard.lines[3] == "That's everybody; 1 who said yes wasn't there."
    assert heard.buttons[-2:] == ["Log it", "Open it again"]
    assert await stands(world, number, luc) == ("no_show", "going", "")
    assert await stands(world, number, marie) == ("maybe", "", ""), "only who said yes can be missing"
    await ana.taps("Open it again")
    assert await stands(world, number, luc) == ("going", "", "")
    assert not (await event_of(world, number)).attendance_measured


async def test_names_are_asked_about_and_nobody_is_made_up(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await world.member("Marie Dupont", "cimes")
    await world.member("Marie Curot", "mecatech")
    await over(world, by=ana, measured=False)
    await ana.types("/who came 1")
    await ana.taps("Somebody else")
    heard = await ana.gives(who="Marie")
    assert heard.first == 'Whom do you mean by "Marie"?'
    assert sorted(heard.buttons) == ["Cancel", "Marie Curot", "Marie Dupont"]
    heard = await ana.taps("Marie Curot")
    assert heard.first == "✓ Marie Curot is down as there: Green hydrogen 101."
    await ana.taps("Somebody else")
    heard = await ana.gives(who="Zbigniew")
    said = heard.first or next(iter(ana.user.errors.values()))  # Slack says it in the form
    assert said.startswith('I don\'t know a person called "Zbigniew".')


async def test_long_lists_have_pages_and_stay_out_of_groups(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    hall = world.group("Hall", ana, luc)
    crowd = await people(world, 10)
    number = await planned(world, by=ana, starts_at=WORKING_DAY)
    await answers(world, number, "going", *crowd)
    await it_is(world, WORKING_DAY)
    heard = await ana.types(f"/who came {number}")
    assert heard.lines[1] == "Down as there: 0 of 10 on the list. Page 1 of 2."
    assert heard.buttons[:2] == ["Person 1", "Person 10"]
    assert heard.buttons[8:] == ["Older", "All of them", "Somebody else"], "it is still on"
    heard = await ana.taps("Older")
    assert heard.buttons == ["Person 8", "Person 9", "Newer", "All of them", "Somebody else"]
    heard = await ana.taps("Person 9")
    assert heard.buttons[:2] == ["Person 8", "✓ Person 9"], "the page stays"
    await ana.types(f"/who came {number}", hall)
    assert "Person 1" not in "".join(post.text for post in map(luc.reads_on, luc.posts(hall)))


async def test_who_came_reaches_the_logged_activity(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await over(world, by=ana, measured=False)
    await world.settled()
    await ana.taps("Log it")
    await answers_late(world, number, luc)
    await ana.types(f"/who came {number}")
    heard = await ana.taps("Luc")
    assert heard.lines[-1] == "It counts now for Knowledge exchange: 1 of 2 for 2026."
    [activity] = await world.logged()
    assert ("mecatech", "attended") in {(one.organisation, one.part) for one in activity.record.involved}
    await ana.taps("✓ Luc")
    [activity] = await world.logged()
    assert [one.organisation for one in activity.record.involved] == ["pool-net"]


async def answers_late(world: World, number: int, who: Any) -> None:
    """Somebody had said yes, as far as is known now."""

    def put(ctx: Context) -> None:
        person = acting(ctx, who).person.id
        ctx.store.rsvps.write(Rsvp(number, person, "mecatech", "going", ctx.now))

    await in_house(world, put)


async def test_twice_the_same_changes_nothing(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        ana = await world.member("Ana", "pool-net")
        one, two = await people(world, 2)
        number = await over(world, by=ana, measured=False)

        def take(ctx: Context) -> list[object]:
            ctx = acting(ctx, ana)
            event = found_event(ctx, number, lock=True)
            found: list[object] = [
                came(ctx, event, {one: 12}, "imported").persons,
                came(ctx, event, {one: 12, two: 0}, "ticked").persons,
                came(ctx, event, {one: 62}, "ticked").persons,
            ]
            event = closed(ctx, event)
            found += [did_not_come(ctx, event, two), did_not_come(ctx, event, two)]
            reopened(ctx, event)
            return found

        assert await in_house(world, take) == [(one,), (two,), (), True, False]
        own = await rsvp_of(world, number, one)
        assert own is not None
        assert (own.method, own.minutes) == ("imported", 62)
        assert await stands(world, number, two) == ("invited", "", ""), "who never answered is not missing"
    storage.close_now()


async def test_between_two_sessions_it_says_when_the_next_one_is(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await planned(world, by=ana, repeats="weekly", times=2)
    await it_is(world, START)
    await luc.types(f"/event {number}")
    world.clock.pass_(hours=49)
    heard = await luc.taps("I joined")
    assert heard.lines == [
        "Green hydrogen 101 begins Tue 15 Dec, 15:00 in Brussels.",
        "From 10 minutes before, a tap puts you down as there.",
    ]
