"""What an announcement costs its readers, before it goes: whom it interrupts, who reads it in a digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from bot.broadcasts.audience import Audience
from bot.broadcasts.standing import KIND
from bot.context import Context
from bot.notices import NOTICES
from bot.people.reach import Reader, waking_hours
from bot.people.waking import or_august
from bot.rules.attention import Habits, Waking, Why, Wish, verdict
from bot.rules.broadcasts.values import COOLING
from storage.attention import Wanted

WEEK: Final = timedelta(days=8)  # of what people had, by whichever clocks they live
ONCE, AT_WORK, DIGEST = "once", "at work", "digest"
WAYS: Final[dict[Why, str]] = {"now": ONCE, "quiet": AT_WORK}


def cost(ctx: Context, audience: Audience) -> dict[str, Any]:
    """How its people would get it if it went now, as attention decides for each of them (spec/engagement.md
    sections 2 and 9.6): `interruptions` are the messages of its own, `ways` how many read it how. Four
    statements, however many they are."""
    theme = NOTICES[KIND].theme
    wanted = ctx.store.attention.wanted(theme)
    had = ctx.store.deliveries.had_by_each(ctx.now - WEEK)
    at, budget, quiet = ctx.now + COOLING, ctx.charter.attention.budget, ctx.charter.attention.quiet
    wish = Wish(theme, at, any_hour=not quiet)
    found: Counter[str] = Counter()
    for habits in _habits(ctx, audience, wanted, had, theme):
        found[WAYS.get(verdict(wish, habits, budget, at).why, DIGEST)] += 1
    return {
        "interruptions": found[ONCE] + found[AT_WORK],
        "ways": [{"way": way, "people": found[way]} for way in (ONCE, AT_WORK, DIGEST) if found[way]],
    }


def _habits(
    ctx: Context, audience: Audience, wanted: Wanted, had: Mapping[int, tuple[datetime, ...]], theme: str
) -> Iterator[Habits]:
    for one in audience.reach.people:
        person = one.person or 0
        begins, until = wanted.away.get(person, (None, None))
        yield Habits(
            _waking(ctx, one, quiet_august=person in wanted.quiet_august),
            {theme: wanted.paces[person]} if person in wanted.paces else {},
            had.get(person, ()),
            until,
            person,
            begins,
        )


def _waking(ctx: Context, reader: Reader, *, quiet_august: bool) -> Waking:
    hours, usual = ctx.charter.attention, waking_hours(reader)
    waking = replace(usual, opens=time.fromisoformat(hours.opens), closes=time.fromisoformat(hours.closes))
    return replace(waking, is_free=or_august(usual.is_free)) if quiet_august else waking
