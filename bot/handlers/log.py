"""Logging what was done: `/log`, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from bot.commands import N_, TODAY, Day, Link, OneOf, OneOrganisation, Organisations, Text, command
from bot.context import Context
from bot.handlers.activity_answers import described, next_taps, opened
from bot.handlers.activity_named import OneActivity, number_of
from bot.handlers.cohosts import ask_cohosts, asked
from bot.handlers.counting import activities_of, found, last_logged, lines_for, own, unanswered
from bot.messages import Ask, Button, Choice, Refusal, Reply, Topic
from bot.rules.activities import may_undo, possible_duplicates, read_smes
from bot.rules.indicators import Basis, Involved, Record, Sme
from storage.activities import Activity


@command(
    "log",
    N_("Log an activity and see what it counts for"),
    may="log_activities",
    example="/log workshop Green hydrogen 101 on 12 May with MecaTech",
    own_slash=True,
)
def log(
    ctx: Context,
    kind: Annotated[str, OneOf("activity_kinds", ask=N_("What was it?"), label=N_("Kind"))],
    title: Annotated[str, Text(ask=N_("What was it called?"), label=N_("Title"))],
    day: Annotated[date, Day("past", lead=("on",), label=N_("Day it ended"))] = TODAY,
    with_: Annotated[tuple[str, ...], Organisations(lead=("with",), label=N_("Together with"))] = (),
    smes: Annotated[
        str,
        Text(
            lead=("smes",),
            label=N_("SMEs reached"),
            hint=N_("Names with commas between, or a number"),
            most=3000,
        ),
    ] = "",
    link: Annotated[str, Link(lead=("link",), label=N_("Link"), hint=N_("Agenda, report or call page"))] = "",
    for_: Annotated[str, OneOrganisation(lead=("for",), label=N_("For which organisation"))] = "",
    listed: Annotated[str, Text(hidden=True)] = "",
    again: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """Store an activity, ask its co-hosts for their one tap, and say what it counts for (Art. 2)."""
    host = ctx.acting_for("log_activities", for_)
    if again.isdigit():
        return opened(ctx, found(ctx, int(again)))
    names, number, basis = smes_given(smes, listed)
    cohosts = tuple(Involved(slug) for slug in dict.fromkeys(with_) if slug != host)
    record = Record(0, kind, title, day, (Involved(host, "host"), *cohosts), "logged", names, number, basis)
    return keep(ctx, record, (link,) if link else (), again)[1]


@command("undo", N_("Take back what you logged"), may="log_activities", example="/undo", suggested=False)
def undo(ctx: Context, activity: Annotated[int | str, OneActivity(label=N_("Number"))] = 0) -> Reply:
    """Take a log back, the caller's last one or that of a number or title: for a day, or until somebody
    confirmed it (5.7). It stays in the history."""
    number = number_of(ctx, activity)
    if not number:
        last = last_logged(ctx)
        if last is None:
            raise Refusal("nothing_to_undo")
        number = last.record.id
    logged = own(ctx, number)
    hours = ctx.charter.calendar.undo_hours
    back = Button(N_("Put it back"), "put back", {"activity": str(number)})
    if logged.record.state == "withdrawn":
        my_list = Button(N_("My list"), "activities")
        return Reply("already_undone", described(ctx, logged.record), (back, my_list))
    if not may_undo(logged.logged_at, ctx.now, logged.record.state, hours):
        ways = (Button(N_("Withdraw it"), "withdraw", {"activity": str(number)}),)
        raise Refusal("undo_too_late", buttons=ways, title=logged.record.title, state=logged.record.state)
    ctx.store.activities.change(
        number, replace(logged.record, state="withdrawn"), ctx.person.id, ctx.now, "undone"
    )
    return Reply("undone", described(ctx, logged.record), (back,), replace=True)


def keep(ctx: Context, record: Record, links: tuple[str, ...], again: str = "") -> tuple[Activity, Reply]:
    """Store an activity with its evidence, ask its co-hosts for their one tap, and say what it counts for.
    Raises Ask where one like it is there already, unless it is to be logged `again`."""
    ctx.store.activities.lock()  # two people may be logging the same thing right now
    year = activities_of(ctx, ctx.charter.year_of(record.day))
    if not again:
        _ask_if_logged_before(ctx, record, links, year)
    activity = ctx.store.activities.add(record, ctx.person.id, links, ctx.now)
    ask_cohosts(ctx, activity.record, unanswered(activity.record))
    lines = lines_for(ctx, activity.record, [other.record for other in year], before=())
    reply = Reply(
        "logged",
        {**described(ctx, activity.record), "lines": lines, "asked": asked(ctx, activity.record)},
        next_taps(ctx, activity, lines, Button(N_("Undo"), "undo", {"activity": str(activity.record.id)})),
        topic=Topic("activity", str(activity.record.id)),
    )
    return activity, reply


def smes_given(text: str, listed: str) -> tuple[tuple[Sme, ...], int, Basis]:
    if not text:
        return (), 0, ""
    given = read_smes(text)
    if given.number and not listed:
        choices = (Choice(N_("Yes"), {"listed": "yes"}), Choice(N_("No"), {"listed": "no"}))
        raise Ask("listed", "list_kept", choices, free=False, number=given.number)
    basis: Basis = ("attested" if listed == "yes" else "estimate") if given.number else ""
    return tuple(Sme(name) for name in given.names), given.number, basis


def _ask_if_logged_before(
    ctx: Context, record: Record, links: tuple[str, ...], year: tuple[Activity, ...]
) -> None:
    same_link = [a.record.id for a in year if any(e.url in links for e in a.evidence if e.url)]
    alike = possible_duplicates(record, (a.record for a in year), same_link)
    if alike:
        first = alike[0]
        choices = (
            Choice(N_("It's the same"), {"again": str(first.id)}),
            Choice(N_("Log it too"), {"again": "yes"}),
        )
        raise Ask(
            "again", "possible_duplicate", choices, free=False, new=record.title, **described(ctx, first)
        )
