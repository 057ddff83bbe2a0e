"""The timetable: what happens by itself, and when. Jobs are declared here and run in `bot/ticking.py`.

A job's moments are wall-clock times of one zone, its slots: "2026-11-23T07:30". A slot is run once, however
many processes tick; after downtime the latest one is caught up with, once, while it still helps.

A slot comes at the first moment at which the clocks of its zone show its time or a later one. So in the night
in which an hour comes twice a job runs once, and what falls into an hour that is left out runs when the
clocks jump. APScheduler's cron only counts days and hours here: given a zone, it fires a second time in the
first of those nights and, asked again, for ever (platforms.md section 11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from bot.context import Context
from bot.messages import Account, Call, Place
from bot.rules.clocks import first_moment, shown
from storage.accounts import Identity
from storage.jobs import Run
from storage.store import Store

Runs = Callable[[Context, datetime], None]
Fields = dict[str, Any]  # of a cron: day_of_week="mon", hour=7, minute=30

KEY = "%Y-%m-%dT%H:%M"
FIELDS = frozenset({"year", "month", "day", "week", "day_of_week", "hour", "minute"})
MOST_DOUBLINGS = 8  # what broke is tried again every four hours at the most
LONGEST_NAME = 20  # it is a button's label
NOBODY, NOWHERE = Account("", "", ""), Place("", "", "")


@dataclass(frozen=True, slots=True)
class Job:
    """One job: what it is called, what it does in one line (both message ids), its moments, and how long
    after a moment it still helps. `zone` "" is the alliance's; `tells` if it writes to people, else `instead`
    is the sentence (a message id) that says what it does instead. A job decides from facts what is due, so
    running it twice adds nothing."""

    name: str
    summary: str
    function: Runs
    at: Fields
    useful: timedelta
    zone: str = ""
    tells: bool = False
    instead: str = ""

    def zone_in(self, alliance: str) -> str:
        """The zone whose clocks this job follows."""
        return self.zone or alliance


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment of a job: what its zone's clocks are to show then ("2026-11-23T07:30"), by which it is
    claimed, and when that is, in UTC."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Moments that the alliance's own facts set, not the clock: when a vote opens, closes, is final. `next`
    says when the next one is (UTC), None for never; `function` brings about all that is due."""

    name: str
    next: Callable[[Store], datetime | None]
    function: Callable[[Context], object]


JOBS: dict[str, Job] = {}
DEADLINES: dict[str, Deadlines] = {}


def job(
    name: str,
    summary: str,
    *,
    useful: timedelta,
    zone: str = "",
    tells: bool = False,
    instead: str = "",
    **at: Any,
) -> Callable[[Runs], Runs]:
    """Declare the function below as a job that runs `at` these moments (cron fields by name: month, day,
    day_of_week as "mon", hour, minute); it is returned unchanged. It is given a Context in which nobody
    calls, and the slot as a moment of the job's zone. It tells people through that Context, and writes only
    what may be written twice: a job that broke is run again, and people can run it once more.

    Raises ValueError for a name that is taken or longer than a button, and for moments that are none.
    """

    def declare(function: Runs) -> Runs:
        if name in JOBS:
            raise ValueError(f"there is a job {name!r} already")
        JOBS[name] = Job(name, summary, function, _checked(name, at), useful, zone, tells, instead)
        return function

    return declare


def deadlines(
    name: str, next_one: Callable[[Store], datetime | None]
) -> Callable[[Callable[[Context], object]], Callable[[Context], object]]:
    """Declare the function below as what brings about deadlines of this name as they come; it is returned
    unchanged. It is given a Context in which nobody calls. Whoever touches what has deadlines brings them
    about first, so running it late, twice or in two processes at once changes nothing.

    Raises ValueError for a name that is taken.
    """

    def declare(function: Callable[[Context], object]) -> Callable[[Context], object]:
        if name in DEADLINES:
            raise ValueError(f"there are deadlines {name!r} already")
        DEADLINES[name] = Deadlines(name, next_one, function)
        return function

    return declare


def latest_slot(one: Job, after: datetime, now: datetime, zone: str) -> Slot | None:
    """The newest of a job's moments that lie after `after`, not after `now`, and not so long ago that it
    helps no more; None if there is none. Both are UTC, `zone` is the alliance's."""
    found = None
    for slot in _slots(one, max(after, now - one.useful), zone):
        if slot.at > now:
            return found
        found = slot
    return found


def next_slot(one: Job, after: datetime, zone: str) -> Slot | None:
    """The first of a job's moments after `after` (UTC); None if there is none any more. `zone` is the
    alliance's."""
    return next(_slots(one, after, zone), None)


def slot_of(one: Job, key: str, zone: str) -> Slot:
    """The slot with this key. `zone` is the alliance's."""
    return Slot(key, first_moment(datetime.strptime(key, KEY), ZoneInfo(one.zone_in(zone))))  # noqa: DTZ007


def tries_again(one: Job, slot: Slot, last: Run | None) -> datetime | None:
    """When a slot that broke may be tried again: 2, 4, 8 … minutes after it did, while it still helps. None
    for one that did not break, or helps no more by then."""
    if last is None or last.slot != slot.key or last.state != "failed":
        return None
    again = last.ran_at + timedelta(minutes=2 ** min(last.attempts, MOST_DOUBLINGS))
    return again if again < slot.at + one.useful else None


def job_context(ctx: Context, one: Job | Deadlines, key: str) -> Context:
    """The view of the world that a job is given in its slot: nobody calls, nowhere, in the alliance's
    language and zone."""
    alliance = ctx.charter.alliance
    call = Call(f"job:{one.name}:{key}", NOBODY, NOWHERE, ctx.now)
    zone, language = alliance.zone, alliance.language
    reading = replace(ctx.reading, zone=zone, language=language)
    return replace(
        ctx, incoming=call, identity=Identity(), place=NOWHERE, language=language, zone=zone,
        reading=reading, told=[],
    )  # fmt: skip


def _slots(one: Job, after: datetime, zone: str) -> Iterator[Slot]:
    """A job's moments after `after`, in their order. Its cron counts in clock times as if they were UTC."""
    here = ZoneInfo(one.zone_in(zone))
    cron = _cron(tuple(one.at.items()))
    asked = shown(after, here).replace(tzinfo=UTC)
    while (found := cron.get_next_fire_time(None, asked + timedelta(microseconds=1))) is not None:
        asked, wall = found, found.replace(tzinfo=None)
        moment = first_moment(wall, here)
        if moment > after:  # not the second time that an hour comes
            yield Slot(wall.strftime(KEY), moment)


@lru_cache(maxsize=256)  # reading its fields takes longer than asking it
def _cron(at: tuple[tuple[str, object], ...]) -> CronTrigger:
    return CronTrigger(**dict(at), timezone=UTC)


def _checked(name: str, at: Fields) -> Fields:
    if len(name) > LONGEST_NAME:
        raise ValueError(f"{name}: a job's name has {LONGEST_NAME} letters at most")
    if not at or not at.keys() <= FIELDS:
        raise ValueError(f"{name}: a job's moments are given by {', '.join(sorted(FIELDS))}")
    if any(letter.isdigit() for letter in str(at.get("day_of_week", ""))):
        raise ValueError(f"{name}: weekdays by name, for 1 is Tuesday here and Monday elsewhere")
    cron = CronTrigger(**at, timezone=UTC)
    if cron.get_next_fire_time(None, datetime(2024, 1, 1, tzinfo=UTC)) is None:
        raise ValueError(f"{name}: no such moment ever comes")
    return at
