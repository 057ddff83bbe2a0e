"""What runs by itself: when it ran and runs next, whom it would write to now; pausing it, running it once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import structlog

from bot.commands import N_, Text, command
from bot.context import Context
from bot.messages import Button, Place, Refusal, Reply
from bot.notices import NOTICES
from bot.timetable import JOBS, Job, job_context, next_slot, slot_of, tries_again
from storage.deliveries import Delivery
from storage.jobs import JobRow, Run
from storage.store import Busy

log = structlog.get_logger()

ALL_JOBS = Button(N_("All jobs"), "jobs")
BY_HAND = "now:"  # a slot that somebody asked for, and no clock
MOST_NAMES = 10
NAME = Annotated[str, Text(hidden=True)]


@command(
    "jobs",
    N_("What runs by itself: when it ran, when it runs next"),
    may="see_jobs",
    example="/jobs",
)
def jobs(ctx: Context) -> Reply:
    """Every job, each a tap away: by their next moments, then those that have none, the paused ones last; of
    several at one moment by their names. (A job that is seen here for the first time begins now.)"""
    ctx.in_private()
    last = ctx.store.jobs.last_runs()
    every = [_described(ctx, one, ctx.store.jobs.known(one.name, ctx.now), last) for one in JOBS.values()]
    every.sort(key=partial(_in_turn, ctx))
    opens = (Button(one["name"], "job", {"name": one["name"]}) for one in every)
    return Reply("jobs", {"jobs": every}, tuple(opens), replace=True)


@command("job", N_("Open one job"), may="see_jobs", hidden=True)
def job(ctx: Context, name: NAME = "") -> Reply:
    """One job, and whom it would write to if it ran now: it is run, and all it did is undone."""
    if not name:
        return jobs(ctx)
    ctx.in_private()
    one, row = _found(ctx, name)
    last = ctx.store.jobs.last_runs()
    recipients = _recipients(ctx, one)
    values = {
        "job": _described(ctx, one, row, last),
        "recipients": (recipients or [])[:MOST_NAMES],
        "more": max(0, len(recipients or []) - MOST_NAMES),
        "breaks": recipients is None,
    }
    known = {"name": name}
    pause, go_on = Button(N_("Pause"), "pause job", known), Button(N_("Resume"), "resume job", known)
    buttons = (Button(N_("Run now"), "run job", known), go_on if row.paused_at else pause, ALL_JOBS)
    return Reply("job", values, buttons, replace=True)


@command("run job", N_("Run a job once, now"), may="see_jobs", hidden=True)
def run_job(ctx: Context, name: NAME = "") -> Reply:
    """Run a job outside its hours, paused or not. What it has told already is not told again."""
    one, _ = _found(ctx, name)
    slot = f"{BY_HAND}{ctx.now.isoformat()}"
    if ctx.store.jobs.claim(name, slot, ctx.now) is None:
        return job(ctx, name)  # two at the same moment: the other one ran it
    made = ctx.store.deliveries.queue(_told_by(ctx, one))
    ctx.store.jobs.finished(name, slot, made)
    values = {"name": name, "made": made, "tells": one.tells, "just_now": True}
    return Reply("job_ran", values, _onward(name), replace=True)


@command("pause job", N_("Let a job's moments pass"), may="see_jobs", hidden=True)
def pause_job(ctx: Context, name: NAME = "") -> Reply:
    """From now on nothing happens by itself, until somebody lets it go on. Who paused it first stays so."""
    _, row = _found(ctx, name)
    if row.paused_at:
        return job(ctx, name)
    ctx.store.jobs.pause(name, ctx.person.id, ctx.now)
    back = Button(N_("Resume"), "resume job", {"name": name})
    return Reply("job_paused", {"name": name}, (back, ALL_JOBS), replace=True)


@command("resume job", N_("Let a paused job go on"), may="see_jobs", hidden=True)
def resume_job(ctx: Context, name: NAME = "") -> Reply:
    """The job goes on with its next moment; what it passed by is not made up for."""
    one, row = _found(ctx, name)
    if row.paused_at:
        ctx.store.jobs.resume(name, ctx.now)
    slot = next_slot(one, ctx.now, ctx.charter.alliance.zone)
    values = {"name": name, "next": slot.at.isoformat() if slot else ""}
    return Reply("job_goes_on", values, _onward(name), replace=True)


def _onward(name: str) -> tuple[Button, ...]:
    return Button(N_("Show it"), "job", {"name": name}), ALL_JOBS


def _found(ctx: Context, name: str) -> tuple[Job, JobRow]:
    one = JOBS.get(name)
    if one is None:
        raise Refusal("button_old", buttons=(ALL_JOBS,))
    return one, ctx.store.jobs.known(name, ctx.now)


def _recipients(ctx: Context, one: Job) -> list[str] | None:
    """Whom a job would write to if it ran now; None if it breaks: then people still can pause it."""
    try:
        with ctx.store.trial():
            new = [delivery for delivery in _told_by(ctx, one) if ctx.store.deliveries.queue([delivery])]
            return [_named(ctx, delivery) for delivery in new]
    except Busy:
        raise
    except Exception as fault:
        log.error("job_would_break", job=one.name, exc_info=fault)
        return None


def _told_by(ctx: Context, one: Job) -> list[Delivery]:
    """Run the job in this transaction: what it wants to tell, not queued yet. A notice whose moment is over
    goes now, and helps as long as it would have from that moment: it was asked for. What ends with something
    ends with it all the same, and is left out once that is over."""
    run = job_context(ctx, one, BY_HAND)
    one.function(run, ctx.now.astimezone(ZoneInfo(one.zone_in(run.zone))))
    return [_from_now(delivery, ctx.now) for delivery in run.told if not _is_over(delivery, ctx.now)]


def _from_now(delivery: Delivery, now: datetime) -> Delivery:
    if not delivery.kind or delivery.not_before >= now:
        return delivery
    until = delivery.useful_until if delivery.fixed_end else now + NOTICES[delivery.kind].useful
    return replace(delivery, not_before=now, useful_until=until)


def _is_over(delivery: Delivery, now: datetime) -> bool:
    return delivery.fixed_end and delivery.useful_until is not None and delivery.useful_until <= now


def _described(ctx: Context, one: Job, row: JobRow, last: Mapping[str, Run]) -> dict[str, Any]:
    run, zone = last.get(one.name), ctx.charter.alliance.zone
    slot = next_slot(one, ctx.now, zone)
    by = ctx.store.persons.get(row.paused_by) if row.paused_by else None
    return {
        "name": one.name,
        "summary": one.summary,
        "tells": one.tells,
        "instead": one.instead,
        "ran": run.ran_at.isoformat() if run else "",
        "today": run is not None and _day(ctx, run.ran_at) == ctx.today,
        "broke": run.says if run and run.state == "failed" else "",
        "again": _again(one, run, ctx.now, zone),
        "made": run.made if run else 0,
        "next": slot.at.isoformat() if slot else "",
        "paused": row.paused_at.isoformat() if row.paused_at else "",
        "paused_by": by.name if by else "",
    }


def _in_turn(ctx: Context, described: Mapping[str, Any]) -> tuple[bool, bool, str, str]:
    """Where a described job stands among the others. (Its next moment is in UTC, so it sorts as text.)"""
    paused, upcoming = bool(described["paused"]), described["next"]
    name = ctx.translate(described["name"]).casefold()
    return paused, not upcoming, "" if paused else upcoming, name


def _again(one: Job, run: Run | None, now: datetime, zone: str) -> str:
    """When what broke is tried again, "" for never."""
    if run is None or run.state != "failed":
        return ""
    again = tries_again(one, slot_of(one, run.slot, zone), run)
    return again.isoformat() if again and again > now else ""


def _day(ctx: Context, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(ctx.zone)).date()


def _named(ctx: Context, delivery: Delivery) -> str:
    """Whom a message is meant for: a person with their organisations, or a place."""
    person = ctx.store.persons.get(delivery.person_id) if delivery.person_id else None
    if person is None:
        return _place_name(ctx, delivery.place) if delivery.place else ctx.translate(N_("somebody"))
    worn = dict.fromkeys(ctx.short_name(role.organisation) for role in ctx.store.roles.of_person(person.id))
    return f"{person.name} ({', '.join(worn)})" if worn else person.name


def _place_name(ctx: Context, place: Place) -> str:
    return place.name or ctx.translate(N_("an unnamed group"))
