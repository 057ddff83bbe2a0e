"""Voting by a tap on the card: one organisation, one vote, the latest stands (spec/decisions.md 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.assembly.settling import changed
from bot.dispatch.understanding import pack
from bot.messages import Call, Place
from storage.store import Store
from tests.assembly_stage import ballots, closes, in_house, noticed, opened, stands, votes
from tests.both_platforms import TALK, book_of, card_lines, is_proved, receipt_of, votes_hall
from tests.lanes_stage import read_by
from tests.places_stage import on_slack, on_telegram, stage
from tests.world import Heard, World

__all__ = ["stage"]  # a fixture

TITLE = "A joint newsletter"
UNTIL = "You can change it until Wed 2 Dec, 17:00."
RULE = (
    "Rule, provisional: a simple majority of votes cast, at least half take part (Art. 5(1) leaves it open)."
)
TAPS = ["For", "Against", "Abstain"]
GOES_ON = ["Change", "Add a reason", "Take it back"]
SEE = ["See the result", "Tell the coordinator"]
NO_VOTE = "Your view in the thread is welcome. Nothing is recorded."


def shown(turnout: str, *so_far: str) -> list[str]:
    """The lines of the card of an ordinary resolution while voting is open."""
    return [
        f"🗳 Motion 1: {TITLE}",
        "Ordinary resolution · proposed by CIMES",
        "We do this together, starting in January.",
        RULE,
        f"Open until Wed 2 Dec, 17:00. {turnout}",
        *so_far,
        TALK,
    ]


async def changes_members(world: World, slug: str, **how: Any) -> None:
    """The alliance's list of members changes."""

    def change(store: Store) -> None:
        store.organisations.change(slug, **how)

    await world.storage.write(change)


async def ends_role(world: World, somebody: Any) -> None:
    """Somebody does not act for their organisation any more."""

    def end(store: Store) -> None:
        person = store.accounts.identify(somebody.account).person
        assert person is not None
        for role in store.roles.of_person(person.id):
            store.roles.end(role.id, world.clock.now(), None)

    await world.storage.write(end)


async def over(world: World, number: int, **how: Any) -> None:
    """The motion is withdrawn or void now; nobody's screen shows it yet."""

    def end(ctx: Any) -> None:
        motion = ctx.store.motions.get(number, lock=True)
        changed(ctx, ctx.store.motions.write(replace(motion, **how)))

    await in_house(world, end)


def stamps(world: World, seconds: Callable[[], float]) -> None:
    """The platform stamps what people do from now on with these Unix seconds."""
    world.slack.world.seconds = seconds  # type: ignore[method-assign]
    world.slack.world._last_ts = 0
    world.telegram.now = seconds


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
        f"Open until Wed 2 Dec, 17:00. 1 of 7 have voted. {quorum}",
    ]
    assert heard.buttons == [*TAPS, "Read it"]
    heard = await luc.taps("Abstain")
    assert heard.first == "🗳 Changed for MecaTech from Against to Abstain, motion 1."
    heard = await luc.taps("Take it back")
    assert heard.lines == [
        "MecaTech's vote on motion 1 is taken back: it counts no more.",
        "You can vote until Wed 2 Dec, 17:00.",
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
        "Open until Wed 2 Dec, 17:00. 3 of 7 have voted. 1 more organisation makes it valid.",
        "So far: 1 for · 1 against · 1 abstained.",
    ]
    await votes(marie, number, "for")
    await world.settled()
    assert card_lines(marie, hall, TITLE)[4] == "Open until Wed 2 Dec, 17:00. 4 of 7 have voted."
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


