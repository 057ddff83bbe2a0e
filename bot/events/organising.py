"""What announcing, moving and cancelling an event brings about: its cards, and who is told (spec 1)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.events.mailed import mail_change
from bot.events.promoting import promote
from bot.events.reminding import remind_all
from bot.events.standing import PURPOSE, audience_of, changed, hosts_people, topic_of
from bot.events.telling import CANCELLED, CO_HOST, INVITED, MOVED, notify_event, on_its_way
from bot.messages import Refusal
from bot.people.waking import organisation_of
from bot.rules.events.moments import LAST_CALL, is_last_call
from bot.rules.events.sessions import session_at
from bot.rules.events.values import Event, Mode
from bot.rules.rsvp.promoting import asked_again
from bot.rules.rsvp.values import Rsvp, State, fresh

TOLD: tuple[State, ...] = ("invited", "maybe", "going", "waitlisted", "offered", "attended")  # of a change
WEB = re.compile(r"(?:https?://|www\.)\S+|(?<![\w@./-])(?:[a-z0-9-]+\.)+[a-z]{2,}/\S+", re.IGNORECASE)
ENTRY = (  # what lets people in to a meeting, in the members' languages; "Zugangscode" is one word
    r"meeting[ -]?id|id|pin|passphrase|mot de passe|hasło|parole|parola|parolă|senha|palavra[ -]passe"
    r"|contraseña|clave|(?:access |pass |entry |meeting )?\w*(?:code|kod|kods|código|codice|cod|password"
    r"|passwort|kennwort)"
)
WAY_IN = re.compile(
    rf"(?:[\s,;:·–-]*(?:\([^()]*\)|\[[^\[\]]*\]|(?:{ENTRY})\b(?:(?![,;](?:\s|$)).)*))+", re.IGNORECASE
)
NOBODY: tuple[int, ...] = ()


def new_uid() -> str:
    """A name for an event that no other has anywhere, in calendars (RFC 5545, 3.8.4.7)."""
    return f"{secrets.token_hex(16)}@charterbot"


def announce(
    ctx: Context, event: Event, invite: bool, places: tuple[int, ...], without: Collection[int] = NOBODY
) -> Event:
    """The event is there, with its number: its card stands in these of the places for events (by number),
    co-hosts' people are told that they were put down, and with `invite` those whom it is for are invited.
    Nobody in `without` (persons) is told, nor whoever announces it."""
    event = ctx.store.events.add(event)
    show_in_places(ctx, event, places)
    left_out = {*without, event.created_by}
    told = tell_cohosts(ctx, event, event.hosts[1:], left_out)
    if invite:
        people = invited(ctx, event, left_out | told)
        homes = {person: organisation_of(ctx, person, event.hosts) for person in people}
        ctx.store.rsvps.write(*(fresh(event.number, one, home, ctx.now) for one, home in homes.items()))
        _notify(ctx, INVITED, event, people)
    return event


def invited(ctx: Context, event: Event, left_out: Collection[int] = NOBODY) -> tuple[int, ...]:
    """Whom an invitation goes to, by person: those whom the event is for, as far as they can be reached here
    and want invitations."""
    return tuple(
        person for person in audience_of(ctx, event) if person not in left_out and _is_reached(ctx, person)
    )


def tell_cohosts(
    ctx: Context, event: Event, organisations: Iterable[str], left_out: Collection[int] = NOBODY
) -> set[int]:
    """Who organises for these organisations is told that each was put down as co-host; who was told."""
    told: set[int] = set()
    for slug in organisations:
        people = [one for one in ctx.people_of(slug, "organise_events") if one not in left_out]
        _notify(ctx, CO_HOST, event, people, slug, organisation=slug)
        told.update(people)
    return told


def place_and_link(where: str) -> tuple[str, str]:
    """What people wrote about the place, taken apart: a room or an address, and the link to the meeting with
    the code that is said right after it, which is as little for everybody. Raises Refusal for two links."""
    found = WEB.search(where)
    if found is None:
        return where.strip(), ""
    address = found[0].rstrip(".,;)>")
    before, after = where[: found.start()], where[found.start() + len(address) :]
    if WEB.search(after):
        raise Refusal("event_links", "where")
    code = _way_in(after)
    rest = (before + after.removeprefix(">").removeprefix(code)).strip(" ,;.·–-()<>")
    for small in ("and", "or", "at"):
        rest = rest.removesuffix(f" {small}").strip(" ,;")
    scheme, _, path = address.rpartition("://")
    said = code.strip(" ,;.·–->")
    said = said if "(" in said else said.rstrip(")")
    return rest, f"{scheme.lower() or 'https'}://{path} {said}".rstrip()


def mode_of(where: str, link: str) -> Mode:
    """How a freed seat goes to the line: on site it is offered first, online it is given at once (spec 1)."""
    return "offer" if where and not link else "auto"


def show_in_places(ctx: Context, event: Event, places: tuple[int, ...]) -> None:
    """The event's card stands in these of the places for events from now on."""
    for known in ctx.store.places.serving(PURPOSE):
        if known.id in places:
            ctx.store.cards.put(topic_of(event), known.place, ctx.now)


