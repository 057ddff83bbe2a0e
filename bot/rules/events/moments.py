"""What comes when of an event. Facts with times, so whoever looks later sees the same."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.rules.clocks import first_moment
from bot.rules.events.sessions import ends_at, session_at, sessions
from bot.rules.events.values import Event, Session

LAST_CALL = timedelta(hours=2)  # before the start: from then on the first tap gets a free seat
RELEASE = timedelta(hours=24)  # before the start: a seat that nobody confirmed goes to the line
DOORS = timedelta(minutes=10)  # before a session: from then on people can say that they joined
LINGERS = timedelta(hours=24)  # after a session they still can
ASKED_AT = time(10, 0)  # on the day after, by the clocks of the event's zone

Phase = Literal["coming", "on", "over", "cancelled"]


def phase(event: Event, now: datetime) -> Phase:
    """How an event stands at a moment; between two sessions it is "on"."""
    if event.state == "cancelled":
        return "cancelled"
    if now < event.starts_at:
        return "coming"
    return "on" if now < ends_at(event) else "over"


def is_joining(event: Event, now: datetime) -> bool:
    """Whether people can say that they joined: from ten minutes before a session to a day after it."""
    if event.state == "cancelled":
        return False
    return any(one.starts_at - DOORS <= now < one.ends_at + LINGERS for one in sessions(event))


def last_begun(event: Event, now: datetime) -> Session:
    """The last session at which people can have been: its doors are open. Before all of them, the first."""
    every = sessions(event)
    return next((one for one in reversed(every) if one.starts_at - DOORS <= now), every[0])


def goes_on(event: Event, now: datetime) -> bool:
    """Whether a session is to come at which nobody can have been yet."""
    return event.state == "planned" and now < sessions(event)[-1].starts_at - DOORS


def is_last_call(event: Event, now: datetime) -> bool:
    """Whether it is so late that nobody waits in line any more: the first tap gets a free seat."""
    return now >= session_at(event, now).starts_at - LAST_CALL


def asks_at(event: Event) -> datetime:
    """When those who came are asked their two questions (UTC): in the morning of the day after."""
    zone = ZoneInfo(event.zone)
    day = ends_at(event).astimezone(zone).date() + timedelta(days=1)
    return first_moment(datetime.combine(day, ASKED_AT), zone)


def next_turn(event: Event) -> datetime | None:
    """When its cards say something else next by the clock alone (UTC): doors open, a session is over. None
    once all that is past."""
    since, every = event.turned_at or event.created_at, sessions(event)
    turns = (at for one in every for at in (one.starts_at - DOORS, one.ends_at))
    return min((at for at in turns if at > since), default=None)


def next_moment(event: Event, *, line: bool, unconfirmed: bool) -> datetime | None:
    """When something is due next of an event by itself (UTC), past moments included until they are settled;
    None for never. `line`: people wait for a seat; `unconfirmed`: people were asked whether they still come.
    Offers run out besides."""
    if event.state == "cancelled":
        return None
    due = [
        (event.released_at, event.starts_at - RELEASE, line and unconfirmed),
        (event.last_call_at, event.starts_at - LAST_CALL, line),
        (event.ended_at, ends_at(event), True),
        (event.asked_at, asks_at(event), True),
    ]
    moments = [moment for done, moment, wanted in due if done is None and wanted]
    turn = next_turn(event)
    return min([*moments, turn] if turn else moments, default=None)
