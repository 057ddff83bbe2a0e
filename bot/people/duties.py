"""What somebody owes: the one account of it for `/todo`, for the digest and for every reminder.

A reminder is sent while its duty stands and stops with it; `/todo` lists what stands, also when its reminders
are stopped. Both ask the same function, so they never tell different things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.context import Context
from bot.messages import Button, Reply
from bot.notices import Renders, StillDue, Values
from bot.people.waking import away, zone_of_person
from storage.accounts import Identity
from storage.persons import Person
from storage.store import Busy

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that somebody owes, for themselves or for an organisation (slug, "" for themselves or the
    alliance). `key` names it for ever ("vote:7:pool-net"); `line` is a template that says it in one line,
    with `values`; `buttons` do it in one tap, at most three; `by` is until when (UTC), None for whenever."""

    kind: str
    key: str
    line: str
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    by: datetime | None = None
    organisation: str = ""

    @property
    def reply(self) -> Reply:
        """What it says in one line, with its taps."""
        return Reply(self.line, self.values, self.buttons)


STANDS_FOR = "stands_for"  # in the values of a deputy's copy: the person whose duty it is
Finds = Callable[[Context], Iterable[Owed]]
DUTIES: dict[str, Finds] = {}
BY_DEPUTY: dict[str, str] = {}  # the permission with which a deputy may do it, by kind
NO_END = datetime.max.replace(tzinfo=UTC)


def duty(kind: str, deputy_may: str = "") -> Callable[[Finds], Finds]:
    """Declare the function below as what finds what the caller owes of this kind; it is returned unchanged.
    It only reads. Of what one person of an organisation is asked for, `deputy_may` is the permission with
    which a deputy does it for them. Raises ValueError for a kind that is taken."""

    def declare(finds: Finds) -> Finds:
        if kind in DUTIES:
            raise ValueError(f"there is a duty {kind!r} already")
        DUTIES[kind] = finds
        if deputy_may:
            BY_DEPUTY[kind] = deputy_may
        return finds

    return declare


def owed_by(ctx: Context, *kinds: str) -> tuple[Owed, ...]:
    """All that the caller owes, of these kinds or of every kind: what ends first stands first."""
    return in_order(one for kind in kinds or DUTIES for one in DUTIES[kind](ctx))


def all_owed(ctx: Context) -> tuple[Owed, ...]:
    """All that the caller owes, of every kind, for who looks: one that breaks is left out, and kept for us to
    see. Raises Busy."""
    return in_order(one for kind in DUTIES for one in _unbroken(ctx, kind))


def in_order(every: Iterable[Owed]) -> tuple[Owed, ...]:
    """What ends first stands first."""
    return tuple(sorted(every, key=lambda one: (one.by or NO_END, one.kind, one.key)))


def still_owed(ctx: Context, kind: str, key: str) -> Owed | None:
    """One thing that the caller owes, as it stands now; None once it is done."""
    return next((one for one in DUTIES[kind](ctx) if one.key == key), None)


def owed_instead(ctx: Context, absent: int) -> tuple[Owed, ...]:
    """What somebody who is away owes and the caller may do for them. A kind that breaks is left out. Raises
    Busy."""
    theirs = as_person(ctx, absent)
    found = [] if theirs is None else [one for kind in BY_DEPUTY for one in _unbroken(theirs, kind)]
    return in_order(one for one in found if ctx.may(BY_DEPUTY[one.kind], one.organisation))


def stands_in(ctx: Context) -> tuple[tuple[Person, tuple[Owed, ...]], ...]:
    """For whom the caller stands in today, and what each of them owes that the caller may do (engagement.md
    2). Raises Busy."""
    absent = (ctx.store.persons.get(one.person_id) for one in ctx.store.attention.stood_in_for(ctx.person.id))
    return tuple(
        (who, owed_instead(ctx, who.id))
        for who in absent
        if who is not None and away(ctx, who.id) == ctx.person.id
    )


def is_owed(kind: str) -> StillDue:
    """For a notice about something owed (`values["owed"]` is its key): whether its reader still owes it, or
    the one for whom they stand in, and they may do it (`values["organisation"]` is whose it is)."""

    def due(ctx: Context, values: Values) -> bool:
        may = BY_DEPUTY.get(kind, "")
        able = not may or ctx.may(may, values["organisation"])
        return able and still_owed(_whose(ctx, values) if may else ctx, kind, values["owed"]) is not None

    return due


def in_one_line(kind: str) -> Renders:
    """For a notice about something owed: how a digest says it."""

    def line(ctx: Context, values: Values) -> Reply:
        key = values["owed"]
        found = still_owed(ctx, kind, key) or still_owed(_whose(ctx, values), kind, key)
        if found is None:
            raise LookupError(key)
        return found.reply

    return line


def as_person(ctx: Context, person: int) -> Context | None:
    """The same moment as this person sees it, for a job that asks what they owe; None for who has left."""
    known = ctx.store.persons.get(person)
    if known is None or known.left_at is not None:
        return None
    roles = tuple(ctx.store.roles.of_person(person))
    zone, language = zone_of_person(ctx, person), ctx.language
    reading = replace(ctx.reading, zone=zone, language=language)
    identity = Identity(None, known, roles)
    return replace(ctx, identity=identity, zone=zone, language=language, reading=reading)


def everybody(ctx: Context) -> tuple[int, ...]:
    """Everybody who holds a role, by person."""
    return tuple(dict.fromkeys(holder.person.id for holder in ctx.store.roles.standing()))


def _unbroken(ctx: Context, kind: str) -> tuple[Owed, ...]:
    try:
        return tuple(DUTIES[kind](ctx))
    except Busy:
        raise
    except Exception as bug:
        log.error("duty_unreadable", duty=kind, exc_info=bug)
        return ()


def _whose(ctx: Context, values: Values) -> Context:
    """The same moment for whose duty a notice is about: its reader, or who is away and for whom they stand
    in (engagement.md 2)."""
    away = values.get(STANDS_FOR)
    return (as_person(ctx, away) if away else None) or ctx
