"""Who is asked while somebody is away: their deputy, if they can do it, want to know, and still stand in
(engagement.md section 2 and 9.9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.context import Context
from bot.handlers.voting.owed import key_of
from bot.notices import NOTICES, Notice, Values
from storage.store import Store
from tests.assembly_stage import in_house, opened
from tests.attention_deliveries import DAY, WHY, away, chooses, every, it_is, kinds, notify, person_of, says
from tests.attention_stage import calm
from tests.newsletter_stage import told
from tests.world import World

__all__ = ["calm", "kinds"]
pytestmark = pytest.mark.usefixtures("kinds")

UNTIL = date(2026, 12, 11)


def was_asked(somebody: Any, words: str) -> bool:
    return any(words in line for one in told(somebody) for line in one.lines)


async def ana_and_bea(world: World) -> tuple[Any, Any]:
    """Ana is away, Bea stands in."""
    ana, bea = await world.member("Ana", "pool-net"), await world.member("Bea", "pool-net")
    await away(world, ana, UNTIL, bea)
    return ana, bea


async def ends_all_roles(world: World, somebody: Any) -> None:
    def ends(store: Store) -> None:
        for role in store.roles.of_person(person_of(store, somebody)):
            store.roles.end(role.id, world.clock.now(), None)

    await world.storage.write(ends)


# ---- what comes however away they are ----


async def test_a_last_call_comes_to_its_reader_and_to_a_deputy_who_may_vote(calm: World) -> None:
    marie = await calm.member("Marie", "cimes", "representative")
    paul, zoe = await calm.member("Paul", "cimes", "member"), await calm.member("Zoe", "cimes", "alternate")
    number = await opened(calm)
    values = {"owed": key_of(number, "cimes"), "motion": number, "organisation": "cimes"}

    async def calls(turn: str) -> list[Any]:
        key, until = f"vote last call:{turn}", calm.clock.now() + timedelta(hours=26)
        whose = person_of
        await in_house(
            calm,
            lambda ctx: ctx.notify(whose(ctx.store, marie), "vote last call", key, values, until=until),
        )
        await calm.settled()
        return [one for one in await every(calm) if one.key.startswith(key)]

    await away(calm, marie, UNTIL, paul)
    assert [(one.state, one.person_id) for one in await calls("1")] == [("sent", 1)]
    await away(calm, marie, UNTIL, zoe)
    assert [(one.state, one.person_id) for one in await calls("2")] == [("sent", 1), ("sent", 3)]
    assert was_asked(zoe, "You get this because you stand in for Marie.")
    assert told(paul) == []


# ---- who wants it ----


async def test_off_and_stopped_hold_for_both(calm: World) -> None:
    ana, bea = await ana_and_bea(calm)
    await chooses(calm, ana, "votes", pace="off")
    await notify(calm, ana, "Motion 6?", "vote")
    await chooses(calm, ana, "votes")
    await chooses(calm, bea, "votes", pace="off")
    await notify(calm, ana, "Motion 7?", "vote")
    await chooses(calm, bea, "votes")
    await calm.storage.write(
        lambda store: store.silenced.stop(person_of(store, bea), "vote", calm.clock.now())
    )
    await notify(calm, ana, "Motion 8?", "vote")
    assert [(one.person_id, one.state, one.says) for one in await every(calm)] == [
        (1, "queued", "away"),
        (1, "queued", "away"),
    ]


async def test_who_cannot_do_it_is_not_asked(calm: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where looking at it breaks; it waits for its reader then."""
    ana, bea = await ana_and_bea(calm)
    await calm.grants(bea, "alternate", "cimes")

    def is_theirs(ctx: Context, values: Values) -> bool:
        if ctx.person.name == "Bea" and values["asks"] == "Broken?":
            raise LookupError("gone")
        return ctx.person.name == "Ana"

    made = Notice("own", "own", WHY, says, is_theirs, 2 * DAY, 2, theme="votes", duty=True)
    monkeypatch.setitem(NOTICES, "own", made)
    for words in ("Mine?", "Broken?"):
        await notify(calm, ana, words, "own")
    assert [(one.person_id, one.says) for one in await every(calm)] == [(1, "away"), (1, "away")]
    assert told(bea) == []


