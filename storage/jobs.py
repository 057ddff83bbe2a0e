"""Jobs: what runs by itself, since when and whether it is paused, and each of its slots once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, id_column, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("since", Utc, nullable=False),
    Column("paused_at", Utc),
    Column("paused_by", Id, ForeignKey("persons.id")),
)
runs = Table(
    "runs",
    metadata,
    id_column(),
    Column("job", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("ran_at", Utc, nullable=False),
    Column("says", Words, nullable=False),
    Column("made", Integer, nullable=False),
    UniqueConstraint("job", "slot"),
)
Index("ix_runs_ran_at", runs.c.job, runs.c.ran_at)


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as it is kept. Slots up to `since` are not its business: it was not there yet, or paused.
    `paused_by` is the person who paused it."""

    name: str
    since: datetime
    paused_at: datetime | None = None
    paused_by: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One slot of a job. `made` is how many messages it put on their way; `says` the short reference
    under which a failed attempt was logged."""

    job: str
    slot: str
    state: Literal["done", "failed"]
    attempts: int
    ran_at: datetime
    says: str = ""
    made: int = 0


KNOW = insert(jobs).on_conflict_do_nothing(index_elements=["name"])
GET = select(jobs).where(jobs.c.name == bindparam("job"))
_job = update(jobs).where(jobs.c.name == bindparam("job"))
PAUSE = _job.values(paused_at=bindparam("now", type_=Utc), paused_by=bindparam("person"))
RESUME = _job.values(since=bindparam("now", type_=Utc), paused_at=None, paused_by=None)
_new = insert(runs)
_again = {"attempts": runs.c.attempts + 1, "ran_at": _new.excluded.ran_at, "says": _new.excluded.says}
# The state it will have when this transaction commits: until then nobody else sees the row, and whoever
# wants the same slot waits for the transaction to end.
CLAIM = _new.on_conflict_do_update(
    index_elements=["job", "slot"],
    set_={"state": "done", **_again},
    where=runs.c.state == "failed",
).returning(runs.c.attempts)
BROKE = _new.on_conflict_do_update(
    index_elements=["job", "slot"], set_=_again, where=runs.c.state == "failed"
)
FINISHED = (
    update(runs)
    .where(runs.c.job == bindparam("which"), runs.c.slot == bindparam("when"))
    .values(made=bindparam("number"))
)
_other = runs.alias()
_newest = select(runs.c.job, func.max(runs.c.ran_at).label("ran_at")).group_by(runs.c.job).subquery()
LAST = (
    select(runs.c.job, runs.c.slot, runs.c.state, runs.c.attempts, runs.c.ran_at, runs.c.says, runs.c.made)
    .join(_newest, (runs.c.job == _newest.c.job) & (runs.c.ran_at == _newest.c.ran_at))
    .order_by(runs.c.id)  # of two at one moment the later one is kept
)
# The newest run of a job says when it ran last, however long ago.
FORGET = delete(runs).where(
    runs.c.ran_at < bindparam("before", type_=Utc),
    runs.c.ran_at < select(func.max(_other.c.ran_at)).where(_other.c.job == runs.c.job).scalar_subquery(),
)


class Jobs(Verbs):
    """The verbs over jobs and their runs."""

    def known(self, name: str, now: datetime) -> JobRow:
        """The job with this name. One that is met for the first time is kept, and begins now: it has
        nothing to catch up with."""
        row = self._connection.execute(GET, {"job": name}).first()
        if row is None:
            self._connection.execute(KNOW, {"name": name, "since": now})
            row = self._connection.execute(GET, {"job": name}).one()
        return JobRow(*row)

    def pause(self, name: str, person_id: int, now: datetime) -> None:
        """A person stops the job until it is resumed."""
        self.known(name, now)
        self._connection.execute(PAUSE, {"job": name, "person": person_id, "now": now})

    def resume(self, name: str, now: datetime) -> None:
        """The job goes on from now; what was passed by meanwhile is not caught up with."""
        self.known(name, now)
        self._connection.execute(RESUME, {"job": name, "now": now})

    def claim(self, job: str, slot: str, now: datetime) -> int | None:
        """Take a slot for this transaction, which is to run it whole: once it commits the slot is done.
        The attempt's number (1, 2, …), or None where the slot is done. Waits while another transaction
        runs the same slot, and raises Busy where that takes long. Say `broke` after a rollback."""
        given = {"job": job, "slot": slot, "state": "done", "attempts": 1, "ran_at": now}
        attempt: int | None = self._connection.execute(CLAIM, given | {"says": "", "made": 0}).scalar()
        return attempt

    def finished(self, job: str, slot: str, made: int) -> None:
        """What was claimed has put so many messages on their way."""
        self._connection.execute(FINISHED, {"which": job, "when": slot, "number": made})

    def broke(self, job: str, slot: str, says: str, now: datetime) -> None:
        """An attempt at this slot was rolled back; it may be claimed again. A slot that is done stays so."""
        given = {"job": job, "slot": slot, "state": "failed", "attempts": 1, "ran_at": now}
        self._connection.execute(BROKE, given | {"says": says, "made": 0})

    def last_runs(self) -> Mapping[str, Run]:
        """The newest run of each job, by its name."""
        return {row[0]: Run(*row) for row in self._connection.execute(LAST)}

    def forget(self, before: datetime) -> None:
        """Delete the runs of before this moment, but for the newest of each job."""
        self._connection.execute(FORGET, {"before": before})
