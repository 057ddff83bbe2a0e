"""What happens to a place: the bot comes in or is removed, the place is renamed, archived, moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands import N_, OneChoice, OneOf, Text, command
from bot.context import Context
from bot.handlers.place_answers import INDICATORS, asked, found_place, set_so
from bot.messages import SILENCE, Reply
from storage.places import PlaceState

STATES: dict[str, PlaceState] = {
    "removed": "removed",
    "archived": "archived",
    "closed": "closed",
    "muted": "muted",
    "opened": "open",
}
WHAT = tuple(OneChoice(what, what) for what in ("added", "renamed", "moved", *STATES))
LONGEST = 500  # characters of a name; no platform has longer ones


@command("place changed", N_("Something happened to a place"), may="anybody", hidden=True)
def place_changed(
    ctx: Context,
    what: Annotated[str, OneOf(WHAT, hidden=True)],
    name: Annotated[str, Text(hidden=True, most=LONGEST)] = "",
    to: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """A platform tells what happened to a group. Only coming in is answered: what is this place for?
    (spec/engagement.md section 10)."""
    if what == "added":
        return _came_in(ctx)
    if what == "renamed":
        ctx.store.places.rename(ctx.place, name or ctx.place.name)
    elif what == "moved":
        _moved(ctx, to)
    else:
        ctx.store.places.set_state_of(ctx.place, STATES[what], "", ctx.now)
        if what == "opened":
            _stand_again(ctx)
    return SILENCE


def _came_in(ctx: Context) -> Reply:
    """The place is kept, with whoever let the bot in if they are known here; the group is asked, or told
    what it was for before. Where I am already, nothing is said: a group that moved tells it once more."""
    places = ctx.store.places
    before = places.find(ctx.place)
    number = places.remember(ctx.place, ctx.now, ctx.identity.account_id)
    if before is not None and before.state == "open":
        return SILENCE
    places.set_state_of(ctx.place, "open", "", ctx.now)
    _stand_again(ctx)
    known = found_place(ctx, number)
    return set_so(ctx, known, "place_back") if known.purposes else asked(ctx, known, hello=True)


def _stand_again(ctx: Context) -> None:
    """The cards that stand here are brought up to date: while it was shut, they were not shown."""
    here = ctx.place
    for known in ctx.store.places.serving("indicators"):
        there = known.place
        same = (there.platform, there.installation, there.channel) == (
            here.platform,
            here.installation,
            here.channel,
        )
        if same and here.thread in ("", there.thread):
            ctx.store.cards.put(INDICATORS, there, ctx.now)


def _moved(ctx: Context, to: str) -> None:
    """All that is meant for this place goes to the one it has become (Telegram made a group a supergroup)."""
    if not to:
        return
    ctx.store.places.moved(ctx.place, to)
    there = replace(ctx.place, channel=to, thread="")
    ctx.store.deliveries.moved(ctx.place, there)
    ctx.store.cards.moved(ctx.place, there)
