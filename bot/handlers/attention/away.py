"""Away for a while: a deputy is asked instead, the rest waits (spec/engagement.md section 2 and 9.9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Final

from bot.commands import N_, Day, Number, Text, command
from bot.context import COORDINATING, Context
from bot.handlers.attention.anew import anew
from bot.handlers.notices import WHAT_I_SEND
from bot.handlers.people_called import person_called
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.notices import told
from bot.people.waking import absence_of
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
    N_("You get this because you're away."),
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
    """They are away up to that day: what they owe goes to their deputy, what they said yes to still comes,
    all else waits for one digest. It is kept at once, and who could stand in is offered. Without a day, how
    it stands. Raises Ask for the day to be changed, and where it begins on another day than this one; Refusal
    for a day that is past or a year ahead."""
    ctx.in_private()
    if until is None:
        return _shown(ctx, change=bool(change))
    if until < ctx.today or until - ctx.today > LONGEST:
        raise Refusal("away_day", "until", far=until > ctx.today)
    if begins is not None and begins > ctx.today:
        now = (Choice(N_("From today"), {"begins": ""}),)
        raise Ask("begins", "away_begins", now, free=False, begins=begins.isoformat())
    chosen = _deputy(ctx, deputy) if deputy else _standing_in(ctx)
    before = ctx.store.attention.absence(ctx.person.id)
    ctx.store.attention.away(ctx.person.id, until, chosen.id if chosen else None, ctx.now)
    anew(ctx)
    if chosen is not None and _is_new(ctx, before, chosen, until):
        _ask_deputy(ctx, chosen, until)
    values = {"until": until.isoformat(), "deputy": chosen.name if chosen else ""}
    others = _others(ctx, until, chosen) if not deputy else ()
    return Reply("away_who" if others else "away", values, others or _taps(), replace=True)


@command("back", N_("Say that you are here again"), example="/back")
def back(ctx: Context) -> Reply:
    """The absence ends now; what waited for it comes as they want it."""
    absence = absence_of(ctx, ctx.person.id)
    ctx.store.attention.back(ctx.person.id)
    waited = anew(ctx) if absence is not None else 0
    deputy = ctx.store.persons.get(absence.deputy) if absence and absence.deputy else None
    values = {"was": absence is not None, "waited": waited > 0, "deputy": deputy.name if deputy else ""}
    read = (Button(N_("Read it now"), "digest"),) if waited else ()
    return Reply("away_back", values, (*read, Button(N_("All I owe"), "todo"), WHAT_I_SEND), replace=True)


@command("deputy cannot", N_("Say that you can't stand in"), hidden=True)
def deputy_cannot(ctx: Context, person: NUMBER = 0) -> Reply:
    """Nobody stands in for them any more, and they are told. Raises Refusal if that is over."""
    absence = ctx.store.attention.absence(person) if person else None
    known = ctx.store.persons.get(person) if person else None
    if absence is None or known is None or absence.deputy != ctx.person.id or absence_of(ctx, person) is None:
        raise Refusal("button_old", buttons=(WHAT_I_SEND,))
    ctx.store.attention.away(person, absence.until, None, ctx.now)
    values = {"name": ctx.person.name, "until": absence.until.isoformat()}
    another = Button(N_("Choose another"), "away", {"until": absence.until.isoformat()})
    key = f"no deputy:{person}:{ctx.now.isoformat()}"
    ctx.tell(
        (person,), "away_no_deputy", key, values, (another, Button(N_("I'm back"), "back")), kind=NO_DEPUTY
    )
    return Reply("away_cannot", {"name": known.name}, replace=True)


def _shown(ctx: Context, *, change: bool) -> Reply:
    """How it stands, and the days that are likely meant."""
    absence = absence_of(ctx, ctx.person.id)
    deputy = ctx.store.persons.get(absence.deputy) if absence and absence.deputy else None
    if absence is not None and not change:
        values = {"until": absence.until.isoformat(), "deputy": deputy.name if deputy else ""}
        return Reply("away", values, _taps())
    sunday = ctx.today + timedelta(days=SUNDAY - ctx.today.weekday())
    days = {
        N_("This week"): sunday,
        N_("Until next Sunday"): sunday + timedelta(days=7),
        N_("Two more weeks"): sunday + timedelta(days=14),
    }
    taps = (Choice(label, {"until": day.isoformat()}) for label, day in days.items())
    raise Ask("until", "away_until", tuple(taps))


def _taps() -> tuple[Button, ...]:
    return (Button(N_("I'm back"), "back"), Button(N_("Change"), "away", {"change": "yes"}))


def _deputy(ctx: Context, named: str) -> Person | None:
    """Who stands in: the one who is named, None for nobody. Raises Refusal for who is no colleague, or away
    themselves."""
    colleagues = _colleagues(ctx)
    if named.casefold() in (NOBODY, ctx.translate(N_("Nobody")).casefold()):
        return None
    number, _ = person_called(ctx, named, "deputy", {number: one.name for number, one in colleagues.items()})
    found = colleagues[number]
    if (absence := absence_of(ctx, found.id)) is not None:
        raise Refusal("away_too", "deputy", name=found.name, until=absence.until.isoformat())
    return found


def _standing_in(ctx: Context) -> Person | None:
    """Who stands in already, if they still can: another day alone changes nobody."""
    absence = absence_of(ctx, ctx.person.id)
    return _there(ctx).get(absence.deputy) if absence and absence.deputy else None


def _others(ctx: Context, until: date, chosen: Person | None) -> tuple[Button, ...]:
    """A tap for each who could stand in instead, and one for nobody; none where nobody could."""
    there = [one for one in _there(ctx).values() if chosen is None or one.id != chosen.id][:MOST]
    if not there and chosen is None:
        return ()
    day = until.isoformat()
    labels = told_apart([one.name for one in there], [""] * len(there), LABEL)
    taps = (
        Button(label, "away", {"until": day, "deputy": f"p{one.id}"})
        for label, one in zip(labels, there, strict=True)
    )
    return (*taps, Button(N_("Nobody"), "away", {"until": day, "deputy": NOBODY}))


def _there(ctx: Context) -> dict[int, Person]:
    """The colleagues who are not away themselves, by number."""
    return {number: one for number, one in _colleagues(ctx).items() if absence_of(ctx, number) is None}


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


def _is_new(ctx: Context, before: Absence | None, deputy: Person, until: date) -> bool:
    """Whether the deputy does not know it yet."""
    return before is None or (before.deputy, before.until) != (deputy.id, until) or before.until < ctx.today


def _ask_deputy(ctx: Context, deputy: Person, until: date) -> None:
    values = {"name": ctx.person.name, "until": until.isoformat()}
    cannot = Button(N_("I can't"), "deputy cannot", {"person": str(ctx.person.id)})
    key = f"deputy:{ctx.person.id}:{ctx.now.isoformat()}"
    ctx.tell((deputy.id,), "away_deputy", key, values, (cannot,), kind=DEPUTY)
