"""Looking at what was logged: lists, one activity, withdrawing it, questioning it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands import N_, Number, OneChoice, OneOf, OneOrganisation, command
from bot.context import Context
from bot.handlers.activity_answers import described, open_tap, tail, turns
from bot.handlers.cohosts import answer_taps
from bot.handlers.counting import (
    found,
    host_of,
    lines_for,
    others_of,
    own,
    unanswered,
    unanswered_by,
    which_activity,
)
from bot.messages import Button, Refusal, Reply, Topic
from bot.notices import Values, told
from bot.rules.activities import state_by_answers
from bot.rules.indicators import Record, State
from storage.activities import Activity

PAGE = 5
MOST_VIEWS = 2
VIEWS = (
    OneChoice("mine", N_("My activities"), ("my",)),
    OneChoice("organisation", N_("My organisation"), ("ours", "organization")),
    OneChoice("alliance", N_("The alliance"), ("all", "everyone")),
)
REASONS = (
    OneChoice("not-held", N_("It didn't take place")),
    OneChoice("day", N_("The day is off")),
    OneChoice("organisations", N_("Who was there")),
    OneChoice("smes", N_("The SME figure")),
    OneChoice("twice", N_("It's there twice")),
)
NUMBER = Annotated[int, Number(hidden=True)]


@command(
    "activities",
    N_("What was logged: yours, your organisation's, the alliance's"),
    may="see_activities",
    example="/activities mine",
    reads=True,
)
def activities(
    ctx: Context,
    view: Annotated[str, OneOf(VIEWS, label=N_("Whose"))] = "organisation",
    of: Annotated[str, OneOrganisation(lead=("of",), label=N_("Of one organisation"))] = "",
    page: NUMBER = 1,
) -> Reply:
    """A page of activities, newest first, each a tap away. Who has several hats taps the other ones."""
    hats = ctx.hats("see_activities")
    if view == "organisation" and not (of or hats):
        view = "alliance"
    of = (of or hats[0]) if view == "organisation" else ""
    shown, total = ctx.store.activities.listing(
        organisation=of,
        author=ctx.person.id if view == "mine" else 0,
        limit=PAGE,
        offset=(max(page, 1) - 1) * PAGE,
    )
    waiting = unanswered_by(ctx, of) if page <= 1 and of in ctx.hats("confirm_activities") else ()
    values = {
        "view": view,
        "waits": len(waiting),
        "waiting": described(ctx, waiting[0].record) if waiting else None,
        "organisation": ctx.short_name(of) if of else "",
        "activities": [described(ctx, activity.record) for activity in shown],
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PAGE)),
    }
    answers = answer_taps(ctx, waiting[0].record, of) if waiting else ()
    opens = (open_tap(activity.record.id) for activity in shown)
    buttons = (*answers, *opens, *_turns(view, of, page, total), *_others(ctx, view, of, hats))
    return Reply("activities", values, buttons, replace=True)


@command("activity", N_("Open one activity"), may="see_activities", example="/activity 12", reads=True)
def activity(
    ctx: Context,
    number: Annotated[int, Number(ask=N_("Which number?"), label=N_("Number"), least=1)] = 0,
) -> Reply:
    """One activity: what it counts for, what it lacks, who confirmed it, and what can be done with it.
    Without a number, asks which one is meant."""
    if not number:
        raise which_activity(ctx, "number")
    opened = found(ctx, number, option="number")
    record = opened.record
    values = {
        **described(ctx, record),
        "lines": lines_for(ctx, record, others_of(ctx, record)),
        "author": opened.author_name,
        "confirmed": [ctx.short_name(i.organisation) for i in record.involved if i.answer == "confirmed"],
        "open": [
            ctx.short_name(i.organisation)
            for i in record.involved
            if i.part == "cohost" and i.answer == "open"
        ],
        "links": [evidence.url for evidence in opened.evidence if evidence.kind == "link"],
        "files": sum(evidence.kind == "file" for evidence in opened.evidence),
    }
    return Reply("activity", values, _taps(ctx, opened), Topic("activity", str(number)))


@command(
    "withdraw",
    N_("Take an activity out of the count"),
    may="log_activities",
    example="/withdraw 12",
    suggested=False,
)
def withdraw(
    ctx: Context,
    activity: Annotated[int, Number(ask=N_("Which one?"), label=N_("Number"))] = 0,
) -> Reply:
    """Take an activity out of the count. It stays in the history and can be put back."""
    if not activity:
        raise which_activity(ctx)
    logged = own(ctx, activity)
    if logged.record.state != "withdrawn":
        _set_state(ctx, logged, "withdrawn", "withdrawn")
    back = Button(N_("Put it back"), "put back", {"activity": str(activity)})
    return Reply("withdrawn", described(ctx, logged.record), (back,), replace=True)


@command("put back", N_("Count a withdrawn activity again"), may="log_activities", hidden=True)
def put_back(ctx: Context, activity: NUMBER) -> Reply:
    """Undo a withdrawal. The co-hosts' taps that were given still stand."""
    logged = own(ctx, activity)
    if logged.record.state == "withdrawn":
        _set_state(ctx, logged, state_by_answers(logged.record), "put back")
    record = found(ctx, activity).record
    lines = lines_for(ctx, record, others_of(ctx, record), before=(logged.record,))
    values = {**described(ctx, record), "lines": lines}
    return Reply("put_back", values, tail(activity), replace=True)


