"""Who votes for whom: one organisation, one vote, by whoever acts for it now (spec/decisions.md 1 and 5)."""

from __future__ import annotations

from typing import Any

from storage.store import Store
from tests.assembly_stage import ballots, closes, opened, stands, votes
from tests.both_platforms import book_of, card_lines, is_proved, receipt_of, votes_hall
from tests.lanes_stage import read_by
from tests.places_stage import on_slack, on_telegram, stage
from tests.test_voting import TITLE, is_told
from tests.world import World

__all__ = ["stage"]  # a fixture

NO_VOTE = "Your view in the thread is welcome. Nothing is recorded."


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


async def test_who_takes_no_part_is_offered_no_result_before_there_is_one(world: World) -> None:
    eva = await world.member("Eva", "emc2")
    await changes_members(world, "emc2", standing="suspended")
    number = await opened(world)
    heard = await votes(eva, number, "for")
    assert heard.first == "EMC2 had no vote when motion 1 opened, so this isn't counted."
    assert "See the result" not in heard.buttons
