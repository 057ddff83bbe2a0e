"""What happens to a place: the bot comes in or is removed, the place is renamed, archived, moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from bot.commands import N_, OneChoice, OneOf, Text, command
from bot.context import Context
from bot.handlers.place_answers import asked, found_place, set_so
from bot.messages import SILENCE, Reply
from bot.standing import show_cards
from storage.places import KnownPlace, PlaceState

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
    happened = ctx.incoming.sent_at or ctx.incoming.received_at
    if what == "renamed":
        ctx.store.places.rename(ctx.place, name or ctx.place.name)
    elif what == "moved":
        _moved(ctx, to)
    elif _is_over(ctx, happened):
        return SILENCE
    elif what == "added":
        return _came_in(ctx, happened)
    else:
        concerned = ctx.store.places.set_state_of(ctx.place, STATES[what], "", happened)
        if what == "opened":
            _stand_again(ctx, concerned)
    return SILENCE


def _is_over(ctx: Context, happened: datetime) -> bool:
    """Whether something later is known of this place. A platform delivers again what it believes to have
    been missed, minutes late: that the bot was removed may come after it was let in once more."""
    known = ctx.store.places.find(ctx.place)
    if known is None or known.state_at is None:
        return False
    return happened < known.state_at.replace(microsecond=0)  # Telegram tells whole seconds


def _came_in(ctx: Context, happened: datetime) -> Reply:
    """The place is kept, with whoever let the bot in if they are known here; the group is asked, or told
    what it was for before. Where I am already, nothing is said: a group that moved tells it once more."""
    places = ctx.store.places
    before = places.find(ctx.place)
    number = places.remember(ctx.place, ctx.now, ctx.identity.account_id)
    if before is not None and before.state == "open":
        places.set_state(number, "open", "", happened)
        return SILENCE
    _stand_again(ctx, places.set_state_of(ctx.place, "open", "", happened))
    known = found_place(ctx, number)
    return set_so(ctx, known, "place_back") if known.purposes else asked(ctx, known, hello=True)


def _stand_again(ctx: Context, concerned: Iterable[KnownPlace]) -> None:
    """The cards that stand there are brought up to date."""
    for known in concerned:
        show_cards(ctx.store, known.place, ctx.now)


def _moved(ctx: Context, to: str) -> None:
    """All that is meant for this place goes to the one it has become (Telegram made a group a supergroup)."""
    if not to:
        return
    ctx.store.places.moved(ctx.place, to)
    there = replace(ctx.place, channel=to, thread="")
    ctx.store.deliveries.moved(ctx.place, there)
    ctx.store.cards.moved(ctx.place, there)
