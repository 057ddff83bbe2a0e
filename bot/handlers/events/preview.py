"""Before anything goes out: what people will see, whom it reaches, and what else is on that day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.events.organising import invited
from bot.events.standing import PURPOSE, audience_of, may_organise
from bot.handlers.events.answers import described, in_a_question
from bot.handlers.proposing.countries import country_name
from bot.messages import Ask, Choice, platform_name
from bot.people.public_holidays import named
from bot.rules.events.sessions import sessions
from bot.rules.events.values import FEW, Event
from storage.places import KnownPlace

LONGEST_LABEL = 20  # characters on a button
MOST_CHATS = 12  # that can be picked one by one
MOST_NAMED = 3  # other events of those days, and days with a holiday
NONE = "none"  # of the chats
FOR_ALL = ("public", "members")


def confirmed(
    ctx: Context, event: Event, sure: str, chosen: str, parts: tuple[Choice, ...], form: dict[str, str]
) -> tuple[bool, tuple[int, ...]]:
    """Nothing goes out before somebody has seen what it will be: whether people are invited, and the places
    (by number) that get a card, once they said yes to this very event. Raises the Ask that shows it, the one
    about its chats, or the one about which of its `parts` they want to change; `form` fills a form then."""
    every = ctx.store.places.serving(PURPOSE)
    picked = picked_of(every, chosen or (NONE if event.audience in FEW else ""))
    numbers = tuple(known.id for known in picked)
    mark = seal(event, numbers)
    if sure in (f"all {mark}", f"cards {mark}"):
        return sure.startswith("all"), numbers
    if sure == "change":
        raise Ask("", "event_change_it", parts, free=False, prefill={**form, "sure": ""}, title=event.title)
    if sure == "chats":
        raise Ask("", "event_chats", _toggles(every, picked), free=False, title=event.title)
    values = {**previewed(ctx, event), "chats": [known.place.name for known in picked]}
    values |= {"no_chats": not every, "changed": sure.startswith(("all", "cards"))}
    choices = _ways(mark, every, picked, values["people"])
    raise Ask("sure", "event_preview", choices, free=False, **in_a_question(values))


def previewed(ctx: Context, event: Event) -> dict[str, Any]:
    """An event that nobody knows of yet, as people will see it, with how many it reaches, the holidays of its
    days in members' countries, and what else is on then."""
    return {
        **described(ctx, event),
        "people": len(invited(ctx, event, {event.created_by})),
        "holidays": list(holidays(ctx, event))[:MOST_NAMED],
        "same_day": list(_same_day(ctx, event))[:MOST_NAMED],
        "both": _is_assembly(ctx, event),
        "in_public": event.audience == "public" and bool(ctx.public_url),
    }


def holidays(ctx: Context, event: Event) -> Iterator[dict[str, Any]]:
    """The days of an event that are public holidays in members' countries: day and countries."""
    countries = frozenset(one.country for one in ctx.members if one.standing == "voting" and one.country)
    for day in sorted(_days(event)):
        if found := named(countries, day):
            yield {
                "day": day.isoformat(),
                "countries": [country_name(country, ctx.language) for country, _ in found],
            }


def picked_of(every: tuple[KnownPlace, ...], chosen: str) -> tuple[KnownPlace, ...]:
    """The places that were picked: all of them unless somebody said which."""
    if not chosen:
        return every
    numbers = set(chosen.split(","))
    return tuple(known for known in every if str(known.id) in numbers)


def seal(event: Event, places: tuple[int, ...]) -> str:
    """A short mark of what was previewed: a yes to it is none to another text, day or choice of chats."""
    said = (
        event.kind, event.title, event.about, event.starts_at, event.minutes, event.zone, event.hosts,
        event.audience, event.where, event.link, event.capacity, event.per_organisation, event.mode,
        event.repeats, event.times, places,
    )  # fmt: skip
    return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()


def _ways(
    mark: str, every: tuple[KnownPlace, ...], picked: tuple[KnownPlace, ...], people: int
) -> tuple[Choice, ...]:
    cards = (Choice(N_("Only the cards"), {"sure": f"cards {mark}"}),) if picked and people else ()
    chats = (
        (Choice(N_("Which chats"), {"sure": "chats"}),) if len(every) > 1 or len(picked) < len(every) else ()
    )
    tell = Choice(N_("Tell everybody"), {"sure": f"all {mark}"})
    return (tell, *cards, *chats, Choice(N_("Change it"), {"sure": "change"}))


def _toggles(every: tuple[KnownPlace, ...], picked: tuple[KnownPlace, ...]) -> tuple[Choice, ...]:
    """One tap for each chat, those that get a card marked, and the way back to the preview."""
    chosen = [known.id for known in picked]

    short = [known.place.name[: LONGEST_LABEL - 2] for known in every]

    def toggled(known: KnownPlace) -> Choice:
        on = known.id in chosen
        rest = [number for number in chosen if number != known.id]
        numbers = rest if on else sorted([*rest, known.id])
        name = known.place.name or str(known.id)
        if short.count(known.place.name[: LONGEST_LABEL - 2]) > 1:  # two that are called alike
            name = f"{platform_name(known.place.platform)} {known.id}: {name}"
        label = f"✓ {name}" if on else name
        return Choice(label[:LONGEST_LABEL], {"places": ",".join(map(str, numbers)) or NONE})

    return (*map(toggled, every[:MOST_CHATS]), Choice(N_("Done"), {"sure": ""}))


def _same_day(ctx: Context, event: Event) -> Iterator[dict[str, Any]]:
    """Other events on its days for the same people, and whether they overlap."""
    days, ours = _days(event), sessions(event)
    for other in ctx.store.events.coming(ctx.now):
        hidden = other.audience in FEW and not (
            may_organise(ctx, other) or ctx.person.id in audience_of(ctx, other)
        )
        if (
            other.number == event.number
            or other.state == "cancelled"
            or hidden
            or not _same_people(event, other)
        ):
            continue
        theirs = [one for one in sessions(other) if _day(one.starts_at, event.zone) in days]
        if theirs:
            meets = any(a.starts_at < b.ends_at and b.starts_at < a.ends_at for a in ours for b in theirs)
            at = theirs[0].starts_at.isoformat()
            yield {"number": other.number, "title": other.title, "starts": at, "overlaps": meets}


def _same_people(one: Event, other: Event) -> bool:
    if "hosts" in (one.audience, other.audience):
        return bool(set(one.hosts) & set(other.hosts)) or bool({one.audience, other.audience} & {*FOR_ALL})
    return True


def _is_assembly(ctx: Context, event: Event) -> bool:
    return any(kind.assembly for kind in ctx.charter.event_kinds if kind.key == event.kind)


def _days(event: Event) -> set[date]:
    return {_day(one.starts_at, event.zone) for one in sessions(event)}


def _day(moment: Any, zone: str) -> date:
    day: date = moment.astimezone(ZoneInfo(zone)).date()
    return day
