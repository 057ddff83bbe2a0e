"""Who came, ticked off by the host's people; nobody is missing before they say that this is everybody."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from bot.commands import N_, Number, OneEvent, OneOf, Text, command
from bot.commands.values import OneChoice
from bot.context import Context
from bot.handlers.activity_answers import turns
from bot.handlers.attendance.attending import came, closed, did_not_come, reopened, to_attend, with_guests
from bot.handlers.counting import Line
from bot.handlers.events.logging import log_tap
from bot.handlers.people_called import LONGEST_LABEL, person_called
from bot.handlers.rsvp.own_answers import timed
from bot.messages import Button, Reply
from bot.rules.events.moments import last_begun, phase
from bot.rules.events.values import Event
from bot.rules.rsvp.values import State
from storage.rsvps import Named

PAGE: Final = 8
LISTED: Final[tuple[State, ...]] = ("going", "maybe", "offered", "waitlisted", "attended", "no_show")
MOST_LISTED: Final = 5000
MOST_GUESTS: Final = 5000
SAID_NUMBER = re.compile(r"\+?(\d{1,4})(?:\D{0,20})")
NUMBER = Annotated[int, Number(hidden=True)]
PERSON = Annotated[int, Number(hidden=True, most=2**53)]
EVENT = Annotated[str, OneEvent(ask=N_("Which event?"), label=N_("Event"))]
YES_NO = (OneChoice("yes", N_("Yes")), OneChoice("no", N_("No")))
THERE = Annotated[str, OneOf(YES_NO, hidden=True)]


@command(
    "who came", N_("Put down who came to an event"), may="organise_events", example="/who came 12", reads=True
)
def who_came(ctx: Context, number: EVENT, page: NUMBER = 1) -> Reply:
    """Those who said yes or maybe, with a tap for each; for the host's people, in private."""
    ctx.in_private()
    return listed(ctx, to_attend(ctx, int(number)), page)


@command("tick", N_("Put somebody down as there"), may="organise_events", hidden=True)
def tick(ctx: Context, event: NUMBER, person: PERSON, there: THERE = "yes", page: NUMBER = 1) -> Reply:
    """One tap on a name: they came, or they did not."""
    found = to_attend(ctx, event, lock=True)
    if there == "no":
        did_not_come(ctx, found, person)
        return listed(ctx, found, page)
    return listed(ctx, found, page, came(ctx, found, {person: 0}, "ticked").lines)


@command("tick all", N_("Put down all who said yes"), may="organise_events", hidden=True)
def tick_all(ctx: Context, event: NUMBER, there: THERE = "yes", page: NUMBER = 1) -> Reply:
    """All who said yes came; or none of those who were ticked did, for a slip."""
    found = to_attend(ctx, event, lock=True)
    if there == "no":
        for one in ctx.store.rsvps.of_event(event, ("attended",)):
            if one.method == "ticked":
                did_not_come(ctx, found, one.person)
        return listed(ctx, found, page)
    said = ctx.store.rsvps.of_event(event, ("going", "no_show"))
    return listed(ctx, found, page, came(ctx, found, {one.person: 0 for one in said}, "ticked").lines)


@command(
    "somebody else came", N_("Put down somebody who is not on the list"), may="organise_events", hidden=True
)
def somebody_else_came(
    ctx: Context,
    event: NUMBER,
    who: Annotated[
        str,
        Text(
            ask=N_("Who else came? Tell me a name."),
            hint=N_("Or a number, for people whom nobody here knows."),
            label=N_("Name or number"),
        ),
    ],
) -> Reply:
    """A member who had not answered came; or so many people whom nobody here knows. Raises Ask or Refusal
    where the name is not clear."""
    found = to_attend(ctx, event, lock=True)
    if number := SAID_NUMBER.fullmatch(who):
        return listed(ctx, with_guests(ctx, found, int(number[1])), 1)
    person, name = person_called(ctx, who, "who")
    known = came(ctx, found, {person: 0}, "ticked")
    return listed(ctx, found, 1, known.lines, added=name)