async def test_who_has_no_vote_is_told_who_has(world: World) -> None:
    marie, anne = await world.member("Marie", "cimes"), await world.member("Anne", "cimes", "alternate")
    paul = await world.member("Paul", "cimes", "cluster-manager")
    ilze = await world.member("Ilze", "green-tech", "member")
    giulia = await world.member("Giulia", "", "coordinator")
    zoe = world.stranger("Zoe")
    hall = await votes_hall(marie, anne, paul, ilze, giulia, zoe)
    number = await opened(world)
    card = marie.finds(TITLE, hall)

    heard = await paul.taps("For", on=card)
    is_told(
        world,
        heard,
        "I couldn't take that as a vote on motion 1: for CIMES, Marie and Anne can vote.",
        NO_VOTE,
    )
    assert heard.buttons == ["Read it"]
    heard = await ilze.taps("For", on=card)
    is_told(
        world,
        heard,
        "I couldn't take that as a vote on motion 1: nobody votes for Green-Tech Cluster yet.",
        NO_VOTE,
    )
    heard = await giulia.taps("For", on=card)
    is_told(
        world,
        heard,
        "I couldn't take that as a vote on motion 1: each member organisation votes through its "
        "representatives.",
        NO_VOTE,
    )
    heard = await zoe.taps("For", on=card)
    if world.platform == "slack":
        assert heard.first.startswith("Hello! I keep the diary and the votes of")
        assert heard.buttons == ["I have an invitation", "I'm with a member", "Just looking"]
    else:
        assert heard.raw.opened.startswith("https://t.me/")
    assert len(marie.posts(hall)) == 1
    assert await book_of(world, number) == []
    heard = await anne.taps("For", on=card)
    assert heard.first == "🗳 Recorded for CIMES: For, motion 1."


async def test_the_roll_is_that_of_the_opening(world: World) -> None:
    eva, luc = await world.member("Eva", "emc2"), await world.member("Luc", "mecatech")
    ana = await world.member("Ana", "pool-net")
    hall = await votes_hall(eva, luc, ana)
    await changes_members(world, "emc2", standing="suspended")
    await changes_members(world, "pool-net", standing="observer")
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    assert card_lines(luc, hall, TITLE)[4].endswith("0 of 5 have voted. 3 more organisations make it valid.")
    for somebody, name in ((eva, "EMC2"), (ana, "Pool-Net")):
        heard = await somebody.taps("For", on=card)
        assert heard.first == f"{name} had no vote when motion 1 opened, so this isn't counted."
    await luc.taps("For", on=card)

    await changes_members(world, "mecatech", standing="suspended")  # its ballot stands, and it may vote
    await changes_members(world, "emc2", standing="voting")  # too late for this one
    heard = await luc.taps("Against", on=card)
    assert heard.first == "🗳 Changed for MecaTech from For to Against, motion 1."
    heard = await eva.taps("For", on=card)
    assert heard.first == "EMC2 had no vote when motion 1 opened, so this isn't counted."
    await ballots(world, number, cimes="for", evoluma="for")
    motion = await closes(world, number)
    assert (motion.result, motion.outcome["counts"]["members"]) == ("carried", 5)
    assert [line for line in await book_of(world, number) if line.startswith("refused")] == [
        "refused emc2 not_on_roll",
        "refused pool-net not_on_roll",
        "refused emc2 not_on_roll",
    ]
    await is_proved(world, number)


async def test_a_vote_that_comes_late_is_not_counted(world: World) -> None:
    luc, eva = await world.member("Luc", "mecatech"), await world.member("Eva", "emc2")
    giulia = await world.member("Giulia", "", "coordinator")
    hall = await votes_hall(luc, eva, giulia)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.taps("For", on=card)
    closes_at = (await stands(world, number)).motion.closes_at

    world.clock.at = closes_at  # it is over the moment that it says
    heard = await luc.taps("Against", on=card)
    late = "Voting on motion 1 closed a minute ago, Wed 2 Dec, 17:00, so this one isn't counted."
    is_told(world, heard, late, "MecaTech's earlier vote (For) stands.")
    assert heard.buttons == SEE
    heard = await eva.taps("For", on=card)
    is_told(world, heard, late)
    heard = await eva.taps("Tell the coordinator")
    assert heard.first == "I told the coordinator. The result stays as it is."
    await world.settled()
    told = f"Eva wanted to vote for EMC2 on motion 1, {TITLE}, after it closed."
    assert read_by(giulia) == [told]

    world.clock.at = closes_at + timedelta(minutes=9)
    heard = await votes(luc, number, "against")
    assert heard.lines == [
        "Voting on motion 1 closed 9 minutes ago, Wed 2 Dec, 17:00, so this one isn't counted.",
        "MecaTech's earlier vote (For) stands.",
    ]
    world.clock.at = closes_at + timedelta(days=2)
    heard = await votes(luc, number, "against")
    assert heard.first == "Voting on motion 1 closed Wed 2 Dec, 17:00, so this one isn't counted."
    assert heard.buttons == SEE[:1]
    assert await book_of(world, number) == [
        "cast mecatech for",
        "refused mecatech late",
        "refused emc2 late",
        "closed",
        "refused mecatech late",
        "refused mecatech late",
    ]
    await is_proved(world, number)


