"""What people are reminded of around an event; whom and when, the job decides (engagement.md section 2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from bot.commands import N_
from bot.context import Context
from bot.events.reminding import DECIDE, JOIN, NUDGE, TOMORROW, comes_to, way_in
from bot.events.standing import found_event, topic_of
from bot.events.telling import ENDED, INVITED
from bot.handlers.events.answers import answer_taps, cannot, described, own_answer, see
from bot.handlers.events.cards import joined_tap
from bot.handlers.events.ended_notices import is_to_log
from bot.handlers.events.logging import activity_kind, in_words, record_of
from bot.handlers.events.owed import decide_taps, has_room, log_taps, logs_line, said
from bot.handlers.rsvp.own_answers import spoken, timed
from bot.handlers.rsvp.own_answers import taps as own_taps
from bot.messages import Reply
from bot.notices import QUESTION, Values, notice
from bot.rules.events.moments import phase
from bot.rules.events.sessions import sessions
from bot.rules.events.values import Event
from bot.rules.rsvp.values import Rsvp

LOG_AGAIN: Final = "event log again"
EVENTS = "events"
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def is_coming(ctx: Context, values: Values) -> bool:
    """Whether that session still takes place then, has not begun, and the reader still comes to it."""
    event, own = _session_and_answer(ctx, values)
    starts_at = datetime.fromisoformat(values["starts"])
    return event is not None and ctx.now < starts_at and comes_to(event, own, starts_at)


@notice(
    TOMORROW,
    N_("The day before an event"),
    N_("You get this because you answered this event."),
    still_due=is_coming,
    useful=DAY,
    theme=EVENTS,
    counts=False,
)
def event_tomorrow(ctx: Context, values: Values) -> Reply:
    """When and where it is, and the tap of who can't come any more."""
    event, own = _known(ctx, values)
    shown = _of_session(ctx, event, own, values)
    return Reply("event_tomorrow", shown, own_taps(event, own, shown["to_come"]), topic=topic_of(event))


def is_joining(ctx: Context, values: Values) -> bool:
    """Whether that session takes place then and is not over, this is still the link to it, and the reader
    goes."""
    event, own = _session_and_answer(ctx, values)
    if event is None or own is None or own.state == "offered" or values["link"] != way_in(event):
        return False
    starts_at = datetime.fromisoformat(values["starts"])
    return ctx.now < starts_at + timedelta(minutes=event.minutes) and comes_to(event, own, starts_at)


@notice(
    JOIN,
    N_("Links to meetings you go to"),
    N_("You get this because you said that you come."),
    still_due=is_joining,
    useful=DAY,
    theme=EVENTS,
    counts=False,
    any_hour=True,
)
def event_join(ctx: Context, values: Values) -> Reply:
    """The link, a quarter of an hour before."""
    event, own = _known(ctx, values)
    shown = _of_session(ctx, event, own, values)
    shown["begun"] = ctx.now >= datetime.fromisoformat(values["starts"])
    return Reply("event_join", shown, (joined_tap(event), cannot(event)), topic=topic_of(event))


def is_unanswered(ctx: Context, values: Values) -> bool:
    """Whether the event is still to come as it was, and the reader was invited and has not answered. Who
    wants no invitations is not asked again either."""
    event, own = _event_and_answer(ctx, values)
    if event is None or ctx.now >= event.starts_at or INVITED in ctx.store.silenced.kinds(ctx.person.id):
        return False
    return own is not None and own.state == "invited"


def nudge_in_a_line(ctx: Context, values: Values) -> Reply:
    """How a digest says it."""
    event, _ = _known(ctx, values)
    return Reply("owed/event_answer", timed(ctx, event), answer_taps(event))