# ---- who stands in ----


async def test_who_stands_in_no_more_is_left_alone(calm: World) -> None:
    ana, bea = await calm.member("Ana", "pool-net"), await calm.member("Bea", "pool-net")
    cleo = await calm.member("Cleo", "pool-net")
    await ana.types("/away until 11 December deputy Bea")
    await calm.settled()
    await it_is(calm, 24, 19)
    await notify(calm, ana, "Motion 7?", "vote")
    await ana.types("/away until 11 December deputy Cleo")
    await it_is(calm, 25, 11)
    assert (was_asked(bea, "Motion 7?"), was_asked(cleo, "Motion 7?")) == (False, True)
    await it_is(calm, 25, 19)
    await notify(calm, ana, "Motion 8?", "vote")
    await ana.types("/back")
    await it_is(calm, 26, 11)
    assert (was_asked(cleo, "Motion 8?"), was_asked(ana, "Motion 8?")) == (False, True)
    assert {one.says for one in await every(calm) if one.state == "skipped"} == {"they stand in no more"}


async def test_nobody_stands_in_from_elsewhere(calm: World) -> None:
    ana, bea = await ana_and_bea(calm)
    await ends_all_roles(calm, bea)
    await calm.grants(bea, "representative", "cimes")
    await notify(calm, ana, "Motion 7?", "vote")
    vera, nils = await calm.member("Vera", "", "coordinator"), await calm.member("Nils", "", "coordinator")
    await away(calm, vera, UNTIL, nils)
    await notify(calm, vera, "Motion 8?", "vote")
    await it_is(calm, 25, 11)
    assert (was_asked(bea, "Motion 7?"), was_asked(nils, "Motion 8?")) == (False, True)


async def test_whose_deputy_leaves_can_choose_another(calm: World) -> None:
    ana, bea = await calm.member("Ana", "pool-net"), await calm.member("Bea", "pool-net")
    await calm.member("Cleo", "pool-net")
    await ana.types("/away until 11 December deputy Bea")
    await calm.settled()
    await bea.types("/leave")
    await bea.taps("Yes, leave")
    await calm.settled()
    assert ana.reads().lines[:2] == [
        "Bea can't stand in for you; you're away until Fri 11 Dec.",
        "Until you choose another, what you owe waits for you.",
    ]
    assert (await ana.taps("Choose another")).buttons == ["Cleo", "Nobody"]


# ---- once ----


async def test_who_stands_in_for_two_is_asked_the_same_once(calm: World) -> None:
    ana, bea = await ana_and_bea(calm)
    cleo, dora = await calm.member("Cleo", "pool-net"), await calm.member("Dora", "pool-net")
    await away(calm, cleo, UNTIL, bea)
    await away(calm, dora, UNTIL, cleo)

    def asks(ctx: Context) -> None:
        for one in (ana, cleo, dora):
            ctx.notify(person_of(ctx.store, one), "vote", "vote:7", {"asks": "Motion 7?"})

    await in_house(calm, asks)
    await calm.settled()
    await it_is(calm, 26, 11)
    copies = [one for one in await every(calm) if "stands_for" in one.values]
    assert [(one.person_id, one.state) for one in copies] == [(2, "sent")]


async def test_a_copy_is_wanted_from_the_moment_it_is_made(calm: World) -> None:
    """It helps from then on, however long the original waited; an end of its own stays."""
    ana, bea = await calm.member("Ana", "pool-net"), await calm.member("Bea", "pool-net")
    await notify(calm, ana, "First?")
    end = calm.clock.now() + 20 * DAY
    await notify(calm, ana, "Soft?", "vote")
    await notify(calm, ana, "Hard?", "vote", until=end)
    await away(calm, ana, UNTIL, bea)
    await it_is(calm, 25, 11)
    now = next(one for one in await every(calm) if one.kind == "digest").not_before
    copies = {one.key: one for one in await every(calm) if "stands_for" in one.values}
    assert [one.state for one in copies.values()] == ["folded", "folded"]
    assert copies["Soft?:for:2"].useful_until == now + 2 * DAY
    assert copies["Hard?:for:2"].useful_until == end
    assert was_asked(bea, "Soft?")
