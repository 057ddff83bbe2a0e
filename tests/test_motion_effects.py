"""What a motion does once it is final: the charter's text, seats, members (spec/decisions.md 3 and 4.9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.rules.decisions.motions import Candidate
from storage.store import Store
from tests.assembly_stage import ballots, becomes_final, closes, noticed, opened
from tests.both_platforms import book_of, card_lines, is_proved, votes_hall
from tests.lanes_stage import read_by
from tests.test_motion_life import motion_of
from tests.world import World

NO_FEE, FEE = "There is no membership fee at the outset.", "The fee is 100 euro a year."
COSTS = "At the start, taking part is voluntary and costs nothing."
MEANWHILE = "The article changed meanwhile, so this has to be proposed anew."


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
    assert (
        card_lines(luc, hall, "First fee")[-1]
        == "The result is final on Mon 7 Dec, 17:00 in Brussels, unless a member objects."
    )
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
