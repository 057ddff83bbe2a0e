"""What an answer asks of the database: each thing once, and of a long line no more than is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import event as listening

from bot.context import Context
from bot.events.promoting import promote
from bot.events.standing import found_event
from bot.handlers.events.cards import event_card
from bot.rules.rsvp.values import Rsvp
from storage import rsvps
from storage.cards import verbs as cards
from tests.assembly_stage import in_house
from tests.events_stage import answers, people, planned
from tests.world import World

LINK = "https://meet.example.org/lca"
ASKED = {
    "taken": rsvps.TAKEN, "get": rsvps.GET, "position": rsvps.AHEAD, "counts": rsvps.COUNTS,
    "line": rsvps.LINE, "first in line": rsvps.FIRST_IN_LINE, "cards": cards.STALE,
}  # fmt: skip


@contextmanager
def asked(world: World) -> Iterator[Counter[str]]:
    """How often each of these is asked of the database meanwhile."""
    found: Counter[str] = Counter()
    writer, reader = world.storage._writer, world.storage._reader
    known = {str(one.compile(writer)): name for name, one in ASKED.items()}

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement in known:
            found[known[statement]] += 1

    for engine in (writer, reader):
        listening.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in (writer, reader):
        listening.remove(engine, "before_cursor_execute", note)


async def test_an_answer_and_its_card_ask_each_thing_once(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    number = await planned(world, title="LCA clinic", capacity=2, link=LINK)
    await answers(world, number, "going", *await people(world, 1))
    once = {"taken": 1, "get": 1, "counts": 1}

    with asked(world) as found:
        heard = await luc.types("/rsvp 1 yes")
    assert heard.first.startswith("You're going: LCA clinic")
    assert found == {**once, "cards": 1}
    with asked(world) as found:
        heard = await marie.types("/rsvp 1 yes")
    assert heard.first == "All 2 seats of LCA clinic are taken. You're first in line."
    assert found == {**once, "cards": 1, "position": 1}
    with asked(world) as found:
        heard = await luc.types("/rsvp 1 no")
    assert heard.first.startswith("You're not going any more: LCA clinic")
    assert found == {**once, "cards": 1, "first in line": 1}

    with asked(world) as found:
        card = await in_house(world, lambda ctx: event_card(ctx, str(number)))
    assert (card.values["going"], card.values["free"], card.values["more"]) == (2, 0, 0)
    assert found == {"taken": 1, "counts": 1}


async def test_behind_a_first_page_of_large_parties_a_seat_is_still_found(world: World) -> None:
    number = await planned(world, capacity=2)
    first, second, *line = await people(world, 52)
    await answers(world, number, "going", first, second)
    await in_house(world, lambda ctx: wait(ctx, number, line))

    def leaves(ctx: Context) -> tuple[Rsvp, ...]:
        own = ctx.store.rsvps.get(number, first)
        assert own is not None
        ctx.store.rsvps.write(replace(own, state="withdrawn"))
        return promote(ctx, found_event(ctx, number, lock=True))

    assert len(line) == 50
    with asked(world) as found:
        moved = await in_house(world, leaves)
    assert [one.person for one in moved] == [line[25]]
    assert (found["first in line"], found["line"]) == (1, 1)


def wait(ctx: Context, number: int, persons: list[int]) -> None:
    """All of them wait in line, the first twenty-five for two seats each."""
    for at, person in enumerate(persons):
        since, seats = ctx.now + timedelta(seconds=at), 2 if at < 25 else 1
        rsvp = Rsvp(number, person, "cimes", "waitlisted", since, seats, queued_at=since)
        ctx.store.rsvps.write(rsvp)
