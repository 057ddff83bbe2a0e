"""Changing a logged activity: anyone of the same organisation may, and its author is told (5.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from bot.commands import N_, Day, Number, OneOf, Organisations, Text, command
from bot.context import Context
from bot.handlers.activity_answers import described, next_taps, tail
from bot.handlers.cohosts import ask_cohosts, asked
from bot.handlers.counting import found, host_of, lines_for, others_of, own
from bot.handlers.log import smes_given
from bot.messages import Ask, Button, Call, Choice, Reply, Topic
from bot.rules.activities import state_after_edit
from bot.rules.indicators import Involved, Record, normal
from storage.activities import Activity

SMES_HINT = N_("Names with commas between, or a number")
NUMBER = Annotated[int, Number(hidden=True)]


@command("edit", N_("Change a logged activity"), may="log_activities", example="/edit 12")
def edit(
    ctx: Context,
    activity: Annotated[int, Number(ask=N_("Which number? Your list has them all."), label=N_("Number"))],
    title: Annotated[str, Text(ask=N_("What is it called?"), label=N_("Title"))] = "",
    kind: Annotated[str, OneOf("activity_kinds", ask=N_("What was it?"), label=N_("Kind"))] = "",
    day: Annotated[
        date | None, Day("past", ask=N_("Which day did it end?"), label=N_("Day it ended"))
    ] = None,
    with_: Annotated[
        tuple[str, ...], Organisations(ask=N_("Who was there with you?"), label=N_("Together with"))
    ] = (),
    smes: Annotated[
        str, Text(ask=N_("Which SMEs took part?"), label=N_("SMEs reached"), hint=SMES_HINT, most=3000)
    ] = "",
    listed: Annotated[str, Text(hidden=True)] = "",
    what: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """Change what is given; with nothing given, show the form or ask what to change."""
    before = own(ctx, activity)
    old = before.record
    shown = _shown(old)
    emptied = {name for name, words in _form(ctx).items() if shown.get(name) and not words}
    with_ = () if ",".join(with_) == shown["with"] else with_
    smes = "" if smes == shown["smes"] else smes
    if not (emptied or title or kind or day or with_ or smes):
        if _form(ctx):
            return Reply("nothing_changed", described(ctx, old), tail(activity))
        raise _ask_for(what) if what in QUESTIONS else _what_to_change(old)
    names, number, basis = smes_given(smes, listed)
    record = replace(
        old,
        title=title or old.title,
        kind=kind or old.kind,
        day=day or old.day,
        smes=names if smes or "smes" in emptied else old.smes,
        sme_number=number if smes or "smes" in emptied else old.sme_number,
        sme_basis=basis if smes or "smes" in emptied else old.sme_basis,
    )
    added: tuple[str, ...] = ()
    if with_ or "with" in emptied:
        record, added = _with_cohosts(record, with_)
    if record == old:
        return Reply("nothing_changed", described(ctx, old), tail(activity))
    return changed(ctx, before, record, "edited", added)


@command("add smes", N_("Add the SMEs that took part"), may="log_activities", hidden=True)
def add_smes(
    ctx: Context,
    activity: NUMBER,
    smes: Annotated[
        str,
        Text(
            ask=N_("Which SMEs took part? Names with commas between, or just the number."),
            label=N_("SMEs reached"),
            most=3000,
        ),
    ],
    listed: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """Add named firms, or a number with or without a list kept by the organisation (5.3, 5.4)."""
    names, number, basis = smes_given(smes, listed)
    before = own(ctx, activity)
    old = before.record
    known = {normal(sme.name) for sme in old.smes}
    firms = (*old.smes, *(sme for sme in names if normal(sme.name) not in known))
    record = replace(old, smes=firms, sme_number=number or old.sme_number, sme_basis=basis or old.sme_basis)
    return changed(ctx, before, record, "smes added")


@command("add organisation", N_("Add an organisation that took part"), may="log_activities", hidden=True)
def add_organisation(
    ctx: Context,
    activity: NUMBER,
    with_: Annotated[
        tuple[str, ...], Organisations(ask=N_("Which organisation was there too?"), label=N_("Together with"))
    ],
) -> Reply:
    """Name one more host; it gets one tap to confirm."""
    before = own(ctx, activity)
    there = {i.organisation for i in before.record.involved if i.answer != "denied"}
    kept = tuple(i for i in before.record.involved if i.organisation in there)
    added = tuple(Involved(slug) for slug in dict.fromkeys(with_) if slug not in there)
    record = replace(before.record, involved=(*kept, *added))
    return changed(ctx, before, record, "organisations added", tuple(i.organisation for i in added))


@command("only us", N_("It was ours alone"), may="log_activities", hidden=True)
def only_us(ctx: Context, activity: NUMBER) -> Reply:
    """Nobody else was there: it stays in the list as it is."""
    return Reply("only_us", described(ctx, found(ctx, activity).record), tail(activity))


def changed(
    ctx: Context, before: Activity, record: Record, reason: str, added: tuple[str, ...] = ()
) -> Reply:
    """Store a changed activity, ask who is new to it, tell its author if somebody else did it, and read
    it back. What was confirmed and is another thing now is asked about again (5.7)."""
    record = replace(record, state=state_after_edit(before.record, record))
    if before.record.state == "confirmed" and record.state == "logged":
        again = tuple(
            i.organisation for i in record.involved if i.answer == "confirmed" and i.part == "cohost"
        )
        involved = (replace(i, answer="open") if i.organisation in again else i for i in record.involved)
        record, added = replace(record, involved=tuple(involved)), (*added, *again)
    activity = ctx.store.activities.change(record.id, record, ctx.person.id, ctx.now, reason)
    ask_cohosts(ctx, record, added, activity.version)
    # no Undo here: that would take back the whole activity, not only the change
    show = Button(N_("Show it"), "activity", {"number": str(record.id)})
    if activity.author != ctx.person.id:
        key = f"changed:{record.id}:{activity.version}"
        values = {**described(ctx, activity.record), "name": ctx.person.name}
        ctx.tell((activity.author,), "changed_by_colleague", key, values, (show,))
    lines = lines_for(ctx, activity.record, others_of(ctx, activity.record))
    values = {**described(ctx, activity.record), "lines": lines, "asked": asked(ctx, activity.record)}
    return Reply("changed", values, next_taps(ctx, activity, lines, show), Topic("activity", str(record.id)))


def _with_cohosts(record: Record, organisations: tuple[str, ...]) -> tuple[Record, tuple[str, ...]]:
    """The record with exactly these co-hosts; answers already given are kept."""
    host = host_of(record)
    given = {i.organisation: i for i in record.involved if i.answer != "denied"}
    cohosts = tuple(slug for slug in dict.fromkeys(organisations) if slug != host)
    involved = (record.involved[0], *(given.get(slug, Involved(slug)) for slug in cohosts))
    return replace(record, involved=involved), tuple(slug for slug in cohosts if slug not in given)


def _shown(record: Record) -> dict[str, str]:
    """What the form is filled with; what comes back the same was not changed."""
    return {
        "title": record.title,
        "kind": record.kind,
        "day": record.day.isoformat(),
        "with": ",".join(i.organisation for i in record.involved[1:] if i.answer != "denied"),
        "smes": ", ".join(sme.name for sme in record.smes) or str(record.sme_number or ""),
    }


def _form(ctx: Context) -> Mapping[str, str]:
    """The fields of the form that was just submitted: an emptied one takes a value away."""
    call = ctx.incoming
    return call.arguments if isinstance(call, Call) and call.draft else {}


def _what_to_change(record: Record) -> Ask:
    """A form filled with what there is; where there are no forms, a question with one tap for each."""
    options = (N_("Title"), "title"), (N_("Kind"), "kind"), (N_("Day"), "day"), (N_("Together with"), "with")
    choices = tuple(Choice(label, {"what": option}) for label, option in (*options, (N_("SMEs"), "smes")))
    return Ask("what", "edit_what", choices, free=False, prefill=_shown(record), title=record.title)


QUESTIONS = {
    "title": N_("What is it called?"),
    "kind": N_("What was it?"),
    "day": N_("Which day did it end?"),
    "with": N_("Who was there with you?"),
    "smes": N_("Which SMEs took part? Names with commas between, or just the number."),
}


def _ask_for(option: str) -> Ask:
    return Ask(option, "question", question=QUESTIONS[option], hint="")
