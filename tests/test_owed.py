"""What each duty says in its one line, with the taps that do it, and when it is owed no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.context import Context
from bot.notices import NOTICES
from bot.people.duties import as_person
from storage.store import Storage
from tests.announce_stage import coordinator, written
from tests.assembly_stage import acting, ballots, closes, in_house, opened
from tests.events_stage import answers, planned
from tests.newsletter_stage import DRAFT, filled, it_is, second_person, subscribed
from tests.test_announce_two import asks_a_second_person
from tests.test_bodies import number_of
from tests.world import Heard, World


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[World]:
    """The bot on one platform and one database: a line is the same on all."""
    storage = Storage(sqlite_url)
    async with World("slack", storage) as world:
        yield world
    storage.close_now()


async def colleague(world: World, name: str, organisation: str) -> Any:
    """Somebody of an organisation for which another one speaks, and owes what only they do."""
    await world.member(f"Head of {organisation}", organisation)
    return await world.member(name, organisation, "member")


def only(heard: Heard) -> str:
    """The one line of a list of one."""
    assert heard.first == "One thing to do:"
    assert len(heard.lines) == 2
    return heard.lines[1]


async def test_a_question_about_an_activity(small: World) -> None:
    marie, luc = await colleague(small, "Marie", "cimes"), await colleague(small, "Luc", "mecatech")
    await marie.types("/log other Moulds on 12 Nov")
    await luc.types("/activity 1")
    await luc.taps("Question this")
    await luc.gives(reason="The day is off")

    heard = await marie.types("/todo")
    assert only(heard) == "Somebody asks about Moulds, Thu 12 Nov (CIMES). It isn't counted meanwhile."
    assert heard.buttons == ["It's right", "Edit", "Show it"]
    assert (await luc.types("/todo")).first.startswith("Nothing to do.")
    await marie.taps("It's right")
    assert (await marie.types("/todo")).first.startswith("Nothing to do.")


async def test_proof_is_asked_for_from_sixty_days_before_the_close(small: World) -> None:
    marie, luc = await colleague(small, "Marie", "cimes"), await colleague(small, "Luc", "mecatech")
    small.clock.at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    await marie.types("/log workshop Moulds on 12 Oct with MecaTech")
    await luc.types("/activity 1")
    await luc.taps("We did")
    assert (await marie.types("/todo")).first.startswith("Nothing to do.")

    small.clock.at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    heard = await marie.types("/todo")
    assert only(heard) == "Moulds (CIMES) counts and has no link or photo yet."
    assert heard.buttons == ["Add link or photo"]
    await marie.types("/log workshop Pumps on 14 Oct with MecaTech")
    line = "CIMES has 2 activities that count, without a link or photo yet. The first: Moulds."
    assert only(await marie.types("/todo")) == line

    await marie.taps("Add link or photo")
    await marie.gives(link="https://example.org/moulds")
    assert only(await marie.types("/todo")) == "Pumps (CIMES) counts and has no link or photo yet."


async def test_a_cohost_is_asked_until_they_say(small: World) -> None:
    marie, luc = await colleague(small, "Marie", "cimes"), await colleague(small, "Luc", "mecatech")
    await marie.types("/log workshop Moulds on 3 Feb 2027 with MecaTech")
    heard = await luc.types("/todo")
    assert only(heard) == "CIMES says MecaTech will take part in Moulds, Wed 3 Feb 2027."
    assert heard.buttons == ["We will", "Not us"]
    await luc.taps("Not us")
    assert (await luc.types("/todo")).first.startswith("Nothing to do.")


async def test_an_event_of_the_next_two_weeks_waits_for_an_answer(small: World) -> None:
    luc, ana = await colleague(small, "Luc", "mecatech"), await colleague(small, "Ana", "pool-net")
    number = await planned(small, by=ana)
    await planned(small, by=ana, title="Later", starts_at=datetime(2026, 12, 9, 14, tzinfo=UTC))
    await planned(small, by=ana, title="Hosts", audience="hosts")
    await planned(small, by=ana, title="Begun", starts_at=small.clock.now())

    assert only(await luc.types("/todo")) == "Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels: do you go?"
    assert (await ana.types("/todo")).first.startswith("Nothing to do.")  # she announced them
    await answers(small, number, "maybe", luc)
    assert (await luc.types("/todo")).first.startswith("Nothing to do.")


async def test_an_objection_waits_for_the_coordinator(small: World) -> None:
    vera = await small.member("Vera", "", "coordinator")
    ana = await small.member("Ana", "pool-net")
    number = await opened(small, "charter_amendment", proposer=ana)
    await ballots(small, number, cimes="for", mecatech="for", emc2="for", evoluma="for")
    await closes(small, number)
    await ana.types(f"/object {number}")
    await ana.gives(why="The dates in the notice were wrong.")

    line = "Pool-Net objects to motion 1, A small membership fee. Nothing becomes final meanwhile."
    heard = await vera.types("/todo")
    assert sum(line in one for one in heard.lines) == 1
    assert line not in (await ana.types("/todo")).text
    await vera.taps(next(one for one in heard.buttons if one.endswith("Dismiss")))
    await vera.gives(why="They were right.")
    assert line not in (await vera.types("/todo")).text


async def test_an_announcement_waits_for_a_second_person(small: World) -> None:
    await asks_a_second_person(small)
    vera, theo = await coordinator(small), await coordinator(small, "Theo")
    await colleague(small, "Marie", "cimes")
    heard = await written(vera, "Four eyes")
    await vera.taps(next(one for one in heard.buttons if one.startswith("Send to")))

    heard = await theo.types("/todo")
    line = "Four eyes, announced by Vera, waits for your yes."
    assert sum(line in one for one in heard.lines) == 1
    assert line not in (await vera.types("/todo")).text
    await theo.taps(next(one for one in heard.buttons if one.endswith("Show it")))
    assert theo.reads().buttons[0] == "Send it"
    await theo.taps("Send it")
    assert line not in (await theo.types("/todo")).text


async def test_an_edition_waits_for_its_editors(small: World) -> None:
    vera, theo = await coordinator(small), await coordinator(small, "Theo")
    marie = await colleague(small, "Marie", "cimes")
    await subscribed(small, marie)
    await filled(small, marie)
    await it_is(small, DRAFT)

    line = (
        "Green Manufacturing News, January 2027 goes out Tue 5 Jan 2027, 10:00 in Brussels, once you agree."
    )
    assert line not in (await vera.types("/todo")).text  # it goes out by itself
    await second_person(small)
    heard = await vera.types("/todo")
    assert sum(line in one for one in heard.lines) == 1
    assert line in (await theo.types("/todo")).text
    assert line not in (await marie.types("/todo")).text
    await vera.taps(next(one for one in heard.buttons if one.endswith("Approve")))
    assert line not in (await theo.types("/todo")).text


async def test_what_asks_for_somebodys_word_is_for_who_may_say_it(small: World) -> None:
    """A colleague who stands in gets what they could do themselves, and nothing else."""
    vera, theo = await coordinator(small), await coordinator(small, "Theo")
    marie, luc = await colleague(small, "Marie", "cimes"), await colleague(small, "Luc", "mecatech")
    await asks_a_second_person(small)
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")
    await marie.types("/log other Pumps on 12 Nov")
    await luc.types("/activity 2")
    await luc.taps("Question this")
    await luc.gives(reason="The day is off")
    heard = await written(vera, "Four eyes")
    await vera.taps(next(one for one in heard.buttons if one.startswith("Send to")))
    event = await planned(small, hosts=("pool-net", "mecatech"))

    def look(ctx: Context) -> dict[str, list[str]]:
        waiting = ctx.store.broadcasts.get(1)
        assert waiting is not None
        assert waiting.confirmed_at is not None
        asker = acting(ctx, marie).person.id
        ctx.store.partner_questions.answer(ctx.counting_year, "cimes", "mecatech", "asked", asker, ctx.now)
        asked = {"asker": "cimes", "in_year": ctx.counting_year, "asked": "mecatech"}
        kinds: dict[str, dict[str, Any]] = {
            "co-host asked": {"id": 1, "slug": "mecatech"},
            "activity questioned": {"id": 2},
            "announcement second": {"broadcast": 1, "at": waiting.confirmed_at.isoformat()},
            "partner asked": asked,
            "event co-host": {"event": event, "organisation": "mecatech"},
            "elected not here": {},
            "wish to join": {"account": 0, "slug": "mecatech"},
            "newsletter news": {},
        }
        seen = {name: as_person(ctx, number) for name, number in numbers.items()}
        return {
            kind: [name for name in people if (one := seen[name]) and NOTICES[kind].still_due(one, values)]
            for kind, values in kinds.items()
        }

    people = {"Vera": vera, "Theo": theo, "Marie": marie, "Luc": luc}
    numbers = {name: await number_of(small, one) for name, one in people.items()}
    assert await in_house(small, look) == {
        "co-host asked": ["Vera", "Theo", "Luc"],
        "activity questioned": ["Vera", "Theo", "Marie"],
        "announcement second": ["Theo"],
        "partner asked": ["Vera", "Theo", "Luc"],
        "event co-host": ["Vera", "Theo", "Luc"],
        "elected not here": ["Vera", "Theo"],
        "wish to join": ["Vera", "Theo"],
        "newsletter news": ["Vera", "Theo"],
    }
