"""Changing a logged activity: anyone of the same organisation may, and its author is told (5.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from bot.commands import N_, Day, Number, OneOf, OneOrganisation, Organisations, Text, command
from bot.context import Context
from bot.handlers.activity_answers import described, tail
from bot.handlers.activity_named import OneActivity, number_of
from bot.handlers.changes import changed
from bot.handlers.counting import found, host_of, own, short, which_activity
from bot.handlers.log import smes_given
from bot.messages import Ask, Choice, Reply
from bot.rules.indicators import Basis, Involved, Record, Sme, hosts, normal
from storage.activities import Activity

Given = dict[str, Any]  # the visible options by name
SMES_TEXT = 100_000  # characters: the names that a form could not show come back whole
SMES_HINT = N_("Names with commas between, or a number")
NUMBER = Annotated[int, Number(hidden=True)]


@command(
    "edit", N_("Change a logged activity"), may="log_activities", example="/edit 12", aliases=("correct",)
)
def edit(
    ctx: Context,
    activity: Annotated[int | str, OneActivity(ask=N_("Which one?"), label=N_("Number"))] = 0,
    title: Annotated[str, Text(lead=("title",), label=N_("Title"))] = "",
    kind: Annotated[str, OneOf("activity_kinds", lead=("kind",), label=N_("Kind"))] = "",
    day: Annotated[date | None, Day("past", lead=("day", "on", "date"), label=N_("Day it ended"))] = None,
    with_: Annotated[tuple[str, ...], Organisations(lead=("with",), label=N_("Together with"))] = (),
    smes: Annotated[str, Text(lead=("smes",), label=N_("SMEs reached"), hint=SMES_HINT, most=SMES_TEXT)] = "",
    without: Annotated[str, OneOrganisation(hidden=True)] = "",
    listed: Annotated[str, Text(hidden=True)] = "",
    what: Annotated[str, Text(hidden=True)] = "",
    seen: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """Change what is given; with nothing given, show the form or ask what to change. Organisations that
    are typed come in addition; those in the form (`seen` says what it was filled with) are all there are."""
    number = number_of(ctx, activity)
    if not number:
        raise which_activity(ctx)
    before = own(ctx, number)
    given: Given = {"title": title, "kind": kind, "day": day, "with": with_, "smes": smes}
    emptied: frozenset[str] = frozenset()
    if seen:
        given, emptied = _told_apart(given, _shown(_seen(ctx, seen)))
    elif not (without or any(given.values())):
        raise _ask_for(ctx, what, before.record) if what in QUESTIONS else _what_to_change(before)
    record = _edited(before.record, given, smes_given(given["smes"], listed), emptied)
    if seen and (given["with"] or "with" in emptied):
        record = _only_with(record, given["with"])
    elif given["with"] or without:
        record = _also_with(record, given["with"], without)
    if record == before.record:
        return Reply("nothing_changed", described(ctx, record), tail(number))
    return changed(ctx, before, record, "edited")


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
    record = _also_with(before.record, with_)
    return changed(ctx, before, record, "organisations added")


@command("only us", N_("It was ours alone"), may="log_activities", hidden=True)
def only_us(ctx: Context, activity: NUMBER) -> Reply:
    """Nobody else was there: it stays in the list as it is."""
    return Reply("only_us", described(ctx, found(ctx, activity).record), tail(activity))


def _told_apart(given: Given, shown: Mapping[str, str]) -> tuple[Given, frozenset[str]]:
    """What was changed in a form, by what it was filled with, and which fields were emptied."""
    now = {name: _text(value) for name, value in given.items()}
    emptied = frozenset(name for name, text in now.items() if shown[name] and not text)
    nothing = {"title": "", "kind": "", "day": None, "with": (), "smes": ""}
    return {name: nothing[name] if now[name] == shown[name] else given[name] for name in given}, emptied


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return value.isoformat() if isinstance(value, date) else value or ""


def _edited(
    old: Record, given: Given, smes: tuple[tuple[Sme, ...], int, Basis], emptied: frozenset[str]
) -> Record:
    record = replace(
        old, title=given["title"] or old.title, kind=given["kind"] or old.kind, day=given["day"] or old.day
    )
    if not given["smes"] and "smes" not in emptied:
        return record
    return replace(record, smes=smes[0], sme_number=smes[1], sme_basis=smes[2])


def _only_with(record: Record, organisations: tuple[str, ...]) -> Record:
    """The record with exactly these co-hosts; answers already given are kept, and so is who came."""
    host = host_of(record)
    there = {i.organisation: i for i in record.involved if i.organisation in hosts(record)}
    cohosts = (slug for slug in dict.fromkeys(organisations) if slug != host)
    given = (record.involved[0], *(there.get(slug, Involved(slug)) for slug in cohosts))
    return replace(record, involved=(*given, *_came_beside(record, given)))


def _also_with(record: Record, organisations: tuple[str, ...], without: str = "") -> Record:
    """The record with these co-hosts too; one that had said it was not there is asked once more."""
    fresh = tuple(Involved(slug) for slug in dict.fromkeys(organisations) if slug not in hosts(record))
    new = {one.organisation for one in fresh}
    kept = (i for i in record.involved if i.part != "attended" and i.organisation not in new)
    stay = tuple(i for i in (*kept, *fresh) if i.organisation != without or i.part != "cohost")
    return replace(record, involved=(*stay, *_came_beside(record, stay)))


def _came_beside(record: Record, named: Iterable[Involved]) -> tuple[Involved, ...]:
    """The organisations of which somebody came, without those that are named as hosts now."""
    slugs = {one.organisation for one in named}
    return tuple(i for i in record.involved if i.part == "attended" and i.organisation not in slugs)


def _shown(record: Record) -> dict[str, str]:
    """What the form is filled with; what comes back the same was not changed."""
    return {
        "title": record.title,
        "kind": record.kind,
        "day": record.day.isoformat(),
        "with": ",".join(_cohosts(record)),
        "smes": ", ".join(sme.name for sme in record.smes) or str(record.sme_number or ""),
    }


def _cohosts(record: Record) -> tuple[str, ...]:
    return hosts(record)[1:]


def _seen(ctx: Context, seen: str) -> Record:
    """The record as the form showed it; somebody may have changed it since."""
    number, version = (int(part) for part in seen.split("/"))
    return next(one.record for one in ctx.store.activities.versions(number) if one.version == version)


def _what_to_change(activity: Activity) -> Ask:
    """A form filled with what there is; where there are no forms, a question with one tap for each."""
    record = activity.record
    options = (N_("Title"), "title"), (N_("Kind"), "kind"), (N_("Day"), "day"), (N_("Together with"), "with")
    choices = tuple(Choice(label, {"what": option}) for label, option in (*options, (N_("SMEs"), "smes")))
    filled = {**_shown(record), "activity": str(record.id), "seen": f"{record.id}/{activity.version}"}
    return Ask("what", "edit_what", choices, free=False, prefill=filled, title=record.title, number=record.id)


QUESTIONS = {
    "title": N_("What is it called?"),
    "kind": N_("What was it?"),
    "day": N_("Which day did it end?"),
    "with": N_("Who was there with you?"),
    "smes": N_("Which SMEs took part? Names with commas between, or just the number."),
}


def _ask_for(ctx: Context, option: str, record: Record) -> Ask:
    names = {slug: ctx.short_name(slug) for slug in _cohosts(record)}
    if option != "with" or not names:
        return Ask(option, "question", question=QUESTIONS[option], hint="")
    off = ctx.translate(N_("Without"))
    choices = tuple(Choice(short(f"{off} {name}"), {"without": slug}) for slug, name in names.items())
    return Ask("with", "edit_with", choices, names=list(names.values()))
