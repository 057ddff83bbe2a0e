"""Rows to activities: the main rows, then all their children in three statements, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, select

from bot.rules.indicators import Involved, Record, Sme
from storage.activities.tables import activities, evidence, involved, smes, versions
from storage.activities.values import Activity, Evidence, Version
from storage.columns import Utc
from storage.persons import persons

ROWS = select(
    activities.c.id,
    activities.c.kind,
    activities.c.title,
    activities.c.day,
    activities.c.state,
    activities.c.sme_number,
    activities.c.sme_basis,
    activities.c.author,
    persons.c.name,
    activities.c.version,
    activities.c.logged_at,
).join_from(activities, persons, persons.c.id == activities.c.author)
INVOLVED = select(
    involved.c.activity_id,
    involved.c.organisation,
    involved.c.part,
    involved.c.answer,
).order_by(involved.c.activity_id, involved.c.position)
SMES = select(smes.c.activity_id, smes.c.name, smes.c.country, smes.c.registration, smes.c.domain).order_by(
    smes.c.activity_id, smes.c.position
)
EVIDENCE = select(
    evidence.c.activity_id,
    evidence.c.kind,
    evidence.c.url,
    evidence.c.file_id,
    evidence.c.file_name,
    evidence.c.platform,
    evidence.c.by,
    evidence.c.at,
).order_by(evidence.c.activity_id, evidence.c.id)

Children = tuple[Select[Any], Select[Any], Select[Any]]


def _children(among: ColumnElement[bool] | None, direct: str = "") -> Children:
    """The three statements for the children of some activities: `among` is said of the activities,
    `direct` names a parameter with their numbers."""
    found = []
    for statement, table in ((INVOLVED, involved), (SMES, smes), (EVIDENCE, evidence)):
        if among is None:
            chosen = table.c.activity_id.in_(bindparam(direct, expanding=True))
            found.append(statement.where(chosen))
        else:
            parent = activities.c.id == table.c.activity_id
            found.append(statement.join_from(table, activities, parent).where(among))
    return found[0], found[1], found[2]


ONE = ROWS.where(activities.c.id == bindparam("one"))
ONE_LOCKED = ONE.with_for_update(of=activities)
_days = activities.c.day.between(bindparam("first"), bindparam("last"))
_stands = activities.c.state != "withdrawn"
_linked = exists().where(evidence.c.activity_id == activities.c.id, evidence.c.url == bindparam("link"))
BETWEEN = ROWS.where(_days).order_by(activities.c.day, activities.c.id)
NEAR = BETWEEN.where(_stands)
WITH_LINK = ROWS.where(_linked, _stands).order_by(activities.c.day, activities.c.id)
OF_DAYS = _children(_days)
OF_THESE = _children(None, "these")
VERSIONS = (
    select(versions.c.version, versions.c.record, versions.c.by, versions.c.at, versions.c.reason)
    .where(versions.c.activity_id == bindparam("one"))
    .order_by(versions.c.version)
)
WRITTEN = (
    select(
        versions.c.activity_id,
        versions.c.version,
        versions.c.record,
        versions.c.by,
        versions.c.at,
        versions.c.reason,
    )
    .where(versions.c.at >= bindparam("first", type_=Utc), versions.c.at < bindparam("end", type_=Utc))
    .order_by(versions.c.activity_id, versions.c.version)
)
THESE = ROWS.where(activities.c.id.in_(bindparam("these", expanding=True))).order_by(
    activities.c.day, activities.c.id
)


def of_days(connection: Connection, rows: Select[Any], first: date, last: date) -> tuple[Activity, ...]:
    """The activities of these days: four statements, whether there are ten or ten thousand."""
    asked = {"first": first, "last": last}
    return _gather(connection, connection.execute(rows, asked).all(), OF_DAYS, asked)


def of_rows(connection: Connection, rows: Iterable[Any]) -> tuple[Activity, ...]:
    """A handful of activities, by rows already read."""
    rows = list(rows)
    return _gather(connection, rows, OF_THESE, {"these": [row[0] for row in rows]}) if rows else ()


def of_versions(connection: Connection, number: int) -> tuple[Version, ...]:
    """Every version of one activity, oldest first."""
    rows = connection.execute(VERSIONS, {"one": number})
    return tuple(Version(row[0], record_from_json(row[1]), *row[2:]) for row in rows)


def of_written(
    connection: Connection, first: datetime, end: datetime
) -> tuple[tuple[Activity, tuple[Version, ...]], ...]:
    """What was logged or changed from `first` on and before `end`: each activity as it stands, with the
    versions of that time."""
    found: defaultdict[int, list[Version]] = defaultdict(list)
    for number, version, record, *rest in connection.execute(WRITTEN, {"first": first, "end": end}):
        found[number].append(Version(version, record_from_json(record), *rest))
    rows = connection.execute(THESE, {"these": list(found)})
    return tuple((one, tuple(found[one.record.id])) for one in of_rows(connection, rows))


def _gather(
    connection: Connection, rows: Iterable[Any], children: Children, asked: dict[str, Any]
) -> tuple[Activity, ...]:
    parts: defaultdict[int, list[Involved]] = defaultdict(list)
    firms: defaultdict[int, list[Sme]] = defaultdict(list)
    proofs: defaultdict[int, list[Evidence]] = defaultdict(list)
    rest: list[Any]
    for number, *rest in connection.execute(children[0], asked).all():
        parts[number].append(Involved(*rest))
    for number, *rest in connection.execute(children[1], asked).all():
        firms[number].append(Sme(*rest))
    for number, *rest in connection.execute(children[2], asked).all():
        proofs[number].append(Evidence(*rest))
    return tuple(
        _activity(row, tuple(parts[row[0]]), tuple(firms[row[0]]), tuple(proofs[row[0]])) for row in rows
    )


def _activity(
    row: Any, parts: tuple[Involved, ...], firms: tuple[Sme, ...], proofs: tuple[Evidence, ...]
) -> Activity:
    number, kind, title, day, state, sme_number, sme_basis, author, author_name, version, logged_at = row
    record = Record(
        id=number,
        kind=kind,
        title=title,
        day=day,
        involved=parts,
        state=state,
        smes=firms,
        sme_number=sme_number,
        sme_basis=sme_basis,
        evidence=len(proofs),
    )
    return Activity(record, author, author_name, proofs, version, logged_at)


def record_to_json(record: Record) -> dict[str, Any]:
    """A record as a version keeps it."""
    return {
        "kind": record.kind,
        "title": record.title,
        "day": record.day.isoformat(),
        "involved": [[one.organisation, one.part, one.answer] for one in record.involved],
        "state": record.state,
        "smes": [[one.name, one.country, one.registration, one.domain] for one in record.smes],
        "sme_number": record.sme_number,
        "sme_basis": record.sme_basis,
        "evidence": record.evidence,
        "id": record.id,
    }


def record_from_json(kept: dict[str, Any]) -> Record:
    """The record again."""
    return Record(
        **kept
        | {
            "day": date.fromisoformat(kept["day"]),
            "involved": tuple(Involved(*one) for one in kept["involved"]),
            "smes": tuple(Sme(*one) for one in kept["smes"]),
        }
    )
