"""The card of an event: one in each place for events, on every platform, one list behind all (1, 9.7)."""

from __future__ import annotations

from typing import Any

from bot.cards import card
from bot.commands import N_
from bot.context import Context
from bot.events.standing import found_event, topic_of
from bot.handlers.events.answers import A_YEAR, answer_taps, described
from bot.messages import Button, Reply, Topic
from bot.rules.events.moments import is_joining
from bot.rules.events.values import FEW, Event
from bot.rules.rsvp.values import State

MOST_NAMES = 15  # of those who go
COMING: tuple[State, ...] = ("going", "attended")  # who joined already goes still
LONGEST_NAME = 40  # characters of a name
MOST_QUOTED = 500  # characters of what it is about


def live_topics(ctx: Context) -> tuple[Topic, ...]:
    """The events that a place for events shows from the day that it is one: those to come, but for what
    concerns the hosts or the coordination alone."""
    coming = (one for one in ctx.store.events.coming(ctx.now) if one.state == "planned")
    return tuple(topic_of(one) for one in coming if one.audience not in FEW)


@card("event")
def event_card(ctx: Context, key: str) -> Reply:
    """An event as it stands, where everybody sees it: when and where, how many come and the first of them by
    name; never the link to the meeting, nor who does not come."""
    event = found_event(ctx, int(key))
    shown = described(ctx, event)
    joining = is_joining(event, ctx.now) and event.asked_at is None  # until the questions, it stands there
    values = {**shown, **going_names(ctx, event, shown["going"]), "joining": joining}
    values |= {"about": shortened(event.about), "full": values["free"] == 0 and not values["over"]}
    return Reply("event_card", values, _taps(event, values))


def going_names(ctx: Context, event: Event, going: int) -> dict[str, Any]:
    """Who goes, the first ones by name with their organisation, and how many more; `going` is how many there
    are in all."""
    found = ctx.store.rsvps.names(event.number, COMING, MOST_NAMES, seated=True)
    names = [_named(ctx, one.name, one.organisation) for one in found]
    return {"names": names, "more": max(0, going - len(names))}


def shortened(about: str) -> str:
    """What an event is about, cut at a word: a card has to fit one message."""
    if len(about) <= MOST_QUOTED:
        return about
    return about[:MOST_QUOTED].rsplit(maxsplit=1)[0] + " …"


def joined_tap(event: Event, *, in_group: bool = False) -> Button:
    """The tap of somebody who is there."""
    given = {"event": str(event.number)}
    if in_group:
        return Button(N_("I joined"), "i joined", given, who="anyone", hours=A_YEAR)
    return Button(N_("I joined"), "i joined", given)


def _taps(event: Event, values: dict[str, Any]) -> tuple[Button, ...]:
    joined = (joined_tap(event, in_group=True),) if values["joining"] else ()
    if values["phase"] in ("coming", "on"):
        return (*answer_taps(event, in_group=True), *joined)
    return joined


def _named(ctx: Context, name: str, organisation: str) -> str:
    called = name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"
    if organisation not in ctx.organisations:
        return called
    return f"{called} ({ctx.short_name(organisation)})"
