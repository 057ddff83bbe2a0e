"""The charter in the chat: its articles, what changed them, and what differs between two versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.charter import Charter
from storage.store import Store
from tests.world import World

OWN_WORDS = "In our own words; the signed charter is what binds."
AMENDED = "In our own words; the charter as signed and amended is what binds."
MONEY = [
    "Article 7 · Money",
    "At the start, taking part is voluntary and costs nothing.",
    "There is no membership fee at the outset.",
    "A later fee or any other financial arrangement takes a decision of the Assembly.",
    "Such arrangements serve the future activities, the development and the financial soundness of the "
    "alliance.",
    "Every type of outside funding that helps to carry out actions may be considered.",
]


async def amended(world: World, *changes: tuple[int, str, str], motion: int, day: date) -> None:
    """A new version in which these articles read differently, as a motion makes it."""

    def amend(store: Store) -> None:
        kept = store.charters.versions()
        charter = Charter.from_json(kept[-1].text)
        for number, old, new in changes:
            assert old in charter.article(number).text
            text = charter.article(number).text.replace(old, new)
            article = charter.article(number).model_copy(
                update={"text": text, "motion": motion, "since": day}
            )
            articles = tuple(article if one.number == number else one for one in charter.articles)
            charter = charter.model_copy(update={"articles": articles})
        store.charters.add(charter.fingerprint(), charter.to_json(), day, world.clock.now())

    await world.storage.write(amend)


async def with_another_permission(world: World) -> None:
    """A version of today in which a role may do something new and no text differs."""

    def add(store: Store) -> None:
        charter = Charter.from_json(store.charters.versions()[-1].text)
        roles = tuple(one.model_copy(update={"may": (*one.may, "vote")}) for one in charter.roles)
        other: Any = charter.model_copy(update={"roles": roles})
        store.charters.add(other.fingerprint(), other.to_json(), world.clock.now().date(), world.clock.now())

    await world.storage.write(add)


async def test_the_charter_is_a_list_of_articles_and_each_a_text(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/charter")
    assert heard.lines[:3] == [
        "The charter of Green Manufacturing · version 1",
        "As signed, in force since Tue 26 Aug 2025.",
        "1 · Purpose · One joint platform of European industrial clusters that drives the green and digital "
        "change of industry.",
    ]
    assert len(heard.lines) == 12
    assert heard.lines[-1] == OWN_WORDS
    assert heard.buttons == ["Preamble", *(f"Article {number}" for number in range(1, 10))]

    heard = await marie.taps("Article 7")
    assert heard.lines == [*MONEY, "As signed, in force since Tue 26 Aug 2025.", OWN_WORDS]
    assert heard.buttons == ["History", "All articles", "Propose a change"]
    assert (await marie.types("/charter 7")).lines == heard.lines
    assert (await marie.types("/charter article 7")).lines == heard.lines

    heard = await marie.taps("History")
    assert heard.lines == [
        "Article 7 · Money: how it came to read so",
        "Version 1 · Tue 26 Aug 2025 · as signed",
        "Nothing in it has changed since.",
    ]
    assert heard.buttons == ["Article 7", "All articles"]


async def test_the_preamble_stands_before_the_first_article(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/charter")

    heard = await marie.taps("Preamble")
    assert heard.lines[:2] == [
        "The charter of Green Manufacturing · Preamble",
        "The alliance grew out of the GEMSTONE project.",
    ]
    assert heard.lines[-1] == OWN_WORDS
    assert heard.buttons == ["Article 1", "All articles"]
    assert (await marie.types("/charter preamble")).lines == heard.lines


async def test_who_cannot_propose_reads_and_is_offered_no_more(world: World) -> None:
    luc = await world.member("Luc", "mecatech", "member")
    heard = await luc.types("/article 7")
    assert heard.first == "Article 7 · Money"
    assert heard.buttons == ["History", "All articles"]


async def test_what_there_is_not_is_said_with_a_way_on(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/charter 12")
    assert heard.lines == ["The charter has no article 12. Nothing has changed."]
    assert heard.buttons == ["All articles"]
    assert (await marie.types("/charter history 12")).lines == heard.lines
    heard = await marie.types("/charter difference 1 9")
    assert heard.lines == ["There is no version 9 of the charter; the newest is 1."]
    heard = await marie.types("/charter difference 1")
    assert heard.lines == ["Both are version 1: there is nothing to compare."]


async def test_an_article_knows_which_motion_last_changed_it(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await with_another_permission(world)
    await amended(world, (7, MONEY[2], "The fee is 100 euro a year."), motion=4, day=date(2026, 11, 24))
    await amended(
        world,
        (7, "100 euro", "200 euro"),
        (9, "No court and no arbitration is named.", "A mediator may help.\n\nCourts are the last resort."),
        motion=7,
        day=date(2026, 12, 10),
    )
    world.clock.pass_(days=20)

    heard = await marie.types("/charter 7")
    assert heard.lines == [
        *MONEY[:2],
        "The fee is 200 euro a year.",
        *MONEY[3:],
        "Last changed by motion 7 on Thu 10 Dec.",
        AMENDED,
    ]
    heard = await marie.taps("History")
    assert heard.lines == [
        "Article 7 · Money: how it came to read so",
        "Version 1 · Tue 26 Aug 2025 · as signed",
        "Version 3 · Tue 24 Nov · changed · motion 4",
        "Version 4 · Thu 10 Dec · changed · motion 7",
        "Tap a version to see what it changed.",
    ]
    assert heard.buttons == ["Version 3", "Version 4", "Article 7", "All articles"]

    heard = await marie.taps("Version 4")
    assert heard.lines[0].startswith("From version 3 to version 4")
    assert [line[2:] for line in heard.lines[2:]] == [
        "The fee is 100 euro a year.",
        "The fee is 200 euro a year.",
    ]
    assert heard.buttons == ["Article 7", "All articles"]
    assert (await marie.types("/charter")).lines[:2] == [
        "The charter of Green Manufacturing · version 4",
        "Amended 2 times; in force like this since Thu 10 Dec.",
    ]


async def test_two_versions_are_compared_article_by_article(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await with_another_permission(world)
    await amended(world, (7, MONEY[2], "The fee is 100 euro a year."), motion=4, day=date(2026, 11, 24))
    await amended(
        world,
        (9, "\n\nThe alliance works in line with European values, the law and ethical standards.", ""),
        motion=7,
        day=date(2026, 11, 24),
    )

    heard = await marie.types("/charter difference 1 4")
    assert [line.lstrip("−＋+ ") for line in heard.lines] == [
        "From version 1 to version 4",
        "Article 7 · Money",
        "There is no membership fee at the outset.",
        "The fee is 100 euro a year.",
        "Article 9 · Disagreements and conduct",
        "The alliance works in line with European values, the law and ethical standards.",
    ]
    assert [line[0] for line in heard.lines] == ["F", "A", "−", "＋", "A", "−"]
    assert heard.buttons == ["Article 7", "Article 9", "All articles"]
    assert (await marie.types("/charter difference 4 1")).lines == heard.lines
    assert (await marie.types("/charter difference 1")).lines == heard.lines
    assert (await marie.types("/charter difference 1 2")).lines == ["Version 1 and version 2 read the same."]


async def test_what_is_not_in_force_yet_is_announced(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await amended(world, (7, MONEY[2], "The fee is 100 euro a year."), motion=4, day=date(2027, 1, 1))

    heard = await marie.types("/charter 7")
    assert heard.lines == [
        *MONEY,
        "As signed, in force since Tue 26 Aug 2025.",
        "Motion 4 changes it on Fri 1 Jan 2027.",
        OWN_WORDS,
    ]
    heard = await marie.types("/charter history 7")
    assert heard.lines[2] == "Version 2 · Fri 1 Jan 2027 · changed · motion 4 · not in force yet"
    heard = await marie.types("/charter")
    assert heard.lines[1:3] == [
        "As signed, in force since Tue 26 Aug 2025.",
        "It changes on Fri 1 Jan 2027.",
    ]
    assert heard.buttons[-1] == "What will change"
    heard = await marie.taps("What will change")
    assert heard.lines[0].startswith("From version 1 to version 2")
