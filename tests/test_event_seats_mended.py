"""Seats, moves and logs of events that once went wrong, as people came upon it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.context import Context
from bot.rules.indicators import Involved
from bot.rules.rsvp.values import Rsvp
from tests.assembly_stage import in_house, slack_world
from tests.attention_stage import calm
from tests.ended_events_stage import over
from tests.events_stage import START, answers, card_of, event_of, events_hall, it_is, people, planned, rsvp_of
from tests.lanes_stage import read_by
from tests.test_rsvp_line import moves, states
from tests.world import World

__all__ = ["calm", "slack_world"]  # fixtures

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVENING = datetime(2026, 11, 24, 20, tzinfo=UTC)  # nobody reads anything until tomorrow


async def answer_of(world: World, number: int, who: object) -> Rsvp:
    own = await rsvp_of(world, number, who)
    assert own is not None
    return own


async def test_who_joined_keeps_the_seat(slack_world: World) -> None:
    world = slack_world
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    jan = await world.member("Jan", "evoluma")
    number = await planned(world, capacity=2)
    await answers(world, number, "going", marie, luc, jan)
    await it_is(world, START - timedelta(minutes=5))
    await marie.types(f"/event {number}")
    await marie.taps("I joined")
    await answers(world, number, "going", jan)
    assert await states(world, number, marie, luc, jan) == ["attended", "going", "waitlisted"]
    heard = await marie.types(f"/event {number}")
    assert heard.buttons[:2] == ["I wasn't there", "To my calendar"]
    assert "Can't make it" not in heard.buttons


async def test_without_a_limit_nobody_waits_and_nothing_is_held(slack_world: World) -> None:
    world = slack_world
    ana, marie = await world.member("Ana", "pool-net"), await world.member("Marie", "cimes")
    number = await planned(world, by=ana, capacity=1, mode="offer", where="Hall 2")
    luc, jan = await people(world, 2)
    await answers(world, number, "going", luc, marie, jan)
    await answers(world, number, "no", luc)
    assert await states(world, number, marie, jan) == ["offered", "waitlisted"]
    await ana.types(f"/event change {number} seats 0")
    await world.settled()
    assert await states(world, number, marie, jan) == ["going", "going"]
    assert marie.reads().first.startswith("A seat is free: you're going to Green hydrogen 101")


async def test_the_last_call_comes_again_for_an_event_that_moved(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    number = await planned(world, capacity=1)
    [luc] = await people(world, 1)
    await answers(world, number, "going", luc, marie)
    await it_is(world, START - 2 * HOUR)
    called = "All seats of Green hydrogen 101 are taken, and it starts"
    assert len([line for line in read_by(marie) if line.startswith(called)]) == 1
    await moves(world, number, starts_at=START + DAY)
    await it_is(world, START + DAY - 2 * HOUR)
    assert len([line for line in read_by(marie) if line.startswith(called)]) == 2


async def test_moved_twice_before_it_is_read_says_what_the_reader_knew(calm: World) -> None:
    world = calm
    marie = await world.member("Marie", "cimes")
    number = await planned(world)
    await answers(world, number, "going", marie)
    world.clock.at = EVENING
    await moves(world, number, starts_at=START + DAY)
    await moves(world, number, starts_at=START + 2 * DAY)
    await world.passes(days=1)
    moved = [line for line in read_by(marie) if "is moved" in line]
    assert moved == ["Green hydrogen 101 is moved: Thu 10 Dec, 15:00 in Paris"]
    assert "Until now: Tue 8 Dec, 15:00 in Paris." in marie.reads().lines
    assert marie.reads().buttons[0] == "Still coming"


async def test_moved_there_and_back_before_it_is_read_says_and_asks_nothing(calm: World) -> None:
    world = calm
    marie = await world.member("Marie", "cimes")
    number = await planned(world)
    await answers(world, number, "going", marie)
    world.clock.at = EVENING
    await moves(world, number, starts_at=START + DAY)
    await moves(world, number, starts_at=START)
    await world.passes(days=1)
    assert not [line for line in read_by(marie) if "moved" in line]
    assert (await answer_of(world, number, marie)).asked_again_at is None


async def test_who_moves_an_event_is_not_asked_whether_they_still_come(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    number = await planned(world, by=ana)
    await answers(world, number, "going", ana)
    await ana.types(f"/event move {number} to 15 December 14:00")
    await ana.taps("Move it")
    assert (await answer_of(world, number, ana)).asked_again_at is None


async def test_an_offer_is_taken_from_the_message_that_it_moved(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    number = await planned(world, capacity=1, mode="offer", where="Hall 2")
    [luc] = await people(world, 1)
    await answers(world, number, "going", luc, marie)
    await answers(world, number, "no", luc)
    await moves(world, number, starts_at=START + DAY)
    assert marie.reads().buttons[:2] == ["Take it", "Pass"]
    await marie.taps("Take it")
    assert await states(world, number, marie) == ["going"]


async def test_a_host_with_two_hats_is_nobody_from_elsewhere(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    await world.grants(ana, "member", "cimes")
    number = await planned(world, by=ana)
    await answers(world, number, "going", ana)
    assert (await answer_of(world, number, ana)).organisation == "pool-net"


async def test_a_role_that_ends_frees_the_organisations_seat(slack_world: World) -> None:
    world = slack_world
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "cimes")
    await world.grants(marie, "member", "mecatech")
    number = await planned(world, capacity=5, per_organisation=1)
    await answers(world, number, "going", marie, luc)
    assert await states(world, number, marie, luc) == ["going", "waitlisted"]
    await luc.types("/people")
    await luc.taps("End a role")
    await luc.taps("Marie")
    await luc.taps("Yes, end it")
    await world.settled()
    assert await states(world, number, marie, luc) == ["going", "going"]
    assert (await answer_of(world, number, marie)).organisation == "mecatech"


async def test_whoever_answers_anew_takes_the_seat_of_whom_they_act_for_now(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    number = await planned(world)
    await answers(world, number, "no", marie)

    def changes_sides(ctx: Context) -> None:
        [cimes] = ctx.store.roles.of_organisation("cimes")
        ctx.store.roles.end(cimes.role.id, ctx.now, None)
        ctx.store.roles.grant(cimes.person.id, "member", "mecatech", ctx.now, None)

    await in_house(world, changes_sides)
    await answers(world, number, "going", marie)
    assert (await answer_of(world, number, marie)).organisation == "mecatech"


async def test_an_excluded_organisation_holds_no_seats(slack_world: World) -> None:
    world = slack_world
    marie, jan = await world.member("Marie", "cimes"), await world.member("Jan", "evoluma")
    luc = await world.member("Luc", "mecatech")
    await world.grants(jan, "member", "cimes")
    number = await planned(world, capacity=2, per_organisation=2)
    await answers(world, number, "going", marie, jan, luc)
    assert await states(world, number, marie, jan, luc) == ["going", "going", "waitlisted"]

    def exclude(ctx: Context) -> None:
        for holder in ctx.store.roles.of_organisation("cimes"):
            ctx.store.roles.end(holder.role.id, ctx.now, None)

    await in_house(world, exclude)
    await world.happens()
    assert await states(world, number, marie, jan, luc) == ["withdrawn", "going", "going"]
    assert (await answer_of(world, number, jan)).organisation == "evoluma"
    assert await world.storage.read(lambda store: store.rsvps.outdated()) == ()


async def test_who_announced_it_and_acts_for_no_host_any_more_changes_nothing(slack_world: World) -> None:
    world = slack_world
    ana, bob = await world.member("Ana", "pool-net"), await world.member("Bob", "pool-net")
    number = await planned(world, by=ana)
    await world.grants(ana, "representative", "mecatech")
    await bob.types("/people")
    await bob.taps("End a role")
    await bob.taps("Ana")
    await bob.taps("Yes, end it")
    heard = await ana.types(f"/event cancel {number} I left them")
    assert heard.first.startswith("Green hydrogen 101 is hosted by Pool-Net, and its people change it.")
    await it_is(world, START + HOUR)
    await world.passes(hours=18)
    assert not [line for line in read_by(ana) if "is over" in line]
    assert [line for line in read_by(bob) if "is over" in line] == ["Green hydrogen 101 is over."]


async def test_a_yes_to_cancel_is_to_the_event_as_it_was_shown(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    number = await planned(world, by=ana)
    shown = await ana.types(f"/event cancel {number} No room")
    await moves(world, number, starts_at=START + DAY)
    heard = await ana.taps("Yes, cancel it", on=shown.raw)
    assert (await event_of(world, number)).state == "planned"
    await ana.taps("Yes, cancel it", on=heard.raw)
    assert (await event_of(world, number)).state == "cancelled"


async def test_the_same_as_one_logged_by_hand_says_whose_people_came(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await over(world, by=ana, came=(luc,))
    await ana.types("/log webinar Green hydrogen 101 on 10 December")
    await ana.types(f"/who came {number}")
    await ana.taps("Log it")
    await ana.taps("It's the same")
    [activity] = await world.logged()
    assert Involved("mecatech", "attended") in activity.record.involved
    assert (await event_of(world, number)).activity == activity.record.id


async def test_logged_again_after_it_was_taken_back_it_counts_once(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await over(world, by=ana, came=(luc,))
    await ana.types(f"/who came {number}")
    await ana.taps("Log it")
    undone = await ana.taps("Undo")
    await ana.types(f"/who came {number}")
    heard = await ana.taps("Log it")
    assert heard.lines == [
        "✓ Back in the list: Green hydrogen 101 · webinar · Thu 10 Dec · Pool-Net",
        "Knowledge exchange: 1 of 2 for 2026.",
    ]
    await ana.taps("Put it back", on=undone.raw)
    [activity] = await world.logged()
    assert activity.record.state == "logged"


async def test_the_tap_that_one_joined_leaves_the_card(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    hall = await events_hall(ana)
    await planned(world, by=ana)
    await it_is(world, START)
    await world.settled()
    assert "I joined" in card_of(ana, hall).buttons
    await world.passes(days=3)
    assert card_of(ana, hall).buttons == []


async def test_shared_again_after_it_was_taken_back_unread(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await over(world, by=ana, came=(luc,))
    world.clock.at = datetime(2026, 12, 10, 19, tzinfo=UTC)
    await ana.types(f"/event share {number} https://x.example.org/rec")
    await ana.taps("Take back")
    await world.passes(hours=14)
    assert not [line for line in read_by(luc) if "recording" in line.lower()]
    await ana.taps("Share it again")
    await world.passes(hours=2)
    assert "https://x.example.org/rec" in "\n".join(luc.reads().lines)


async def test_a_general_assembly_that_moves_keeps_link_and_length_and_asks_nobody(
    slack_world: World,
) -> None:
    world = slack_world
    cora, marie = await world.member("Cora", "", "coordinator"), await world.member("Marie", "cimes")
    await cora.types("/call assembly on 10 December 14:00 in Hall 2")
    await cora.taps("Call it")
    await cora.types("/event change 1 link https://meet.example.org/ga")
    await answers(world, 1, "going", marie)
    await cora.types("/event move 1 to 15 December 14:00 minutes 200")
    await cora.taps("Move it")
    event = await event_of(world, 1)
    assert (event.starts_at.day, event.minutes) == (15, 200)
    assert event.link == "https://meet.example.org/ga"
    asked = (await answer_of(world, 1, marie)).asked_again_at
    assert asked is None, "the Assembly's own message asks nothing"

    heard = await cora.types("/event move 1 repeats weekly times 3")
    assert heard.lines == ["General Assembly takes place once. Each General Assembly is called by itself."]
    assert heard.buttons == ["Open it"]
    heard = await cora.types(
        "/event new general assembly Spring on 10 March 14:00 in Hall 2 repeats weekly times 3"
    )
    assert heard.first == "Spring takes place once. Each General Assembly is called by itself."
