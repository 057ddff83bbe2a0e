"""Logging an event from what happened: the host taps once, and fills in nothing (spec/engagement.md 9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.commands import N_, Day, Link, Number, OneOf, Organisations, Text, command
from bot.context import Context
from bot.events.standing import found_event
from bot.handlers.activity_answers import described, next_taps, opened
from bot.handlers.cohosts import ask_cohosts, asked
from bot.handlers.counting import Line, found, host_of, lines_for, others_of, unanswered
from bot.handlers.events.answers import see
from bot.handlers.log import keep, smes_given
from bot.messages import Ask, Button, Choice, Refusal, Reply, Topic
from bot.rules.activities import state_by_answers
from bot.rules.events.moments import phase
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from bot.rules.indicators import Involved, Record
from storage.activities import Activity, Evidence

NUMBER = Annotated[int, Number(hidden=True)]
QUESTIONS = {
    "title": N_("What was it called?"),
    "kind": N_("What was it?"),
    "day": N_("Which day did it end?"),
    "with": N_("Who hosted it with you?"),
}
LABELS = {"title": N_("Title"), "kind": N_("Kind"), "day": N_("Day"), "with": N_("Together with")}
FROM_FORM = "form"


@command("log event", N_("Log an event that is over"), may="log_activities", hidden=True)
def log_event(
    ctx: Context,
    event: NUMBER,
    title: Annotated[str, Text(label=N_("Title"))] = "",
    kind: Annotated[str, OneOf("activity_kinds", label=N_("Kind"))] = "",
    day: Annotated[date | None, Day("past", label=N_("Day it ended"))] = None,
    with_: Annotated[tuple[str, ...], Organisations(label=N_("Together with"))] = (),
    smes: Annotated[
        str, Text(label=N_("SMEs reached"), hint=N_("Names with commas between, or a number"), most=3000)
    ] = "",
    link: Annotated[str, Link(label=N_("Link"), hint=N_("Agenda, report or call page"))] = "",
    what: Annotated[str, Text(hidden=True)] = "",
    listed: Annotated[str, Text(hidden=True)] = "",
    again: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """Log an event as it took place, once: its hosts, its last day, and whose people came (5.1). `what` is
    what is to be changed first: then it asks, or shows the form filled with what it knows."""
    ended = _over(ctx, event)
    if (logged := logged_as(ctx, ended)) is not None:
        return opened(ctx, logged)
    cohosts = with_ if with_ or what == FROM_FORM else ended.hosts[1:]
    names, number, basis = smes_given(smes, listed)
    as_it_was = record_of(ctx, ended, cohosts)
    record = replace(
        as_it_was, title=title or as_it_was.title, kind=kind or as_it_was.kind, day=day or as_it_was.day,
        smes=names, sme_number=number, sme_basis=basis,
    )  # fmt: skip
    asks = _asks(ctx, record, what, {"title": title, "kind": kind, "day": day, "with": with_})
    if asks is not None:
        raise asks
    return _logged(ctx, ended, record, (link,) if link else (), again)


@command("not countable", N_("Say that an event is none to log"), may="log_activities", hidden=True)
def not_countable(ctx: Context, event: NUMBER) -> Reply:
    """The host says that there is nothing to log, so nobody is reminded of it; it can be logged after all."""
    ended = _over(ctx, event)
    if (logged := logged_as(ctx, ended)) is not None:
        return opened(ctx, logged)
    ctx.store.events.write(replace(ended, not_countable=True, changed_at=ctx.now))
    after_all = Button(N_("Log it after all"), "log event", {"event": str(event)})
    return Reply("event_not_logged", {"title": ended.title}, (after_all,), replace=True)


def record_of(ctx: Context, event: Event, cohosts: tuple[str, ...] | None = None) -> Record:
    """An event as the activity that it was, as far as we know: logged under its host, on the day on which its
    last session ended by the clocks of its zone (5.1), with those whose people came. `kind` is "" where the
    charter has none for such an event. `cohosts` (slugs) instead of its own."""
    there = event.hosts[1:] if cohosts is None else cohosts
    hosts = dict.fromkeys((event.host, *there))
    others = (slug for slug in _came_from(ctx, event) if slug not in hosts)
    parts = (Involved(slug, "cohost") for slug in hosts if slug != event.host)
    involved = (Involved(event.host, "host"), *parts, *(Involved(slug, "attended") for slug in others))
    return Record(0, activity_kind(ctx, event), event.title, last_day(event), involved)


def activity_kind(ctx: Context, event: Event) -> str:
    """What kind of activity an event is logged as (key), "" for none."""
    kinds = {kind.key: kind.activity or "" for kind in ctx.charter.event_kinds}
    return kinds.get(event.kind, "")


def last_day(event: Event) -> date:
    """The day on which the last session ended, in the event's zone; one that ends at midnight ended on the
    day before."""
    return (ends_at(event) - timedelta(microseconds=1)).astimezone(ZoneInfo(event.zone)).date()


def logged_as(ctx: Context, event: Event) -> Activity | None:
    """The activity that an event was logged as; None if it never was, or that was taken back."""
    activity = ctx.store.activities.get(event.activity) if event.activity else None
    return activity if activity is not None and activity.record.state != "withdrawn" else None


def refresh_log(ctx: Context, event: Event) -> tuple[Line, ...]:
    """Attendance became known, or changed, after an event was logged: put down in its activity whose people
    came. Returns the indicators for which it counts now and did not before; nothing else is said. The caller
    holds the event."""
    if logged_as(ctx, event) is None:
        return ()
    before = found(ctx, event.activity, lock=True).record
    if before.state == "withdrawn" or host_of(before) not in event.hosts:
        return ()
    hosts = tuple(one for one in before.involved if one.part != "attended")
    named = {one.organisation for one in hosts}
    others = (slug for slug in _came_from(ctx, event) if slug not in named)
    after = replace(before, involved=(*hosts, *(Involved(slug, "attended") for slug in others)))
    if after == before:
        return ()
    ctx.store.activities.change(after.id, after, ctx.person.id, ctx.now, "attendance")
    rest = others_of(ctx, after)
    counted = {line.key for line in lines_for(ctx, before, rest) if line.counts}
    now = lines_for(ctx, after, rest, before=(before,))
    return tuple(line for line in now if line.counts and line.key not in counted)


def log_tap(ctx: Context, event: Event) -> tuple[Button, ...]:
    """[Log it] for the host's people, once an event is over and not logged; nothing for others."""
    wanted = phase(event, ctx.now) == "over" and ctx.may("log_activities", event.host)
    if not wanted or not activity_kind(ctx, event) or logged_as(ctx, event) is not None:
        return ()
    return (Button(N_("Log it"), "log event", {"event": str(event.number)}),)


