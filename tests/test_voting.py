"""Voting by a tap on the card: one organisation, one vote, the latest stands (spec/decisions.md 4 and 5)."""

from __future__ import annotations

from bot.dispatch.understanding import pack
from bot.messages import Call, Place
from tests.assembly_stage import ballots, closes, opened, stands, votes
from tests.both_platforms import TALK, book_of, card_lines, is_proved, receipt_of, votes_hall
from tests.lanes_stage import read_by
from tests.world import Heard, World

TITLE = "A joint newsletter"
UNTIL = "You can change it until Wed 2 Dec, 17:00 in Brussels."
RULE = (
    "Rule, provisional: a simple majority of votes cast, at least half take part (Art. 5(1) leaves it open)."
)
TAPS = ["For", "Against", "Abstain"]
GOES_ON = ["Change", "Add a reason", "Take it back"]


def shown(turnout: str, *so_far: str) -> list[str]:
    """The lines of the card of an ordinary resolution while voting is open."""
    return [
        f"🗳 Motion 1: {TITLE}",
        "Ordinary resolution · proposed by CIMES",
        "We do this together, starting in January.",
        RULE,
        f"Open until Wed 2 Dec, 17:00 in Brussels. {turnout}",
        *so_far,
        TALK,
    ]


def is_told(world: World, heard: Heard, *lines: str) -> None:
    """Somebody who tapped in a group reads this in private; on Telegram it is an alert as well."""
    assert heard.lines == list(lines)
    if world.platform == "telegram":
        assert [line for line in heard.alert.splitlines() if line] == list(lines)
        assert len(heard.alert) <= 200


async def test_a_tap_on_the_card_is_a_ballot_with_a_receipt(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hall = await votes_hall(marie, luc)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    quorum = "4 more organisations make it valid."
    assert card_lines(luc, hall, TITLE) == shown(f"0 of 7 have voted. {quorum}")
    assert luc.reads_on(card).buttons == [*TAPS, "More"]

    heard = await luc.taps("For", on=card)
    receipt = await receipt_of(world, number)
    is_told(world, heard, "🗳 Recorded for MecaTech: For, motion 1.", f"{UNTIL} Receipt {receipt}.")
    assert heard.buttons == GOES_ON
    await world.settled()
    quorum = "3 more organisations make it valid."
    one_for = shown(f"1 of 7 have voted. {quorum}", "So far: 1 for · 0 against · 0 abstained.")
    assert card_lines(marie, hall, TITLE) == one_for

    heard = await luc.taps("For", on=card)  # the same once more changes nothing
    is_told(world, heard, "🗳 It stays for MecaTech: For, motion 1.", f"{UNTIL} Receipt {receipt}.")
    assert await book_of(world, number) == ["cast mecatech for"]

    heard = await luc.taps("Against", on=card)
    receipt = await receipt_of(world, number)
    assert heard.lines == [
        "🗳 Changed for MecaTech from For to Against, motion 1.",
        f"{UNTIL} Receipt {receipt}.",
    ]
    heard = await luc.taps("Change")
    assert heard.lines == [
        f"🗳 Motion 1: {TITLE}, for MecaTech",
        f"MecaTech voted Against. Receipt {receipt}.",
        f"Open until Wed 2 Dec, 17:00 in Brussels. 1 of 7 have voted. {quorum}",
    ]
    assert heard.buttons == [*TAPS, "Read it"]
    heard = await luc.taps("Abstain")
    assert heard.first == "🗳 Changed for MecaTech from Against to Abstain, motion 1."
    heard = await luc.taps("Take it back")
    assert heard.lines == [
        "MecaTech's vote on motion 1 is taken back: it counts no more.",
        "You can vote until Wed 2 Dec, 17:00 in Brussels.",
    ]
    assert heard.buttons == TAPS
    heard = await luc.taps("For")
    assert heard.first == "🗳 Recorded for MecaTech: For, motion 1."
    await world.settled()
    assert card_lines(marie, hall, TITLE) == one_for
    assert len(marie.posts(hall)) == 1
    assert await book_of(world, number) == [
        "cast mecatech for",
        "replaced mecatech against",
        "replaced mecatech abstain",
        "withdrawn mecatech ",
        "cast mecatech for",
    ]

    await ballots(world, number, emc2="abstain", evoluma="against")
    turnout = card_lines(marie, hall, TITLE)[4:6]
    assert turnout == [
        "Open until Wed 2 Dec, 17:00 in Brussels. 3 of 7 have voted. 1 more organisation makes it valid.",
        "So far: 1 for · 1 against · 1 abstained.",
    ]
    await votes(marie, number, "for")
    await world.settled()
    assert card_lines(marie, hall, TITLE)[4] == "Open until Wed 2 Dec, 17:00 in Brussels. 4 of 7 have voted."
    motion = await closes(world, number)
    assert motion.result == "carried"
    assert card_lines(marie, hall, TITLE) == [
        f"Motion 1 is carried: {TITLE}",
        "2 for · 1 against · 1 abstained · 3 did not take part (7 members)",
        f"{RULE} More for than against: 2 to 1 ✓",
        "Quorum: 4 of 7 took part, 4 needed ✓",
        "1 more against would have tied it.",
        "Final, in force since Wed 2 Dec.",
    ]
    assert len(marie.posts(hall)) == 1
    assert not set(TAPS) & set(marie.reads_on(marie.finds(TITLE, hall)).buttons)
    await is_proved(world, number)


async def test_a_tap_that_comes_twice_is_one_ballot(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    if world.platform == "telegram":
        await luc.user.taps(card, "For", wait=False)
        update = world.telegram.updates[-1]
        await world.settled()
        first = luc.reads().lines
        await luc.taps("Against", on=card)
        await world.telegram.redeliver(update)
        assert first[0] == "🗳 Recorded for MecaTech: For, motion 1."
    else:  # Slack sends a tap once; a slow reader taps once more while the first is on its way
        await luc.taps("For", on=card)
        await luc.taps("Against", on=card)
        await luc.taps("Against", on=card)
    assert await book_of(world, number) == ["cast mecatech for", "replaced mecatech against"]
    assert (await stands(world, number)).ballots == {"mecatech": "against"}


async def test_a_colleague_is_told_when_their_vote_is_taken_back(world: World) -> None:
    luc, noor = await world.member("Luc", "mecatech"), await world.member("Noor", "mecatech", "alternate")
    number = await opened(world)
    await votes(luc, number, "for")
    await votes(noor, number, "against")
    await votes(luc, number, "for")
    heard = await noor.taps("Take it back")  # hers was replaced meanwhile: Luc's stays
    assert heard.lines == ["MecaTech's vote on motion 1 stays For."]
    await votes(noor, number, "for")
    await noor.taps("Take it back")
    assert (await stands(world, number)).ballots == {}
    await world.settled()
    assert [line for line in read_by(luc) if "taken back" in line or "took" in line]


async def test_nobody_can_look_at_the_sealed_vote_of_another(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    number = await opened(world, "exclusion")
    await ballots(world, number, cimes="against")
    for line in (f"/leave ballot {number} CIMES", f"/leave ballot {number} for CIMES"):
        heard = await luc.types(line)
        assert "Against" not in heard.text
    token = pack("leave ballot", {"motion": str(number), "for": "cimes"})
    here = Place(world.platform, luc.account.workspace, f"D{luc.account.user}")
    call = Call("forged", luc.account, here, world.clock.now(), token=token)
    answer = await world.dispatch.receive(call)
    assert answer.message is not None
    assert "Against" not in answer.message.text
