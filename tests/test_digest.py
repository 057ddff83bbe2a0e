"""Digests: several things in one message, read when they come or at once by `/digest`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.assembly.founding import dates_behind
from bot.context import Context
from bot.handlers.announcing.in_a_digest import in_a_digest
from bot.handlers.attention.numbered import numbered_taps
from bot.handlers.cohosts import ask_cohosts
from bot.handlers.counting import found
from bot.messages import Button, Reply
from bot.notices import NOTICES
from bot.rules.decisions.motions import Candidate
from storage.store import Storage
from tests.announce_stage import cooled, coordinator, written
from tests.assembly_stage import acting, ballots, in_house, noticed, opened
from tests.attention_deliveries import kinds
from tests.attention_stage import calm
from tests.events_stage import answers, planned
from tests.newsletter_stage import DRAFT, SEND, filled, it_is, subscribed, told
from tests.test_bodies import number_of
from tests.test_in_private import said_to_her_alone
from tests.world import Heard, World

__all__ = ["calm", "kinds"]  # fixtures

WHY = "You get this because several things came together."
NOTHING = "Nothing to do. All that was asked of you is answered."
THINGS = ("Pumps", "Steel", "Water", "Robots", "Heat", "Sand", "Glass", "Lasers", "Paint")


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[World]:
    """The bot on one platform and one database, for what is the same on all."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


async def colleagues(world: World) -> tuple[Any, Any, Any]:
    """Marie, Luc and Ana, for whose organisations others speak, who owe what only they do."""
    for organisation in ("cimes", "mecatech", "pool-net"):
        await world.member(f"Head of {organisation}", organisation)
    marie = await world.member("Marie", "cimes", "member")
    luc = await world.member("Luc", "mecatech", "member")
    return marie, luc, await world.member("Ana", "pool-net", "member")


async def next_morning(world: World) -> None:
    """It is half past nine on the next day in Brussels, and what is due by then is sent."""
    world.clock.at = (world.clock.at + timedelta(days=1)).replace(hour=8, minute=30)
    await world.settled()


async def comes_together(world: World, somebody: Any, *numbers: int) -> None:
    """Invitations to these events come to somebody in one digest."""

    def put(ctx: Context) -> None:
        person = acting(ctx, somebody).person.id
        for number in numbers:
            far = ctx.now + timedelta(days=300)
            ctx.notify(person, "event invitation", f"test:{number}", {"event": number}, far)
        ctx.store.deliveries.queue(ctx.told)
        ctx.told.clear()
        items = [one.id for one in ctx.store.deliveries.waiting_for(person)]
        ctx.store.deliveries.fold(items, ctx.now)
        ctx.notify(person, "digest", "digest:test", {"items": items})

    await in_house(world, put)


async def test_what_has_no_room_alone_comes_in_one_message(calm: World) -> None:
    marie, luc, ana = await colleagues(calm)
    await planned(calm, by=ana, invite=True)
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")
    await planned(calm, by=ana, invite=True, title="LCA clinic")
    assert told(luc)[-1].first == "Pool-Net invites you: Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels"
    await next_morning(calm)

    heard = told(luc)[-1]
    assert heard.lines == [
        "Good morning Luc, two things:",
        "1 CIMES says that MecaTech took part in Moulds (workshop, Thu 12 Nov).",
        "2 Pool-Net invites you: LCA clinic, Tue 8 Dec, 15:00 in Brussels",
        "Your 2nd message this week, of 3 at most.",
        WHY,
    ]
    assert heard.buttons == [
        "1 · We did", "1 · Not us", "2 · Going", "2 · Maybe", "2 · Can't",
        "All I owe", "Later", "What I send you",
    ]  # fmt: skip
    assert (await luc.taps("1 · We did")).first == "✓ Confirmed for MecaTech: Moulds, Thu 12 Nov."
    await luc.taps("2 · Can't", on=heard.raw)  # the rest of it still stands
    assert (await luc.types("/todo")).lines == [
        "One thing to do:",
        "Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels: do you go?",
    ]


async def test_what_is_done_meanwhile_is_left_out(small: World) -> None:
    _, luc, ana = await colleagues(small)
    numbers = [await planned(small, by=ana, title=title) for title in THINGS[:2]]
    await answers(small, numbers[0], "going", luc)
    small.clock.at = small.clock.at.replace(hour=14)
    await comes_together(small, luc, *numbers)
    await small.settled()

    heard = luc.reads()
    assert heard.lines == [
        "Good afternoon Luc, one thing:",
        "Pool-Net invites you: Steel, Tue 8 Dec, 15:00 in Brussels",
        WHY,
    ]
    assert heard.buttons == ["Going", "Maybe", "Can't", "All I owe", "Later", "What I send you"]


