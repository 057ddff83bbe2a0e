"""A co-host's one tap: it confirms, [Not us] removes, silence stands (spec/engagement.md 5.1, 5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from bot.commands import N_, Number, OneOrganisation, command
from bot.context import Context
from bot.events.standing import changed
from bot.handlers.activity_answers import described
from bot.handlers.counting import found, lines_for, others_of, unanswered, unanswered_by
from bot.messages import Button, Refusal, Reply
from bot.notices import Values, told
from bot.rules.activities import state_after_answer
from bot.rules.events.values import Event
from bot.rules.indicators import Answered, Record
from storage.activities import Activity

NUMBER = Annotated[int, Number(hidden=True)]


def is_asked(ctx: Context, values: Values) -> bool:
    """Whether a co-host has not answered yet, what it is asked about still stands, and the reader may say."""
    activity = ctx.store.activities.get(values["id"])
    if activity is None or activity.record.state == "withdrawn":
        return False
    return values["slug"] in unanswered(activity.record) and ctx.may("confirm_activities", values["slug"])


def confirmation_key(activity: int, organisation: str) -> str:
    """The name of what a co-host (slug) owes: its word about an activity."""
    return f"confirmation:{activity}:{organisation}"


CO_HOST = told(
    "co-host asked",
    N_("Activities to confirm"),
    N_("You get this because you log activities for your organisation."),
    still_due=is_asked,
    theme="activities",
    duty=True,
    about=lambda values: (confirmation_key(values["id"], values["slug"]),),
)
CHANGED = told(
    "activity changed",
    N_("Changes of activities"),
    N_("You get this because you logged it, or your organisation stood in it."),
    theme="activities",
)


@command("we did", N_("Confirm that we hosted it together"), may="confirm_activities", hidden=True)
def we_did(
    ctx: Context, activity: NUMBER, organisation: Annotated[str, OneOrganisation(hidden=True)]
) -> Reply:
    """A co-host's tap: the check that turns logged into confirmed (5.5)."""
    return _answer(ctx, activity, organisation, "confirmed")


@command("not us", N_("Say that we had no part in it"), may="confirm_activities", hidden=True)
def not_us(
    ctx: Context, activity: NUMBER, organisation: Annotated[str, OneOrganisation(hidden=True)]
) -> Reply:
    """A co-host's [Not us] removes it at once (5.5)."""
    return _answer(ctx, activity, organisation, "denied")


def ask_cohosts(ctx: Context, record: Record, organisations: tuple[str, ...], version: int = 1) -> None:
    """One tap for each co-host: sent once a version; silence stands (5.1, 5.5)."""
    for organisation in organisations:
        values = {**described(ctx, record), "organisation": ctx.short_name(organisation)}
        values["slug"] = organisation
        key = f"cohost:{record.id}:{organisation}:{version}"
        ctx.tell(
            ctx.people_of(organisation, "confirm_activities"),
            "cohost_asked",
            key,
            values,
            answer_taps(ctx, record, organisation),
            kind=CO_HOST,
        )


def answer_taps(ctx: Context, record: Record, organisation: str) -> tuple[Button, ...]:
    """What a co-host can tap: both answers while it has given none, then the other one.
    About a day to come they say what will be."""
    ahead = record.day > ctx.counting_day
    answers = {i.organisation: i.answer for i in record.involved if i.part == "cohost"}
    arguments = {"activity": str(record.id), "organisation": organisation}
    we_did = Button(N_("We will") if ahead else N_("We did"), "we did", arguments, who="anyone")
    not_us = Button(N_("Not us"), "not us", arguments, who="anyone")
    match answers.get(organisation) if record.state != "withdrawn" else None:
        case "open":
            return (we_did, not_us)
        case "confirmed":
            return (not_us,)
        case "denied":
            return (replace(we_did, label=N_("We will after all") if ahead else N_("We did after all")),)
    return ()


def asked(ctx: Context, record: Record) -> list[str]:
    return [ctx.short_name(organisation) for organisation in unanswered(record)]


def _answer(ctx: Context, number: int, organisation: str, answer: Answered) -> Reply:
    events = _events(ctx, number)  # held first, as whoever logs one does
    activity = found(ctx, number, lock=True)
    if not ctx.may("confirm_activities", organisation):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    record = activity.record
    before = {i.organisation: i.answer for i in record.involved if i.part == "cohost"}
    if organisation not in before or record.state == "withdrawn":
        return Reply("no_longer_asked", described(ctx, record), replace=True)
    involved = tuple(
        replace(i, answer=answer) if i.organisation == organisation and i.part == "cohost" else i
        for i in record.involved
    )
    state = state_after_answer(record, organisation, answer)
    record = replace(record, involved=involved, state=state)
    if before[organisation] != answer:
        ctx.store.activities.change(number, record, ctx.person.id, ctx.now, f"{organisation}: {answer}")
        if "denied" in (answer, before[organisation]):
            _host_events(ctx, events, organisation, hosts=answer == "confirmed")
    values = {**described(ctx, record), "organisation": ctx.short_name(organisation), "answer": answer}
    if before[organisation] != answer and "denied" in (answer, before[organisation]):
        _tell_author(ctx, activity, organisation, answer, values)
    more = unanswered_by(ctx, organisation)
    values |= {
        "lines": lines_for(ctx, record, others_of(ctx, record), before=(activity.record,)),
        "more": len(more),
    }
    onward = tuple(Button(N_("Next one"), "activity", {"number": str(a.record.id)}) for a in more[:1])
    return Reply("cohost_answered", values, (*onward, *answer_taps(ctx, record, organisation)), replace=True)


def _events(ctx: Context, activity: int) -> tuple[Event, ...]:
    """The events that an activity was, held."""
    numbers = (one.number for one in ctx.store.events.of_activity(activity))
    held = (ctx.store.events.get(number, lock=True) for number in numbers)
    return tuple(one for one in held if one is not None)


def _host_events(ctx: Context, events: tuple[Event, ...], organisation: str, *, hosts: bool) -> None:
    """An organisation that went off an activity is no host of its event either, or is one after all."""
    for event in events:
        others = tuple(slug for slug in event.hosts if slug != organisation)
        named = (*others, organisation) if hosts else others
        if organisation != event.host and set(named) != set(event.hosts):
            changed(ctx, ctx.store.events.write(replace(event, hosts=named, changed_at=ctx.now)))


def _tell_author(
    ctx: Context, activity: Activity, organisation: str, answer: Answered, values: Mapping[str, Any]
) -> None:
    """An organisation that went off an activity, or came back to it, is news for its author."""
    number = activity.record.id
    key = f"{answer}:{number}:{organisation}:{activity.version}"
    if answer == "denied":
        edit = Button(N_("Edit"), "edit", {"activity": str(number)})
        ctx.tell((activity.author,), "cohost_denied", key, values, (edit,), kind=CHANGED)
    else:
        show = Button(N_("Show it"), "activity", {"number": str(number)})
        ctx.tell((activity.author,), "cohost_back", key, values, (show,), kind=CHANGED)
