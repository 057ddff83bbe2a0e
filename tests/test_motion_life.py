"""A motion's life: its moments after any downtime, and its result in numbers (spec/decisions.md 3 and 5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.assembly.balloting import recuse, strike
from bot.context import Context
from bot.dispatch import Surroundings
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.values import Profile
from bot.seeding import charters_of
from bot.ticking import Ticker
from storage.store import Storage
from tests.assembly_stage import ballots, closes, in_house, noticed, opened, stands, votes
from tests.both_platforms import book_of, card_lines, is_proved, votes_hall
from tests.lanes_stage import deletes, read_by
from tests.world import World

TITLE = "A joint newsletter"
RULE = (
    "Rule, provisional: a simple majority of votes cast, at least half take part (Art. 5(1) leaves it open)."
)
OPEN = f"🗳 Voting is open on motion 1: {TITLE}"


def ordinary(world: World, **how: Any) -> Profile:
    """The rule for an ordinary resolution, but for this."""
    return replace(world.charter.decisions.ordinary_resolution.rule("ordinary_resolution", 1), **how)


async def motion_of(world: World, number: int) -> Motion:
    """A motion as it is kept."""
    return (await stands(world, number)).motion


async def by(world: World, somebody: Any, work: Callable[[Context], object]) -> None:
    """Somebody does something that has no words here."""

    def do(ctx: Context) -> None:
        work(replace(ctx, identity=ctx.store.accounts.identify(somebody.account)))

    await in_house(world, do)


# ---- its moments ----


async def test_it_opens_and_closes_by_itself_and_all_are_told_once(world: World) -> None:
    luc, marie = await world.member("Luc", "mecatech"), await world.member("Marie", "cimes")
    giulia = await world.member("Giulia", "", "coordinator")
    hall = await votes_hall(luc)
    number = await noticed(world, told=True)
    assert (
        card_lines(luc, hall, TITLE)[-1]
        == "Voting opens Thu 3 Dec, 09:00 and closes Thu 10 Dec, 17:00 in Brussels."
    )
    await world.passes(days=9)
    assert card_lines(luc, hall, TITLE)[4].startswith(
        "Open until Thu 10 Dec, 17:00 in Brussels. 0 of 7 have voted."
    )
    heard = luc.reads() if world.platform == "telegram" else luc.reads_on(luc.posts(luc.user.direct)[-1])
    assert heard.lines[:3] == [OPEN, "MecaTech has until Thu 10 Dec, 17:00 in Brussels.", RULE]
    assert heard.buttons == ["For", "Against", "Abstain", "Read it", "Later", "Stop these"]
    assert (await luc.taps("For", on=heard.raw)).first == "🗳 Recorded for MecaTech: For, motion 1."
    await ballots(world, number, emc2="for", evoluma="for")
    await votes(marie, number, "abstain")
    await world.passes(days=8)
    carried = f"Motion 1 is carried: {TITLE}"
    for somebody, once in ((luc, 1), (marie, 1), (giulia, 1)):
        assert read_by(somebody).count(carried) == once
    assert [read_by(one).count(OPEN) for one in (luc, marie, giulia)] == [1, 1, 0]
    motion = await motion_of(world, number)
    assert motion.closed_at == motion.closes_at + timedelta(seconds=60)
    assert len(luc.posts(hall)) == 1
    await is_proved(world, number)


async def test_a_bot_that_was_down_closes_as_of_the_deadline(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    await ballots(world, number, cimes="for", emc2="for", evoluma="against")
    await luc.taps("For", on=luc.finds(TITLE, hall))
    await world.settled()
    await world.stop_bot()
    world.clock.pass_(days=9)
    await world.start_bot()
    heard = await votes(luc, number, "against")
    assert heard.first.startswith("Voting on motion 1 closed Wed 2 Dec, 17:00 in Brussels")
    await world.passes(minutes=5)
    now = await stands(world, number)
    [closed] = [one for one in now.entries if one.event == "closed"]
    assert closed.at == now.motion.closes_at
    assert now.motion.closed_at == world.clock.now() - timedelta(minutes=5)
    assert now.motion.in_force_on == date(2026, 12, 2)
    assert card_lines(luc, hall, TITLE)[0] == f"Motion 1 is carried: {TITLE}"
    assert read_by(luc).count(f"Motion 1 is carried: {TITLE}") == 1
    await is_proved(world, number)


async def test_a_bot_that_was_down_over_a_whole_vote_opens_and_closes_it(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await noticed(world)
    await world.stop_bot()
    world.clock.pass_(days=30)
    await world.start_bot()
    await world.passes(minutes=5)
    now = await stands(world, number)
    assert [(one.event, one.at) for one in now.entries] == [
        ("opened", now.motion.opens_at),
        ("closed", now.motion.closes_at),
    ]
    assert now.motion.result == "inquorate"
    assert card_lines(luc, hall, TITLE)[1:3] == [
        "0 for · 0 against · 0 abstained · 7 did not take part (7 members)",
        f"{RULE} More for than against: 0 to 0",
    ]
    told = read_by(luc)
    assert OPEN not in told
    assert len([line for line in told if line.startswith("Too few took part in motion 1")]) == 1
    await is_proved(world, number)


async def test_two_processes_at_the_deadline_close_it_once(postgres_url: str) -> None:
    storage, other = Storage(postgres_url), Storage(postgres_url)
    async with World("telegram", storage) as world:
        luc = await world.member("Luc", "mecatech")
        number = await opened(world)
        world.clock.at = (await motion_of(world, number)).closes_at + timedelta(minutes=2)
        around = Surroundings(charters_of(other), world.worker._around.templates, world.clock)
        second = Ticker(other, around, world.worker.wake, world.jobs)
        await asyncio.gather(world.ticker.tick(), second.tick())
        await world.settled()
        assert await book_of(world, number) == ["closed"]
        told = [line for line in read_by(luc) if line.startswith("Too few took part")]
        assert len(told) == 1
        await is_proved(world, number)
    other.close_now()
    storage.close_now()


# ---- its result ----


async def test_the_result_proves_itself(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    slugs = ("cimes", "emc2", "evoluma", "mecatech")
    results = {
        "By abstentions": (("for", "abstain", "abstain", "abstain"), "carried"),
        "A tie": (("for", "against", "for", "against"), "tied"),
        "All abstain": (("abstain",) * 4, "not_carried"),
        "Too few": (("for",) * 3, "inquorate"),
    }
    numbers = {title: await opened(world, title=title) for title in results}
    for title, (choices, _) in results.items():
        await ballots(world, numbers[title], **dict(zip(slugs, choices, strict=False)))
    await closes(world, numbers["Too few"])
    quorum = "Quorum: 4 of 7 took part, 4 needed ✓"
    shown = {
        "By abstentions": ["Motion 1 is carried: By abstentions", "1 to 0 ✓", quorum],
        "A tie": ["Motion 2 is tied, so it is not carried: A tie", "2 to 2", quorum],
        "All abstain": ["Motion 3 is not carried: All abstain", "0 to 0", quorum],
        "Too few": [
            "Too few took part in motion 4: Too few. It can be put to the vote once more.",
            "3 to 0",
            "Quorum: 3 of 7 took part, 4 needed",
        ],
    }
    for title, (first, numbers_filled_in, reached) in shown.items():
        assert (await motion_of(world, numbers[title])).result == results[title][1]
        lines = card_lines(luc, hall, title)
        assert (lines[0], lines[3]) == (first, reached)
        assert lines[2] == f"{RULE} More for than against: {numbers_filled_in}"
        await is_proved(world, numbers[title])


async def test_who_takes_no_part_is_no_member_of_this_vote(world: World) -> None:
    luc, marie = await world.member("Luc", "mecatech"), await world.member("Marie", "cimes")
    hall = await votes_hall(luc, marie)
    number = await opened(world)
    await ballots(world, number, emc2="for", evoluma="for", pool_net="against")
    await votes(luc, number, "against")
    await by(world, marie, lambda ctx: recuse(ctx, number, "mecatech", "we are the seller"))
    await by(world, marie, lambda ctx: strike(ctx, number, "pool-net", "given by mistake"))
    await world.settled()
    assert card_lines(luc, hall, TITLE)[4:6] == [
        "Open until Wed 2 Dec, 17:00 in Brussels. 2 of 5 have voted. 1 more organisation makes it valid.",
        "So far: 2 for · 0 against · 0 abstained.",
    ]
    heard = await luc.taps("For", on=luc.finds(TITLE, hall))
    assert heard.first == "MecaTech takes no part in motion 1, so this isn't counted."
    await marie.taps("For", on=marie.finds(TITLE, hall))
    motion = await closes(world, number)
    assert motion.outcome["counts"] == {"members": 5, "for_": 3, "against": 0, "abstain": 0}
    assert motion.result == "carried"
    await is_proved(world, number)


async def test_it_closes_early_only_where_the_rule_says_so_and_all_have_voted(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    waits = await opened(world, title="This waits")
    early = await opened(world, title="This is quick", rule=ordinary(world, early_close=True))
    others = dict.fromkeys(("cimes", "emc2", "evoluma", "pool_net", "clust_er_mech", "green_tech"), "for")
    for number in (waits, early):
        await ballots(world, number, **others)
    assert (await stands(world, early)).phase == "open"
    await luc.taps("Against", on=luc.finds("This waits", hall))
    heard = await luc.taps("Against", on=luc.finds("This is quick", hall))
    receipt = (await stands(world, early)).current["mecatech"].receipt
    assert heard.lines == [
        "🗳 Recorded for MecaTech: Against, motion 2.",
        f"That was the last vote, so it's closed. Receipt {receipt}.",
    ]
    assert [(await stands(world, number)).phase for number in (waits, early)] == ["open", "final"]
    await world.passes(days=9)
    assert [(await stands(world, number)).phase for number in (waits, early)] == ["final", "final"]
    for number in (waits, early):
        assert (await motion_of(world, number)).result == "carried"
        await is_proved(world, number)


async def test_the_result_stands_wherever_its_card_went(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall, gone = await votes_hall(luc), await votes_hall(luc)
    number = await opened(world)
    deletes(world, luc, hall)
    await world.removes_bot(luc, gone)
    await votes(luc, number, "for")
    await world.settled()
    assert card_lines(luc, hall, TITLE)[4].startswith(
        "Open until Wed 2 Dec, 17:00 in Brussels. 1 of 7 have voted."
    )
    await ballots(world, number, cimes="for", emc2="for", evoluma="against")
    deletes(world, luc, hall)
    motion = await closes(world, number)
    assert motion.result == "carried"
    assert card_lines(luc, hall, TITLE)[0] == f"Motion 1 is carried: {TITLE}"
    assert read_by(luc).count(f"Motion 1 is carried: {TITLE}") == 1
    await is_proved(world, number)