async def test_nothing_left_is_no_message(small: World) -> None:
    _, luc, ana = await colleagues(small)
    number = await planned(small, by=ana)
    await luc.types("/help")
    before = luc.reads().lines
    await answers(small, number, "going", luc)
    await comes_together(small, luc, number)
    await small.settled()
    assert luc.reads().lines == before


async def test_of_many_seven_are_told(small: World) -> None:
    _, luc, ana = await colleagues(small)
    numbers = [await planned(small, by=ana, title=title) for title in THINGS]
    await comes_together(small, luc, *numbers)
    await small.settled()

    heard = luc.reads()
    assert heard.first == "Good morning Luc, nine things:"
    assert heard.lines[7:] == [
        "7 Pool-Net invites you: Glass, Tue 8 Dec, 15:00 in Brussels", "And 2 more.", WHY,
    ]  # fmt: skip
    assert heard.buttons == [
        "1 · Going", "1 · Maybe", "1 · Can't", "2 · Going", "2 · Maybe", "2 · Can't",
        "3 · Answer", "4 · Answer", "5 · Answer", "6 · Answer", "7 · Answer",
        "All I owe", "Later", "What I send you",
    ]  # fmt: skip
    assert (await luc.taps("7 · Answer")).buttons[:3] == ["Going", "Maybe", "Can't"]


def test_a_ballot_is_offered_whole_or_by_one_tap_to_all_of_it() -> None:
    choices = ("For", "Against", "Abstain")

    def vote(number: int, *labels: str) -> Reply:
        given = {"motion": str(number), "for": "cimes"}
        taps = (Button(label, "cast ballot", {**given, "choice": label}) for label in labels)
        return Reply("owed/vote", buttons=tuple(taps))

    everything: Any = SimpleNamespace(translate=str)
    taps = numbered_taps(everything, [vote(number, *choices) for number in range(1, 7)])
    assert [tap.label for tap in taps] == [
        *(f"{at} · {choice}" for at in (1, 2, 3) for choice in choices), "4 · Vote", "5 · Vote", "6 · Vote",
    ]  # fmt: skip
    assert (taps[-1].command, taps[-1].arguments) == ("vote", {"motion": "6", "for": "cimes"})
    proof = Reply("test", {}, (Button("Add link or photo", "add link"),))
    assert numbered_taps(everything, [proof, proof])[1].label == "2 Add link or photo", "and it is not cut"
    (only,) = numbered_taps(everything, [vote(1, "Ana", "Bea", "Luc", "Abstain")])
    assert (only.label, only.command) == ("Vote", "vote")  # no candidate before another


async def put_together(world: World, somebody: Any, put: Callable[[Context, int], None]) -> Heard:
    """What is told to somebody comes in one digest."""
    number = await number_of(world, somebody)

    def together(ctx: Context) -> None:
        put(ctx, number)
        ctx.store.deliveries.queue(ctx.told)
        ctx.told.clear()
        items = [one.id for one in ctx.store.deliveries.waiting_for(number)]
        ctx.store.deliveries.fold(items, ctx.now)
        ctx.notify(number, "digest", f"digest:{ctx.now.isoformat()}", {"items": items})

    world.clock.pass_(minutes=1)
    await in_house(world, together)
    await world.settled()
    heard: Heard = told(somebody)[-1]
    return heard