async def test_what_was_sent_in_time_counts_for_a_minute_more(world: World) -> None:
    luc, eva = await world.member("Luc", "mecatech"), await world.member("Eva", "emc2")
    hall = await votes_hall(luc, eva)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.taps("For", on=card)
    closes_at = (await stands(world, number)).motion.closes_at
    stamps(world, lambda: (closes_at - timedelta(seconds=3)).timestamp())

    world.clock.at = closes_at + timedelta(seconds=50)
    heard = await eva.taps("Against", on=card)  # Slack stamps a tap, Telegram does not
    if world.platform == "slack":
        assert heard.first == "🗳 Recorded for EMC2: Against, motion 1."
    else:
        assert heard.first.endswith("so this one isn't counted.")
    await luc.says("no", hall, reply_to=card)  # both stamp a message
    assert luc.reads().first == "🗳 Changed for MecaTech from For to Against, motion 1."
    assert luc.sees_marks(luc.wrote(hall)) == ["ballot"]

    world.clock.at = closes_at + timedelta(seconds=60)
    heard = await luc.taps("For", on=card)
    assert heard.lines[1] == "MecaTech's earlier vote (Against) stands."
    assert (await stands(world, number)).ballots["mecatech"] == "against"
    assert (await book_of(world, number))[-2:] == ["closed", "refused mecatech late"]
    await is_proved(world, number)


