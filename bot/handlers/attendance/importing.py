"""A table of who came (CSV): an exact address puts somebody down at once, names are asked about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated, Final

from bot.commands import N_, LongText, Number, Text, command
from bot.context import Context
from bot.events.standing import may_organise
from bot.handlers.attendance.attending import came, to_attend, with_guests
from bot.handlers.attendance.confirming import Import, among, meant, next_question
from bot.handlers.attendance.likely import is_somebody_else
from bot.handlers.people_called import LONGEST_LABEL, names_of_all
from bot.handlers.rsvp.own_answers import timed
from bot.messages import Button, Refusal, Reply, Said
from bot.rules.events.moments import DOORS
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from bot.rules.rsvp.columns import folded
from bot.rules.rsvp.reading import Attendee, Table, read_table

RECENT: Final = timedelta(days=60)  # after an event: a table that is sent may still be about it
MOST_EVENTS: Final = 4  # that are offered
SHORT_STAY: Final = 10  # minutes: how many stayed less is said, nothing is decided by it
MOST_NAMED: Final = 10  # of those who are known by their address
MOST_PASTED: Final = 12_000  # characters
NUMBER = Annotated[int, Number(hidden=True)]
HIDDEN = Annotated[str, Text(hidden=True)]


@command(
    "who import",
    N_("Put down who came from a list or table"),
    may="organise_events",
    example="/who import 12 Ana Silva; ana@example.org; 62",
)
def who_import(
    ctx: Context,
    number: Annotated[int, Number(ask=N_("Which event? Its number, please."), label=N_("Number"), least=1)],
    lines: Annotated[
        str,
        LongText(
            ask=N_("Paste the list here, or send the table as a file (CSV)."),
            hint=N_("A line each: name, e-mail, minutes"),
            label=N_("List"),
            most=MOST_PASTED,
        ),
    ],
) -> Reply:
    """Lines that were pasted are read like a table. Raises Refusal where nobody is in them."""
    ctx.in_private()
    event = to_attend(ctx, number, lock=True)
    return _imported(ctx, event, _people_in(lines), "")


@command("import table", N_("Put down who came from a table"), may="organise_events", hidden=True)
def import_table(ctx: Context, event: NUMBER, draft: HIDDEN) -> Reply:
    """[Yes, put them down]: the table that was sent is of this event."""
    kept = ctx.store.drafts.by_token(draft)
    if kept is None or kept.state == "done" or "people" not in kept.arguments:
        raise Refusal("draft_gone", buttons=(Button(N_("Events"), "events"),))
    found = to_attend(ctx, event, lock=True)
    people = tuple(Attendee(*one) for one in json.loads(kept.arguments["people"]))
    return _imported(ctx, found, Table(people, int(kept.arguments["left_out"])), draft)


@command("drop table", N_("Leave a table"), hidden=True)
def drop_table(ctx: Context, draft: HIDDEN) -> Reply:
    """[Not now]: the table is of no event, and is forgotten."""
    kept = ctx.store.drafts.by_token(draft)
    if kept is not None and kept.command == "import table":
        ctx.store.drafts.update(draft, arguments={})
        ctx.store.drafts.close(draft)
    return Reply("not_now", replace=True)


def table_sent(ctx: Context, said: Said) -> Reply | None:
    """A table that came in the direct chat: taken where `/who import` asks for one, else offered for the
    events that it may be of. None where it is no table of people, or of no event of the caller's."""
    text = next((file.text for file in said.files if file.text), "")
    if not text or ctx.place.kind != "direct" or not ctx.may("organise_events"):
        return None
    asked = ctx.store.drafts.open(ctx.account_id)
    if asked is not None and asked.command == "who import" and asked.arguments.get("number", "").isdigit():
        event = to_attend(ctx, int(asked.arguments["number"]), lock=True)
        table = _people_in(text)
        ctx.store.drafts.close(asked.token)
        return _imported(ctx, event, table, "")
    table, events = read_table(text), _likely_events(ctx)
    if not table.people or table.plain or not events:
        return None
    return _offered(ctx, table, events)


