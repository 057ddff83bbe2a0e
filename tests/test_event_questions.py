"""The two questions the day after, for those who came, and what the hosts read of the answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.context import Context
from bot.events.standing import found_event
from bot.handlers.events.questions import ask_who_came, results
from bot.rules.rsvp.attending import not_there
from tests.assembly_stage import acting, in_house
from tests.ended_events_stage import WORKING_DAY, came_to, over
from tests.events_stage import answers, it_is, people, planned
from tests.lanes_stage import read_by
from tests.world import World

THE_MORNING_AFTER = datetime(2026, 12, 11, 9, tzinfo=UTC)  # 10:00 in Brussels
ASKED = [
    "Was Green hydrogen 101 (Thu 10 Dec) useful?",
    "The hosts read the answers without names.",
    "You get this because you were there.",
]


async def test_who_came_answers_with_two_taps(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    eva = await world.member("Eva", "emc2")
    number = await planned(world, by=ana, starts_at=WORKING_DAY)
    await answers(world, number, "going", luc, eva)
    await came_to(world, number, luc)
    await it_is(world, THE_MORNING_AFTER)
    await world.settled()

    assert luc.reads().lines == ASKED
    assert luc.reads().buttons == ["Very", "A little", "Not really", "Later", "Stop these"]
    await eva.types("/activities")
    assert asks(eva) == 0, "whoever did not come is not asked"

    heard = await luc.taps("Very")
    assert heard.lines == [
        "Noted: Green hydrogen 101 was very useful.",
        "What will you do with it? Tap, or reply to this in your own words.",
    ]
    assert heard.buttons == ["Try it here", "Tell colleagues", "Nothing yet", "Something else"]
    heard = await luc.taps("Try it here")
    assert heard.lines == [
        "✓ Noted for Green hydrogen 101: Try it here",
        "The hosts read it without your name.",
    ]
    assert await kept(world, number) == [(2, "try")]


async def test_own_words_come_by_reply_or_when_asked_for(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    number = await over(world, came=(luc,))
    await it_is(world, THE_MORNING_AFTER)
    await world.settled()
    heard = await luc.taps("A little")

    heard = await luc.says("A pilot with two of our foundries", reply_to=heard.raw)
    assert heard.first == "✓ Noted for Green hydrogen 101: A pilot with two of our foundries"
    assert await kept(world, number) == [(1, "A pilot with two of our foundries")]

    await luc.taps("Change it")
    if world.platform == "slack":
        heard = await luc.gives(plan="A pilot in spring")
    else:
        assert luc.reads().lines == ["What will you do with it?", "The hosts read it without your name"]
        heard = await luc.says("A pilot in spring")
    assert heard.first == "✓ Noted for Green hydrogen 101: A pilot in spring"
    assert await kept(world, number) == [(1, "A pilot in spring")]


async def test_the_hosts_read_results_without_names_from_three_answers_on(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await planned(world, by=ana)
    await it_is(world, THE_MORNING_AFTER)
    await ana.types(f"/event {number}")
    assert (await ana.taps("What they said")).lines == [
        "Green hydrogen 101 has fewer than 3 answers so far.",
        "They show from 3 on, so that nobody can tell who said what.",
    ]
    crowd = await people(world, 4)
    said = ((2, "Write to our members"), (2, "try"), (0, None), (1, "try"))
    for at, (person, (useful, plan)) in enumerate(zip(crowd, said, strict=True), start=1):
        await says(world, number, person, useful, plan)
        if at == 2:
            assert await read(world, number) is None
        if at == 3:
            found = await read(world, number)
            assert found is not None
            assert (found["answers"], found["plans"]) == (3, []), "two plans would show whose they are"
    assert await read(world, number) == {
        "answers": 4, "very": 2, "little": 1, "hardly": 1,
        "plans": ["Try it here", "Try it here", "Write to our members"],
    }  # fmt: skip
    await ana.types(f"/event {number}")
    heard = await ana.taps("What they said")
    assert heard.lines == [
        "What those who came to Green hydrogen 101 said:",
        "Useful: 2 very · 1 a little · 1 not really",
        "What they'll do with it:",
        "– Try it here",
        "– Try it here",
        "– Write to our members",
    ]
    assert "What they said" not in (await luc.types(f"/event {number}")).buttons


async def test_who_is_ticked_later_is_asked_later_and_nobody_twice(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    eva = await world.member("Eva", "emc2")
    number = await over(world, by=ana, came=(luc,), measured=False)
    await it_is(world, THE_MORNING_AFTER)
    await world.settled()
    assert (asks(luc), asks(eva)) == (1, 0)

    await came_to(world, number, eva)
    await in_house(world, lambda ctx: ask_who_came(ctx, found_event(ctx, number)))
    await world.settled()
    assert (asks(luc), asks(eva)) == (1, 1)

    marie = await world.member("Marie", "cimes")
    world.clock.pass_(days=7)
    await came_to(world, number, marie)
    await in_house(world, lambda ctx: ask_who_came(ctx, found_event(ctx, number)))
    await world.settled()
    await marie.types("/activities")
    assert asks(marie) == 0


async def test_who_was_not_there_is_told_so(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    number = await over(world, came=(luc,))
    await it_is(world, THE_MORNING_AFTER)
    await world.settled()

    def off(ctx: Context) -> None:
        own = ctx.store.rsvps.get(number, acting(ctx, luc).person.id)
        assert own is not None
        ctx.store.rsvps.write(not_there(own))

    await in_house(world, off)
    heard = await luc.taps("Very")
    assert heard.lines == [
        "I ask those who came to Green hydrogen 101, and I don't have you down for it.",
        "Were you there? The hosts can put you down. Nothing is saved.",
    ]
    assert await kept(world, number) == []


async def kept(world: World, number: int) -> list[tuple[int | None, str | None]]:
    """What was said of an event."""
    said = await in_house(world, lambda ctx: ctx.store.feedback.of_event(number))
    return [(one.useful, one.plan) for one in said]


async def says(world: World, number: int, person: int, useful: int, plan: str | None) -> None:
    """A person who came answers."""
    await in_house(world, lambda ctx: ctx.store.feedback.put(number, person, useful, plan, ctx.now))


async def read(world: World, number: int) -> dict[str, Any] | None:
    """What the hosts read of it."""
    return await in_house(world, lambda ctx: results(ctx, found_event(ctx, number)))


def asks(somebody: Any) -> int:
    """How often somebody was asked whether it was useful."""
    return sum(line == ASKED[0] for line in read_by(somebody))