@command("that is everybody", N_("Say that all who came are down"), may="organise_events", hidden=True)
def that_is_everybody(ctx: Context, event: NUMBER, sure: THERE = "yes") -> Reply:
    """[That's everybody]: who said yes and is not ticked did not come. [Open it again] takes that back."""
    found = to_attend(ctx, event, lock=True)
    if sure == "no":
        found = reopened(ctx, found)
    elif phase(found, ctx.now) == "over":
        found = closed(ctx, found)
    return listed(ctx, found, 1)


def listed(ctx: Context, event: Event, page: int, lines: tuple[Line, ...] = (), *, added: str = "") -> Reply:
    """A page of the list of an event: who is down as there, and what can be tapped next."""
    names = ctx.store.rsvps.names(event.number, LISTED, MOST_LISTED)
    people = sorted(names, key=lambda one: (one.name.casefold(), one.person))
    pages = max(1, -(-len(people) // PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    shown = people[first : first + PAGE]
    values = {
        **timed(ctx, event), "starts": last_begun(event, ctx.now).starts_at.isoformat(),
        "people": [_in_words(ctx, one, first + at + 1) for at, one in enumerate(shown)],
        "there": sum(one.state == "attended" for one in people), "total": len(people),
        "missing": sum(one.state == "no_show" for one in people), "guests": event.guests,
        "measured": event.attendance_measured, "page": page, "pages": pages, "lines": lines, "added": added,
    }  # fmt: skip
    ticks = (_tick(event, one, label, page) for one, label in zip(shown, _labels(shown, first), strict=True))
    more = turns("who came", {"number": str(event.number)}, page, page < pages)
    rest = _closed_taps(ctx, event) if event.attendance_measured else _open_taps(ctx, event, people, page)
    return Reply("who_came", values, (*ticks, *more, *rest), replace=True)


def _in_words(ctx: Context, one: Named, at: int) -> dict[str, Any]:
    where = ctx.short_name(one.organisation) if one.organisation in ctx.organisations else ""
    return {"at": at, "name": one.name, "organisation": where, "state": one.state}


def _labels(shown: list[Named], first: int) -> list[str]:
    """What stands on each button: the name as far as it fits, with its number where two would be alike."""
    short = [one.name[: LONGEST_LABEL - 2] for one in shown]
    return [
        f"{first + at + 1} {name}"[: LONGEST_LABEL - 2] if short.count(name) > 1 else name
        for at, name in enumerate(short)
    ]


def _tick(event: Event, one: Named, label: str, page: int) -> Button:
    there = one.state == "attended"
    given = {"event": str(event.number), "person": str(one.person), "page": str(page)}
    return Button(f"✓ {label}" if there else label, "tick", {**given, "there": "no" if there else "yes"})


def _open_taps(ctx: Context, event: Event, people: list[Named], page: int) -> tuple[Button, ...]:
    given = {"event": str(event.number)}
    said, ticked = (any(one.state == state for one in people) for state in ("going", "attended"))
    others = any(one.state in ("maybe", "offered", "waitlisted") for one in people)
    here = {**given, "page": str(page)}
    everyone = Button(N_("All who said yes") if others else N_("All of them"), "tick all", here)
    nobody = Button(N_("None of them"), "tick all", {**here, "there": "no"})
    done = Button(N_("That's everybody"), "that is everybody", given)
    return (
        *((everyone,) if said else (nobody,) if ticked else ()),
        Button(N_("Somebody else"), "somebody else came", given),
        *((done,) if phase(event, ctx.now) == "over" else ()),
    )


def _closed_taps(ctx: Context, event: Event) -> tuple[Button, ...]:
    again = Button(N_("Open it again"), "that is everybody", {"event": str(event.number), "sure": "no"})
    return (*log_tap(ctx, event), again)