def _people_in(text: str) -> Table:
    table = read_table(text)
    if not table.people:
        raise Refusal("event_import_unclear", "lines")
    return table


def _likely_events(ctx: Context) -> tuple[Event, ...]:
    """The events whose attendance the caller may put down now, newest first."""
    on = tuple(one for one in ctx.store.events.coming(ctx.now) if one.starts_at - DOORS <= ctx.now)
    past, _ = ctx.store.events.past(ctx.now, 20)
    found = (
        one
        for one in (*on, *past)
        if one.state == "planned" and ctx.now - ends_at(one) <= RECENT and may_organise(ctx, one)
    )
    return tuple(found)[:MOST_EVENTS]


def _offered(ctx: Context, table: Table, events: tuple[Event, ...]) -> Reply:
    """Ask which event the table is of, and keep it until that is said."""
    people = json.dumps([[one.name, one.address, one.minutes] for one in table.people])
    kept = {"people": people, "left_out": str(table.left_out)}
    draft = ctx.store.drafts.put(ctx.account_id, ctx.place, "import table", kept, "", "aside", ctx.now)
    alone = len(events) == 1
    taps = (
        Button(
            N_("Yes, put them down") if alone else f"{one.number} · {one.title}"[:LONGEST_LABEL],
            "import table",
            {"event": str(one.number), "draft": draft.token},
        )
        for one in events
    )
    values = {**timed(ctx, events[0]), "alone": alone, "people": len(table.people)}
    no = Button(N_("Not now"), "drop table", {"draft": draft.token})
    return Reply("event_import_offered", values, (*taps, no))


def _imported(ctx: Context, event: Event, table: Table, token: str) -> Reply:
    """Put down who is known by their address, count the others as guests, and ask about the first name."""
    names = names_of_all(ctx)
    stayed, rest = _by_address(ctx, table.people, names)
    known = came(ctx, event, stayed, "imported")
    rest = _not_yet_down(ctx, event, rest)
    before = event.guests
    event = with_guests(ctx, event, max(before, len(rest)))
    everyone = among(ctx, event, names)
    asks = tuple((row, one) for row, one in enumerate(rest) if meant(ctx, one, everyone))
    if not token:
        token = ctx.store.drafts.put(
            ctx.account_id, ctx.place, "import table", {}, "", "aside", ctx.now
        ).token
    said = {
        "first": True, "lines": known.lines, "matched": len(stayed), "new": len(known.persons),
        "by_address": [names[person] for person in stayed if person in names][:MOST_NAMED],
        "total": len(table.people), "left_out": table.left_out, "minutes": SHORT_STAY,
        "short": sum(0 < one.minutes < SHORT_STAY for one in table.people),
    }  # fmt: skip
    return next_question(
        ctx, event, Import(token, event.number, asks, len(rest), before, event.guests), **said
    )


def _by_address(
    ctx: Context, people: Iterable[Attendee], names: Mapping[int, str]
) -> tuple[dict[int, int], tuple[Attendee, ...]]:
    """Who is known by their exact address, with their minutes by person; and everybody else. A name beside it
    that is clearly somebody else's makes it a question: an address can be put down by mistake."""
    stayed: dict[int, int] = {}
    rest = []
    for one in people:
        owner = ctx.store.emails.owner(one.address) if one.address else None
        if owner is None or is_somebody_else(one.name, names.get(owner, "")):
            rest.append(one)
        else:
            stayed[owner] = stayed.get(owner, 0) + one.minutes
    return stayed, tuple(rest)


def _not_yet_down(ctx: Context, event: Event, rest: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    """The others without those who were put down from such a table before, by their name alone: so the same
    table brings nobody twice."""
    there = ctx.store.rsvps.of_event(event.number, ("attended",))
    imported = [ctx.store.persons.get(one.person) for one in there if one.method == "imported"]
    names = {folded(person.name) for person in imported if person is not None}
    return tuple(one for one in rest if one.address or folded(one.name) not in names)
