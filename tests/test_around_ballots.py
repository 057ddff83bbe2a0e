"""Around ballots: reasons, stepping aside, votes by phone, more time, a second call (decisions.md 3, 4.8)."""

from __future__ import annotations

from typing import Any

from bot.context import Context
from storage.store import Store
from tests.assembly_stage import FEE, ballots, closes, in_house, noticed, opened, stands, votes
from tests.world import World

CHOICES = ["For", "Against", "Abstain"]


async def coordinator(world: World, name: str = "Carla") -> Any:
    return await world.member(name, "", "coordinator")


async def said(world: World, number: int) -> dict[str, str]:
    """How organisations explain their votes, as it is kept."""

    def read(store: Store) -> dict[str, str]:
        return {one.organisation: one.text for one in store.ballots.explanations(number)}

    return await world.storage.read(read)


async def test_a_vote_is_explained_in_one_line_that_can_be_changed_and_taken_away(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world)
    await votes(marie, number, "for")

    await marie.taps("Add a reason")
    if world.platform == "telegram":
        assert marie.reads().lines == [
            "Why did CIMES vote For on motion 1?",
            "One line, for everybody to read. It's in the minutes too.",
        ]
    heard = await marie.gives(why="It helps our SMEs")
    assert heard.lines == [
        "✓ CIMES on motion 1: It helps our SMEs",
        "It stands beside the vote and in the minutes. You can change it until Wed 2 Dec, 17:00 in Paris.",
    ]
    assert heard.buttons == ["Change it", "Who voted how"]
    assert await said(world, number) == {"cimes": "It helps our SMEs"}

    await marie.taps("Change it")
    if world.platform == "telegram":
        assert marie.reads().lines[1] == "So far: It helps our SMEs"
        heard = await marie.taps("Take it away")
    else:
        heard = await marie.gives(why="")
    assert heard.lines == ["Taken away: CIMES gives no reason for its vote on motion 1."]
    assert await said(world, number) == {}


