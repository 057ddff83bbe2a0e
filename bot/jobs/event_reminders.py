"""Reminders of events that come due by themselves: whom, and when they are put on their way."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import N_
from bot.context import Context
from bot.events.reminding import AHEAD, BEFORE, Known, remind_all
from bot.events.standing import hosts_people
from bot.events.telling import ENDED
from bot.handlers.events.logging import activity_kind, logged_as
from bot.handlers.events.reminders import LOG_AGAIN
from bot.people.duties import as_person
from bot.people.keeping import keeper
from bot.people.waking import waking_of
from bot.rules.events.moments import phase
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from bot.rules.reminding.events import log_again_at
from bot.timetable import job

AFTER = timedelta(days=16)  # the last of all: ten days, and whatever holidays there are
LAST_HELPS = timedelta(days=14)


@job(
    N_("Event reminders"),
    N_("Reminds people of events: to answer, to come, to log what took place"),
    useful=timedelta(hours=12),
    tells=True,
    hour="6-18/2",
    minute=5,
)
def event_reminders(ctx: Context, slot: datetime) -> None:  # noqa: ARG001 - what is due is so whenever it is asked
    """Every reminder of the next two days is put on its way, each once, as `bot.events.reminding` does where
    an answer is written."""
    known: Known = {}
    for event in ctx.store.events.around(ctx.now - AFTER, ctx.now + BEFORE):
        if phase(event, ctx.now) == "over":
            _log_again(ctx, event)
        else:
            remind_all(ctx, event, known)


def _log_again(ctx: Context, event: Event) -> None:
    """One person of the host is given the log twice more: then nobody asks again."""
    if event.not_countable or not activity_kind(ctx, event) or logged_as(ctx, event) is not None:
        return
    people = hosts_people(ctx, event)
    person = _who_logs(ctx, event, people)
    if person is None:
        return
    first, last = log_again_at(event, waking_of(ctx, person))
    for turn, at, until in ((1, first, last), (2, last, last + LAST_HELPS)):
        key = f"{LOG_AGAIN}:{event.number}:{ends_at(event).isoformat()}:{turn}"
        if at < ctx.now + AHEAD and ctx.now < until and not _was_asked(ctx, key, people):
            values = {"event": event.number, "last": turn == 2}
            ctx.notify(person, LOG_AGAIN, key, values, max(at, ctx.now), until)


def _who_logs(ctx: Context, event: Event, people: tuple[int, ...]) -> int | None:
    """Whoever announced it, else who looks after the host's list of activities, else the first of the host
    who may: of those who can be asked."""
    wanted = (event.created_by, keeper(ctx, event.host), *people)
    return next((one for one in wanted if one in people and _can_log(ctx, event, one)), None)


def _can_log(ctx: Context, event: Event, person: int) -> bool:
    theirs = as_person(ctx, person)
    if theirs is None or not theirs.may("log_activities", event.host) or ctx.reached(person) is None:
        return False
    return not {LOG_AGAIN, ENDED} & set(ctx.store.silenced.kinds(person))


def _was_asked(ctx: Context, key: str, people: tuple[int, ...]) -> bool:
    """Whether somebody has that turn already; one who stopped it meanwhile has not."""
    known = (ctx.store.deliveries.by_key(f"{key}:{person}") for person in people)
    return any(one is not None and one.state != "skipped" for one in known)
