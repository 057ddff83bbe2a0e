"""What was mended in the newsletter: what stands in an edition, and what its editors are told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.context import Context
from bot.handlers.newsletter.news import read_words
from bot.newsletter.archive import public_edition
from bot.newsletter.drafting import filled as fill
from bot.rules.newsletter.values import Edition
from tests.assembly_stage import in_house
from tests.events_stage import planned
from tests.newsletter_stage import (
    DRAFT,
    SEND,
    asks,
    edition_of,
    filled,
    it_is,
    messages_of,
    news,
    second_person,
    subscribed,
    told,
)
from tests.world import World

TITLE = "Green Manufacturing News, January 2027"
FEBRUARY = "Green Manufacturing News, February 2027"
NEXT_DRAFT = datetime(2027, 1, 26, 9, tzinfo=UTC)
A_THURSDAY = datetime(2027, 1, 14, 14, tzinfo=UTC)


async def team(world: World) -> tuple[Any, Any]:
    """Vera looks after the newsletter, Marie reads it and sends news."""
    vera = await world.member("Vera", "", "coordinator")
    marie = await world.member("Marie", "cimes")
    await subscribed(world, marie)
    return vera, marie


def audience(number: int, who: str) -> Callable[[Context], None]:
    """An event is for these from now on."""

    def change(ctx: Context) -> None:
        event = ctx.store.events.get(number, lock=True)
        assert event is not None
        ctx.store.events.write(replace(event, audience=who))  # type: ignore[arg-type]

    return change


async def test_what_changed_since_the_draft_is_left_out_and_told(world: World) -> None:
    vera, marie = await team(world)
    world.clock.pass_(days=10)
    await marie.types("/log workshop Mould recycling on 2 December with MecaTech")
    activity = await asks(world, lambda s: s.activities.between(date(2026, 12, 2), date(2026, 12, 2))[0])
    await filled(world, marie)
    open_day = {"by": marie, "audience": "public", "hosts": ("cimes",), "starts_at": A_THURSDAY}
    cancelled = await planned(world, **open_day, title="Mould day")
    narrowed = await planned(world, **{**open_day, "hosts": ("evoluma",), "title": "Pump day"})
    hidden = await planned(world, **{**open_day, "hosts": ("green-tech",), "title": "Board day"})
    await it_is(world, DRAFT)
    for title in ("Mould day", "Pump day", "Board day", "Mould recycling"):
        assert title in vera.reads().text
    await marie.types(f"/event cancel {cancelled} The speaker is ill")
    await marie.taps(marie.reads().buttons[0])
    await in_house(world, audience(narrowed, "members"))
    await in_house(world, audience(hidden, "hosts"))
    heard = await marie.types(f"/withdraw {activity.record.id}")
    assert heard.first == "Mould recycling is withdrawn and not counted. Its history is kept."

    await it_is(world, SEND)
    assert vera.reads().lines == [
        f"I left 5 items out of {TITLE}:",
        "Board day is for fewer people now.",
        "Mould day was cancelled.",
        "Pump day is for fewer people now.",
        "Mould recycling was withdrawn, or doesn't count any more.",
        "The alliance in 2026 was withdrawn, or doesn't count any more.",
        "You get this because you look after the newsletter.",
    ]
    bold = [line for line in marie.reads().lines if " · " in line]
    assert bold == [
        "A guide to moulds · CIMES",
        "Our plans for spring · Pool-Net",
        "Pumps that mend themselves · MecaTech",
    ]
    page = await asks(world, lambda store: public_edition(store, "2027-01"))
    assert page is not None
    assert [one.title for one in page.items] == ["A guide to moulds", "Pumps that mend themselves"]


async def test_what_is_over_or_moved_is_left_out_and_too_little_is_held(world: World) -> None:
    vera, marie = await team(world)
    await news(world, marie, title="A guide to moulds")
    await news(world, marie, title="Pumps that mend themselves", organisation="mecatech")
    open_day = {"by": marie, "audience": "public", "hosts": ("emc2",)}
    soon = datetime(2027, 1, 6, 14, tzinfo=UTC)
    await planned(world, **open_day, starts_at=soon, title="Mould day")
    later = await planned(world, **open_day, starts_at=A_THURSDAY, title="Pump day")

    def moves(ctx: Context) -> None:
        event = ctx.store.events.get(later, lock=True)
        assert event is not None
        ctx.store.events.write(replace(event, starts_at=A_THURSDAY + timedelta(hours=1)))

    await it_is(world, DRAFT)
    assert "Pump day" in vera.reads().text
    await in_house(world, moves)
    week = SEND + timedelta(days=7)
    await in_house(world, later_on(week))
    await it_is(world, week)
    assert await messages_of(world) == ()
    assert vera.reads().lines == [
        f"{TITLE} is held: too little is left of it.",
        "It waits for one of you until Tue 26 Jan, then it makes room for the next one.",
        "You get this because you look after the newsletter.",
    ]
    assert [one.title for one in (await edition_of(world)).items] == [
        "A guide to moulds",
        "Pumps that mend themselves",
    ]
    heard = await vera.taps("Open it")
    heard = await vera.taps("Items")
    heard = await vera.taps("Add an item")
    assert heard.buttons == ["Pump day", "Cancel"], "as it is now; what is over is not offered"
    heard = await vera.taps("Pump day")
    assert heard.first == "Added: Pump day"
    assert "16:00 CET" in (await edition_of(world)).items[-1].text


def later_on(at: datetime) -> Callable[[Context], None]:
    """The edition goes out then, as after [Another day]."""

    def move(ctx: Context) -> None:
        found = ctx.store.editions.get(1, lock=True)
        assert found is not None
        ctx.store.editions.write(replace(found, send_at=at))

    return move


async def test_approving_takes_a_second_look_first(world: World) -> None:
    vera, marie = await team(world)
    await filled(world, marie)
    number = await planned(
        world, by=marie, audience="public", hosts=("cimes",), starts_at=A_THURSDAY, title="Mould day"
    )
    await it_is(world, DRAFT)
    await second_person(world)
    await vera.taps("Open it")
    await in_house(world, audience(number, "hosts"))
    heard = await vera.taps("Approve")
    assert heard.lines[:3] == [
        "Not approved yet: something changed since. Please look again.",
        "Mould day is for fewer people now.",
        TITLE,
    ]
    assert (await edition_of(world)).state == "draft"
    heard = await vera.taps("Approve")
    assert heard.first == "✓ Approved."
    await it_is(world, SEND)
    assert "Mould day" not in marie.reads().text


async def test_what_a_stopped_edition_held_stands_in_the_next_one(world: World) -> None:
    vera, marie = await team(world)
    world.clock.pass_(days=10)
    await marie.types("/log workshop Mould recycling on 2 December with MecaTech")
    await marie.taps("Add link or photo")
    await marie.gives(link="https://docs.example.org/attendance-list")
    await filled(world, marie)
    await it_is(world, DRAFT)
    assert "Mould recycling" in vera.reads().text
    assert "attendance-list" not in vera.reads().text, "what proves it is not for readers"
    await vera.taps("Open it")
    await vera.taps("Items")
    at = [one.title for one in (await edition_of(world)).items].index("Mould recycling") + 1
    await vera.taps(f"Open {at}")
    heard = await vera.taps("Leave out")
    assert heard.first == "Left out: Mould recycling"
    for n, slug in enumerate(("cimes", "mecatech", "pool-net", "emc2", "evoluma", "green-tech"), start=1):
        await news(world, marie, title=f"Late item {n}", organisation=slug)
    await vera.taps("Items")
    heard = await vera.taps("Add an item")
    assert heard.buttons == [*(f"Late item {n}" for n in range(1, 6)), "More", "Cancel"]
    heard = await vera.taps("More")
    assert heard.buttons == ["Late item 6", "Mould recycling", "Back", "Cancel"]
    heard = await vera.taps("Mould recycling")
    assert heard.first == "Added: Mould recycling"
    await vera.taps("Stop it")
    await it_is(world, NEXT_DRAFT)
    assert vera.reads().first.startswith("The newsletter goes out Tue 2 Feb")
    assert "Mould recycling" in [one.title for one in (await edition_of(world, 2)).items]


async def test_a_held_edition_is_asked_of_again_and_then_makes_room(world: World) -> None:
    vera, marie = await team(world)
    await filled(world, marie)
    await it_is(world, DRAFT)
    await it_is(world, SEND + timedelta(hours=7))
    held = f"{TITLE} is held: I was away at its hour, Tue 5 Jan, 10:00 in Brussels."
    assert vera.reads().first == held
    heard = await marie.types("/newsletter")
    assert "The next one: Tue 2 Feb." in heard.lines
    heard = await marie.types("/subscribe")
    assert heard.lines[-1] == "The next one: Tue 2 Feb."

    still = [
        held,
        "It still waits for one of you. On Tue 26 Jan it makes room for the next one.",
        "You get this because you look after the newsletter.",
    ]
    for day in (7, 25):
        await it_is(world, datetime(2027, 1, day, 9, tzinfo=UTC))
        assert [one.lines for one in told(vera)].count(still) == (1 if day == 7 else 2)
    await it_is(world, NEXT_DRAFT)
    assert (await edition_of(world)).state == "skipped"
    fresh = await edition_of(world, 2)
    assert (fresh.state, fresh.title, len(fresh.items)) == ("draft", FEBRUARY, 3)
    [closed] = [one for one in told(vera) if "nobody said what to do" in one.first]
    assert closed.lines == [
        f"{TITLE} was held, and nobody said what to do, so it doesn't go out.",
        "Its items can stand in the next one.",
        "You get this because you look after the newsletter.",
    ]


async def test_an_edition_that_was_missed_is_told(world: World) -> None:
    vera, marie = await team(world)
    await filled(world, marie)
    await it_is(world, DRAFT - timedelta(days=1))
    world.clock.at = SEND + timedelta(hours=1)
    await world.happens()
    assert vera.reads().lines == [
        "There was no edition Tue 5 Jan: I was away when it was to be made.",
        "The next one: Tue 2 Feb.",
        "You get this because you look after the newsletter.",
    ]
    assert vera.reads().buttons == ["Make one anyway", "Later", "Stop these"]


async def test_the_team_is_shown_what_has_to_be_mended(world: World) -> None:
    vera, marie = await team(world)
    await filled(world, marie)
    await news(world, marie, title="Call us", organisation="emc2", text="See http://intranet/plan for more.")
    await it_is(world, DRAFT)
    assert vera.reads().lines[:4] == [
        "The newsletter is planned for Tue 5 Jan 2027, 10:00 in Brussels.",
        "Goes to 1 person.",
        "It can't go out yet: a few things have to be mended first.",
        "Item 2: this link leads nowhere: http://intranet/plan",
    ]


async def test_everybody_who_changed_something_is_no_second_person(world: World) -> None:
    vera, marie = await team(world)
    theo = await world.member("Theo", "", "coordinator")
    await filled(world, marie)
    await marie.types("/news Take me back. It is free for all. https://example.org/guide")
    await marie.taps("Public")
    kept = marie.reads().raw
    await it_is(world, DRAFT)
    await second_person(world)
    await vera.taps("Open it")
    await vera.taps("Introduction")
    await vera.gives(words="Read https://example.org/my-own-company first.")
    heard = await marie.taps("Take it back", on=kept)
    assert heard.first == "Taken back: Take me back stands in no edition."
    await vera.types("/newsletter")
    heard = await vera.taps("Open the draft")
    assert "You changed something in it, so it takes somebody else." in heard.lines
    assert "Approve" not in heard.buttons
    edition = await edition_of(world)
    assert len(edition.changed_by) == 2
    await theo.types("/newsletter")
    await theo.taps("Open the draft")
    heard = await theo.taps("Approve")
    assert heard.first == "✓ Approved."
    assert (await edition_of(world)).changed_by == ()


async def test_small_things_about_an_item(world: World) -> None:
    vera, marie = await team(world)
    await marie.types("/news Our guide is out. It is free for all. https://example.org/guide")
    await marie.taps("Public")
    await marie.taps("Edit")
    await marie.gives(words="https://example.org/better-guide")
    kept = marie.reads()
    assert kept.first == "✓ Changed: Our guide is out, for the edition of Tue 5 Jan 2027."
    [item] = await asks(world, lambda store: store.news.waiting())
    assert (item.text, item.link) == ("It is free for all.", "https://example.org/better-guide")
    await filled(world, marie)
    await it_is(world, DRAFT)
    await vera.taps("Open it")
    await vera.taps("Items")
    at = [one.title for one in (await edition_of(world)).items].index("Our guide is out") + 1
    await vera.taps(f"Open {at}")
    heard = await vera.taps("Members only")
    assert heard.first == "For members only now: Our guide is out"
    await vera.taps("Items")
    heard = await vera.taps(f"Open {at}")
    assert "Make it public" in heard.buttons, "its author sent it for everybody"
    heard = await vera.taps("Make it public")
    assert heard.first == "Public now: Our guide is out"
    await it_is(world, SEND)
    heard = await marie.taps("Edit", on=kept.raw)
    assert heard.first == (
        "Our guide is out went out Tue 5 Jan, so it stays as it is. A correction can be added."
    )


def test_a_link_in_a_sentence_stays_whole() -> None:
    for words in (
        "Our guide is out. See [the guide](https://example.org/guide)",
        "Our guide is out. It is free (see https://example.org/guide)",
    ):
        _, title, text, link = read_words(words)
        assert (title, text, link) == ("Our guide is out", words.partition(". ")[2], "")


async def test_what_was_taken_back_while_the_draft_is_made_is_not_in_it(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await filled(world, marie)
    read = await asks(world, lambda store: store.news.waiting())

    def another_says_otherwise(ctx: Context) -> None:
        for one, given in ((read[0], {"dropped_at": ctx.now}), (read[1], {"title": "Pumps, mended"})):
            ctx.store.news.write(replace(one, **given))

    def drafts(ctx: Context) -> Edition:
        edition = ctx.store.editions.add(
            Edition(
                number=0, slug="x", title="X", created_at=ctx.now, collected_since=ctx.now,
                collected_until=ctx.now, send_at=SEND,
            )
        )  # fmt: skip
        return fill(ctx, edition, read)

    await in_house(world, another_says_otherwise)
    made = await in_house(world, drafts)
    assert [one.title for one in made.items] == ["Pumps, mended", "Our plans for spring"]
