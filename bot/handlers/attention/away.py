"""Away for a while: a deputy is asked instead, the rest waits (spec/engagement.md section 2 and 9.9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Final

from bot.commands import N_, Day, Number, Text, command, spoken_day
from bot.context import COORDINATING, Context
from bot.handlers.attention.anew import anew
from bot.handlers.notices import WHAT_I_SEND
from bot.handlers.people_called import person_called
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.notices import told
from bot.people.waking import noted_absence
from bot.rules.names import told_apart
from storage.attention import Absence
from storage.persons import Person

NUMBER = Annotated[int, Number(hidden=True, most=2**53)]
HIDDEN = Annotated[str, Text(hidden=True)]
NOBODY: Final = "nobody"
LONGEST: Final = timedelta(days=365)
MOST: Final = 8  # deputies offered as taps
LABEL: Final = 20  # characters of a button
SUNDAY: Final = 6
WEEK: Final = timedelta(days=7)
PASSED: Final = timedelta(days=300)  # a first day so far ahead, and behind the last one, has just passed
DEPUTY: Final = told(
    "deputy",
    N_("Standing in for somebody"),
    N_("You get this because a colleague named you."),
    counts=False,
    stoppable=False,
)
NO_DEPUTY: Final = told(
    "no deputy",
    N_("Nobody stands in for you"),
    N_("You get this because you named a deputy."),
    counts=False,
    stoppable=False,
)


@command(
    "away",
    N_("Say until when you are away, and who stands in"),
    example="/away until 18 December",
    aliases=("on holiday", "im on holiday"),
)
def away(
    ctx: Context,
    until: Annotated[date | None, Day("future", lead=("until", "till", "to"), label=N_("Until"))] = None,
    deputy: Annotated[
        str, Text(lead=("deputy", "with"), label=N_("Who stands in"), hint=N_("A colleague's name"))
    ] = "",
    change: HIDDEN = "",
    begins: Annotated[date | None, Day("future", lead=("from",), label=N_("From"))] = None,
) -> Reply:
    """They are away up to that day, from now on or from a later one on: what they owe goes to their deputy,
    what they said yes to still comes, all else waits for one digest. It is kept at once, and who could stand
    in is offered. Without a day, how it stands. Raises Ask for the last day where it is to be changed or lies
    before the first; Refusal for one that is past or a year ahead."""
    ctx.in_private()
    before = noted_absence(ctx, ctx.person.id)
    first, last = _days(ctx, begins, until)
    if last is None:
        return _shown(ctx, before, first, change=bool(change or begins))
    if last < ctx.today or last - ctx.today > LONGEST:
        raise Refusal("away_day", "until", far=last > ctx.today)
    if first is not None and last < first:
        raise _asked(ctx, first)
    absence = Absence(ctx.person.id, last, None, ctx.now, first)
    chosen = _deputy(ctx, deputy, absence) if deputy else _standing_in(ctx, before, absence)
    absence = replace(absence, deputy=chosen.id if chosen else None)
    ctx.store.attention.away(absence.person_id, last, absence.deputy, ctx.now, first)
    anew(ctx)
    if chosen is not None and not _is_known(before, absence):
        _ask_deputy(ctx, chosen, absence)
    replaced = before.until.isoformat() if before and before.begins != first else ""
    values = {**_said(absence), "deputy": chosen.name if chosen else "", "replaced": replaced}
    others = _others(ctx, absence) if not deputy else ()
    return Reply("away_who" if others else "away", values, others or _taps(absence), replace=True)


@command("back", N_("Say that you are here again"), example="/back")
def back(ctx: Context) -> Reply:
    """The absence ends now, and what waited for it comes as they want it; one that lies ahead is taken
    away."""
    absence = noted_absence(ctx, ctx.person.id)
    ctx.store.attention.back(ctx.person.id)
    ahead = absence is not None and absence.begins is not None
    waited = anew(ctx) if absence is not None and not ahead else 0
    deputy = ctx.store.persons.get(absence.deputy) if absence and absence.deputy else None
    values = {"was": absence is not None, "waited": waited > 0, "deputy": deputy.name if deputy else ""}
    values |= _said(absence) if absence is not None else {"begins": ""}
    read = (Button(N_("Read it now"), "digest"),) if waited else ()
    return Reply("away_back", values, (*read, Button(N_("All I owe"), "todo"), WHAT_I_SEND), replace=True)


@command("deputy cannot", N_("Say that you can't stand in"), hidden=True)
def deputy_cannot(ctx: Context, person: NUMBER = 0) -> Reply:
    """Nobody stands in for them any more, and they are told. Raises Refusal if that is over."""
    absence = noted_absence(ctx, person) if person else None
    known = ctx.store.persons.get(person) if person else None
    if absence is None or known is None or absence.deputy != ctx.person.id:
        raise Refusal("button_old", buttons=(WHAT_I_SEND,))
    without_deputy(ctx, absence, ctx.person.name)
    return Reply("away_cannot", {"name": known.name}, replace=True)


def without_deputy(ctx: Context, absence: Absence, name: str) -> None:
    """Nobody stands in for somebody any more; they are told who cannot (`name`), and can choose another."""
    person = absence.person_id
    ctx.store.attention.away(person, absence.until, None, ctx.now, absence.begins)
    another = Button(N_("Choose another"), "away", _given(absence))
    key = f"no deputy:{person}:{ctx.now.isoformat()}"
    values = {"name": name, **_said(absence)}
    ctx.tell((person,), "away_no_deputy", key, values, (another, way_back(absence)), kind=NO_DEPUTY)


def way_back(absence: Absence) -> Button:
    """The tap that ends an absence, or takes one away that lies ahead."""
    return Button(N_("I'm back"), "back") if absence.begins is None else Button(N_("I'll be here"), "back")


def _days(ctx: Context, begins: date | None, until: date | None) -> tuple[date | None, date | None]:
    """The first day if it lies ahead, and the last one. Each was read as the next of its name: "from Monday
    to Friday", said on a Wednesday, ends a week later; "from 28 December to 8 January", said on the 30th, has
    begun."""
    if begins is None or begins <= ctx.today:
        return None, until
    if until is not None and ctx.today <= until < begins:
        if begins - ctx.today > PASSED:
            return None, until
        if begins - ctx.today < WEEK:
            return begins, until + WEEK
    return begins, until


def _shown(ctx: Context, absence: Absence | None, begins: date | None, *, change: bool) -> Reply:
    """How it stands, and the days that are likely meant."""
    if absence is None or change:
        raise _asked(ctx, begins)
    deputy = ctx.store.persons.get(absence.deputy) if absence.deputy else None
    values = {**_said(absence), "deputy": deputy.name if deputy else "", "replaced": ""}
    return Reply("away", values, _taps(absence))


def _asked(ctx: Context, begins: date | None) -> Ask:
    """The question for the last day, with the next Sundays to tap."""
    first = begins or ctx.today
    sundays = [first + timedelta(days=SUNDAY - first.weekday()) + weeks * WEEK for weeks in range(3)]
    labels = [N_("This week"), N_("Until next Sunday"), N_("Two more weeks")]
    if begins is not None:
        labels = [spoken_day(day, ctx.reading) for day in sundays]
    taps = [Choice(label, {"until": day.isoformat()}) for label, day in zip(labels, sundays, strict=True)]
    return Ask("until", "away_until", tuple(taps), begins=begins.isoformat() if begins else "")


def _taps(absence: Absence) -> tuple[Button, ...]:
    if absence.begins is None:
        return (way_back(absence), Button(N_("Change"), "away", {"change": "yes"}))
    change = Button(N_("Change"), "away", {"change": "yes", "begins": absence.begins.isoformat()})
    return (change, way_back(absence))


def _given(absence: Absence) -> dict[str, str]:
    """What a tap says of its days."""
    return {name: day for name, day in _said(absence).items() if day}


def _said(absence: Absence) -> dict[str, str]:
    """Its last day, and the first if it lies ahead, "" if it began."""
    begins = absence.begins.isoformat() if absence.begins else ""
    return {"until": absence.until.isoformat(), "begins": begins}


def _deputy(ctx: Context, named: str, absence: Absence) -> Person | None:
    """Who stands in: the one who is named, None for nobody. Raises Refusal for who is no colleague, or away
    themselves in these days."""
    colleagues = _colleagues(ctx)
    if named.casefold() in (NOBODY, ctx.translate(N_("Nobody")).casefold()):
        return None
    number, _ = person_called(ctx, named, "deputy", {number: one.name for number, one in colleagues.items()})
    found = colleagues[number]
    if (theirs := _away_then(ctx, found.id, absence)) is not None:
        raise Refusal("away_too", "deputy", name=found.name, until=theirs.until.isoformat())
    return found


def _standing_in(ctx: Context, before: Absence | None, absence: Absence) -> Person | None:
    """Who stands in already, if they still can: other days alone change nobody."""
    return _there(ctx, absence).get(before.deputy) if before and before.deputy else None


def _others(ctx: Context, absence: Absence) -> tuple[Button, ...]:
    """A tap for each who could stand in instead, and one for nobody; none where nobody could."""
    there = [one for one in _there(ctx, absence).values() if one.id != absence.deputy][:MOST]
    if not there and absence.deputy is None:
        return ()
    days = _given(absence)
    labels = told_apart([one.name for one in there], [""] * len(there), LABEL)
    taps = (
        Button(label, "away", {**days, "deputy": f"p{one.id}"})
        for label, one in zip(labels, there, strict=True)
    )
    return (*taps, Button(N_("Nobody"), "away", {**days, "deputy": NOBODY}))


def _there(ctx: Context, absence: Absence) -> dict[int, Person]:
    """The colleagues who are not away themselves in these days, by number."""
    known = _colleagues(ctx).items()
    return {number: one for number, one in known if _away_then(ctx, number, absence) is None}


def _away_then(ctx: Context, person: int, absence: Absence) -> Absence | None:
    """Somebody's own absence if it has a day in common with this one."""
    theirs = noted_absence(ctx, person)
    if theirs is None or theirs.until < (absence.begins or ctx.today):
        return None
    return theirs if (theirs.begins or ctx.today) <= absence.until else None


def _colleagues(ctx: Context) -> dict[int, Person]:
    """Who could stand in, by number: those of the same organisations; for who looks after the alliance the
    others who do."""
    ours = {role.organisation for role in ctx.roles}
    holders = [one for slug in sorted(ours - {COORDINATING}) for one in ctx.store.roles.of_organisation(slug)]
    found = {one.person.id: one.person for one in holders}
    others: Iterable[int] = ctx.coordinators() if COORDINATING in ours else ()
    found |= {one.id: one for number in others if (one := ctx.store.persons.get(number)) is not None}
    found.pop(ctx.person.id, None)
    return found


def _is_known(before: Absence | None, absence: Absence) -> bool:
    """Whether the deputy knows it already."""
    return before is not None and replace(before, at=absence.at) == absence


def _ask_deputy(ctx: Context, deputy: Person, absence: Absence) -> None:
    values = {"name": ctx.person.name, **_said(absence)}
    cannot = Button(N_("I can't"), "deputy cannot", {"person": str(ctx.person.id)})
    key = f"deputy:{ctx.person.id}:{ctx.now.isoformat()}"
    ctx.tell((deputy.id,), "away_deputy", key, values, (cannot,), kind=DEPUTY)