def _over(ctx: Context, number: int) -> Event:
    """An event that is over and whose host the caller logs for, locked. Raises Refusal."""
    event = found_event(ctx, number, lock=True)
    if not ctx.may("log_activities", event.host):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(event.host))
    stands = phase(event, ctx.now)
    if stands != "over":
        raise Refusal(
            "event_not_over", buttons=(see(event),), title=event.title, cancelled=stands == "cancelled"
        )
    return event


def _logged(ctx: Context, event: Event, record: Record, links: tuple[str, ...], again: str) -> Reply:
    """Store the activity, or take the one that is there already, and remember which one it is."""
    before = found(ctx, event.activity, lock=True).record if event.activity else None
    if before is not None and host_of(before) == host_of(record):
        return _back(ctx, event, before, record, links)
    reply = None
    if again.isdigit():
        activity = found(ctx, int(again))
    else:
        activity, reply = keep(ctx, record, links, again)
    event = ctx.store.events.write(
        replace(event, activity=activity.record.id, not_countable=False, changed_at=ctx.now)
    )
    if reply is None:  # it was logged by hand: whose people came is put down there
        refresh_log(ctx, event)
        reply = opened(ctx, found(ctx, activity.record.id))
    return replace(reply, replace=True)


def _back(ctx: Context, event: Event, before: Record, record: Record, links: tuple[str, ...]) -> Reply:
    """An event whose log was taken back counts as that same activity again, so never twice (5.2): as it is
    said now, with the SMEs and the evidence that were there, and the co-hosts' taps that were given."""
    taps = {one.organisation: one.answer for one in before.involved if one.part == "cohost"}
    involved = tuple(
        replace(one, answer=taps.get(one.organisation, one.answer)) if one.part == "cohost" else one
        for one in record.involved
    )
    smes = record if record.smes or record.sme_number else before
    after = replace(before, kind=record.kind, title=record.title, day=record.day, involved=involved,
                    smes=smes.smes, sme_number=smes.sme_number, sme_basis=smes.sme_basis)  # fmt: skip
    after = replace(after, state=state_by_answers(after))
    ctx.store.activities.change(before.id, after, ctx.person.id, ctx.now, "put back")
    known = {one.url for one in found(ctx, before.id).evidence}
    for link in (one for one in links if one not in known):
        proof = Evidence("link", link, by=ctx.person.id, at=ctx.now)
        ctx.store.activities.add_evidence(before.id, proof, ctx.now)
    ctx.store.events.write(replace(event, not_countable=False, changed_at=ctx.now))
    ask_cohosts(ctx, after, tuple(slug for slug in unanswered(after) if slug not in taps))
    activity = found(ctx, before.id)
    lines = lines_for(ctx, activity.record, others_of(ctx, activity.record), before=(before,))
    undo = Button(N_("Undo"), "undo", {"activity": str(before.id)})
    values = {**described(ctx, activity.record), "lines": lines, "asked": asked(ctx, activity.record)}
    topic = Topic("activity", str(before.id))
    return Reply("event_log_back", values, next_taps(ctx, activity, lines, undo), topic, replace=True)


