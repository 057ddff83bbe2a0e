"""Announcing an event: `/event new`, and what its co-hosts can say to it (spec/engagement.md section 1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.commands import (
    N_,
    LongText,
    Moment,
    Number,
    OneChoice,
    OneOf,
    OneOrganisation,
    Organisations,
    Text,
    command,
)
from bot.context import COORDINATING, Context
from bot.events.organising import announce, invited, mode_of, new_uid, place_and_link
from bot.events.standing import changed, found_event
from bot.handlers.assembly.diary import told_by_assembly
from bot.handlers.assembly.meetings import call_meeting
from bot.handlers.events.answers import AUDIENCES, described, see, to_calendar
from bot.handlers.events.preview import confirmed
from bot.handlers.profile import city_of, zones_named
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.notices import told
from bot.rules.clocks import first_moment, shown
from bot.rules.events.sessions import MOST_TIMES
from bot.rules.events.values import Event

LONGEST = 7 * 24 * 60  # minutes of one session
MOST_ZONES = 8  # offered where several fit
RHYTHMS = (
    OneChoice("weekly", N_("Weekly"), ("every week", "week")),
    OneChoice("fortnightly", N_("Every two weeks"), ("every second week",)),
    OneChoice("monthly", N_("Monthly"), ("every month", "month")),
)
HOSTS = told(
    "event hosts",
    N_("Co-hosts of your events"),
    N_("You get this because you announced this event."),
    theme="events",
)
HIDDEN = Annotated[str, Text(hidden=True)]
KIND = OneOf("event_kinds", ask=N_("What kind of event is it?"), label=N_("Kind"))
TITLE = Text(ask=N_("What is it called?"), label=N_("Title"), most=150)
STARTS = Moment(
    "future", lead=("on",), ask=N_("On which day, and at what time?"), label=N_("Day and time"),
    hint=N_("In your own time zone: 10 December 14:00"),
)  # fmt: skip
WHERE = Text(lead=("in", "link"), ask=N_("Where? A place, a link, or both."), label=N_("Where"), most=300)
LENGTH = Number(
    least=5, most=LONGEST, lead=("minutes", "length"), label=N_("Minutes"),
    ask=N_("How many minutes does it last?"),
)  # fmt: skip
ZONE = Text(
    lead=("zone",), label=N_("Time zone"), most=60, hint=N_("A city, if the time above is by its clocks"),
)  # fmt: skip
SEATS = Number(least=1, lead=("seats",), label=N_("Seats"), ask=N_("How many seats are there?"))
EACH = Number(
    least=1, lead=("each",), label=N_("Seats each"), hint=N_("At most for one organisation"),
)  # fmt: skip
WITH = Organisations(lead=("with",), label=N_("Co-hosts"), ask=N_("Which organisations host it with you?"))
FOR = OneOrganisation(lead=("for",), label=N_("For which organisation"))
REPEATS = OneOf(RHYTHMS, lead=("repeats",), label=N_("Repeats"), ask=N_("How often does it take place?"))
TIMES = Number(
    least=1, most=MOST_TIMES, lead=("times",), label=N_("How many times"), ask=N_("How many times in all?")
)
AUDIENCE = OneOf(AUDIENCES, lead=("audience",), label=N_("Who is invited"), ask=N_("Who is invited?"))
ABOUT = LongText(lead=("details",), label=N_("What it is about"), most=1500, ask=N_("What is it about?"))
OPTIONAL = {  # what may be left out, and can be added from the preview: option → label
    "about": N_("What it's about"),
    "seats": N_("Seats"),
    "length": N_("Length"),
    "with": N_("Co-hosts"),
    "repeats": N_("Repeats"),
    "audience": N_("Who is invited"),
}
ASKED = {
    "about": ABOUT.ask,
    "seats": SEATS.ask,
    "length": LENGTH.ask,
    "with": WITH.ask,
    "repeats": REPEATS.ask,
    "audience": AUDIENCE.ask,
}


@command(
    "event new",
    N_("Announce an event"),
    may="organise_events",
    example="/event new webinar Green hydrogen 101 on 8 December 14:00 in https://example.org/h2",
    aliases=("new event",),
)
def event_new(
    ctx: Context,
    kind: Annotated[str, KIND],
    title: Annotated[str, TITLE],
    starts: Annotated[datetime, STARTS],
    where: Annotated[str, WHERE],
    length: Annotated[int | None, LENGTH] = None,
    zone: Annotated[str, ZONE] = "",
    seats: Annotated[int | None, SEATS] = None,
    each: Annotated[int | None, EACH] = None,
    with_: Annotated[tuple[str, ...], WITH] = (),
    for_: Annotated[str, FOR] = "",
    repeats: Annotated[str, REPEATS] = "",
    times: Annotated[int | None, TIMES] = None,
    audience: Annotated[str, AUDIENCE] = "",
    about: Annotated[str, ABOUT] = "",
    what: HIDDEN = "",
    places: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """Announce an event: shown before anything goes out, then its card stands in the places for events, and
    whom it is for is invited. Raises the Asks on the way, Refusal for a moment that is past."""
    ctx.in_private()
    given = ctx.charter.event_kind(kind)
    there = zone_meant(ctx, zone)
    at = moment_there(starts, ctx.zone, there)
    if given.assembly and not zone:
        there = ctx.charter.alliance.zone  # as for every General Assembly
    if given.assembly and repeats:
        raise Refusal("assembly_once", title=title)
    repeats = "" if times == 1 else repeats
    if at <= ctx.now:
        raise Refusal("event_past", "starts", when=at.isoformat())
    room, link = place_and_link(where)
    hosts = _hosts(ctx, given.assembly, for_, with_)
    each = min(each, seats) if each and seats else each  # no organisation gets more than there are
    event = Event(
        0, "", kind, title, at, length or given.minutes, there, hosts, audience or given.audience,  # type: ignore[arg-type]
        ctx.person.id, ctx.now, ctx.now, about, room, link, seats, each, mode_of(room, link),
        repeats, (times or 1) if repeats else 1,  # type: ignore[arg-type]
    )  # fmt: skip
    _needed(what, {"about": about, "seats": seats, "length": length, "with": with_, "repeats": repeats,
                   "audience": audience}, ctx)  # fmt: skip
    _rhythm(repeats, times)
    invite, chats = confirmed(ctx, event, sure, places, _parts(), {})
    return _announced(ctx, replace(event, uid=new_uid()), invite, chats, assembly=given.assembly)


@command("not cohost", N_("Say that we don't host it"), may="organise_events", hidden=True)
def not_cohost(
    ctx: Context,
    event: Annotated[int, Number(hidden=True)],
    organisation: Annotated[str, OneOrganisation(hidden=True)],
) -> Reply:
    """A co-host's [Not us] takes it off the event at once; whoever announced it is told. Raises Refusal for
    somebody else's organisation."""
    if not ctx.may("organise_events", organisation):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    found = found_event(ctx, event, lock=True)
    name = ctx.short_name(organisation)
    if organisation in found.hosts[1:]:
        hosts = tuple(slug for slug in found.hosts if slug != organisation)
        found = ctx.store.events.write(replace(found, hosts=hosts, changed_at=ctx.now))
        changed(ctx, found)
        values = {**described(ctx, found), "organisation": name, "who": ctx.person.name}
        key = f"not cohost:{event}:{organisation}:{ctx.now.isoformat()}"
        ctx.tell((found.created_by,), "event_not_cohost_told", key, values, (see(found),), kind=HOSTS)
    return Reply(
        "event_not_cohost", {**described(ctx, found), "organisation": name}, (see(found),), replace=True
    )