async def test_there_is_no_reason_without_a_vote_and_none_after_the_close(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes", "alternate")
    number = await opened(world)
    await votes(marie, number, "for")
    await votes(paul, number, "for")
    await paul.taps("Take it back")
    heard = await marie.taps("Add a reason")
    assert heard.lines == ["CIMES has no vote on motion 1 that this could be about. Nothing has changed."]
    assert heard.buttons == CHOICES

    await votes(marie, number, "against")
    await closes(world, number)
    heard = await marie.taps("Add a reason")
    assert heard.first == "Motion 1 is decided and final, so nothing has changed."
    assert await said(world, number) == {}


async def test_an_organisation_steps_aside_and_is_counted_no_more(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes", "alternate")
    carla = await coordinator(world)
    number = await opened(world)
    await votes(marie, number, "for")

    heard = await marie.types("/recuse 1")
    assert heard.lines == [
        "Why does CIMES step aside from motion 1, A joint newsletter?",
        "The reason is in the minutes.",
    ]
    assert heard.buttons == ["It concerns us", "Personal interest", "Cancel"]
    heard = await marie.taps("It concerns us")
    assert heard.lines == [
        "CIMES takes no part in motion 1, A joint newsletter?",
        "Reason: It concerns us",
        "Its vote (For) counts no more.",
        "6 members are then counted. This can't be taken back.",
    ]
    heard = await marie.taps("Yes, step aside")
    assert heard.lines == [
        "CIMES takes no part in motion 1. The coordinator is told.",
        "Reason, for the minutes: It concerns us",
    ]
    await world.settled()
    for somebody in (carla, paul):
        assert somebody.reads().lines == [
            "CIMES takes no part in motion 1, A joint newsletter: It concerns us (Marie).",
            "You get this because you vote, proposed it, or coordinate the alliance.",
        ]
    now = await stands(world, number)
    assert (now.counts.members, now.counts.ballots, len(now.missing)) == (6, 0, 6)

    heard = await votes(paul, number, "for")
    assert heard.lines == ["CIMES takes no part in motion 1, so this isn't counted."]
    heard = await carla.types("/enter ballot 1 cimes for")
    assert heard.lines == ["CIMES takes no part in motion 1, so this isn't counted."]
    assert heard.buttons == ["Read it"]
    heard = await paul.types("/recuse 1 Personal interest")
    assert heard.lines == ["CIMES takes no part in motion 1, so I left it. Nothing has changed."]


async def test_in_a_group_stepping_aside_is_asked_in_private(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    group = world.group("Assembly", marie)
    number = await opened(world)

    heard = await marie.types("/recuse 1", group)
    if world.platform == "telegram":
        assert heard.buttons == ["Go on in private", "Cancel"]
    else:
        heard = await marie.gives(why="It concerns us")
        assert heard.first == "CIMES takes no part in motion 1, A joint newsletter?"
        await marie.taps("Yes, step aside")
        assert "cimes" not in (await stands(world, number)).entitled
        assert marie.posts(group) == []


async def test_who_has_two_hats_says_which_one_steps_aside_and_why_in_one_line(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await world.grants(marie, "representative", "emc2")
    number = await noticed(world)

    heard = await marie.types("/recuse 1 We sell it for EMC2")
    assert heard.first == "Voting on motion 1 isn't open yet, so nothing is recorded."
    number = await opened(world, title="Another one")
    await marie.types(f"/step aside {number} We sell it")
    heard = await marie.taps("EMC2")
    assert heard.lines[:2] == ["EMC2 takes no part in motion 2, Another one?", "Reason: We sell it"]
    await marie.taps("Yes, step aside")
    assert "emc2" not in (await stands(world, number)).entitled


async def test_a_vote_by_phone_is_entered_contested_entered_again_and_confirmed(world: World) -> None:
    carla, ana = await coordinator(world), await world.member("Ana", "pool-net")
    number = await opened(world)

    heard = await carla.types("/enter ballot 1 pool-net for")
    assert heard.lines == [
        "🗳 Entered for Pool-Net: For, motion 1.",
        "Ana can say whether that's right. It counts meanwhile.",
    ]
    assert (await stands(world, number)).ballots == {"pool-net": "for"}
    await world.settled()
    assert ana.reads().lines == [
        "🗳 Carla entered Pool-Net's vote on motion 1, A joint newsletter: For.",
        "Is that right? The vote counts meanwhile.",
        "You get this because you vote for Pool-Net.",
    ]
    heard = await ana.taps("Contest")
    assert heard.lines == [
        "Pool-Net's vote on motion 1 (For) counts no more. The coordinator is told.",
        "You can vote until Wed 2 Dec, 16:00 in Lisbon.",
    ]
    assert heard.buttons == CHOICES
    assert (await stands(world, number)).ballots == {}
    await world.settled()
    assert carla.reads().lines == [
        "Ana says that For wasn't Pool-Net's vote on motion 1, A joint newsletter.",
        "It counts no more. Pool-Net can vote itself.",
    ]

    heard = await carla.types("/enter ballot 1 pool-net")
    assert heard.lines == ["How does Pool-Net vote on motion 1, A joint newsletter?"]
    assert heard.buttons == [*CHOICES, "Cancel"]
    await carla.taps("Against")
    await world.settled()
    heard = await ana.taps("That's right")
    assert heard.lines == [
        "✓ Confirmed for Pool-Net: Against, motion 1.",
        "You can change it until Wed 2 Dec, 16:00 in Lisbon.",
    ]
    heard = await carla.types("/enter ballot 1 pool-net abstain")
    assert heard.lines == [
        "Pool-Net's vote on motion 1 is its own, so I left it as it is.",
        "Ana can change it. Nothing is recorded.",
    ]
    assert [one.event for one in (await stands(world, number)).entries] == [
        "opened", "entered", "contested", "entered", "confirmed",
    ]  # fmt: skip


async def test_no_vote_is_entered_over_one_that_the_organisation_gave(world: World) -> None:
    carla, ana = await coordinator(world), await world.member("Ana", "pool-net")
    number = await opened(world)
    await votes(ana, number, "for")

    heard = await carla.types("/enter ballot 1 pool-net against")
    assert heard.first == "Pool-Net's vote on motion 1 is its own, so I left it as it is."
    heard = await carla.types("/enter ballot 1 emc2 blue")
    assert heard.lines == [
        'I don\'t see a vote on motion 1 in "blue".',
        "How does EMC2 vote on motion 1, A joint newsletter?",
    ]
    heard = await carla.taps("For")
    assert heard.lines == [
        "🗳 Entered for EMC2: For, motion 1.",
        "Nobody here votes for EMC2, so I can't ask whether that's right. It counts.",
    ]
    heard = await ana.types("/enter ballot 1 cimes for")
    assert heard.first.startswith("Your role here doesn't include keeping the Assembly's records")
    assert (await stands(world, number)).ballots == {"pool-net": "for", "emc2": "for"}


async def test_what_was_entered_is_answered_by_its_own_organisation_and_while_it_stands(world: World) -> None:
    carla, ana = await coordinator(world), await world.member("Ana", "pool-net")
    number = await opened(world, "election")

    heard = await carla.types("/enter ballot 1 pool-net Luc")
    assert heard.first == "🗳 Entered for Pool-Net: Luc, motion 1."
    await world.settled()
    await ballots(world, number, pool_net="1")
    heard = await ana.taps("Contest")
    assert heard.lines == ["Pool-Net's vote on motion 1 is Ana now, so I left it as it is."]
    assert (await stands(world, number)).ballots == {"pool-net": "1"}


async def test_while_a_vote_is_sealed_nobody_else_reads_what_was_entered_or_why(world: World) -> None:
    carla, ana = await coordinator(world), await world.member("Ana", "pool-net")
    number = await opened(world, "exclusion")
    await carla.types("/enter ballot 1 pool-net against")
    await world.settled()

    await ana.taps("Contest")
    await world.settled()
    assert carla.reads().lines == [
        "Ana says that what was entered wasn't Pool-Net's vote on motion 1, EMC2 leaves.",
        "It counts no more. Pool-Net can vote itself.",
    ]
    await votes(ana, number, "for")
    await ana.taps("Add a reason")
    if world.platform == "telegram":
        assert (
            ana.reads().lines[1] == "One line. Everybody reads it after the close, and it's in the minutes."
        )
    heard = await ana.gives(why="They asked for it")
    assert heard.buttons == ["Change it"]


async def test_a_vote_that_should_not_stand_is_struck_with_a_reason(world: World) -> None:
    carla, ana = await coordinator(world), await world.member("Ana", "pool-net")
    number = await opened(world)
    await votes(ana, number, "for")

    heard = await carla.types("/strike ballot 1 emc2 not accredited")
    assert heard.lines == ["EMC2 has no vote on motion 1 that this could be about. Nothing has changed."]
    heard = await carla.types("/strike ballot 1 pool-net not accredited")
    assert heard.lines == [
        "Strike Pool-Net's vote on motion 1, A joint newsletter?",
        "Reason, for the minutes: not accredited",
        "Pool-Net is then off the count and can't vote on it again.",
        "6 members are then counted. This can't be taken back.",
    ]
    heard = await carla.taps("Yes, strike it")
    assert heard.first == "Pool-Net's vote on motion 1 is struck and counts no more. Pool-Net is told."
    await world.settled()
    assert ana.reads().lines == [
        "The coordinator struck Pool-Net's vote on motion 1, A joint newsletter. It counts no more.",
        "Reason: not accredited",
    ]
    now = await stands(world, number)
    assert (now.counts.members, now.ballots, now.entries[-1].event) == (6, {}, "struck")


async def test_a_member_asks_for_more_time_once_and_everybody_who_votes_is_told(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    carla = await coordinator(world)
    number = await opened(world)
    await votes(luc, number, "for")

    heard = await ana.types("/more time 1")
    assert heard.lines == [  # the 8th of December is a holiday in Portugal
        "More time for motion 1, A joint newsletter: until Thu 10 Dec, 16:00 in Lisbon?",
        "Until now it closes Wed 2 Dec, 16:00.",
        "That's five working days, once per motion. Everybody who votes is told.",
    ]
    heard = await ana.taps("Yes, more time")
    assert heard.lines == [
        "⏳ Motion 1, A joint newsletter, now closes Thu 10 Dec, 16:00 in Lisbon.",
        "Pool-Net asked for more time. It was to close Wed 2 Dec, 16:00.",
        "Votes that were given stand.",
    ]
    await world.settled()
    longer = "⏳ Motion 1, A joint newsletter, now closes Thu 10 Dec, 17:00 in Brussels."
    for somebody in (luc, carla):
        assert somebody.reads().first == longer
    heard = await luc.types("/ask for time 1")
    assert heard.lines == [
        "Pool-Net had more time for motion 1 already, and that's once per motion. "
        "It closes Thu 10 Dec, 17:00 in Brussels."
    ]
    await world.passes(days=9)
    assert (await stands(world, number)).phase == "open"
    await closes(world, number)
    heard = await luc.types("/more time 1")
    assert heard.first == "Motion 1 is decided and final, so nothing has changed."


async def test_a_vote_that_too_few_took_part_in_is_called_again(world: World) -> None:
    marie, ana = await world.member("Marie", "cimes"), await world.member("Ana", "pool-net")
    number = await opened(world, "charter_amendment", proposer=marie)

    heard = await marie.types("/second call 1")
    assert heard.lines == ["Motion 1 has no result yet, so there is nothing to call again."]
    await ballots(world, number, cimes="for")
    await closes(world, number)
    heard = await ana.types("/second call 1")
    assert heard.lines == [
        "CIMES proposed motion 1, so CIMES or the coordinator can call it again. Nothing has changed."
    ]
    heard = await marie.types("/second call 1")
    assert heard.lines == [
        "Too few took part in motion 1. The same text once more: A small membership fee (second call)?",
        "We do this together, starting in January.",
        "− There is no membership fee at the outset.",
        "＋ The fee is 100 euro a year.",
        "Rule, provisional: two-thirds of votes cast, at least half take part (Art. 8 leaves it open).",
        "Voting opens Mon 21 Dec, 09:00 and closes Tue 12 Jan 2027, 17:00 in Paris.",
    ]
    heard = await marie.taps("Send the notice")
    assert heard.lines == [
        "Notice is given: motion 2, A small membership fee (second call).",
        "Voting opens Mon 21 Dec, 09:00 and closes Tue 12 Jan 2027, 17:00 in Paris.",
        "Everybody who votes is told.",
    ]
    await world.settled()
    assert ana.reads().first == "CIMES proposes motion 2: A small membership fee (second call)"
    heard = await marie.types("/second call 1")
    assert heard.lines == ["Motion 1 is put to the vote again already, as motion 2."]
    again = (await stands(world, 2)).motion
    assert (again.article, again.base, again.organisation, again.result) == (7, 1, "cimes", "")


async def test_a_change_of_what_has_changed_meanwhile_is_not_called_again(world: World) -> None:
    carla = await coordinator(world)
    number = await opened(world, "charter_amendment")
    await closes(world, number)

    def amend(ctx: Context) -> None:
        article = ctx.charter.article(7)
        article = article.model_copy(update={"text": article.text.replace(FEE[0], "Whoever can, gives.")})
        articles = tuple(article if one.number == 7 else one for one in ctx.charter.articles)
        changed = ctx.charter.model_copy(update={"articles": articles})
        ctx.store.charters.add(changed.fingerprint(), changed.to_json(), ctx.now.date(), ctx.now)

    await in_house(world, amend)
    heard = await carla.types("/second call 1")
    assert heard.lines == ["Article 7 has changed since motion 1, so the change is to be proposed anew."]
    number = await opened(world)
    await closes(world, number)
    await carla.types("/second call 2")
    heard = await carla.taps("Send the notice")
    assert heard.first == "Notice is given: motion 3, A joint newsletter (second call)."


async def test_what_enough_took_part_in_is_not_called_again(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world, proposer=marie)
    await ballots(world, number, cimes="for", mecatech="against", emc2="against", evoluma="against")
    await closes(world, number)
    heard = await marie.types("/second call 1")
    assert heard.lines == [
        "Enough took part in motion 1, so it can't be called again. You can propose it anew."
    ]


async def test_a_second_call_is_a_yes_to_what_was_seen(world: World) -> None:
    marie, ana = await world.member("Marie", "cimes"), await world.member("Ana", "pool-net")
    number = await opened(world, "annual_renewal", proposer=marie)
    await closes(world, number)
    await marie.types("/second call 1")
    world.clock.pass_(days=4)
    heard = await marie.taps("Send the notice")
    assert heard.first == "Something has changed meanwhile; this is how it would be now."
    assert heard.lines[1].endswith("The same text once more: Another year (second call)?")
    assert len(await world.storage.read(lambda store: store.motions.all())) == 1
    await ana.types("/propose renewal")
    await ana.taps("Send the notice")
    heard = await marie.taps("Send the notice")
    assert heard.first.startswith("Motion 2 is about that already: The alliance goes on for another year.")
