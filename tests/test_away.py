"""Away: what is owed goes to the deputy, what was promised comes, the rest waits (engagement.md 2, 9.9)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.commands import REGISTRY, fill, read
from bot.commands.values import Reading
from tests.attention_stage import calm
from tests.lanes_stage import read_by
from tests.notify_stage import SEATS, it_is, seats, wants_to_know
from tests.world import World

__all__ = ["calm", "seats"]  # fixtures

PROMISED = (
    "What you said yes to still comes, and so do last calls of votes.",
    "The rest waits until you are back.",
)


async def test_the_deputy_is_asked_instead_until_they_are_back(calm: World) -> None:
    marie, paul = await calm.member("Marie", "cimes"), await calm.member("Paul", "cimes")
    await calm.member("Luc", "mecatech")
    heard = await marie.types("/away until 11 December")
    assert heard.lines == [
        "You're away until Fri 11 Dec. Should somebody stand in?",
        "They get the reminders and questions that they may answer for you.",
    ]
    assert heard.buttons == ["Paul", "Nobody"]
    assert (await marie.types("/away")).first == "You're away until Fri 11 Dec; nobody stands in."
    await marie.types("/away until 11 December")
    heard = await marie.taps("Paul")
    assert heard.lines == [
        "You're away until Fri 11 Dec; Paul stands in.",
        "What you owe goes to Paul meanwhile, where they may act.",
        *PROMISED,
    ]
    await calm.settled()
    assert paul.reads().lines == [
        "Marie is away until Fri 11 Dec, and you stand in.",
        "What Marie owes comes to you meanwhile, where you may act.",
        "You get this because a colleague named you.",
    ]
    assert paul.reads().buttons == ["I can't"]

    seen = read_by(marie)
    await wants_to_know(calm, marie)
    assert SEATS in paul.reads().text
    assert read_by(marie) == seen

    await it_is(calm, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    heard = await marie.types("/back")
    assert heard.lines == [
        "✓ You're here again. What waited for you comes as soon as your week has room.",
        "Paul no longer stands in.",
    ]
    await calm.settled()
    assert read_by(marie)[-1] == SEATS
    assert (await marie.types("/back")).lines == ["You weren't away for me, so nothing has changed."]


async def test_a_deputy_who_cannot_says_so(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes")
    await world.member("Rosa", "cimes")
    await marie.types("/away until friday deputy paul")
    await world.settled()
    heard = await paul.taps("I can't")
    assert heard.lines == ["You don't stand in for Marie, and they know."]
    await world.settled()
    assert marie.reads().lines == [
        "Paul can't stand in for you; you're away until Fri 27 Nov.",
        "Until you choose another, what you owe waits for you.",
        "You get this because you named a deputy.",
    ]
    heard = await marie.taps("Choose another")
    assert heard.buttons == ["Paul", "Rosa", "Nobody"]
    await marie.taps("Nobody")
    assert (await marie.types("/away")).lines == [
        "You're away until Fri 27 Nov; nobody stands in.",
        *PROMISED,
    ]
    assert (await paul.types("/away")).first == "Until when are you away? That day is the last one."
    assert (await paul.taps("This week")).buttons == ["Rosa", "Nobody"]  # Marie is away herself
    heard = await paul.types("/away until sunday deputy marie")
    assert heard.first == "Marie is away as well, until Fri 27 Nov. Who else could stand in?"


async def test_only_colleagues_stand_in_and_coordinators_for_coordinators(world: World) -> None:
    vera, nils = await world.member("Vera", "", "coordinator"), await world.member("Nils", "", "coordinator")
    luc = await world.member("Luc", "mecatech")
    heard = await luc.types("/away until friday")
    assert heard.lines == ["You're away until Fri 27 Nov; nobody stands in.", *PROMISED]
    heard = await luc.types("/away until friday deputy Vera")
    assert heard.first == 'I don\'t know a person called "Vera". Which one do you mean?'
    assert (await vera.types("/away until monday")).buttons == ["Nils", "Nobody"]
    await vera.taps("Nils")
    heard = await vera.types("/away until 1 december")
    assert heard.first == "You're away until Tue 1 Dec; Nils stands in. Should somebody else?"
    mentioned = await vera.types(f"/away until 1 december deputy @{nils.user.id}")
    assert mentioned.first == "You're away until Tue 1 Dec; Nils stands in.", "a platform's own mention"
    await vera.types("/away until monday deputy @nils")
    await world.settled()
    assert nils.reads().first == "Vera is away until Mon 30 Nov, and you stand in."


async def test_days_that_make_no_sense_are_asked_again(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    heard = await luc.types("/away until yesterday")
    assert heard.first == "That day has passed. The last day of being away is today or later."
    heard = await luc.says("3 march 2029")
    assert heard.first == "That is more than a year ahead. Until which day within a year?"
    heard = await luc.says("today")
    assert heard.first == "You're away until Tue 24 Nov; nobody stands in."
    world.clock.pass_(days=1)
    heard = await luc.types("/away")
    assert heard.first == "Until when are you away? That day is the last one."
    assert heard.buttons == ["This week", "Until next Sunday", "Two more weeks", "Cancel"]
    heard = await luc.taps("Until next Sunday")
    assert heard.first == "You're away until Sun 6 Dec; nobody stands in."
    assert (await luc.taps("I'm back")).lines == ["✓ You're here again. Nothing waited for you."]


async def test_an_absence_can_be_planned(calm: World) -> None:
    marie, paul = await calm.member("Marie", "cimes"), await calm.member("Paul", "cimes")
    rosa = await calm.member("Rosa", "cimes")
    heard = await marie.types("/away from 28 nov to 4 dec")
    assert heard.lines == [
        "You'll be away from Sat 28 Nov until Fri 4 Dec; nobody stands in.",
        "Who should stand in?",
        "They get the reminders and questions that they may answer for you.",
    ]
    heard = await marie.taps("Paul")
    assert heard.lines == [
        "You'll be away from Sat 28 Nov until Fri 4 Dec; Paul stands in.",
        "What you owe goes to Paul meanwhile, where they may act.",
        *PROMISED,
    ]
    assert heard.buttons == ["Change", "I'll be here"]
    await calm.settled()
    told = [
        "Marie will be away from Sat 28 Nov until Fri 4 Dec, and you stand in.",
        "What Marie owes comes to you meanwhile, where you may act.",
        "You get this because a colleague named you.",
    ]
    assert paul.reads().lines == told
    assert (await marie.types("/away")).first == heard.first
    assert heard.first in (shown := await marie.types("/notify")).lines
    assert "I'll be here" in shown.buttons

    await wants_to_know(calm, marie)
    assert SEATS in read_by(marie), "they are here until then"
    assert paul.reads().lines == told, "the deputy is asked from the first day on"

    heard = await rosa.types("/away until 28 november deputy marie")
    assert heard.first == "Marie is away as well, until Fri 4 Dec. Who else could stand in?"
    heard = await rosa.types("/away until 27 november deputy marie")
    assert heard.first == "You're away until Fri 27 Nov; Marie stands in."


async def test_a_planned_absence_begins_by_itself(calm: World) -> None:
    marie, paul = await calm.member("Marie", "cimes"), await calm.member("Paul", "cimes")
    await marie.types("/away from thursday to 4 dec deputy paul")
    await calm.settled()
    await it_is(calm, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    seen = read_by(marie)
    await wants_to_know(calm, marie)
    assert SEATS in paul.reads().text
    assert read_by(marie) == seen
    assert (await marie.types("/away")).first == "You're away until Fri 4 Dec; Paul stands in."
    heard = await marie.taps("I'm back")
    assert heard.first == "✓ You're here again. What waited for you comes as soon as your week has room."


async def test_a_planned_absence_is_changed_replaced_and_taken_away(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes")
    heard = await marie.types("/away from 28 dec")
    assert heard.first == "You'll be away from Mon 28 Dec. Until when? That day is the last one."
    assert heard.buttons == ["Sun 3 Jan 2027", "Sun 10 Jan 2027", "Sun 17 Jan 2027", "Cancel"]
    await marie.says("4 january")
    await marie.taps("Paul")
    await world.settled()
    heard = await paul.taps("I can't")
    assert heard.lines == ["You don't stand in for Marie, and they know."]
    await world.settled()
    assert marie.reads().lines == [
        "Paul can't stand in for you from Mon 28 Dec until Mon 4 Jan 2027.",
        "Until you choose another, what you owe waits for you.",
        "You get this because you named a deputy.",
    ]
    assert marie.reads().buttons == ["Choose another", "I'll be here"]
    heard = await marie.taps("Choose another")
    assert heard.first == "You'll be away from Mon 28 Dec until Mon 4 Jan 2027; nobody stands in."
    await marie.taps("Paul")

    await marie.types("/away")
    await marie.taps("Change")
    heard = await marie.taps("Sun 10 Jan 2027")
    assert heard.first == "You'll be away from Mon 28 Dec until Sun 10 Jan 2027; Paul stands in."
    assert "Your other absence" not in heard.text
    heard = await marie.types("/away until friday")
    assert heard.lines[:2] == [
        "You're away until Fri 27 Nov; Paul stands in. Should somebody else?",
        "Your other absence, until Sun 10 Jan 2027, no longer holds.",
    ]
    heard = await marie.types("/away 28 dec to 4 jan deputy nobody")
    assert heard.lines[:2] == [
        "You'll be away from Mon 28 Dec until Mon 4 Jan 2027; nobody stands in.",
        "Your other absence, until Fri 27 Nov, no longer holds.",
    ]
    heard = await marie.taps("I'll be here")
    assert heard.lines == ["✓ You won't be away from Mon 28 Dec until Mon 4 Jan 2027."]
    assert (await marie.types("/back")).lines == ["You weren't away for me, so nothing has changed."]


async def test_a_deputy_whose_role_ends_before_the_first_day_is_missed_at_once(world: World) -> None:
    marie, rosa = await world.member("Marie", "cimes"), await world.member("Rosa", "cimes")
    await world.member("Paul", "cimes")
    await marie.types("/away from 28 dec to 4 jan deputy paul")
    await rosa.types("/end role")
    await rosa.taps("Paul")
    await rosa.taps("Yes, end it")
    await world.settled()
    assert "Paul can't stand in for you from Mon 28 Dec until Mon 4 Jan 2027." in read_by(marie)
    assert (await marie.types("/away")).lines[0].endswith("nobody stands in.")


async def test_the_first_and_the_last_day_are_read_together(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    heard = await luc.types("/away from monday to friday")
    assert heard.first == "You'll be away from Mon 30 Nov until Fri 4 Dec; nobody stands in."
    heard = await luc.types("/away from 20 november to 1 december")
    assert heard.first == "You're away until Tue 1 Dec; nobody stands in."
    heard = await luc.types("/away from 20 december to 18 december")
    assert heard.first == "You'll be away from Sun 20 Dec. Until when? That day is the last one."
    heard = await luc.says("3 january")
    assert heard.first == "You'll be away from Sun 20 Dec until Sun 3 Jan 2027; nobody stands in."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "/absent du 28 décembre au 4 janvier"),
        ("de", "/abwesend vom 28.12. bis 4.1."),
        ("de", "/abwesend vom 28. Dezember bis zum 4. Januar"),
        ("it", "/assente dal 28 dicembre al 4 gennaio"),
        ("es", "/ausente del 28 de diciembre al 4 de enero"),
        ("pt", "/ausente de 28 de dezembro a 4 de janeiro"),
        ("pl", "/nieobecność od 28 grudnia do 4 stycznia"),
        ("ro", "/absent de la 28 decembrie până la 4 ianuarie"),
        ("lv", "/prombūtne no 28. decembra līdz 4. janvārim"),
    ],
)
def test_both_days_are_said_in_the_languages_of_members(language: str, words: str) -> None:
    reading = Reading(datetime(2026, 11, 24, 9, 30, tzinfo=UTC), language=language)
    found, rest = REGISTRY.find(words.removeprefix("/"))
    assert found is not None
    assert found.name == "away"
    assert fill(found, read(found, rest, reading).arguments, reading) == {
        "until": date(2027, 1, 4),
        "begins": date(2026, 12, 28),
        "deputy": "",
        "change": "",
    }