async def test_one_that_cannot_be_said_stops_no_other(
    small: World, kinds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    luc = await small.member("Luc", "mecatech")

    def breaks(_ctx: Context, _values: Any) -> Any:
        raise LookupError("gone")

    whole = NOTICES["seats"]
    monkeypatch.setitem(NOTICES, "breaks", replace(whole, kind="breaks", still_due=breaks))
    monkeypatch.setitem(NOTICES, "mute", replace(whole, kind="mute", line=breaks))

    def put(ctx: Context, person: int) -> None:
        for kind in ("breaks", "mute", "seats"):
            ctx.notify(person, kind, kind, {"asks": "Pump day?"}, ctx.now + timedelta(days=9))
        ctx.tell((person,), "came_in", "half", {"name": "Lena"}, kind="people")  # without its other words

    heard = await put_together(small, luc, put)
    assert heard.lines == ["Good morning Luc, one thing:", "Pump day?", WHY]


async def test_what_is_over_is_left_out(small: World, kinds: None) -> None:
    luc = await small.member("Luc", "mecatech")

    def put(ctx: Context, person: int) -> None:
        far, noon = ctx.now + timedelta(days=9), ctx.now + timedelta(hours=3)
        ctx.notify(person, "seats", "a", {"asks": "Heat day?"}, far, until=noon)
        ctx.notify(person, "seats", "b", {"asks": "Pump day?"}, far, until=noon + timedelta(days=1))
        small.clock.pass_(hours=4)

    assert (await put_together(small, luc, put)).lines[1:] == ["Pump day?", WHY]


async def test_the_same_thing_is_said_once(small: World) -> None:
    marie, luc, ana = await colleagues(small)
    for day, title in ((12, "Moulds"), (13, "Pumps")):
        await marie.types(f"/log workshop {title} on {day} Nov with MecaTech")
    number = await planned(small, by=ana, starts_at=datetime(2026, 11, 23, 14, tzinfo=UTC))

    def asked_twice(ctx: Context, person: int) -> None:
        ask_cohosts(ctx, found(ctx, 2).record, ("mecatech",), ctx.now.minute)
        values = {"organisation": "mecatech", "activities": [1, 2]}
        ctx.notify(person, "confirmation reminder", f"again:{ctx.now.minute}", values)
        ctx.told[:] = [one for one in ctx.told if one.person_id == person]

    heard = await put_together(small, luc, asked_twice)
    assert heard.lines[1:-1] == ["2 activities wait for MecaTech's tap; they count meanwhile."]
    await luc.taps("Look at them")
    await luc.taps("We did")
    heard = await put_together(small, luc, asked_twice)
    assert heard.lines[1:-1] == ["CIMES says MecaTech took part in Pumps, Fri 13 Nov."]

    def to_log(ctx: Context, person: int) -> None:
        for kind in ("event log", "event log again"):
            ctx.notify(person, kind, f"{kind}:test", {"event": number, "last": False})

    heard = await put_together(small, ana, to_log)
    assert heard.lines[1:-1] == ["Green hydrogen 101, Mon 23 Nov, isn't logged for Pool-Net yet."]


async def test_the_deadlines_of_a_motion_in_a_line_each(small: World) -> None:
    vera = await coordinator(small)
    day = datetime(2026, 12, 4, 8, tzinfo=UTC)
    only = (Candidate("1", "Ana", organisation="pool-net"),)
    election = await noticed(small, "election", candidates=only, seats=2, opens_at=day)
    resolution = await opened(small)
    await ballots(small, resolution, cimes="for", emc2="for")

    def put(ctx: Context, person: int) -> None:
        for number, about in ((election, "candidates"), (resolution, "quorum")):
            ctx.notify(person, "motion deadline", about, {"motion": number, "about": about})

    heard = await put_together(small, vera, put)
    assert heard.lines[1:-1] == [
        "1 Voting on motion 1, Who coordinates us, opens Fri 4 Dec, 09:00 in Brussels; "
        "one candidate stands, seats to fill: 2.",
        "2 Motion 2, A joint newsletter, closes Wed 2 Dec, 17:00 in Brussels; "
        "2 more organisations make it valid.",
    ]
    assert heard.buttons[:4] == ["1 · Withdraw it", "1 · Read it", "2 · Enter a vote", "2 · Read it"]


async def test_dates_behind_us_are_named_and_one_tap_opens_them(small: World) -> None:
    vera = await coordinator(small)
    keys = [one.key for one in await in_house(small, dates_behind)]

    def put(ctx: Context, person: int) -> None:
        ctx.notify(person, "first dates", f"first dates:{ctx.now.minute}", {"dates": keys})

    heard = await put_together(small, vera, put)
    assert heard.lines[1:-1] == [
        "Two dates are behind us: the Partnership Agreement, Thu 26 Feb, and the renewal, Wed 26 Aug."
    ]
    assert heard.buttons[0] == "Answer"
    assert (await vera.taps("Answer")).first == "The charter names 2 dates that are behind us:"
    await vera.taps("Not yet: 1")
    assert (await put_together(small, vera, put)).buttons[:3] == [
        "It was decided",
        "Not yet",
        "Ask me in January",
    ]


async def test_what_waits_is_read_at_once_and_comes_no_more(calm: World) -> None:
    marie, luc, ana = await colleagues(calm)
    one = await planned(calm, by=ana, invite=True)
    await answers(calm, one, "going", luc)
    await opened(calm)
    await planned(calm, by=ana, invite=True, title="LCA clinic")
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")
    await calm.settled()

    heard = await luc.types("/digest")
    assert heard.lines == [
        "Good morning Luc, two things:",
        "1 Pool-Net invites you: LCA clinic, Tue 8 Dec, 15:00 in Brussels",
        "2 CIMES says that MecaTech took part in Moulds (workshop, Thu 12 Nov).",
        "The next two weeks",
        "✓ Going: Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels",
        "Motion 1, A joint newsletter, closes Wed 2 Dec, 17:00 in Brussels",
    ]
    assert heard.buttons == [
        "1 · Going", "1 · Maybe", "1 · Can't", "2 · We did", "2 · Not us", "All I owe", "Events",
    ]  # fmt: skip
    await next_morning(calm)
    assert told(luc)[-1].lines == heard.lines
    heard = await luc.types("/what waits")
    assert heard.first == "No new messages, Luc. 2 things stand in your list."


async def test_nothing_waits_and_what_comes_next(small: World) -> None:
    _, luc, ana = await colleagues(small)
    heard = await luc.types("/digest")
    assert heard.lines == ["Nothing waits for you, Luc, and the next two weeks are free."]
    await luc.types("/subscribe")
    heard = await luc.types("/digest")
    assert heard.lines == [
        "Nothing waits for you, Luc, and the next two weeks are free.",
        "Next comes the newsletter, Tue 5 Jan 2027.",
    ]
    assert heard.buttons == ["All I owe", "Events"]
    await planned(small, by=ana, starts_at=datetime(2027, 1, 12, 9, tzinfo=UTC))
    assert (await luc.types("/digest")).lines[1] == "Next comes Green hydrogen 101, Tue 12 Jan 2027."


async def test_the_newest_items_of_the_newsletter(small: World) -> None:
    vera = await coordinator(small)
    marie, luc, _ = await colleagues(small)
    await subscribed(small, marie)
    await filled(small, marie)
    await it_is(small, DRAFT)
    await it_is(small, SEND)
    await small.settled()
    heard = await luc.types("/digest")
    at = heard.lines.index("Green Manufacturing News, January 2027")
    assert heard.lines[at + 1 :] == [
        "A guide to moulds · CIMES",
        "Our plans for spring · Pool-Net",
        "Pumps that mend themselves · MecaTech",
    ]
    assert "Read it here" in heard.buttons
    del vera


async def test_an_announcement_is_a_line_and_a_tap_to_all_of_it(small: World) -> None:
    vera = await coordinator(small)
    marie, _, _ = await colleagues(small)
    await written(vera, "Four eyes. They see more than two.")
    await vera.taps("Send to 7")
    late = await small.member("Otto", "emc2", "member")
    await cooled(small)

    line = await in_house(small, lambda ctx: in_a_digest(ctx, {"broadcast": 1}))
    assert line.values == {
        "title": "Four eyes. They see more than two",
        "author": "Vera",
        "organisation": "Green Manufacturing",
    }
    assert [(one.label, one.command) for one in line.buttons] == [("Read it", "read announcement")]

    def show(ctx: Context) -> None:
        persons = [acting(ctx, one).person.id for one in (marie, late)]
        ctx.tell(persons, line.template, "test", line.values, line.buttons)

    await in_house(small, show)
    await small.settled()
    assert marie.reads().lines == ["Vera, Green Manufacturing, announces: Four eyes. They see more than two"]
    heard = await marie.taps("Read it")
    assert heard.lines == ["Four eyes. They see more than two.", "From Vera, Green Manufacturing"]
    assert heard.buttons == []
    assert (await late.taps("Read it")).first == "I know no announcement 1."


@pytest.mark.parametrize(("line", "first"), [("/todo", NOTHING), ("/digest", "Nothing waits for you, Luc")])
async def test_in_a_group_it_is_for_one_reader(world: World, line: str, first: str) -> None:
    marie, luc, _ = await colleagues(world)
    await said_to_her_alone(world, luc, marie, world.group("hall", marie, luc), line, first)
