"""Announcements that wait for a second person's yes: "second" among what is owed (engagement.md 4)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.broadcasts.drafting import authors
from bot.context import Context
from bot.handlers.announcing.answers import described, open_tap
from bot.people.duties import Owed, duty

SECOND = "second"
LATEST = 50  # announcements: one that waits longer than that many others is forgotten


@duty(SECOND)
def seconds_owed(ctx: Context) -> Iterator[Owed]:
    """Each announcement that waits for somebody to agree and in which the caller had no part."""
    if not ctx.may("announce"):
        return
    for one in ctx.store.broadcasts.latest(LATEST)[0]:
        if one.state == "awaiting" and ctx.person.id not in authors(one):
            key = f"{SECOND}:{one.number}:{one.version}"
            yield Owed(SECOND, key, "owed/second", described(ctx, one), (open_tap(one),), one.send_at)
