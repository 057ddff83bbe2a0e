"""Who voted how, and the proof: receipts, the ballot book, its hashes."""

from __future__ import annotations

import re

from sqlalchemy import text

from bot.assembly.balloting import answer_entered, recuse, strike, take_back
from bot.context import Context
from storage.store import Store
from tests.assembly_stage import (
    acting,
    ballot,
    ballots,
    closes,
    in_house,
    opened,
    slack_world,
    stands,
    votes,
)
from tests.world import World

__all__ = ["slack_world"]  # a fixture

HASH = re.compile(r"[0-9a-f]{64}")


async def test_who_voted_how_is_open_and_who_is_missing_is_said_after_the_close(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world)
    await ballots(world, number, mecatech="against", green_tech="for")
    receipt = await ballot(world, number, "cimes", "for", marie)
    await ballot(world, number, "emc2", "abstain", event="entered")
    await ballot(world, number, "evoluma", "for", event="entered")

    def happens(ctx: Context) -> None:
        who = acting(ctx, name="Pat")
        ctx.store.ballots.explain(number, "mecatech", who.person.id, "It costs too much.", ctx.now)
        answer_entered(who, number, "evoluma", "confirmed")
        recuse(who, number, "pool-net", "Our firm prints it.")
        strike(who, number, "green-tech", "Not theirs.")

    await in_house(world, happens)
    await marie.types(f"/verify {receipt}")
    await marie.taps("Proof")
    heard = await marie.taps("Who voted how")
    running = [
        "Motion 1: who voted how · A joint newsletter",
        "CIMES: For",
        "EMC2: Abstain · entered by the coordinator",
        "EVOLUMA: For · entered by the coordinator, confirmed",
        "Green-Tech Cluster: vote struck, Not theirs.",
        "MecaTech: Against · It costs too much.",
        "Pool-Net: takes no part, Our firm prints it.",
    ]
    assert heard.lines == running
    assert heard.buttons == ["Proof", "Read it"]

    await closes(world, number)
    await marie.types("/motion 1")
    heard = await marie.taps("Who voted how")
    assert heard.lines == [*running[:2], "Clust-ER MECH: did not take part", *running[2:]]


async def test_a_sealed_vote_shows_nothing_before_the_close(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    number = await opened(world, "exclusion")
    receipt = await ballot(world, number, "mecatech", "against")
    await ballots(world, number, green_tech="for")

    await marie.types(f"/verify {receipt}")
    await marie.taps("Proof")
    heard = await marie.taps("Who voted how")
    assert heard.lines == [
        "Motion 1: who voted how · EMC2 leaves",
        "It's sealed: shown after the close, Wed 9 Dec, 17:00 in Paris. 2 of 6 have voted.",
    ]
    heard = await marie.types(f"/verify {receipt}")
    assert heard.lines[0] == f"✓ {receipt}: MecaTech voted on motion 1, EMC2 leaves. What it chose is sealed."
    heard = await luc.types(f"/verify {receipt}")
    assert heard.lines[0] == f"✓ {receipt}: MecaTech voted Against on motion 1, EMC2 leaves."
    assert [one.organisation for one in (await stands(world, number)).roll if one.recused_at] == ["emc2"]

    await closes(world, number)
    heard = await marie.types(f"/verify {receipt}")
    assert heard.lines[0] == f"✓ {receipt}: MecaTech voted Against on motion 1, EMC2 leaves."
    await marie.types("/motion 1")
    heard = await marie.taps("Who voted how")
    assert heard.lines[3] == "EMC2: takes no part, it is about them"
    assert heard.lines[5:7] == ["Green-Tech Cluster: For", "MecaTech: Against"]


async def test_the_proof_holds_the_roll_the_closing_and_our_receipt(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world)
    receipt = (await votes(marie, number, "for")).lines[-1].rpartition("Receipt ")[2].rstrip(".")

    await marie.types(f"/verify {receipt}")
    heard = await marie.taps("Proof")
    motion = (await stands(world, number)).motion
    assert heard.lines == [
        "Proof of motion 1 · A joint newsletter",
        "The book has 2 lines, and each fits the one before ✓",
        f"CIMES's receipt: {receipt}. Look it up: /verify {receipt}",
        f"Roll, fixed when voting opened: {motion.roll_hash}",
        "The closing code comes when voting is over.",
        "The coordinator can export the book. A small program counts it again, without our database.",
    ]
    assert heard.buttons == ["Who voted how", "Read it"]
    motion = await closes(world, number)
    await marie.types("/motion 1")
    heard = await marie.taps("Proof")
    assert heard.lines[1] == "The book has 3 lines, and each fits the one before ✓"
    assert heard.lines[4] == f"Closing: {motion.closing_hash}"
    assert HASH.fullmatch(motion.closing_hash)


async def test_a_receipt_is_found_however_it_is_typed_and_says_whether_it_stands(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world)
    first = await ballot(world, number, "cimes", "for")
    second = await ballot(world, number, "cimes", "against")

    heard = await marie.types(f"/verify {first.lower().replace('-', ' ')}")
    assert heard.lines == [
        f"✓ {first}: CIMES voted For on motion 1, A joint newsletter.",
        "Line 2 of 3 in its book, Tue 24 Nov, 10:30.",
        "It was replaced later, by line 3.",
        "The book has 3 lines, and each fits the one before ✓",
    ]
    assert heard.buttons == ["Proof", "Read it"]
    assert (await marie.types(f"/receipt {second}")).lines[1:3] == [
        "Line 3 of 3 in its book, Tue 24 Nov, 10:30.",
        "It stands.",
    ]

    def back(ctx: Context) -> str:
        take_back(acting(ctx, name="Paul"), number, "cimes")
        last = ctx.store.ballots.last(number)
        assert last is not None
        return last.receipt

    third = await in_house(world, back)
    heard = await marie.types(f"/verify {third}")
    assert heard.lines[:2] == [
        f"✓ {third}: CIMES took its vote on motion 1 back, A joint newsletter.",
        "Line 4 of 4 in its book, Tue 24 Nov, 10:30.",
    ]
    heard = await marie.types(f"/verify {second}")
    assert heard.lines[2] == "It was taken back later, by line 4."

    heard = await marie.types("/verify K7Q2-M4")
    assert heard.lines == [
        'I find no receipt "K7Q2-M4" in any ballot book. It has six signs, like K7Q4-M3.',
        "Nothing has changed; your own receipts stand with each motion.",
    ]
    assert heard.buttons == ["My votes"]


async def test_a_line_that_somebody_changed_is_seen(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    number = await opened(slack_world)
    receipt = await ballot(slack_world, number, "mecatech", "against")

    def forge(store: Store) -> None:
        store._connection.execute(text("DROP TRIGGER ballots_update")).close()
        store._connection.execute(text("UPDATE ballots SET payload = 'for' WHERE seq = 2")).close()

    await slack_world.storage.write(forge)
    heard = await marie.types(f"/verify {receipt}")
    assert heard.lines[-1] == (
        "The book doesn't fit together, line 2: its digest does not fit what it says. "
        "Please tell the coordinator."
    )
