"""How an answer is read back: how it stands, what that means, what can be tapped next (section 1)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.events.seating import Answered
from bot.events.standing import seats_of
from bot.handlers.events.answers import after_all, answer_taps, cannot, mine, see, to_calendar, without_link
from bot.messages import Button, Reply
from bot.rules.events.moments import is_last_call
from bot.rules.events.sessions import session_at
from bot.rules.events.values import Event
from bot.rules.rsvp.promoting import free, over_by
from bot.rules.rsvp.values import YES, Rsvp, Taken


def answered(ctx: Context, done: Answered, *, gone: bool = False) -> Reply:
    """An answer read back with what it means (voice.md, samples 3 and 4), for one person's eyes. `gone`: they
    wanted a seat that somebody else was faster to take."""
    was = done.before.state if done.before is not None and done.is_new else ""
    values = {
        **spoken(ctx, done.event, done.after, done.taken, done.position),
        "same": not done.is_new and not gone and done.after.state != "invited",
        "was": was,
        "confirmed": was == "going" == done.after.state and done.before is not None
        and done.before.seats == done.after.seats,
        "gone": gone,
    }  # fmt: skip
    next_taps = taps(done.event, done.after, values["to_come"])
    return Reply("rsvp", values, next_taps, replace=True, aside=True)


def spoken(
    ctx: Context, event: Event, own: Rsvp, taken: Taken | None = None, position: int = 0
) -> dict[str, Any]:
    """An event and somebody's own answer in the words of every template about seats. The link is for those
    who go. What is `taken`, and the `position` in line, are given where they are known already."""
    held = ctx.store.rsvps.taken(event.number) if taken is None else taken
    return {
        **without_link(ctx, event, held),
        **mine(ctx, event, own, position),
        **_in_line(ctx, event, own, held),
        "link": event.link if own.state in YES and not own.gave_back else "",
        "elsewhere": elsewhere(ctx, event),
        "organisation": ctx.short_name(own.organisation) if own.organisation in ctx.organisations else "",
        "mode": event.mode,
        "limited": event.capacity is not None or event.per_organisation is not None,
        "first_tap": is_last_call(event, ctx.now),
    }


def taps(event: Event, own: Rsvp, coming: str = "") -> tuple[Button, ...]:
    """What somebody taps next, by how their answer stands; `coming` is what holds of the sessions to come for
    who came to one (`to_come`)."""
    given = {"event": str(event.number)}
    match own.state:
        case "going":
            asked = (Button(N_("Still coming"), "still coming", given),) if own.asked_again_at else ()
            return (*asked, to_calendar(event), cannot(event))
        case "waitlisted":
            return (Button(N_("Leave the line"), "leave line", given),)
        case "offered":
            # NOTE: the seat at an event that is held for them
            take = Button(N_("Take it"), "take seat", given)
            # NOTE: they leave that seat to somebody else
            return (take, Button(N_("Pass"), "pass seat", given))
        case "maybe":
            going, _, no = answer_taps(event)
            return (going, no)
        case "declined" | "withdrawn":
            return (after_all(event), see(event))
        case "invited":
            return answer_taps(event)
        case "attended" if coming:
            return (after_all(event) if coming == "no" else cannot(event), see(event))
    return (see(event),)


def elsewhere(ctx: Context, event: Event) -> str:
    """How the event's own clocks differ from the reader's: "" not at all, "clock" in the time, "day" even in
    the day."""
    starts = session_at(event, ctx.now).starts_at
    here, there = starts.astimezone(ZoneInfo(ctx.zone)), starts.astimezone(ZoneInfo(event.zone))
    if here.utcoffset() == there.utcoffset():
        return ""
    return "clock" if here.date() == there.date() else "day"


def timed(ctx: Context, event: Event) -> dict[str, Any]:
    """An event in a list: its number, title and moment."""
    starts = session_at(event, ctx.now).starts_at
    return {
        "number": event.number, "title": event.title, "starts": starts.isoformat(), "zone": event.zone,
        "elsewhere": elsewhere(ctx, event),
    }  # fmt: skip


def _in_line(ctx: Context, event: Event, own: Rsvp, taken: Taken) -> dict[str, Any]:
    """Why somebody waits: "full", "organisation" (its seats are taken), "over" (more are taken than there
    are), "party" (so many are not free together)."""
    if own.state != "waitlisted":
        return {"waits_for": "", "left": 0}
    seats = seats_of(event, ctx.now)
    here, all_ = free(seats, taken, own.organisation), free(seats, taken)
    if over_by(seats, taken):
        why = "over"
    elif all_ == 0:
        why = "full"
    else:
        why = "organisation" if here == 0 else "party"
    return {"waits_for": why, "left": here or 0}
