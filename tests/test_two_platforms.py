"""One tally behind two platforms: cards on both, people of one organisation on each (4.1, 4.3, 5.7)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage.store import Storage
from tests.assembly_stage import closes, opened, stands
from tests.both_platforms import Both, book_of, card_lines, is_proved, is_sound, receipt_of, votes_hall
from tests.lanes_stage import read_by
from tests.world import Heard

TITLE = "A joint newsletter"


@pytest.fixture
async def both(storage: Storage) -> AsyncIterator[Both]:
    """The alliance on both platforms; each test runs over both databases."""
    async with Both(storage) as both:
        yield both


def newest(somebody: Any) -> Heard:
    """What the bot wrote to somebody alone last."""
    slack = somebody.world.platform == "slack"
    posts = somebody.posts(somebody.user.direct) if slack else somebody.user.sees()
    heard: Heard = somebody.reads_on(posts[-1])
    return heard


async def test_a_vote_on_one_platform_shows_on_the_cards_of_both(both: Both) -> None:
    luc = await both.member("Luc", "mecatech", on="slack")
    ilze = await both.member("Ilze", "green-tech", on="telegram")
    channel, group = await votes_hall(luc), await votes_hall(ilze)
    number = await opened(both)
    await luc.taps("For", on=luc.finds(TITLE, channel))
    await ilze.says("no", group, reply_to=ilze.finds(TITLE, group))
    await both.settled()
    for somebody, hall in ((luc, channel), (ilze, group)):
        assert card_lines(somebody, hall, TITLE)[4:6] == [
            "Open until Wed 2 Dec, 17:00 in Brussels. 2 of 7 have voted. 2 more organisations make it valid.",
            "So far: 1 for · 1 against · 0 abstained.",
        ]
        assert len(somebody.posts(hall)) == 1
    via = [one.via for one in (await stands(both, number)).entries[1:]]
    assert via == ["slack", "telegram"]

    await closes(both, number)
    on_slack, on_telegram = (card_lines(one, hall, TITLE) for one, hall in ((luc, channel), (ilze, group)))
    assert on_slack == on_telegram
    assert on_slack[0].startswith(f"Too few took part in motion 1: {TITLE}.")
    result = f"Too few took part in motion 1: {TITLE}. It can be put to the vote once more."
    assert [read_by(one).count(result) for one in (luc, ilze)] == [1, 1]
    await is_proved(both, number)


async def test_two_of_one_organisation_who_answer_differently_in_the_same_second(both: Both) -> None:
    luc = await both.member("Luc", "mecatech", on="slack")
    noor = await both.member("Noor", "mecatech", "alternate", on="telegram")
    channel, group = await votes_hall(luc), await votes_hall(noor)
    number = await opened(both)

    heard = await asyncio.gather(
        luc.taps("For", on=luc.finds(TITLE, channel)), noor.taps("Against", on=noor.finds(TITLE, group))
    )
    await both.settled()
    now = await stands(both, number)
    first, last = now.entries[1:]
    assert [first.event, last.event] == ["cast", "replaced"]
    assert {first.payload, last.payload} == {"for", "against"}
    assert (first.organisation, last.organisation) == ("mecatech", "mecatech")
    assert first.receipt != last.receipt
    assert now.ballots == {"mecatech": last.payload}
    await is_sound(both, number)

    quick, slow = (luc, noor) if first.payload == "for" else (noor, luc)
    hers = {luc: heard[0], noor: heard[1]}
    before, after = ("For", "Against") if first.payload == "for" else ("Against", "For")
    assert hers[slow].lines[0] == f"🗳 Changed for MecaTech from {before} to {after}, motion 1."
    assert f"Receipt {last.receipt}." in hers[slow].lines[1]
    told = newest(quick)
    assert told.lines == [
        f"{slow.name} changed MecaTech's vote on motion 1 from {before} to {after}, Tue 24 Nov, 10:30.",
        "One organisation, one vote: the latest stands until Wed 2 Dec, 17:00 in Brussels.",
    ]
    assert told.buttons == [f"Put back {before}", "Leave it"]
    assert card_lines(luc, channel, TITLE) == card_lines(noor, group, TITLE)

    heard_back = await quick.taps(f"Put back {before}")
    assert heard_back.first == f"🗳 Changed for MecaTech from {after} to {before}, motion 1."
    await both.settled()
    told = newest(slow)
    assert told.first.startswith(f"{quick.name} changed MecaTech's vote on motion 1 from {after} to {before}")
    heard_left = await slow.taps("Leave it")
    assert heard_left.first == f"MecaTech's vote on motion 1 stays {before}."
    assert len(await book_of(both, number)) == 3
    await is_sound(both, number)


async def test_many_at_once_on_both_are_one_tally(both: Both) -> None:
    homes = ("cimes", "emc2", "mecatech", "evoluma", "pool-net", "clust-er-mech", "green-tech")
    slackers = [await both.member(f"S {home}", home, on="slack") for home in homes]
    others = [await both.member(f"T {home}", home, "alternate", on="telegram") for home in homes]
    channel, group = await votes_hall(*slackers), await votes_hall(*others)
    number = await opened(both)
    here, there = slackers[0].finds(TITLE, channel), others[0].finds(TITLE, group)
    await asyncio.gather(
        *(one.taps("For", on=here) for one in slackers), *(one.taps("For", on=there) for one in others)
    )
    await both.settled()
    assert card_lines(slackers[0], channel, TITLE)[5] == "So far: 7 for · 0 against · 0 abstained."
    assert card_lines(others[0], group, TITLE) == card_lines(slackers[0], channel, TITLE)
    assert len(await book_of(both, number)) == 7  # the same answer twice is one line
    motion = await closes(both, number)
    assert motion.result == "carried"
    await is_proved(both, number)


async def test_one_person_on_both_platforms_is_one_voter(both: Both) -> None:
    luc = await both.member("Luc", "mecatech", on="slack")
    phone = both.stranger("Luc", on="telegram")
    channel, group = await votes_hall(luc), await votes_hall(phone)

    def link(store: Any) -> None:
        person = store.accounts.identify(luc.account).person
        store.accounts.attach(store.accounts.remember(phone.account, both.clock.now()), person.id)

    await both.storage.write(link)
    number = await opened(both)
    await luc.taps("For", on=luc.finds(TITLE, channel))
    heard = await phone.taps("Against", on=phone.finds(TITLE, group))
    assert heard.lines == [
        "🗳 Changed for MecaTech from For to Against, motion 1.",
        f"You can change it until Wed 2 Dec, 17:00 in Brussels. Receipt {await receipt_of(both, number)}.",
    ]
    await both.settled()
    assert not [line for line in (*read_by(luc), *read_by(phone)) if "changed MecaTech's vote" in line]
    await closes(both, number)
    results = [line for line in (*read_by(luc), *read_by(phone)) if line.startswith("Too few took part")]
    assert len(results) == 1
