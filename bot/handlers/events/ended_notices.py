"""What the host's people are told once an event is over: the log, filled in (spec/engagement.md 9.1)."""

from __future__ import annotations

from datetime import timedelta

from bot.commands import N_
from bot.context import Context
from bot.events.standing import found_event, may_organise
from bot.events.telling import ENDED
from bot.handlers.counting import lines_for, others_of
from bot.handlers.events.logging import activity_kind, in_words, logged_as, record_of
from bot.messages import Button, Reply
from bot.notices import QUESTION, Values, notice
from bot.rules.events.moments import phase


def is_to_log(ctx: Context, values: Values) -> bool:
    """Whether an event still waits for its log; or, where there is none to write, for who came."""
    event = ctx.store.events.get(values["event"])
    if event is None or phase(event, ctx.now) != "over" or event.not_countable:
        return False
    if not activity_kind(ctx, event):
        return not event.attendance_measured and may_organise(ctx, event)
    return logged_as(ctx, event) is None and ctx.may("log_activities", event.host)


def ended_in_short(ctx: Context, values: Values) -> Reply:
    """That it waits for its log, with the tap that writes it; of a meeting, who came."""
    event = found_event(ctx, values["event"])
    number, title = {"event": str(event.number)}, {"title": event.title}
    if not activity_kind(ctx, event):
        who = Button(N_("Who came"), "who came", {"number": str(event.number)})
        return Reply("event_ended_in_short", {**title, "to_log": False}, (who,))
    taps = (Button(N_("Log it"), "log event", number), Button(N_("Nothing to log"), "not countable", number))
    return Reply("event_ended_in_short", {**title, "to_log": True}, taps)


@notice(
    ENDED,
    N_("Events to log"),
    N_("You get this because your organisation hosts this event."),
    still_due=is_to_log,
    useful=timedelta(days=14),
    priority=QUESTION,
    theme="events",
    duty=True,
    line=ended_in_short,
    about=lambda values: (f"event log:{values['event']}",),
)
def event_ended(ctx: Context, values: Values) -> Reply:
    """What an event would be logged as and count for, by what is known when this is read."""
    event = found_event(ctx, values["event"])
    record = record_of(ctx, event)
    number = {"event": str(event.number)}
    who = (
        ()
        if event.attendance_measured
        else (Button(N_("Who came"), "who came", {"number": str(event.number)}),)
    )
    joined = ctx.store.rsvps.counts(event.number).get("attended", 0)
    told = {**in_words(ctx, record), "measured": event.attendance_measured, "joined": joined}
    if not record.kind:
        return Reply("event_ended", {**told, "lines": ()}, who)
    taps = (
        Button(N_("Log it"), "log event", number),
        Button(N_("Change it first"), "log event", {**number, "what": "ask"}),
        *who,
        Button(N_("Nothing to log"), "not countable", number),
    )
    lines = lines_for(ctx, record, others_of(ctx, record), before=())
    return Reply("event_ended", {**told, "lines": lines}, taps)
