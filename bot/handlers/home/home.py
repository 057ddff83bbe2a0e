"""Home: what we counted, what the reader owes, what comes next, each a tap away. On Slack it is also the
app's home tab; everywhere it is a command."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Annotated, Any

from bot.assembly.standing import standing_of
from bot.commands import N_, Text, command
from bot.context import Context
from bot.events.standing import may_organise
from bot.handlers.attention.numbered import numbered_taps
from bot.handlers.attention.waiting import can_be_said
from bot.handlers.counting import figures
from bot.handlers.events.answers import answer_taps, cannot, mine, see, without_link
from bot.handlers.strangers import ways_in
from bot.messages import Button, Reply
from bot.people.duties import Owed, all_owed, stands_in
from bot.rules.events.sessions import session_at
from bot.rules.events.values import FEW, Event
from bot.rules.indicators import Figure
from bot.rules.membership import first_name
from bot.rules.rsvp.values import Rsvp

MOST_OWED, MOST_EVENTS = 5, 3
MOST_TAPS = 20  # of the lines; five quick ones stand below, and Slack takes 25 under one message
EVENT_ANSWER = "event answer"  # the duty that the line of the event itself settles
Whose = tuple[str, Owed]  # the first name of who is away and owes it, "" for the reader


@command(
    "home",
    N_("Where we stand, what you owe and what comes next"),
    may="anybody",
    example="/home",
    reads=True,
)
def home(ctx: Context, tab: Annotated[str, Text(hidden=True)] = "") -> Reply:
    """Hello, this year's indicators with the part of the reader's organisations, the first five things that
    they owe, or that somebody owes for whom they stand in, and the next three events with their own answer.
    A part that breaks is left out. Somebody unknown is shown the ways in. `tab` says that a platform shows it
    as a page of its own: looking there puts no dialogue aside."""
    ctx.in_private()
    if ctx.identity.person is None:
        return ways_in(ctx)
    events = _next_events(ctx)
    owed = _owed(ctx, {str(event.number) for event, _ in events})
    shown, more = owed[:MOST_OWED], max(0, len(owed) - MOST_OWED)
    lines = (*(one.reply for _, one in shown), *(_event_line(ctx, *one) for one in events))
    own = tuple(dict.fromkeys(role.organisation for role in ctx.roles))
    values = {
        "name": first_name(ctx.person.name),
        "organisations": [ctx.short_name(slug) for slug in own],
        "year": ctx.counting_year,
        "figures": [_figure(ctx, one, own) for one in _figures(ctx)],
        "owed": _headed(ctx, shown),
        "more": more,
        "events": range(len(shown), len(lines)),
    }
    taps = (*numbered_taps(ctx, lines, most=MOST_TAPS), *_quick_taps(ctx, more))
    return Reply("home", values, taps, parts=lines, public=bool(tab))  # public: nothing is put aside for it


def _figures(ctx: Context) -> tuple[Figure, ...]:
    return figures(ctx, ctx.counting_year) if ctx.may("see_indicators") else ()


def _figure(ctx: Context, figure: Figure, own: tuple[str, ...]) -> dict[str, Any]:
    return {
        "label": figure.condition.label,
        "value": figure.value,
        "target": figure.condition.target,
        "met": figure.met,
        "ours": [(ctx.short_name(slug), amount) for slug, amount in figure.contributors if slug in own],
    }


def _owed(ctx: Context, shown: Collection[str]) -> list[Whose]:
    """What the reader owes, but for the answers that the lines of the events below ask for (`shown`, by
    number), and then what those owe for whom they stand in. What breaks is left out."""
    own = {one.key: ("", one) for one in all_owed(ctx) if not _is_answered_below(one, shown)}
    others = {one.key: (first_name(who.name), one) for who, owed in stands_in(ctx) for one in owed}
    every = {**own, **{key: one for key, one in others.items() if key not in own}}
    return [one for one in every.values() if can_be_said(ctx, one[1].reply)]


def _is_answered_below(one: Owed, shown: Collection[str]) -> bool:
    return one.kind == EVENT_ANSWER and bool(one.buttons) and one.buttons[0].arguments.get("event") in shown


def _headed(ctx: Context, owed: Sequence[Whose]) -> list[dict[str, Any]]:
    """The lines by who owes them, as the template takes them: under which heading ("" for the reader's own),
    and their numbers."""
    title = ctx.translate(N_("For {name}"))
    return [
        {"name": name and title.replace("{name}", name), "lines": list(lines)}
        for name, lines in groupby(range(len(owed)), key=lambda at: owed[at][0])
    ]


def _next_events(ctx: Context) -> tuple[tuple[Event, Rsvp | None], ...]:
    """The next events that are for the reader, the soonest first, each with their own answer."""
    coming = [one for one in ctx.store.events.coming(ctx.now) if _is_for(ctx, one)]
    coming.sort(key=lambda one: session_at(one, ctx.now).starts_at)
    own = {one.event: one for one in ctx.store.rsvps.of_person(ctx.person.id)}
    return tuple((one, own.get(one.number)) for one in coming[:MOST_EVENTS])


def _is_for(ctx: Context, event: Event) -> bool:
    return event.audience not in FEW or may_organise(ctx, event)


def _event_line(ctx: Context, event: Event, own: Rsvp | None) -> Reply:
    values = {**without_link(ctx, event), **mine(ctx, event, own)}
    return Reply("home_event", values, _event_taps(event, own))


def _event_taps(event: Event, own: Rsvp | None) -> tuple[Button, ...]:
    """Going and Can't, without what they answered already; a line or an offer is answered where it stands."""
    going, _, cant = answer_taps(event)
    match own.state if own else "":
        case "going":
            return (cannot(event, N_("Can't")),)
        case "declined" | "withdrawn":
            return (going,)
        case "waitlisted" | "offered" | "attended" | "no_show":
            return (see(event),)
    return (going, cant)


def _quick_taps(ctx: Context, more: int) -> tuple[Button, ...]:
    log = (Button(N_("Log something"), "log"),) if ctx.may("log_activities") else ()
    vote = (Button(N_("Vote"), "vote"),) if _may_vote_now(ctx) else ()
    rest = (Button(N_("All there is to do"), "todo"),) if more else ()
    return (*log, *vote, *rest, Button(N_("Events"), "events"), Button(N_("What I send you"), "notify"))


def _may_vote_now(ctx: Context) -> bool:
    """Whether a vote runs in which one of the reader's organisations takes part."""
    hats = ctx.hats("vote")
    if not hats:
        return False
    open_ = (now for one in ctx.store.motions.live() if (now := standing_of(ctx, one)).phase == "open")
    return any(slug in now.entitled for now in open_ for slug in hats)
