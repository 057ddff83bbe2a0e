"""Names in a table of who came, one question at a time: nobody is matched by name without a tap."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Annotated, Any

from bot.commands import N_, Number, Text, command
from bot.context import Context
from bot.handlers.attendance.attending import came, to_attend, with_guests
from bot.handlers.attendance.likely import People, likely, people
from bot.handlers.people_called import LONGEST_LABEL, names_of_all, person_called
from bot.handlers.rsvp.own_answers import timed
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.people.waking import organisation_of
from bot.rules.events.moments import phase
from bot.rules.events.values import Event
from bot.rules.rsvp.reading import Attendee

NUMBER = Annotated[int, Number(hidden=True, most=2**53)]
HIDDEN = Annotated[str, Text(hidden=True)]


@dataclass(frozen=True, slots=True)
class Import:
    """A table while its names are gone through: `open` are those to be asked about, by a number, `left` how
    many in all are nobody we know so far. `before` is how many guests were put down already, `guests` how
    many this made of it."""

    token: str
    event: int
    open: tuple[tuple[int, Attendee], ...]
    left: int
    before: int
    guests: int

    def without(self, row: int) -> Import:
        """The same with one name less to ask about."""
        return replace(self, open=tuple(one for one in self.open if one[0] != row))


@command("same person", N_("Say whom a name in a table means"), may="organise_events", hidden=True)
def same_person(ctx: Context, draft: HIDDEN, row: NUMBER, person: NUMBER) -> Reply:
    """[Yes, that's them]."""
    running, event = _running(ctx, draft)
    return _confirmed(ctx, event, running, row, person)


@command("another person", N_("Say whom a name in a table means"), may="organise_events", hidden=True)
def another_person(
    ctx: Context, draft: HIDDEN, row: NUMBER, who: Annotated[str, Text(label=N_("Name"))] = ""
) -> Reply:
    """[Somebody else]: the next likely ones as taps, or a name. Raises Ask, and Refusal for a name that
    nobody here has."""
    running, event = _running(ctx, draft)
    one = dict(running.open).get(row)
    if one is None:
        return next_question(ctx, event, running)
    if not who:
        names = names_of_all(ctx)
        others = meant(ctx, one, among(ctx, event, names))[1:]
        taps = tuple(Choice(names[person][:LONGEST_LABEL], {"who": f"p{person}"}) for person in others)
        raise Ask("who", "event_import_who", taps, name=one.name or one.address)
    return _confirmed(ctx, event, running, row, person_called(ctx, who, "who")[0])


@command("nobody known", N_("Say that a name in a table is a guest"), may="organise_events", hidden=True)
def nobody_known(ctx: Context, draft: HIDDEN, row: NUMBER) -> Reply:
    """[Nobody we know]: a guest, without a name."""
    running, event = _running(ctx, draft)
    return next_question(ctx, event, running.without(row))


@command("leave the rest", N_("Leave the other names of a table"), may="organise_events", hidden=True)
def leave_the_rest(ctx: Context, draft: HIDDEN) -> Reply:
    """[Leave the rest]: all names that are still open are guests."""
    running, event = _running(ctx, draft)
    return next_question(ctx, event, replace(running, open=()))


def next_question(ctx: Context, event: Event, running: Import, **said: Any) -> Reply:
    """What was just done (`said`), and the next name to ask about; what is gone through is forgotten."""
    values: dict[str, Any] = {
        "first": False, "added": "", "lines": (), **timed(ctx, event), **said,
        "left": running.left, "more": max(0, len(running.open) - 1), "name": "", "person": "",
    }  # fmt: skip
    names = names_of_all(ctx)
    if running.open:
        row, one = running.open[0]
        if found := meant(ctx, one, among(ctx, event, names)):
            _keep(ctx, running)
            where = organisation_of(ctx, found[0])
            values |= {
                "name": one.name, "address": one.address, "person": names[found[0]],
                "organisation": ctx.short_name(where) if where in ctx.organisations else "",
            }  # fmt: skip
            return Reply("event_import", values, _taps(running, row, found[0]), replace=True)
        return next_question(ctx, event, running.without(row), **said)
    ctx.store.drafts.update(running.token, arguments={})
    ctx.store.drafts.close(running.token)
    return Reply("event_import", values, _last_taps(ctx, event), replace=True)


def among(ctx: Context, event: Event, names: dict[int, str]) -> People:
    """Who can be meant: everybody here, and who answered this event."""
    answered = frozenset(one.person for one in ctx.store.rsvps.of_event(event.number))
    return people(names, answered)


def meant(ctx: Context, one: Attendee, everybody: People) -> tuple[int, ...]:
    """The persons that somebody in a table may be: by their name, then whose address it is."""
    named, owner = likely(one, everybody), ctx.store.emails.owner(one.address) if one.address else None
    return named if owner is None or owner in named or owner not in everybody.persons else (*named, owner)


def _running(ctx: Context, token: str) -> tuple[Import, Event]:
    """A table that is gone through, and its event, both held. Raises Refusal where it is done."""
    draft = ctx.store.drafts.by_token(token)
    if draft is None or draft.state == "done" or "open" not in draft.arguments:
        raise Refusal("draft_gone", buttons=(Button(N_("Events"), "events"),))
    given = draft.arguments
    rows = tuple((int(row), Attendee(*one)) for row, *one in json.loads(given["open"]))
    left, before, guests = (int(given[name]) for name in ("left", "before", "guests"))
    running = Import(token, int(given["event"]), rows, left, before, guests)
    return running, to_attend(ctx, running.event, lock=True)


def _keep(ctx: Context, running: Import) -> None:
    rows = [[row, one.name, one.address, one.minutes] for row, one in running.open]
    numbers = {name: str(getattr(running, name)) for name in ("event", "left", "before", "guests")}
    ctx.store.drafts.update(running.token, arguments={**numbers, "open": json.dumps(rows)}, asked_at=ctx.now)


def _confirmed(ctx: Context, event: Event, running: Import, row: int, person: int) -> Reply:
    """A name is this person: they came, and their address is known from now on."""
    one, name = dict(running.open).get(row), names_of_all(ctx).get(person, "")
    if one is None or not name:
        return next_question(ctx, event, running)
    known = came(ctx, event, {person: one.minutes}, "imported")
    _remember(ctx, event, person, one.address)
    running = replace(running.without(row), left=running.left - 1)
    if event.guests == running.guests:  # nobody has put down another number meanwhile
        event = with_guests(ctx, event, max(running.before, running.left))
        running = replace(running, guests=event.guests)
    return next_question(ctx, event, running, added=name, lines=known.lines)


def _remember(ctx: Context, event: Event, person: int, address: str) -> None:
    """The address is theirs from now on, and they are told so, with the way to take it away."""
    if not address or ctx.store.emails.owner(address) == person:
        return
    if not ctx.store.emails.add(person, address, ctx.now):
        return
    key = hashlib.blake2b(f"{address} {ctx.now.isoformat()}".encode(), digest_size=12).hexdigest()
    values = {"by": ctx.person.name, "address": address, "title": event.title}
    remove = Button(N_("Not mine"), "email remove", {"address": address})
    ctx.tell((person,), "email_remembered", f"email:{key}", values, (remove,))


def _taps(running: Import, row: int, person: int) -> tuple[Button, ...]:
    given = {"draft": running.token, "row": str(row)}
    rest = (Button(N_("Leave the rest"), "leave the rest", {"draft": running.token}),)
    return (
        Button(N_("Yes, that's them"), "same person", {**given, "person": str(person)}),
        Button(N_("Somebody else"), "another person", given),
        Button(N_("Nobody we know"), "nobody known", given),
        *(rest if len(running.open) > 1 else ()),
    )


def _last_taps(ctx: Context, event: Event) -> tuple[Button, ...]:
    look = Button(N_("Who came"), "who came", {"number": str(event.number)})
    done = Button(N_("That's everybody"), "that is everybody", {"event": str(event.number)})
    return (look, done) if phase(event, ctx.now) == "over" and not event.attendance_measured else (look,)
