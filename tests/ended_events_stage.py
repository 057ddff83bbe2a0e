"""Events that are over, for tests: who came, and the two hours after.

number = await over(world, by=ana, hosts=("pool-net", "cimes"), came=(luc, eva))  # Thu 10 Dec
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.context import Context
from bot.events.standing import found_event
from bot.people.waking import organisation_of
from bot.rules.events.sessions import ends_at
from bot.rules.reminding.events import LOGS
from bot.rules.rsvp.attending import joined
from bot.rules.rsvp.values import fresh
from tests.assembly_stage import acting, in_house
from tests.events_stage import answers, event_of, it_is, planned
from tests.world import World

WORKING_DAY = datetime(2026, 12, 10, 14, tzinfo=UTC)  # a Thursday, and no holiday anywhere


async def over(world: World, *, came: tuple[Any, ...] = (), measured: bool = True, **fields: Any) -> int:
    """An event that ended two hours ago, so that its host was just given the log; these came to it, having
    said yes. Gives back its number. `measured`: its host
    has said who came."""
    number = await planned(world, **{"starts_at": WORKING_DAY, **fields})
    await answers(world, number, "going", *came)
    await came_to(world, number, *came, measured=measured)
    end = ends_at(await event_of(world, number))
    await it_is(world, end)
    await it_is(world, end + LOGS)
    return number


async def came_to(world: World, number: int, *who: Any, measured: bool = True) -> None:
    """These came: the host has ticked them off."""

    def tick(ctx: Context) -> None:
        for one in who:
            person = acting(ctx, one).person.id
            organisation = organisation_of(ctx, person)
            own = ctx.store.rsvps.get(number, person) or fresh(number, person, organisation, ctx.now)
            ctx.store.rsvps.write(joined(own, ctx.now, "ticked"))
        event = found_event(ctx, number, lock=True)
        ctx.store.events.write(replace(event, attendance_measured=measured))

    await in_house(world, tick)
