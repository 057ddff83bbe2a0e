"""The ECCP profile: once a year somebody says that it is right; who was asked twice is asked no more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.context import Context
from bot.people.duties import owed_by
from bot.people.public_holidays import is_free
from bot.rules.reminding.profiles import Profile, first_due
from storage.deliveries.tables import deliveries
from storage.store import Store
from tests.assembly_stage import acting, in_house, slack_world
from tests.events_stage import it_is
from tests.world import World

__all__ = ["slack_world"]

LINK = "https://clustercollaboration.eu/organisations/cimes"
WORTH = [
    "Worth a look:",
    "· half a full-time post for the cluster, at least",
    "· a website in English",
    "· 15 members or more, of two types at least",
    "· contacts and sectors as they are today",
]
ASKED = "CIMES's ECCP profile was last checked on Tue 24 Nov 2026. Is it still right?"


async def checked(world: World, who: Any, organisation: str, on: date, link: str = LINK) -> None:
    """Somebody said on some day that the profile is right."""

    def add(ctx: Context) -> None:
        person = acting(ctx, who).person.id
        ctx.store.profile_checks.add(organisation, link, on, person, world.clock.now())

    await in_house(world, add)


async def checks(world: World) -> list[tuple[str, str, date]]:
    """What is kept, by organisation."""

    def look(store: Store) -> list[tuple[str, str, date]]:
        return [
            (one.organisation, one.link, one.checked_on) for one in store.profile_checks.latest().values()
        ]

    return await world.storage.read(look)


async def test_it_is_up_to_date_with_a_tap_a_day_and_a_link(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/eccp")
    assert heard.lines == ["CIMES: nobody told me yet about the ECCP profile.", *WORTH]
    assert heard.buttons == ["It's up to date"]

    heard = await marie.taps("It's up to date")
    assert heard.first == "On which day did you look at it?"
    heard = await marie.taps("Today")
    assert heard.first == "Where is the profile? Send me its address."
    heard = await marie.says(LINK)
    assert heard.lines == [
        "✓ CIMES's ECCP profile is up to date, checked on Tue 24 Nov.",
        LINK,
        "I ask again in a year, on Wed 24 Nov 2027.",
    ]
    assert await checks(world) == [("cimes", LINK, date(2026, 11, 24))]

    heard = await marie.types("/eccp")
    assert heard.lines[:2] == [
        "✓ CIMES: profile checked on Tue 24 Nov. I ask again on Wed 24 Nov 2027.",
        LINK,
    ]
    assert heard.buttons == ["It's up to date", "Open it"]
    await marie.taps("It's up to date")
    heard = await marie.taps("Today")  # its address is kept from before
    assert heard.buttons == ["Another address", "Our profile"]
    await marie.taps("Another address")
    heard = await marie.says("https://example.org/cimes")
    assert heard.lines[1] == "https://example.org/cimes"


async def test_a_day_to_come_is_not_noted_and_others_cannot_say_it(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await marie.types("/eccp")
    await marie.taps("It's up to date")
    heard = await marie.says("3 December 2026")
    assert heard.first == "Thu 3 Dec is still to come; I note the day on which you looked."
    assert (await marie.types("/eccp for MecaTech")).first.startswith("You don't act for MecaTech")
    assert await checks(slack_world) == []


async def test_a_year_later_who_checked_it_is_asked_twice_then_the_coordinator_knows(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes", "member")
    vera = await world.member("Vera", "", "coordinator")
    for somebody in (marie, paul, vera):
        await somebody.types("/help")
    await checked(world, paul, "cimes", date(2026, 11, 24))
    await it_is(world, datetime(2027, 11, 23, 12, tzinfo=UTC))
    before = paul.reads().lines
    assert (await owes(world, paul)) == []

    await it_is(world, datetime(2027, 11, 24, 7, 59, tzinfo=UTC))
    assert paul.reads().lines == before  # it is not nine in Paris
    await it_is(world, datetime(2027, 11, 24, 8, tzinfo=UTC))
    heard = paul.reads()
    assert heard.lines[:2] == [ASKED, "Worth a look: contacts, sectors, members, the website in English."]
    assert heard.lines[2].startswith("You get this because you look after your organisation's profile.")
    assert heard.buttons[:2] == ["It's up to date", "Open it"]
    assert ASKED not in marie.reads().lines
    assert (await owes(world, paul)) == ["profile:cimes:2027"]
    assert (await owes(world, vera)) == []

    for day in (9, 30):  # the second of December is no day for it; the eighth is
        await it_is(world, datetime(2027, 12, day, 12, tzinfo=UTC))
    assert await told_of_profiles(world) == 2
    again = "Once more: is CIMES's ECCP profile still right? It was last checked on Tue 24 Nov 2026."
    assert paul.reads().first == again
    assert paul.reads().lines[2] == "I don't ask again before next year's check."
    assert (await owes(world, vera)) == ["profile::2027"]
    heard = await vera.types("/eccp")
    assert heard.lines == [
        "0 of 7 profiles were checked in the last twelve months.",
        "Not checked since, after I asked twice:",
        "· CIMES: Tue 24 Nov 2026",
    ]
    heard = await paul.types("/eccp")
    assert heard.first == "CIMES: profile not checked since Tue 24 Nov 2026."
    assert "asked twice" not in heard.text

    await paul.taps("It's up to date")
    await paul.taps("Today")
    assert (await owes(world, paul), await owes(world, vera)) == ([], [])
    assert (await vera.types("/eccp")).lines == ["1 of 7 profiles were checked in the last twelve months."]


async def test_who_never_checked_is_asked_after_a_month_on_their_own_day(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    ola = await slack_world.member("Ola", "cimes", "cluster-manager")
    for somebody in (marie, ola):
        await somebody.types("/help")
    in_france = is_free(frozenset({"FR"}))
    never = Profile("cimes", None, date(2026, 11, 24))
    due = first_due(never, lambda day: day.weekday() < 5 and not in_france(day))
    assert due > date(2026, 12, 24)
    await it_is(slack_world, datetime(2026, 12, 24, 12, tzinfo=UTC))
    assert await told_of_profiles(slack_world) == 0
    before = marie.reads().lines
    for at in (due - timedelta(days=1), due):
        await it_is(slack_world, datetime(at.year, at.month, at.day, 12, tzinfo=UTC))
    heard = ola.reads()
    asked = "Is CIMES's profile on the European Cluster Collaboration Platform up to date?"
    assert heard.first == asked
    assert heard.buttons[:2] == ["It's up to date", "What to look at"]
    assert marie.reads().lines == before
    assert (await ola.taps("What to look at")).lines[-5:] == WORTH


async def test_a_turn_stands_until_it_was_asked_however_late_that_is(slack_world: World) -> None:
    marie, vera = (
        await slack_world.member("Marie", "cimes"),
        await slack_world.member("Vera", "", "coordinator"),
    )
    for somebody in (marie, vera):
        await somebody.types("/help")
    await slack_world.happens()
    await it_is(slack_world, datetime(2027, 3, 24, 7, tzinfo=UTC))  # nothing ran for four months
    assert await told_of_profiles(slack_world) == 0
    assert "asked twice" not in (await vera.types("/eccp")).text
    await it_is(slack_world, datetime(2027, 3, 24, 12, tzinfo=UTC))
    assert await told_of_profiles(slack_world) == 1
    for day in (1, 6, 7):  # a fortnight after it went
        await it_is(slack_world, datetime(2027, 4, day, 5, tzinfo=UTC))
        assert await told_of_profiles(slack_world) == 1
        assert (await vera.types("/eccp")).lines == [
            "0 of 7 profiles were checked in the last twelve months."
        ]
    await it_is(slack_world, datetime(2027, 4, 7, 12, tzinfo=UTC))
    assert await told_of_profiles(slack_world) == 2
    asked_twice = ["Not checked since, after I asked twice:", "· CIMES: never"]
    assert (await vera.types("/eccp")).lines[1:] == asked_twice
    for month in (5, 9):
        await it_is(slack_world, datetime(2027, month, 12, 12, tzinfo=UTC))
    assert await told_of_profiles(slack_world) == 2


async def test_who_wants_no_such_message_was_not_asked(slack_world: World) -> None:
    marie, vera = (
        await slack_world.member("Marie", "cimes"),
        await slack_world.member("Vera", "", "coordinator"),
    )
    await marie.types("/notify alliance off")
    for month in (2, 3, 4, 5):
        await it_is(slack_world, datetime(2027, month, 17, 12, tzinfo=UTC))
    assert await told_of_profiles(slack_world) == 0
    assert "asked twice" not in (await vera.types("/eccp")).text
    await marie.types("/notify alliance instant")
    await it_is(slack_world, datetime(2027, 6, 16, 12, tzinfo=UTC))
    assert await told_of_profiles(slack_world) == 1


async def test_a_check_of_long_ago_is_noted_and_due_again(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await marie.types("/eccp")
    await marie.taps("It's up to date")
    await marie.says("3 March 2025")
    assert (await marie.says(LINK)).lines == [
        "✓ Noted: CIMES's ECCP profile was checked on Mon 3 Mar 2025.",
        LINK,
        "That is more than a year ago, so it's time for another look.",
    ]


async def owes(world: World, who: Any) -> list[str]:
    """The profiles among what somebody owes, by key."""

    def look(ctx: Context) -> list[str]:
        theirs = acting(ctx, who)
        theirs.identity = type(ctx.identity)(None, theirs.person, ctx.store.roles.of_person(theirs.person.id))
        return [one.key for one in owed_by(theirs, "profile")]

    return await in_house(world, look)


async def told_of_profiles(world: World) -> int:
    """How many profile checks went out."""
    asked = select(func.count()).where(deliveries.c.kind == "profile check", deliveries.c.state == "sent")
    count: int = await world.storage.read(
        lambda store: store.deliveries._connection.execute(asked).scalar_one()
    )
    return count
