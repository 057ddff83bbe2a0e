"""Two questions the day after, for those who came: was it useful, and what will come of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from bot.commands import N_, Number, Text, command
from bot.context import Context
from bot.events.standing import found_event, may_organise
from bot.events.telling import QUESTIONS, notify_event
from bot.handlers.events.answers import see
from bot.messages import SILENCE, Button, Refusal, Reply, Topic
from bot.notices import QUESTION, Values, notice
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event

NUMBER = Annotated[int, Number(hidden=True)]
LEAST: Final = 3  # answers; fewer would show who said what
LONGEST_PLAN: Final = 500  # characters
USEFUL_FOR: Final = timedelta(days=7)  # after that, nobody remembers
TOPIC: Final = "event feedback"
USEFUL = {2: N_("Very"), 1: N_("A little"), 0: N_("Not really")}
PLANS = {"try": N_("Try it here"), "tell": N_("Tell colleagues"), "nothing": N_("Nothing yet")}


def is_to_ask(ctx: Context, values: Values) -> bool:
    """Whether the reader came to an event and has not said how useful it was."""
    event = ctx.store.events.get(values["event"])
    if event is None or event.state == "cancelled" or not _came(ctx, event.number):
        return False
    said = ctx.store.feedback.of_event(event.number)
    return not any(one.person == ctx.person.id and one.useful is not None for one in said)


@notice(
    QUESTIONS,
    N_("Questions after events"),
    N_("You get this because you were there."),
    still_due=is_to_ask,
    useful=USEFUL_FOR,
    priority=QUESTION,
    theme="events",
)
def event_questions(ctx: Context, values: Values) -> Reply:
    """The first of two questions, one tap."""
    event = found_event(ctx, values["event"])
    number = {"event": str(event.number)}
    taps = (Button(label, "event useful", {**number, "useful": str(n)}) for n, label in USEFUL.items())
    return Reply("event_questions", _words(event), tuple(taps))


@command("event useful", N_("Say whether an event was useful"), may="answer_events", hidden=True)
def event_useful(ctx: Context, event: NUMBER, useful: Annotated[int, Number(hidden=True, most=2)]) -> Reply:
    """The first answer, kept at once; the second question follows, for a tap or for words in reply."""
    attended = _attended(ctx, event)
    ctx.store.feedback.put(event, ctx.person.id, useful, None, ctx.now)
    number = {"event": str(event)}
    taps = (Button(label, "event plan", {**number, "plan": key}) for key, label in PLANS.items())
    other = Button(N_("Something else"), "event plan", number)
    values = {**_words(attended), "useful": useful}
    return Reply("event_questions_plan", values, (*taps, other), _topic(attended), replace=True)


@command("event plan", N_("Say what comes of an event"), may="answer_events", hidden=True)
def event_plan(
    ctx: Context,
    event: NUMBER,
    plan: Annotated[
        str,
        Text(
            ask=N_("What will you do with it?"),
            label=N_("What will you do with it?"),
            hint=N_("The hosts read it without your name"),
            most=LONGEST_PLAN,
        ),
    ],
) -> Reply:
    """The second answer: one of three taps, or own words. The last one said is the one that is kept."""
    attended = _attended(ctx, event)
    ctx.store.feedback.put(event, ctx.person.id, None, plan, ctx.now)
    values = {**_words(attended), "plan": _plan_in_words(ctx, plan)}
    change = Button(N_("Change it"), "event plan", {"event": str(event)})
    return Reply("event_questions_done", values, (change,), _topic(attended), replace=True)


@command("said on event feedback", N_("Words in reply to a question"), may="answer_events", hidden=True)
def said_on_event_feedback(
    ctx: Context, key: NUMBER, words: Annotated[str, Text(hidden=True, most=3000)] = ""
) -> Reply:
    """Words in reply to the second question are its answer."""
    return event_plan(ctx, key, " ".join(words.split())[:LONGEST_PLAN]) if words else SILENCE


@command("event results", N_("Read what those who came say"), may="organise_events", hidden=True, reads=True)
def event_results(ctx: Context, event: NUMBER) -> Reply:
    """What those who came said, for the hosts' people: numbers and plans, without names."""
    asked = found_event(ctx, event)
    if not may_organise(ctx, asked):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(asked.host))
    values = {"title": asked.title, "least": LEAST, "results": results(ctx, asked)}
    return Reply("event_results", values, (see(asked),), replace=True)


def ask_who_came(ctx: Context, event: Event) -> None:
    """Attendance became known after the questions went out: whoever came and was not asked is asked now, but
    not a week later. Nobody is asked twice."""
    if event.asked_at is None or ctx.now >= event.asked_at + USEFUL_FOR:
        return
    came = ctx.store.rsvps.of_event(event.number, ("attended",))
    notify_event(ctx, QUESTIONS, event, (one.person for one in came))


def results(ctx: Context, event: Event) -> dict[str, Any] | None:
    """What those who came said of an event, without names: `answers` how many, of these `very`, `little`,
    `hardly`, and `plans` in words, in no order that tells who. None before there are three answers, and no
    plans before there are three of them: fewer would show who said what."""
    said = ctx.store.feedback.of_event(event.number)
    useful = [one.useful for one in said if one.useful is not None]
    if len(useful) < LEAST:
        return None
    plans = sorted(_plan_in_words(ctx, one.plan) for one in said if one.plan)
    return {
        "answers": len(useful),
        "very": useful.count(2),
        "little": useful.count(1),
        "hardly": useful.count(0),
        "plans": plans if len(plans) >= LEAST else [],
    }


def _attended(ctx: Context, number: int) -> Event:
    event = found_event(ctx, number)
    if not _came(ctx, number):
        raise Refusal("event_not_there", buttons=(see(event),), title=event.title)
    return event


def _came(ctx: Context, number: int) -> bool:
    own = ctx.store.rsvps.get(number, ctx.person.id)
    return own is not None and own.state == "attended"


def _plan_in_words(ctx: Context, plan: str) -> str:
    return ctx.translate(PLANS[plan]) if plan in PLANS else plan


def _words(event: Event) -> dict[str, Any]:
    return {"title": event.title, "ended": ends_at(event).isoformat(), "zone": event.zone}


def _topic(event: Event) -> Topic:
    return Topic(TOPIC, str(event.number))