def zone_meant(ctx: Context, text: str) -> str:
    """The zone (IANA) by whose clocks an event takes place: the caller's own, or that of a city. Raises Ask
    where several fit, or none."""
    if not text:
        return ctx.zone
    zones = zones_named(text)
    if len(zones) == 1:
        return zones[0]
    near = zones or tuple(dict.fromkeys(one.zone for one in ctx.organisations.values()))
    choices = tuple(Choice(city_of(name)[:20], {"zone": name}) for name in near[:MOST_ZONES])
    raise Ask("zone", "zone_which" if zones else "zone_unknown", choices, text=text[:80])


def moment_there(moment: datetime, read_in: str, zone: str) -> datetime:
    """The moment (UTC) at which the clocks of `zone` show what those of `read_in` show at this one: a time
    is typed as it stands in the programme."""
    if read_in == zone:
        return moment
    return first_moment(shown(moment, ZoneInfo(read_in)), ZoneInfo(zone))


def _hosts(ctx: Context, assembly: bool, given: str, cohosts: tuple[str, ...]) -> tuple[str, ...]:
    """The host and its co-hosts. The General Assembly is the whole alliance's, called by who keeps it."""
    if assembly:
        if not ctx.may("keep_assembly"):
            raise Refusal("not_allowed", permission="keep_assembly")
        return tuple(dict.fromkeys((COORDINATING, *cohosts)))
    host = ctx.acting_for("organise_events", given)
    return tuple(dict.fromkeys((host, *cohosts)))