@notice(
    NUDGE,
    N_("Invitations without an answer"),
    N_("You get this because you were invited and it's a week away."),
    still_due=is_unanswered,
    useful=WEEK,
    theme=EVENTS,
    line=nudge_in_a_line,
    about=lambda values: (f"event answer:{values['event']}",),
)
def event_nudge(ctx: Context, values: Values) -> Reply:
    """The invitation once more, in short."""
    event, _ = _known(ctx, values)
    taps = (*answer_taps(event), see(event))
    return Reply("event_nudge", described(ctx, event), taps, topic=topic_of(event))


def is_undecided(ctx: Context, values: Values) -> bool:
    """Whether the event is still to come as it was, the reader said maybe, and a seat is left for them."""
    event, own = _event_and_answer(ctx, values)
    return event is not None and own is not None and ctx.now < event.starts_at and has_room(ctx, event, own)


def decide_in_a_line(ctx: Context, values: Values) -> Reply:
    """How a digest says it."""
    event, _ = _known(ctx, values)
    return Reply("owed/event_decide", said(ctx, event), decide_taps(event))


@notice(
    DECIDE,
    N_("Events you may come to"),
    N_("You get this because you answered maybe."),
    still_due=is_undecided,
    useful=WEEK,
    theme=EVENTS,
    line=decide_in_a_line,
)
def event_decide(ctx: Context, values: Values) -> Reply:
    """How many seats are left, and the two taps."""
    event, own = _known(ctx, values)
    return Reply("event_decide", spoken(ctx, event, own), decide_taps(event), topic=topic_of(event))


def is_still_to_log(ctx: Context, values: Values) -> bool:
    """Whether an event still waits for its log, and the reader does not want to be left alone with that."""
    event = ctx.store.events.get(values["event"])
    if event is None or not activity_kind(ctx, event) or ENDED in ctx.store.silenced.kinds(ctx.person.id):
        return False
    return is_to_log(ctx, values)


@notice(
    LOG_AGAIN,
    N_("Events still to log"),
    N_("You get this because your organisation hosts this event."),
    still_due=is_still_to_log,
    useful=WEEK,
    priority=QUESTION,
    theme=EVENTS,
    duty=True,
    line=lambda ctx, values: logs_line(ctx, found_event(ctx, values["event"])),
    about=lambda values: (f"event log:{values['event']}",),
)
def event_log_again(ctx: Context, values: Values) -> Reply:
    """The log once more, filled in; the second time it says that it is the last."""
    event = found_event(ctx, values["event"])
    shown = {**in_words(ctx, record_of(ctx, event)), "last": values["last"]}
    return Reply("event_log_again", shown, log_taps(event), topic=topic_of(event))


def _session_and_answer(ctx: Context, values: Values) -> tuple[Event | None, Rsvp | None]:
    """The event, if it still has a session that starts then, wherever it is; and what the reader answered."""
    event = ctx.store.events.get(values["event"])
    if event is None or phase(event, ctx.now) in ("over", "cancelled"):
        return None, None
    if values["starts"] not in (one.starts_at.isoformat() for one in sessions(event)):
        return None, None
    return event, own_answer(ctx, event)


def _event_and_answer(ctx: Context, values: Values) -> tuple[Event | None, Rsvp | None]:
    """The event, if it still is at the time of which it was spoken, and what the reader answered."""
    event = ctx.store.events.get(values["event"])
    if event is None or event.sequence != values["sequence"]:
        return None, None
    if phase(event, ctx.now) in ("over", "cancelled"):
        return None, None
    return event, own_answer(ctx, event)


def _known(ctx: Context, values: Values) -> tuple[Event, Rsvp]:
    event = found_event(ctx, values["event"])
    own = own_answer(ctx, event)
    assert own is not None, "asked by whether it is still due"
    return event, own


def _of_session(ctx: Context, event: Event, own: Rsvp, values: Values) -> dict[str, Any]:
    """What is said of the one session: which of how many it is."""
    starts = [one.starts_at for one in sessions(event)]
    nth = starts.index(datetime.fromisoformat(values["starts"])) + 1
    return {**spoken(ctx, event, own), "starts": values["starts"], "nth": nth}
