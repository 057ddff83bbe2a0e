"""The verbs over activities."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, exists, func, select, update

from bot.rules.indicators import Record
from storage.activities import reading
from storage.activities.recalled import Days, as_read, with_written
from storage.activities.tables import activities, evidence, involved, smes, versions
from storage.activities.values import Activity, Evidence, Version
from storage.columns import Utc, Words
from storage.persons import persons
from storage.recall import RecallingVerbs

T = TypeVar("T")

LARGEST = 2**63 - 1  # more does not fit in a row's number

ADD = activities.insert().returning(
    activities.c.id,
    select(persons.c.name).where(persons.c.id == bindparam("writer")).scalar_subquery(),
)
ADD_INVOLVED = involved.insert()
ADD_SMES = smes.insert()
ADD_EVIDENCE = evidence.insert()
ADD_VERSION = versions.insert()
WRITE = (
    update(activities)
    .where(activities.c.id == bindparam("one"))
    .values(
        version=activities.c.version + 1,
        kind=bindparam("new_kind"),
        title=bindparam("new_title", type_=Words),
        day=bindparam("new_day"),
        state=bindparam("new_state"),
        sme_number=bindparam("new_sme_number"),
        sme_basis=bindparam("new_sme_basis"),
    )
    .returning(activities.c.version)
)
ANSWER = (
    update(involved)
    .where(involved.c.activity_id == bindparam("one"), involved.c.organisation == bindparam("who"))
    .values(
        answer=bindparam("said"),
        answered_by=bindparam("person"),
        answered_at=bindparam("now", type_=Utc),
    )
    .returning(involved.c.organisation)
)
PARTS = select(involved).where(involved.c.activity_id == bindparam("one"))
DROP_PARTS = delete(involved).where(
    involved.c.activity_id == bindparam("one"),
    involved.c.organisation.in_(bindparam("those", expanding=True)),
)
DROP_SMES = delete(smes).where(smes.c.activity_id == bindparam("one"))


class Activities(RecallingVerbs):
    """The verbs over activities."""

    def lock(self) -> None:
        """Let nobody else log or change an activity until the transaction ends: take it before deciding on
        what is there already."""
        self._recall.lock("activities")

    def add(self, record: Record, author: int, links: Sequence[str], now: datetime) -> Activity:
        """Log a record (its `id` and `evidence` are not looked at) with links as evidence."""
        known = self._recall.changed("activities")
        run = self._connection.execute
        row = _row(record) | {"author": author, "writer": author, "version": 1, "logged_at": now}
        number, name = run(ADD, row).one()
        proofs = tuple(Evidence("link", url, by=author, at=now) for url in links)
        record = replace(record, id=number, evidence=len(proofs))
        run(ADD_INVOLVED, _parts(record))
        if record.smes:
            run(ADD_SMES, _firms(record))
        if proofs:
            run(ADD_EVIDENCE, [_proof(record.id, proof) for proof in proofs])
        run(ADD_VERSION, _version(record, 1, author, now, ""))
        activity = as_read(Activity(record, author, name, proofs, 1, now))
        self._recall.bring_forward("activities", with_written(known, activity, new=True))
        return activity

    def get(self, activity_id: int, lock: bool = False) -> Activity | None:
        """The activity with this number in whatever state, or None. With `lock`, nobody else changes it
        until the transaction ends: take it before deciding on what is read here."""
        if not 0 < activity_id <= LARGEST:
            return None
        statement = reading.ONE_LOCKED if lock and self._writes else reading.ONE
        rows = self._connection.execute(statement, {"one": activity_id}).all()
        return next(iter(reading.of_rows(self._connection, rows)), None)

    def change(self, activity_id: int, record: Record, by: int, now: datetime, reason: str = "") -> Activity:
        """Write the record anew as the next version; `by` (a person's number) and `reason` stay with it
        (spec/engagement.md 5.7). Evidence stays as it is. Raises LookupError if there is none."""
        known = self._recall.changed("activities")
        row = {f"new_{name}": value for name, value in _row(record).items()}
        version = self._connection.execute(WRITE, row | {"one": activity_id}).scalar()
        before = self.get(activity_id)
        if version is None or before is None:
            raise LookupError(f"activity {activity_id}")
        record = replace(record, id=activity_id, evidence=before.record.evidence)
        if record.involved != before.record.involved:
            self._write_parts(record, by, now)
        if record.smes != before.record.smes:
            self._connection.execute(DROP_SMES, {"one": activity_id})
            if record.smes:
                self._connection.execute(ADD_SMES, _firms(record))
        self._connection.execute(ADD_VERSION, _version(record, version, by, now, reason))
        activity = as_read(replace(before, record=record))
        self._recall.bring_forward("activities", with_written(known, activity))
        return activity

    def answer(
        self, activity_id: int, organisation: str, answer: str, by: int, now: datetime, state: str = ""
    ) -> Activity:
        """A co-host's tap ("confirmed", "denied"; "open" takes it back), kept with who and when, but no
        version of its own; `state` changes the activity's state with it. Raises LookupError if that
        organisation has no part in it."""
        known = self._recall.changed("activities")
        said: dict[str, Any] = {"one": activity_id, "who": organisation, "said": answer}
        if self._connection.execute(ANSWER, said | {"person": by, "now": now}).first() is None:
            raise LookupError(f"{organisation} in activity {activity_id}")
        if state:
            chosen = update(activities).where(activities.c.id == activity_id)
            self._connection.execute(chosen.values(state=state))
        activity = self.get(activity_id)
        assert activity is not None
        self._recall.bring_forward("activities", with_written(known, activity))
        return activity

    def add_evidence(self, activity_id: int, proof: Evidence, now: datetime) -> None:
        """Add a link or file; `now` is when, if it does not say."""
        self._recall.changed("activities")
        self._connection.execute(ADD_EVIDENCE, _proof(activity_id, replace(proof, at=proof.at or now)))

    def between(self, first: date, last: date) -> tuple[Activity, ...]:
        """The activities of these days, both included, in every state, oldest day first; always the
        same number of statements."""
        return self._recall.read(
            "activities",
            Days(first, last),
            lambda: reading.of_days(self._connection, reading.BETWEEN, first, last),
        )

    def worked_out(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` makes of activities (and of `key`, which names everything else that it looks at):
        remembered until one of them changes."""
        return self._recall.read("activities", ("worked out", key), work)

    def near(self, day: date, days: int) -> tuple[Activity, ...]:
        """The activities at most so many days away from `day`, without withdrawn ones."""
        reach = timedelta(days=days)
        return reading.of_days(self._connection, reading.NEAR, day - reach, day + reach)

    def with_link(self, url: str) -> tuple[Activity, ...]:
        """The activities that have this very link as evidence, without withdrawn ones."""
        rows = self._connection.execute(reading.WITH_LINK, {"link": url})
        return reading.of_rows(self._connection, rows)

    def listing(
        self,
        *,
        organisation: str = "",
        author: int = 0,
        limit: int,
        offset: int,
        with_withdrawn: bool = False,
        last_logged_first: bool = False,
    ) -> tuple[tuple[Activity, ...], int]:
        """One page, newest day first (or last logged first), and how many there are in all: those of which
        an organisation (slug) is host or co-host (and did not deny it), or which a person (number) logged, or
        all."""
        chosen = [] if with_withdrawn else [activities.c.state != "withdrawn"]
        if organisation:
            chosen.append(
                exists().where(
                    involved.c.activity_id == activities.c.id,
                    involved.c.organisation == organisation,
                    involved.c.part != "attended",
                    involved.c.answer != "denied",
                )
            )
        if author:
            chosen.append(activities.c.author == author)
        total = self._connection.execute(select(func.count()).select_from(activities).where(*chosen))
        order = (
            [activities.c.id.desc()]
            if last_logged_first
            else [activities.c.day.desc(), activities.c.id.desc()]
        )
        page = reading.ROWS.where(*chosen).order_by(*order)
        rows = self._connection.execute(page.limit(limit).offset(offset))
        return reading.of_rows(self._connection, rows), total.scalar_one()

    def versions(self, activity_id: int) -> tuple[Version, ...]:
        """How it was logged and every change since, oldest first."""
        return reading.of_versions(self._connection, activity_id)

    def written(self, first: datetime, end: datetime) -> tuple[tuple[Activity, tuple[Version, ...]], ...]:
        """What was logged or changed from `first` on and before `end`, oldest day first: each activity as it
        stands now, with its versions of that time."""
        return reading.of_written(self._connection, first, end)

    def _write_parts(self, record: Record, by: int, now: datetime) -> None:
        """Replace the organisations that differ; an answer that stays keeps who gave it and when."""
        run, one = self._connection.execute, {"one": record.id}
        before = {row["organisation"]: dict(row) for row in run(PARTS, one).mappings()}
        after = {}
        for row in _parts(record):
            old = before.get(row["organisation"])
            if old is not None and old["answer"] == row["answer"]:
                row |= {"answered_by": old["answered_by"], "answered_at": old["answered_at"]}
            elif row["answer"] != "open":
                row |= {"answered_by": by, "answered_at": now}
            after[row["organisation"]] = row
        gone = [name for name, row in before.items() if after.get(name) != row]
        if gone:
            run(DROP_PARTS, one | {"those": gone})
        fresh = [row for name, row in after.items() if before.get(name) != row]
        if fresh:
            run(ADD_INVOLVED, fresh)


def _row(record: Record) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "title": record.title,
        "day": record.day,
        "state": record.state,
        "sme_number": record.sme_number,
        "sme_basis": record.sme_basis,
    }


def _parts(record: Record) -> list[dict[str, Any]]:
    return [
        {
            "activity_id": record.id,
            "organisation": one.organisation,
            "position": position,
            "part": one.part,
            "answer": one.answer,
            "answered_by": None,
            "answered_at": None,
        }
        for position, one in enumerate(record.involved)
    ]


def _firms(record: Record) -> list[dict[str, Any]]:
    return [
        {
            "activity_id": record.id,
            "position": position,
            "name": one.name,
            "country": one.country,
            "registration": one.registration,
            "domain": one.domain,
        }
        for position, one in enumerate(record.smes)
    ]


def _proof(activity_id: int, one: Evidence) -> dict[str, Any]:
    kept = {"kind": one.kind, "url": one.url, "file_id": one.file_id, "file_name": one.file_name}
    return kept | {"activity_id": activity_id, "platform": one.platform, "by": one.by, "at": one.at}


def _version(record: Record, version: int, by: int, now: datetime, reason: str) -> dict[str, Any]:
    kept = reading.record_to_json(record)
    row = {"activity_id": record.id, "version": version, "record": kept}
    return row | {"by": by, "at": now, "reason": reason}