def is_questioned(ctx: Context, values: Values) -> bool:
    """Whether nobody has answered the question yet, and the reader may."""
    activity = ctx.store.activities.get(values["id"])
    if activity is None or activity.record.state != "questioned":
        return False
    return ctx.may("edit_activities", host_of(activity.record))


QUESTIONED = told(
    "activity questioned",
    N_("Questions about activities"),
    N_("You get this because you log activities for your organisation."),
    still_due=is_questioned,
    theme="activities",
    duty=True,
)


@command(
    "question", N_("Say that a logged activity may not be right"), may="question_activities", hidden=True
)
def question(
    ctx: Context,
    activity: NUMBER,
    reason: Annotated[str, OneOf(REASONS, ask=N_("What looks different to you?"), label=N_("Reason"))],
) -> Reply:
    """Anyone of another organisation may question an activity with a reason; it doesn't count until
    its organisation has answered (5.5)."""
    logged = found(ctx, activity, lock=True)
    record = logged.record
    if record.state not in ("logged", "confirmed") or host_of(record) in ctx.hats("see_activities"):
        raise Refusal("not_to_question", title=record.title)
    _set_state(ctx, logged, "questioned", f"questioned: {reason}")
    label = next(choice.label for choice in REASONS if choice.value == reason)
    who = ctx.short_name(ctx.hats("see_activities")[0]) if ctx.hats("see_activities") else ctx.person.name
    values = {**described(ctx, record), "reason": ctx.translate(label), "who": who}
    number = {"activity": str(activity)}
    buttons = (Button(N_("It's right as it is"), "it is right", number), Button(N_("Edit"), "edit", number))
    key = f"questioned:{activity}:{logged.version}"
    people = ctx.people_of(host_of(record), "edit_activities")
    ctx.tell(people, "questioned", key, values, buttons, kind=QUESTIONED)
    return Reply("question_sent", values, replace=True)


@command("it is right", N_("Answer a question about an activity"), may="log_activities", hidden=True)
def it_is_right(ctx: Context, activity: NUMBER) -> Reply:
    """The organisation stands by its activity: it counts again, and the history keeps the question."""
    logged = own(ctx, activity)
    if logged.record.state == "questioned":
        _set_state(ctx, logged, state_by_answers(logged.record), "answered: it is right")
    return Reply("stands", described(ctx, logged.record), tail(activity), replace=True)


def _set_state(ctx: Context, logged: Activity, state: State, reason: str) -> None:
    record = replace(logged.record, state=state)
    ctx.store.activities.change(record.id, record, ctx.person.id, ctx.now, reason)


def _turns(view: str, of: str, page: int, total: int) -> tuple[Button, ...]:
    here = {"view": view, **({"of": of} if of else {})}
    return turns("activities", here, page, page * PAGE < total)


def _others(ctx: Context, view: str, of: str, hats: tuple[str, ...]) -> tuple[Button, ...]:
    """The other views, two at most; somebody's several organisations are told apart by their names."""
    mine, ours, everybody = VIEWS
    labels = {slug: ctx.short_name(slug) if len(hats) > 1 else ours.label for slug in hats}
    own = (Button(labels[slug], "activities", {"of": slug}) for slug in hats if slug != of)
    first, last = (
        (Button(one.label, "activities", {"view": one.value}),) if view != one.value else ()
        for one in (mine, everybody)
    )
    return (*first, *own, *last)[-MOST_VIEWS:]


def _taps(ctx: Context, opened: Activity) -> tuple[Button, ...]:
    record, number = opened.record, {"activity": str(opened.record.id)}
    answers = _answers(ctx, record)
    if not ctx.may("edit_activities", host_of(record)):
        if record.state in ("logged", "confirmed") and ctx.may("question_activities"):
            return (*answers, Button(N_("Question this"), "question", number))
        return answers
    if record.state == "withdrawn":
        return (Button(N_("Put it back"), "put back", number),)
    settle = (
        (Button(N_("It's right as it is"), "it is right", number),) if record.state == "questioned" else ()
    )
    return (
        *answers,
        *settle,
        Button(N_("Edit"), "edit", number),
        Button(N_("Add link or photo"), "add link", number),
        Button(N_("Withdraw"), "withdraw", number),
    )


def _answers(ctx: Context, record: Record) -> tuple[Button, ...]:
    """The co-host's taps for the caller's organisation: for one that has not answered, if several host."""
    hats = [i.organisation for i in record.involved if i.organisation in ctx.hats("confirm_activities")]
    cohosts = sorted(hats, key=lambda slug: slug not in unanswered(record))
    return next(filter(None, (answer_taps(ctx, record, slug) for slug in cohosts)), ())