def _came_from(ctx: Context, event: Event) -> tuple[str, ...]:
    """The organisations whose people came (slugs), by name."""
    there = {one.organisation for one in ctx.store.rsvps.of_event(event.number, ("attended",))}
    return tuple(sorted(there & ctx.organisations.keys(), key=ctx.short_name))


def _asks(ctx: Context, record: Record, what: str, given: Mapping[str, Any]) -> Ask | None:
    """What is still to be asked before it is logged, None for nothing."""
    if what in given and not given[what]:
        return Ask(what, "question", question=QUESTIONS[what], hint="")
    if what not in ("", "yes", FROM_FORM):
        return _what_to_change(ctx, record)
    return None if record.kind else Ask("kind", "question", question=QUESTIONS["kind"], hint="")


def _what_to_change(ctx: Context, record: Record) -> Ask:
    """A form filled with what we know; where there are no forms, one tap for each thing, then [Log it]."""
    choices = (
        Choice(N_("Log it"), {"what": "yes"}),
        *(Choice(label, {"what": option, option: ""}) for option, label in LABELS.items()),
    )
    cohosts = [one.organisation for one in record.involved if one.part == "cohost"]
    filled = {
        "title": record.title,
        "kind": record.kind,
        "day": record.day.isoformat(),
        "with": ",".join(cohosts),
        "what": FROM_FORM,
    }
    return Ask("what", "event_log_change", choices, free=False, prefill=filled, **in_words(ctx, record))


def in_words(ctx: Context, record: Record) -> dict[str, Any]:
    """What an event would be logged as, in the words of a template; `kind` is "" while none is known."""
    kinds = {one.key: one.label for one in ctx.charter.activity_kinds}

    def names(part: str) -> list[str]:
        return [ctx.short_name(one.organisation) for one in record.involved if one.part == part]

    return {
        "title": record.title,
        "kind": ctx.translate(kinds.get(record.kind, "")),
        "day": record.day.isoformat(),
        "host": names("host")[0],
        "cohosts": names("cohost"),
        "came": names("attended"),
    }