def _needed(what: str, given: dict[str, object], ctx: Context) -> None:
    """Ask for a part that may be left out, if it is the one that somebody wants to give now."""
    if what not in given or given[what]:
        return
    kinds = {"repeats": REPEATS, "audience": AUDIENCE}
    offered = kinds[what].offered(ctx.reading) if what in kinds else ()
    taps = tuple(Choice(label, {what: value}) for value, label in offered)
    leave = Choice(N_("Leave empty"), {"what": "none"})
    raise Ask(what, "question", (*taps, leave), question=ASKED[what], hint="")


def _rhythm(repeats: str, times: int | None) -> None:
    """What repeats does so a number of times; what takes place several times does so in some rhythm."""
    if repeats and not times:
        raise Ask("times", "question", (), question=TIMES.ask, hint="")
    if times and times > 1 and not repeats:
        taps = tuple(Choice(one.label, {"repeats": one.value}) for one in RHYTHMS)
        raise Ask("repeats", "question", taps, question=REPEATS.ask, hint="")


def _parts() -> tuple[Choice, ...]:
    """What can be changed from the preview, each asked once more."""
    again = {"kind": KIND.label, "title": TITLE.label, "starts": STARTS.label, "where": WHERE.label}
    needed = (Choice(label, {option: "", "sure": ""}) for option, label in again.items())
    rest = (Choice(label, {one: "", "what": one, "sure": ""}) for one, label in OPTIONAL.items())
    return (*needed, *rest, Choice(N_("Back"), {"sure": ""}))


def _announced(ctx: Context, event: Event, invite: bool, chats: tuple[int, ...], *, assembly: bool) -> Reply:
    """The event is announced; a General Assembly is called with it, and who votes hears of it by that."""
    told: tuple[int, ...] = ()
    if assembly:
        where = ", ".join(part for part in (event.where, event.link) if part)
        meeting = call_meeting(ctx, event.starts_at, where, event.zone)
        event, told = replace(event, meeting=meeting.number), told_by_assembly(ctx)
    people = len(invited(ctx, event, {event.created_by, *told}))
    event = announce(ctx, event, invite, chats, told)
    number = {"number": str(event.number)}
    taps = (
        to_calendar(event),
        see(event),
        Button(N_("Change"), "event change", number),
        Button(N_("Cancel it"), "event cancel", number),
    )
    values = {**described(ctx, event), "chats": len(chats), "invite": invite, "people": people}
    return Reply("event_announced", values, taps, replace=True)
