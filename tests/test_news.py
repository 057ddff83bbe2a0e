"""Items that members send for the newsletter, and what an edition finds by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.context import Context
from bot.handlers.newsletter.news import read_words
from bot.newsletter.collecting import candidates
from bot.rules.newsletter.values import Item
from tests.assembly_stage import ballots, becomes_final, in_house, opened
from tests.events_stage import planned
from tests.newsletter_stage import DRAFT, SEND, asks, edition_of, filled, it_is, subscribed
from tests.world import World


@pytest.mark.parametrize(
    ("words", "kind", "title", "text", "link"),
    [
        ("Our guide is out", "", "Our guide is out", "", ""),
        ("Our guide is out. It is free.", "", "Our guide is out", "It is free.", ""),
        ("Our guide\nIt is out. It is free.", "", "Our guide", "It is out. It is free.", ""),
        ("practice: Mending pumps. It works.", "practice", "Mending pumps", "It works.", ""),
        ("Good practice: Mending pumps", "practice", "Mending pumps", "", ""),
        ("Call for partners: We look for two", "call", "We look for two", "", ""),
        ("Guide is out https://example.org/a.", "", "Guide is out", "", "https://example.org/a"),
        ("Guide is out <https://example.org/a>", "", "Guide is out", "", "https://example.org/a"),
    ],
)
def test_a_title_a_text_and_a_link_are_told_apart(
    words: str, kind: str, title: str, text: str, link: str
) -> None:
    assert read_words(words) == (kind, title, text, link)


def test_a_title_that_is_too_long_is_cut_and_stays_whole_below() -> None:
    _, title, text, _ = read_words("pumps " * 60)
    assert len(title) <= 120
    assert title.endswith("pumps…")
    assert text.split() == ["pumps"] * 60


async def test_an_item_is_sent_seen_changed_and_taken_back(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/news Our guide is out. It is free for all. https://example.org/guide")
    assert heard.lines == [
        "This is what people will read (news):",
        "Our guide is out · CIMES",
        "It is free for all.",
        "https://example.org/guide",
        "May everybody read it, on the web too, or members only?",
    ]
    assert heard.buttons == ["Public", "Members only", "It's a practice", "It's a call", "Cancel"]
    heard = await marie.taps("It's a practice")
    assert heard.first == "This is what people will read (practice):"
    heard = await marie.taps("Public")
    assert heard.lines == [
        "✓ Kept for the edition of Tue 5 Jan 2027: Our guide is out",
        "practice · CIMES · public",
    ]
    assert heard.buttons == ["Edit", "Take it back"]

    await marie.taps("Edit")
    await marie.gives(words="Our guide is out at last\nIt is free for all members.")
    heard = marie.reads()
    assert heard.first == "✓ Changed: Our guide is out at last, for the edition of Tue 5 Jan 2027."
    heard = await marie.types("/news")
    assert heard.lines == [
        "What you sent for Green Manufacturing News:",
        "1 · Our guide is out at last · public · for Tue 5 Jan 2027",
    ]
    assert heard.buttons == ["Send news", "Take back 1", "Newsletter"]
    heard = await marie.taps("Take back 1")
    assert heard.first == "Taken back: Our guide is out at last stands in no edition."
    assert await asks(world, lambda store: store.news.waiting()) == ()
    heard = await marie.types("/news")
    assert heard.first == "You sent nothing for Green Manufacturing News yet."


async def test_an_item_waits_for_its_day(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/news A secret until spring not before 1 March 2027")
    heard = await marie.taps("Members only")
    assert heard.lines == [
        "✓ Kept for the edition of Tue 2 Mar 2027: A secret until spring",
        "news · CIMES · members only",
    ]
    [item] = await asks(world, lambda store: store.news.waiting())
    assert (item.embargo, item.organisation, item.consent) == (date(2027, 3, 1), "cimes", "members")
    await subscribed(world, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    assert "A secret until spring" not in [one.title for one in (await edition_of(world)).items]


async def test_what_is_in_a_draft_can_still_be_taken_back_and_not_once_it_is_out(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await subscribed(world, marie)
    for words in ("Our guide is out", "Our pumps run", "Our moulds hold"):
        await marie.types(f"/news {words}. {'It is free for all members and for everybody else. ' * 8}")
        await marie.taps("Public")
    taps = marie.reads().raw
    await it_is(world, DRAFT)
    assert len((await edition_of(world)).items) == 3
    heard = await marie.taps("Edit", on=taps)
    assert heard.first == (
        "Our moulds hold is in the draft already. You can take it back, or ask the coordination team."
    )
    heard = await marie.taps("Take it back", on=taps)
    assert heard.first == "Taken back: Our moulds hold stands in no edition."
    assert [one.title for one in (await edition_of(world)).items] == ["Our guide is out", "Our pumps run"]
    await it_is(world, SEND)
    heard = await marie.types("/news")
    assert [line.rpartition(" · ")[2] for line in heard.lines[1:]] == ["sent Tue 5 Jan", "sent Tue 5 Jan"]
    assert heard.buttons == ["Send news", "Newsletter"]


async def test_an_edition_finds_what_was_done_decided_and_is_planned(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    now = world.clock.now()
    await marie.types("/log workshop Mould recycling on 20 November with MecaTech")
    await planned(world, title="Green hydrogen 101", audience="public", link="https://meet.example.org/x")
    await planned(world, title="Board", audience="coordination")
    await planned(world, title="Far away", starts_at=now + timedelta(days=90))
    await planned(world, title="For us", where="Rue de la Loi 1", starts_at=now + timedelta(days=20))
    number = await opened(world, title="A joint newsletter", proposer=marie)
    await ballots(world, number, cimes="for", mecatech="for", emc2="for", evoluma="for", pool_net="against")
    await becomes_final(world, number)

    def look(ctx: Context) -> tuple[Item, ...]:
        return candidates(ctx, now - timedelta(days=31), now)

    found = {item.title: item for item in await in_house(world, look)}
    assert "Board" not in found
    assert "Far away" not in found
    workshop, event = found["Mould recycling"], found["Green hydrogen 101"]
    assert workshop.text == "Workshop on 20 November 2026, by CIMES and MecaTech."
    assert (workshop.kind, workshop.consent, workshop.organisation) == ("news", "members", "cimes")
    assert "know-how" in workshop.topics
    assert event.text == "Webinar on 8 December 2026 at 15:00 CET, by Pool-Net."
    assert (event.kind, event.consent, event.link) == ("event", "public", "")
    assert found["For us"].consent == "members"
    assert "Rue de la Loi 1" in found["For us"].text

    def after(ctx: Context) -> tuple[Item, ...]:
        return candidates(ctx, now, ctx.now + timedelta(minutes=1))

    [decision] = [item for item in await in_house(world, after) if item.kind == "decision"]
    assert decision.title == "A joint newsletter"
    assert decision.text.endswith(": 4 for, 1 against, 0 abstained.")
    assert (decision.consent, decision.organisation) == ("members", "")
    assert "Marie" not in repr([*found.values(), decision])


async def test_a_sealed_vote_tells_no_numbers(world: World) -> None:
    profile = world.charter.decisions.ordinary_resolution
    rule = replace(profile.rule("ordinary_resolution", 1), secrecy="sealed")
    now = world.clock.now()
    number = await opened(world, title="Who leads", rule=rule)
    await ballots(world, number, cimes="for", mecatech="for", emc2="for", evoluma="for", pool_net="against")
    await becomes_final(world, number)

    def after(ctx: Context) -> tuple[Item, ...]:
        return candidates(ctx, now, ctx.now + timedelta(minutes=1))

    [decision] = [item for item in await in_house(world, after) if item.kind == "decision"]
    assert decision.text.startswith("Motion carried on ")
    assert "against" not in decision.text


async def test_nothing_is_told_twice(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await subscribed(world, marie)
    await marie.types("/log workshop Mould recycling on 20 November with MecaTech")
    await filled(world, marie)
    now = world.clock.now()
    await it_is(world, DRAFT - timedelta(days=1))
    await marie.types("/log workshop Pumps again on 26 December with EMC2")
    await it_is(world, DRAFT)
    edition = await edition_of(world)
    assert "Pumps again" in [item.title for item in edition.items]

    def look(ctx: Context) -> tuple[Item, ...]:
        return candidates(ctx, now, ctx.now)

    assert "Pumps again" not in [item.title for item in await in_house(world, look)]
    assert edition.created_at == DRAFT
    assert edition.send_at == datetime(2027, 1, 5, 9, tzinfo=UTC)
