"""A motion's life: its moments after any downtime, its result in numbers, what it does once it is final."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.assembly.balloting import recuse, strike
from bot.context import Context
from bot.dispatch import Surroundings
from bot.rules.decisions.motions import Candidate, Motion
from bot.rules.decisions.values import Profile
from bot.seeding import charters_of
from bot.ticking import Ticker
from storage.store import Storage, Store
from tests.assembly_stage import ballots, becomes_final, closes, in_house, noticed, opened, stands, votes
from tests.both_platforms import book_of, card_lines, is_proved, votes_hall
from tests.lanes_stage import deletes, read_by
from tests.world import World

TITLE = "A joint newsletter"
RULE = (
    "Rule, provisional: a simple majority of votes cast, at least half take part (Art. 5(1) leaves it open)."
)
OPEN = f"🗳 Voting is open on motion 1: {TITLE}"
NO_FEE, FEE = "There is no membership fee at the outset.", "The fee is 100 euro a year."
COSTS = "At the start, taking part is voluntary and costs nothing."
MEANWHILE = "The article changed meanwhile, so this has to be proposed anew."


def ordinary(world: World, **how: Any) -> Profile:
    """The rule for an ordinary resolution, but for this."""
    return replace(world.charter.decisions.ordinary_resolution.rule("ordinary_resolution", 1), **how)


async def holders(world: World, role: str) -> list[str]:
    """Who holds a role now, by name."""

    def read(store: Store) -> list[str]:
        return [one.person.name for one in store.roles.holders(role)]

    return await world.storage.read(read)


async def standing_for(world: World, *people: Any) -> tuple[Candidate, ...]:
    """These people as the candidates "1", "2" … of an election."""

    def read(store: Store) -> tuple[Candidate, ...]:
        found = [store.accounts.identify(one.account).person for one in people]
        return tuple(Candidate(str(key), one.name, one.id) for key, one in enumerate(found, 1) if one)

    return await world.storage.read(read)


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
    assert card_lines(luc, hall, TITLE)[-1] == "Voting opens Thu 3 Dec, 09:00 and closes Thu 10 Dec, 17:00."
    await world.passes(days=9)
    assert card_lines(luc, hall, TITLE)[4].startswith("Open until Thu 10 Dec, 17:00. 0 of 7 have voted.")
    heard = luc.reads() if world.platform == "telegram" else luc.reads_on(luc.posts(luc.user.direct)[-1])
    assert heard.lines[:3] == [OPEN, "MecaTech has until Thu 10 Dec, 17:00.", RULE]
    assert heard.buttons == ["For", "Against", "Abstain", "Read it", "Stop these"]
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
    assert heard.first.startswith("Voting on motion 1 closed Wed 2 Dec, 17:00")
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
            "3 to 0 ✓",
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
        "Open until Wed 2 Dec, 17:00. 2 of 5 have voted. 1 more organisation makes it valid.",
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
    assert card_lines(luc, hall, TITLE)[4].startswith("Open until Wed 2 Dec, 17:00. 1 of 7 have voted.")
    await ballots(world, number, cimes="for", emc2="for", evoluma="against")
    deletes(world, luc, hall)
    motion = await closes(world, number)
    assert motion.result == "carried"
    assert card_lines(luc, hall, TITLE)[0] == f"Motion 1 is carried: {TITLE}"
    assert read_by(luc).count(f"Motion 1 is carried: {TITLE}") == 1
    await is_proved(world, number)


# ---- what it does ----


async def test_an_amendment_is_the_charter_once_nobody_can_object(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    text = world.charter.article(7).text
    fees = {"First fee": FEE, "Third fee": "The fee is 900 euro a year."}
    first, third = [
        await opened(world, "charter_amendment", title=title, after=text.replace(NO_FEE, fee))
        for title, fee in fees.items()
    ]
    second = await noticed(
        world, "charter_amendment", title="Second fee", after=text.replace(NO_FEE, "The fee is 500 euro.")
    )
    apart = await noticed(
        world, "charter_amendment", title="Plainly", after=text.replace(COSTS, "Taking part is voluntary.")
    )
    for number in (first, third):
        await ballots(world, number, cimes="for", emc2="for", mecatech="for", evoluma="against")
    assert card_lines(luc, hall, "First fee")[3:5] == [f"− {NO_FEE}", f"＋ {FEE}"]

    motion = await closes(world, first)
    assert motion.result == "carried"
    assert card_lines(luc, hall, "First fee")[-1] == "Final on Mon 7 Dec, 17:00, unless a member objects."
    assert luc.reads_on(luc.finds("First fee", hall)).buttons[-1] == "Object"
    assert NO_FEE in (await luc.types("/charter 7")).lines

    motion = await becomes_final(world, first)
    heard = await luc.types("/charter 7")
    assert FEE in heard.lines
    assert NO_FEE not in heard.lines
    assert "Last changed by motion 1 on Mon 7 Dec." in heard.lines
    assert motion.in_force_on == date(2026, 12, 7)
    version = await world.storage.read(lambda store: store.charters.versions()[-1])
    assert (version.version, version.in_force_from) == (2, date(2026, 12, 7))
    assert card_lines(luc, hall, "First fee")[-1] == "Final, in force since Mon 7 Dec."
    assert read_by(luc).count("✓ Motion 1 is final: First fee") == 1

    for number, title in ((second, "Second fee"), (third, "Third fee")):
        lost = await motion_of(world, number)
        assert (lost.void_reason, lost.in_force_on) == ("rebase", None)
        assert card_lines(luc, hall, title)[-1] == MEANWHILE
    assert read_by(luc).count("Motion 2 could not take effect: Third fee") == 1
    carried_over = await motion_of(world, apart)
    assert (carried_over.base, carried_over.voided_at) == (2, None)
    assert carried_over.before == text.replace(NO_FEE, FEE)
    assert carried_over.after == text.replace(NO_FEE, FEE).replace(COSTS, "Taking part is voluntary.")
    assert card_lines(luc, hall, "Plainly")[4:6] == [f"− {COSTS}", "＋ Taking part is voluntary."]

    await world.passes(days=5)  # until voting on it is open
    await ballots(world, apart, cimes="for", emc2="for", mecatech="for", evoluma="for")
    await becomes_final(world, apart)
    heard = await luc.types("/charter 7")
    assert [FEE in heard.lines, "Taking part is voluntary." in heard.lines] == [True, True]
    for number in (first, third, apart):
        await is_proved(world, number)


async def test_whose_amendment_fell_or_was_carried_over_hears_of_it(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    text = world.charter.article(7).text
    first = await opened(world, "charter_amendment")
    for title, before, after in (("Second fee", NO_FEE, "Five."), ("Plainly", COSTS, "Voluntary.")):
        changed = text.replace(before, after)
        await noticed(world, "charter_amendment", title=title, after=changed, proposer=luc)
    await ballots(world, first, cimes="for", emc2="for", mecatech="for", evoluma="for")
    await becomes_final(world, first)
    assert [line for line in read_by(luc) if "Second fee" in line]
    assert any("carried over" in line for line in card_lines(luc, hall, "Plainly"))


async def test_who_is_elected_holds_the_role_once_it_is_final(world: World) -> None:
    luc, ana = await world.member("Luc", "mecatech"), await world.member("Ana", "pool-net")
    giulia = await world.member("Giulia", "", "coordinator")
    hall = await votes_hall(luc, ana)
    given = {"candidates": await standing_for(world, ana, luc, giulia), "title": "Our coordinator"}
    number = await opened(world, "election", **given)
    card = luc.finds("Our coordinator", hall)
    assert luc.reads_on(card).buttons == ["Ana", "Luc", "Giulia", "None of these", "Abstain", "More"]
    heard = await luc.taps("Luc", on=card)
    assert heard.first == "🗳 Recorded for MecaTech: Luc, motion 1."
    heard = await luc.taps("Ana", on=card)
    assert heard.first == "🗳 Changed for MecaTech from Luc to Ana, motion 1."
    heard = await luc.says("yes", hall, reply_to=card)
    assert heard.text == ""
    heard = await ana.taps("None of these", on=card)
    assert heard.first == "🗳 Recorded for Pool-Net: None of these, motion 1."
    await world.settled()
    assert "0 against" not in luc.reads_on(card).text
    await ballots(world, number, cimes="1", emc2="3", evoluma="abstain")
    await closes(world, number)
    assert await holders(world, "coordinator") == ["Giulia"]
    await becomes_final(world, number)
    assert await holders(world, "coordinator") == ["Ana"]
    await is_proved(world, number)


async def test_several_seats_are_chosen_in_private_and_cast_once(world: World) -> None:
    luc, ana = await world.member("Luc", "mecatech"), await world.member("Ana", "pool-net")
    noor = await world.member("Noor", "green-tech")
    hall = await votes_hall(luc, ana)
    given = {"candidates": await standing_for(world, ana, luc, noor), "title": "Our team"}
    number = await opened(world, "election", seats=2, role="action-coordinator", **given)
    card = luc.finds("Our team", hall)
    assert luc.reads_on(card).buttons == ["Vote", "More"]
    await luc.taps("Vote", on=card)
    heard = luc.reads()
    assert heard.lines == ["Motion 1, Our team, for MecaTech.", "Choose up to 2."]
    assert heard.buttons == ["Ana", "Luc", "Noor", "None of these", "Abstain"]
    await luc.taps("Noor")
    await luc.taps("Ana")
    heard = luc.reads()
    assert heard.lines[1] == "So far: Ana and Noor. Up to 2 can be chosen."
    assert heard.buttons == ["✓ Ana", "✓ Noor", "Cast this vote", "None of these", "Abstain"]
    heard = await luc.taps("Cast this vote")
    assert heard.first == "🗳 Recorded for MecaTech: Ana, Noor, motion 1."
    assert await book_of(world, number) == ["cast mecatech 1+3"]
    assert len(ana.posts(hall)) == 1
    await ballots(world, number, cimes="1+2", emc2="2+3", evoluma="1")
    motion = await becomes_final(world, number)  # Ana 3, Luc 2, Noor 2: the last seat is tied
    assert motion.result == "tied"
    assert [(one["candidate"], one["result"]) for one in motion.outcome["candidates"]] == [
        ("1", "elected"),
        ("2", "tied_at_cutoff"),
        ("3", "tied_at_cutoff"),
    ]
    assert await holders(world, "action-coordinator") == ["Ana"]
    await is_proved(world, number)


async def test_the_result_of_an_election_is_shown_and_told(world: World) -> None:
    luc, ana = await world.member("Luc", "mecatech"), await world.member("Ana", "pool-net")
    hall = await votes_hall(luc, ana)
    given = {"candidates": await standing_for(world, ana, luc), "title": "Our coordinator"}
    number = await opened(world, "election", **given)
    await ballots(world, number, cimes="1", emc2="1", evoluma="2", mecatech="1")
    await closes(world, number)
    first = "Motion 1 is decided: Our coordinator"
    assert read_by(luc).count(first) == 1
    lines = card_lines(luc, hall, "Our coordinator")
    assert lines[:4] == [
        first,
        "Ana: 3 votes · elected ✓",
        "Luc: 1 vote",
        "4 of 7 members took part.",
    ]


async def test_a_no_objection_item_counts_objections(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world, "consent_item")
    heard = await luc.taps("No objection", on=luc.finds("The minutes of May", hall))
    assert heard.first == "🗳 Recorded for MecaTech: No objection, motion 1."
    await world.settled()
    assert "1 for" not in luc.reads_on(luc.finds("The minutes of May", hall)).text
    assert (await closes(world, number)).result == "carried"


async def test_silence_adopts_a_no_objection_item_and_an_objection_stops_it(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    silent, stopped = await opened(world, "consent_item"), await opened(world, "consent_item", title="A logo")
    heard = await luc.taps("I object", on=luc.finds("A logo", hall))
    assert heard.first == "🗳 Recorded for MecaTech: I object, motion 2."
    await closes(world, stopped)
    assert [(await motion_of(world, one)).result for one in (silent, stopped)] == ["carried", "not_carried"]
    assert card_lines(luc, hall, "The minutes of May")[:2] == [
        "Motion 1 is carried: The minutes of May",
        "0 objections (7 members)",
    ]
    assert card_lines(luc, hall, "A logo")[1] == "1 objection (7 members)"
    for number in (silent, stopped):
        await is_proved(world, number)


async def test_an_election_that_fills_no_seat_is_in_force_since_no_day(world: World) -> None:
    luc, ana = await world.member("Luc", "mecatech"), await world.member("Ana", "pool-net")
    given = {"candidates": await standing_for(world, ana, luc), "title": "Our coordinator"}
    number = await opened(world, "election", **given)
    await ballots(world, number, cimes="1")
    motion = await becomes_final(world, number)
    assert (motion.result, motion.in_force_on) == ("inquorate", None)


async def test_who_is_excluded_is_told_that_it_is_final(world: World) -> None:
    luc, eva = await world.member("Luc", "mecatech"), await world.member("Eva", "emc2")
    number = await opened(world, "exclusion")
    others = ("cimes", "evoluma", "mecatech", "pool_net", "green_tech")
    await ballots(world, number, **dict.fromkeys(others, "for"))
    motion = await becomes_final(world, number)
    assert motion.result == "carried"
    organisation = await world.storage.read(lambda store: store.organisations.get("emc2"))
    assert organisation is not None
    assert organisation.standing == "left"
    await is_proved(world, number)
    assert read_by(luc).count("✓ Motion 1 is final: EMC2 leaves") == 1
    assert read_by(eva).count("✓ Motion 1 is final: EMC2 leaves") == 1