async def test_a_vote_in_the_minute_of_grace_is_not_called_the_last(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    closes_at = (await stands(world, number)).motion.closes_at
    stamps(world, lambda: (closes_at - timedelta(seconds=3)).timestamp())
    world.clock.at = closes_at + timedelta(seconds=50)
    await luc.says("yes", hall, reply_to=luc.finds(TITLE, hall))
    assert luc.reads().first == "🗳 Recorded for MecaTech: For, motion 1."
    assert "That was the last vote" not in luc.reads().text


async def test_a_tap_on_what_is_no_vote_any_more_is_answered_kindly(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.taps("For", on=card)
    await over(world, number, voided_at=world.clock.now(), void_reason="the text was not the one agreed")
    heard = await luc.taps("Against", on=card)
    is_told(
        world,
        heard,
        "Motion 1 is void, so there is nothing to vote on.",
        "It can be proposed anew.",
    )
    heard = await luc.taps("Take it back")
    assert heard.first == "Motion 1 is void, so there is nothing to vote on."
    await world.settled()
    assert card_lines(luc, hall, TITLE)[-1] == "Void: the text was not the one agreed"
    assert luc.reads_on(luc.finds(TITLE, hall)).buttons == []

    number = await noticed(world, title="A joint stand")
    heard = await votes(luc, number, "for")
    assert heard.lines == [
        "Voting on motion 2 opens Thu 3 Dec, 09:00, so this isn't a vote yet. Nothing is recorded."
    ]
    await over(world, number, withdrawn_at=world.clock.now())
    await world.settled()
    heard = await votes(luc, number, "for")
    assert heard.lines == [
        "Motion 2 was withdrawn, so there is nothing to vote on.",
        "It can be proposed anew.",
    ]
    await luc.says("yes", hall, reply_to=luc.finds("A joint stand", hall))
    assert luc.sees_marks(luc.wrote(hall)) == []
    assert card_lines(luc, hall, "A joint stand")[-1] == "Withdrawn before voting opened."
    assert (await book_of(world, 1), await book_of(world, 2)) == (["cast mecatech for"], [])


async def test_whoever_votes_for_it_now_may_change_the_vote_of_who_did_before(world: World) -> None:
    luc, noor = await world.member("Luc", "mecatech"), await world.member("Noor", "mecatech", "alternate")
    hall = await votes_hall(luc, noor)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.taps("For", on=card)
    await ends_role(world, luc)
    assert (await stands(world, number)).ballots == {"mecatech": "for"}

    heard = await luc.taps("Against", on=card)
    assert heard.first.startswith("I couldn't take that as a vote on motion 1: each member organisation")
    heard = await luc.types("/vote")
    assert heard.first.startswith("Your role here doesn't include voting, so I left it.")
    assert (await stands(world, number)).ballots == {"mecatech": "for"}
    heard = await noor.taps("Against", on=card)
    assert heard.first == "🗳 Changed for MecaTech from For to Against, motion 1."
    assert await book_of(world, number) == ["cast mecatech for", "replaced mecatech against"]


async def test_who_votes_for_two_is_asked_for_which_every_time(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await world.grants(marie, "representative", "emc2")
    number = await opened(world)
    for name, slug in (("EMC2", "emc2"), ("CIMES", "cimes")):
        heard = await votes(marie, number, "for")
        assert heard.lines == ["For which organisation?"]
        assert heard.buttons == ["CIMES", "EMC2", "Cancel"]
        heard = await marie.taps(name)
        assert heard.first == f"🗳 Recorded for {name}: For, motion 1."
        assert (await stands(world, number)).ballots[slug] == "for"
    heard = await votes(marie, number, "against", for_="EMC2")
    assert heard.first == "🗳 Changed for EMC2 from For to Against, motion 1."
    heard = await votes(marie, number, "against", for_="MecaTech")
    assert heard.first.startswith("I couldn't take that as a vote on motion 1")
    heard = await marie.types("/vote")
    emc2, cimes = await receipt_of(world, number), (await stands(world, number)).current["cimes"].receipt
    assert heard.lines == [
        "No vote waits for you.",
        f"✓ Motion 1, {TITLE}: CIMES voted For. Receipt {cimes}.",
        f"✓ Motion 1, {TITLE}: EMC2 voted Against. Receipt {emc2}.",
    ]


@on_slack
async def test_on_slack_who_votes_for_two_is_asked_when_they_tap_the_card(stage: World) -> None:
    marie, luc = await stage.member("Marie", "cimes"), await stage.member("Luc", "mecatech")
    await stage.grants(marie, "representative", "emc2")
    hall = await votes_hall(marie, luc)
    number = await opened(stage)
    for name, slug in (("EMC2", "emc2"), ("CIMES", "cimes")):
        heard = await marie.taps("For", on=marie.finds(TITLE, hall))
        assert (heard.first, heard.buttons[:2]) == ("For which organisation?", ["CIMES", "EMC2"])
        await marie.taps(name)
        assert (await stands(stage, number)).ballots[slug] == "for"
    assert len(luc.posts(hall)) == 1


@on_telegram
async def test_on_telegram_who_votes_for_two_is_asked_in_the_direct_chat(stage: World) -> None:
    marie, luc = await stage.member("Marie", "cimes"), await stage.member("Luc", "mecatech")
    await stage.grants(marie, "representative", "emc2")
    hall = await votes_hall(marie, luc)
    number = await opened(stage)
    for name, slug in (("EMC2", "emc2"), ("CIMES", "cimes")):
        heard = await marie.taps("For", on=marie.finds(TITLE, hall))
        assert heard.alert == "For which organisation?"
        assert read_by(marie)[-1] == "For which organisation?"
        await marie.taps(name)
        assert (await stands(stage, number)).ballots[slug] == "for"
    assert len(luc.posts(hall)) == 1


async def test_who_votes_no_more_is_not_told_how_it_was_changed(world: World) -> None:
    luc, noor = await world.member("Luc", "mecatech"), await world.member("Noor", "mecatech", "alternate")
    number = await opened(world, "exclusion")
    await votes(luc, number, "for")
    await ends_role(world, luc)
    await votes(noor, number, "against")
    await world.settled()
    assert not [line for line in read_by(luc) if line.startswith("Noor changed")]


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


async def test_who_takes_no_part_is_offered_no_result_before_there_is_one(world: World) -> None:
    eva = await world.member("Eva", "emc2")
    await changes_members(world, "emc2", standing="suspended")
    number = await opened(world)
    heard = await votes(eva, number, "for")
    assert heard.first == "EMC2 had no vote when motion 1 opened, so this isn't counted."
    assert "See the result" not in heard.buttons