def reschedule(ctx: Context, event: Event, after: Event, without: Collection[int] = NOBODY) -> Event:
    """The event takes place as `after` says: another start, length, place or rhythm. Seats are kept; whoever
    has one is asked whether they still come if the day changes or a line waits. Everybody who answered, but
    for those who do not come, is told what it was and what it is; nobody in `without`."""
    asks = asks_again(ctx, event, after)
    late = is_last_call(event, ctx.now)
    after = replace(
        after, sequence=event.sequence + 1, changed_at=ctx.now, released_at=None, last_call_at=None
    )
    after = ctx.store.events.write(after)
    starts = session_at(after, ctx.now).starts_at
    _held_no_longer_than(ctx, after, starts - LAST_CALL)
    known = {one: _last_heard(ctx, event, after, one) for one in told_of_change(ctx, after, without)}
    told = [one for one, before in known.items() if _differs(before, after)]
    for rsvp in ctx.store.rsvps.of_event(event.number, ("going",)):
        if rsvp.person in known and rsvp.person not in told:
            ctx.store.rsvps.write(replace(rsvp, asked_again_at=None))
        elif asks and rsvp.person in known:  # who is not told is not asked either
            ctx.store.rsvps.write(asked_again(rsvp, ctx.now))
    if late and not is_last_call(after, ctx.now):
        promote(ctx, after)  # there is a line again
    by = min(starts, session_at(event, ctx.now).starts_at)
    for one in told:
        more = {"before": known[one], "sequence": after.sequence}
        _notify(ctx, MOVED, after, (one,), str(after.sequence), by, **more)
    remind_all(ctx, after)
    mail_change(ctx, after, "moved", MOVED, told)
    changed(ctx, after)
    return after


def asks_again(ctx: Context, event: Event, after: Event) -> bool:
    """Whether people are asked if they still come: the day changes, or somebody waits for a seat (spec 1)."""
    return _day(event) != _day(after) or ctx.store.rsvps.waits(event.number)


def cancel(ctx: Context, event: Event, why: str, without: Collection[int] = NOBODY) -> Event:
    """The event does not take place: everybody who answered is told, those in line and those who may come
    too, but for nobody in `without`; the cards are struck through."""
    after = replace(
        event,
        state="cancelled",
        why=why,
        sequence=event.sequence + 1,
        cancelled_at=ctx.now,
        changed_at=ctx.now,
    )
    after = ctx.store.events.write(after)
    told = told_of_change(ctx, after, without)
    _notify(ctx, CANCELLED, after, told, str(after.sequence))
    mail_change(ctx, after, "off", CANCELLED, told)
    changed(ctx, after)
    return after


def told_of_change(ctx: Context, event: Event, without: Collection[int] = NOBODY) -> tuple[int, ...]:
    """Who hears of a move or a cancellation, by person: everybody who was invited or answered and does not
    stay away, and the hosts' people, whoever does it left out. Whose invitation is still on its way reads in
    it how the event stands then."""
    standing = ctx.store.rsvps.of_event(event.number, TOLD)
    answered = [one.person for one in standing if not one.gave_back and not _is_to_be_invited(ctx, one)]
    cohosts = [one for slug in event.hosts[1:] for one in ctx.people_of(slug, "organise_events")]
    own = ctx.identity.person.id if ctx.identity.person else 0
    every = dict.fromkeys((*answered, *hosts_people(ctx, event), *cohosts))
    return tuple(person for person in every if person != own and person not in without)


def _is_to_be_invited(ctx: Context, rsvp: Rsvp) -> bool:
    return rsvp.state == "invited" and on_its_way(ctx, INVITED, rsvp.event, rsvp.person) is not None


def _last_heard(ctx: Context, event: Event, after: Event, person: int) -> dict[str, Any]:
    """When and where somebody knows an event to be which is `after` from now on: moves of which they have
    not read yet are left out."""
    before = {**places_of(event), "other_link": bool(after.link) and after.link != event.link}
    for sequence in range(event.sequence, 0, -1):
        waits = on_its_way(ctx, MOVED, event.number, person, str(sequence))
        if waits is None:
            break
        earlier = dict(waits.values["before"])
        before = {**earlier, "other_link": before["other_link"] or earlier.get("other_link", False)}
    return before


def _differs(before: dict[str, Any], after: Event) -> bool:
    """Whether an event is another time, or elsewhere, than somebody knows."""
    return bool(before["other_link"]) or any(before[name] != now for name, now in places_of(after).items())


def places_of(event: Event) -> dict[str, Any]:
    """When and where an event is, as it is put beside another time of it: ISO text and words."""
    return {
        "first": event.starts_at.isoformat(), "zone": event.zone, "minutes": event.minutes,
        "repeats": event.repeats, "times": event.times, "where": event.where,
    }  # fmt: skip


def _way_in(after: str) -> str:
    """The words right after a link without which nobody gets in: what stands in brackets there, and a code or
    a password, up to the next comma."""
    found = WAY_IN.match(after.removeprefix(">"))
    return found[0] if found else ""


def _held_no_longer_than(ctx: Context, event: Event, moment: datetime) -> None:
    """Seats are held for an answer until two hours before the start at most, also once that is earlier."""
    for one in ctx.store.rsvps.offered(event.number):
        if one.offered_until and one.offered_until > moment:
            ctx.store.rsvps.write(replace(one, offered_until=moment))


def _notify(
    ctx: Context,
    kind: str,
    event: Event,
    persons: Iterable[int],
    key: str = "",
    by: datetime | None = None,
    **values: Any,
) -> None:
    """Each is told; at any hour if their working hours do not come before the moment `by`, the next session
    unless given."""
    if by is not None:
        values["begins"] = by.isoformat()
    notify_event(ctx, kind, event, persons, key, **values)


def _is_reached(ctx: Context, person: int) -> bool:
    accounts = ctx.store.accounts.of_person(person)
    return any(one.reachable for one in accounts) and INVITED not in ctx.store.silenced.kinds(person)


def _day(event: Event) -> object:
    return event.starts_at.astimezone(ZoneInfo(event.zone)).date()
