"""Votes not yet cast: asked for twice at the most, of one person an organisation, until they are cast."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.context import Context
from bot.handlers.voting.reminders import DEADLINE, LAST_CALL, REMINDED
from bot.jobs.votes import remind_of_votes
from bot.people.duties import as_person, owed_by
from bot.rules.decisions.motions import Candidate
from storage.attention import Chosen
from storage.store import Storage
from tests.assembly_stage import ballots, closes, in_house, noticed, opened, slack_world
from tests.attention_stage import calm
from tests.lanes_stage import read_by
from tests.test_bodies import number_of
from tests.ticking_stage import only
from tests.world import World

__all__ = ["calm", "slack_world"]  # fixtures

WHY = "You get this because you vote for your organisation or coordinate the alliance."
CLOSES = "It closes Wed 2 Dec, 16:00 in Lisbon"
REMINDER = [
    "Pool-Net hasn't voted yet on motion 1: A joint newsletter",
    f"{CLOSES}; 4 more organisations make the vote valid.",
    WHY,
]


@pytest.fixture(params=["slack", "telegram"])
async def stage(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[World]:
    """The alliance with one job: a vote is open from Tuesday, 24 November to Wednesday, 2 December."""
    async with World(request.param, storage, jobs=only("Votes")) as world:
        await world.passes()
        yield world


async def until(world: World, month: int, day: int, hour: int) -> None:
    """It is that hour (UTC) of a day in 2026, and the job has run in the morning."""
    world.clock.at = datetime(2026, month, day, hour, tzinfo=UTC)
    await world.happens()
    await world.settled()


async def owed(world: World, somebody: Any) -> list[tuple[str, list[str]]]:
    """Which votes somebody owes, and the taps that cast them."""
    number = await number_of(world, somebody)

    def look(ctx: Context) -> list[tuple[str, list[str]]]:
        theirs = as_person(ctx, number)
        assert theirs is not None
        return [(one.key, [tap.label for tap in one.buttons]) for one in owed_by(theirs, "vote")]

    return await in_house(world, look)


async def asked(world: World, **people: Any) -> list[str]:
    """Whom the job would ask now for a vote, and when; nothing of it is sent."""
    names = {await number_of(world, one): name for name, one in people.items()}

    def run(ctx: Context) -> list[str]:
        remind_of_votes(ctx, ctx.now)
        told = [f"{names[one.person_id or 0]}, {one.kind}, {one.not_before:%d %b %H:%M}" for one in ctx.told]
        ctx.told.clear()
        return told

    return await in_house(world, run)


async def test_who_has_not_voted_is_asked_twice_and_who_has_never_again(stage: World) -> None:
    ana, rui = await stage.member("Ana", "pool-net"), await stage.member("Rui", "pool-net", "alternate")
    marie, vera = await stage.member("Marie", "cimes"), await stage.member("Vera", "", "coordinator")
    await vera.types("/help")
    number = await opened(stage)
    heard = [one.reads().lines for one in (ana, rui)]
    assert await owed(stage, ana) == [("vote:1:pool-net", ["For", "Against", "Abstain"])]

    await until(stage, 11, 30, 8)
    assert ana.reads().lines == heard[0]
    await until(stage, 11, 30, 9)
    assert ana.reads().lines == REMINDER
    assert ana.reads().buttons[:4] == ["For", "Against", "Abstain", "Read it"]
    assert rui.reads().lines == heard[1]  # one person of an organisation
    assert await asked(stage, ana=ana, rui=rui, marie=marie, vera=vera) == []

    heard = await ana.taps("For")
    assert heard.first == "🗳 Recorded for Pool-Net: For, motion 1."
    assert await owed(stage, ana) == []
    before = ana.reads().lines
    await ballots(stage, number, emc2="for", mecatech="against")
    await until(stage, 12, 2, 8)
    assert marie.reads().first == "CIMES hasn't voted yet on motion 1: A joint newsletter"
    assert marie.reads().lines[1] == (
        "It closes Wed 2 Dec, 17:00 in Paris; one more organisation makes the vote valid."
    )
    assert ana.reads().lines == before
    assert await owed(stage, vera) == [("vote:1:others", ["Enter a vote", "Read it"])]
    assert vera.reads().lines == [
        "Motion 1, A joint newsletter, closes Wed 2 Dec, 17:00 in Brussels.",
        "One more organisation makes the vote valid. A vote by phone can be entered here.",
        "You get this because you proposed it or coordinate the alliance.",
    ]
    await marie.types("/help")
    await closes(stage, number)
    assert await owed(stage, vera) == []


async def test_representative_then_alternate_then_coordinator(stage: World) -> None:
    rui = await stage.member("Rui", "pool-net", "alternate")  # came in before Ana
    ana, vera = await stage.member("Ana", "pool-net"), await stage.member("Vera", "", "coordinator")
    number = await opened(stage)
    people = {"ana": ana, "rui": rui, "vera": vera}
    of_others = dict.fromkeys(("cimes", "emc2", "mecatech", "evoluma", "clust_er_mech", "green_tech"), "for")
    await ballots(stage, number, **of_others)
    numbers = {name: await number_of(stage, one) for name, one in people.items()}
    stage.clock.at = datetime(2026, 11, 30, 5, tzinfo=UTC)
    assert await asked(stage, **people) == ["ana, vote reminder, 30 Nov 09:00"]

    def away(ctx: Context, name: str) -> None:
        ctx.store.attention.away(numbers[name], date(2026, 12, 24), None, ctx.now)

    def stops(ctx: Context, name: str) -> None:
        ctx.store.silenced.stop(numbers[name], REMINDED, ctx.now)

    await in_house(stage, lambda ctx: away(ctx, "ana"))
    assert await asked(stage, **people) == ["rui, vote reminder, 30 Nov 09:00"]
    await in_house(stage, lambda ctx: away(ctx, "rui"))
    assert await asked(stage, **people) == ["vera, vote reminder, 30 Nov 08:00"]
    await in_house(stage, lambda ctx: stops(ctx, "ana"))
    assert await asked(stage, **people) == ["vera, vote reminder, 30 Nov 08:00"]
    off = Chosen("off")
    await in_house(stage, lambda ctx: ctx.store.attention.choose(numbers["rui"], "votes", off, ctx.now))
    assert await asked(stage, **people) == []  # nobody of theirs wants it

    stage.clock.at = datetime(
        2026, 12, 2, 5, tzinfo=UTC
    )  # Ana stopped reminders, not last calls; she is away
    assert await asked(stage, **people) == ["vera, vote last call, 02 Dec 08:00"]
    await stage.passes(hours=4)
    assert vera.reads().lines == [
        "Pool-Net hasn't voted yet on motion 1: A joint newsletter",
        *_read_by_vera(),
    ]
    assert vera.reads().buttons[:2] == ["Enter a vote", "Read it"]
    assert await asked(stage, **people) == []
    await in_house(stage, lambda ctx: ctx.store.attention.back(numbers["ana"]))
    assert await asked(stage, **people) == []  # it was asked for, whoever it was


def _read_by_vera() -> list[str]:
    nobody = "I couldn't ask anybody of theirs. A vote by phone can be entered here."
    return ["It closes Wed 2 Dec, 17:00 in Brussels.", nobody, WHY]


async def test_silence_is_explained_where_it_means_something(slack_world: World) -> None:
    ana = await slack_world.member("Ana", "pool-net")
    number = await number_of(slack_world, ana)

    async def reminded(kind: Any, **more: Any) -> Any:
        motion = await opened(slack_world, kind, **more)
        values = {"owed": f"vote:{motion}:pool-net", "motion": motion, "organisation": "pool-net"}
        await in_house(slack_world, lambda ctx: ctx.notify(number, LAST_CALL, f"now:{motion}", values))
        await slack_world.settled()
        return ana.reads()

    heard = await reminded("consent_item")
    assert heard.lines[2] == "Silence adopts it: it is carried unless a member objects."
    assert heard.buttons[:3] == ["No objection", "I object", "Read it"]
    heard = await reminded("exclusion")
    assert heard.lines[2] == "Silence weighs against: 4 of all 6 members have to vote for it."
    heard = await reminded("election")
    assert heard.lines[1:3] == [
        f"{CLOSES}; 4 more organisations make the vote valid.",
        "Silence chooses nobody: the others decide.",
    ]
    assert heard.buttons[:2] == ["Open the ballot", "Read it"]
    heard = await ana.taps("Open the ballot")
    assert heard.buttons[:2] == ["Ana", "Luc"]
    rule = await in_house(
        slack_world, lambda ctx: ctx.charter.decisions.ordinary_resolution.rule("ordinary_resolution", 1)
    )
    heard = await reminded("ordinary_resolution", rule=replace(rule, secrecy="sealed"))
    assert heard.lines[2] == "Silence counts neither for nor against. Nobody sees a vote before the close."


async def test_a_motion_says_what_it_needs_before_its_deadlines(stage: World) -> None:
    marie, vera = await stage.member("Marie", "cimes"), await stage.member("Vera", "", "coordinator")
    nothing = [(await one.types("/help")).lines for one in (marie, vera)]
    gone = (Candidate("1", "Ana", organisation="pool-net"), Candidate("2", "Luc", withdrawn=True))
    await noticed(stage, "election", proposer=marie, candidates=gone, seats=2)
    await stage.passes(days=14)
    assert [one.reads().lines for one in (marie, vera)] == nothing
    await stage.passes(days=1)
    lines = [
        "Voting on motion 1, Who coordinates us, opens Fri 11 Dec, 09:00 in {city}.",
        "One candidate stands; seats to fill: 2.",
        "Until then it can be withdrawn, and proposed again with more names.",
        "You get this because you proposed it or coordinate the alliance.",
    ]
    for somebody, city in ((marie, "Paris"), (vera, "Brussels")):
        assert somebody.reads().lines == [lines[0].format(city=city), *lines[1:]]
    assert marie.reads().buttons[:2] == ["Withdraw it", "Read it"]


async def test_an_objection_that_waits_is_brought_up_once(stage: World) -> None:
    marie, vera = await stage.member("Marie", "cimes"), await stage.member("Vera", "", "coordinator")
    number = await opened(stage, "charter_amendment")
    await ballots(stage, number, cimes="for", emc2="for", mecatech="for", evoluma="for")
    motion = await closes(stage, number)
    person = await number_of(stage, marie)
    await in_house(
        stage, lambda ctx: ctx.store.challenges.add(number, "cimes", person, "The notice was late.", ctx.now)
    )
    before = (await vera.types("/help")).lines
    assert motion.final_at is not None
    await stage.passes(hours=12)
    assert vera.reads().lines == before
    await stage.passes(days=2)
    assert vera.reads().lines == [
        f"CIMES objects to motion {number}, A small membership fee, and waits for an answer.",
        "Until it is answered the result is not final.",
        "You get this because you proposed it or coordinate the alliance.",
    ]
    assert vera.reads().buttons[:3] == ["Dismiss", "Uphold", "Read it"]
    before = (await vera.types("/help")).lines
    await stage.passes(days=3)
    assert vera.reads().lines == before


async def test_a_last_call_takes_nothing_and_a_reminder_waits_for_room(calm: World) -> None:
    ana = await calm.member("Ana", "pool-net")
    number, motion = await number_of(calm, ana), await opened(calm)
    values = {"owed": f"vote:{motion}:pool-net", "motion": motion, "organisation": "pool-net"}
    before = (await ana.types("/help")).lines  # that voting is open has taken today's room

    await in_house(calm, lambda ctx: ctx.notify(number, REMINDED, "first", values))
    await calm.settled()
    assert ana.reads().lines == before
    await in_house(calm, lambda ctx: ctx.notify(number, LAST_CALL, "last", values))
    await calm.settled()
    assert ana.reads().lines == REMINDER
    await ana.taps("Against")
    before = ana.reads().lines
    calm.clock.pass_(days=1)
    await calm.settled()
    assert ana.reads().lines == before  # they have voted: what waited is not said any more


async def test_who_votes_for_several_is_asked_once_for_all_of_them(stage: World) -> None:
    ana, vera = await stage.member("Ana", "pool-net"), await stage.member("Vera", "", "coordinator")
    for slug in ("cimes", "emc2"):
        await stage.grants(ana, "representative", slug)
    await ana.types("/help")
    number = await opened(stage)
    await ballots(stage, number, clust_er_mech="for")
    await until(stage, 11, 30, 9)
    assert ana.reads().lines == [
        "CIMES, EMC2 and Pool-Net haven't voted yet on motion 1: A joint newsletter",
        f"{CLOSES}; 3 more organisations make the vote valid.",
        "Tap an organisation to cast its vote.",
        WHY,
    ]
    assert ana.reads().buttons[:4] == ["CIMES", "EMC2", "Pool-Net", "Read it"]
    assert vera.reads().lines == [
        "EVOLUMA, Green-Tech Cluster and MecaTech haven't voted yet on motion 1: A joint newsletter",
        "It closes Wed 2 Dec, 17:00 in Brussels; 3 more organisations make the vote valid.",
        "I couldn't ask anybody of theirs. A vote by phone can be entered here.",
        WHY,
    ]
    assert vera.reads().buttons[:2] == ["Enter a vote", "Read it"]
    assert await asked(stage, ana=ana, vera=vera) == []

    heard = await ana.taps("CIMES")
    assert heard.buttons[:3] == ["For", "Against", "Abstain"]
    assert (await ana.taps("For")).first == "🗳 Recorded for CIMES: For, motion 1."
    await until(stage, 12, 2, 9)
    assert ana.reads().first == "EMC2 and Pool-Net haven't voted yet on motion 1: A joint newsletter"
    await ana.types("/vote 1 for for EMC2")
    await ana.types("/vote 1 for for Pool-Net")
    assert await asked(stage, ana=ana, vera=vera) == []


async def test_another_reader_of_one_more_organisation_is_asked_for_that_alone(stage: World) -> None:
    ana, rui = await stage.member("Ana", "pool-net"), await stage.member("Rui", "cimes")
    await stage.grants(ana, "alternate", "cimes")
    number = await opened(stage)
    others = ("emc2", "mecatech", "evoluma", "clust_er_mech", "green_tech")
    await ballots(stage, number, **dict.fromkeys(others, "for"))
    stage.clock.at = datetime(2026, 11, 30, 5, tzinfo=UTC)
    people = {"ana": ana, "rui": rui}
    expected = ["rui, vote reminder, 30 Nov 08:00", "ana, vote reminder, 30 Nov 09:00"]
    assert sorted(await asked(stage, **people)) == sorted(expected)
    await stage.happens()  # the job has asked both
    await in_house(stage, lambda ctx: remind_of_votes(ctx, ctx.now))
    await stage.passes(hours=5)
    assert ana.reads().first == "Pool-Net hasn't voted yet on motion 1: A joint newsletter"
    gone = await number_of(stage, rui)
    until_ = date(2026, 12, 24)
    await in_house(stage, lambda ctx: ctx.store.attention.away(gone, until_, None, ctx.now))
    stage.clock.at = datetime(2026, 12, 2, 5, tzinfo=UTC)
    assert await asked(stage, **people) == ["ana, vote last call, 02 Dec 09:00"]
    await until(stage, 12, 2, 9)
    assert ana.reads().first == "CIMES and Pool-Net haven't voted yet on motion 1: A joint newsletter"


async def test_a_last_call_for_others_takes_its_turn_and_the_quorum_does_not(calm: World) -> None:
    vera = await calm.member("Vera", "", "coordinator")
    number = await number_of(calm, vera)
    motion, another = await opened(calm), await opened(calm, title="Another")

    async def told(kind: str, which: int, **values: Any) -> list[str]:
        key, given = f"{kind}:{which}", {"motion": which, **values}
        await in_house(calm, lambda ctx: ctx.notify(number, kind, key, given))
        await calm.settled()
        return [line for line in read_by(vera) if "motion" in line.casefold()]

    others = {"owed": f"vote:{motion}:pool-net", "organisation": "pool-net", "more": ["emc2"]}
    heard = [line for line in await told(LAST_CALL, motion, **others) if "haven't" in line]
    assert heard == ["Pool-Net and EMC2 haven't voted yet on motion 1: A joint newsletter"]
    heard = await told(LAST_CALL, another, **others)
    assert not any("Another" in line for line in heard if "haven't" in line)
    heard = await told(DEADLINE, another, about="quorum")
    assert heard[-1].startswith("Motion 2, Another, closes Wed 2 Dec, 17:00 in Brussels.")
