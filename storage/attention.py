"""Attention: how each person wants to be written to, and when they are away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.rules.attention import Pace
from storage.columns import Id, Utc, Verbs, metadata

attention_themes = Table(
    "attention_themes",
    metadata,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("theme", Text, primary_key=True),
    Column("pace", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("at", Utc, nullable=False),
)
attention_habits = Table(
    "attention_habits",
    metadata,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("quiet_august", Boolean, nullable=False),
    Column("at", Utc, nullable=False),
)
absences = Table(
    "absences",
    metadata,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("until", Date, nullable=False),
    Column("deputy", Id, ForeignKey("persons.id")),
    Column("at", Utc, nullable=False),
    Column("begins", Date),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose for one theme: its `pace`, and on which `platform` ("" for where they prefer)."""

    pace: Pace = "instant"
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away: `until` is the last day, `deputy` who stands in (a person's number, None for nobody),
    `at` when they said so (UTC), `begins` the first day, None for the one on which they said so."""

    person_id: int
    until: date
    deputy: int | None
    at: datetime
    begins: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What everybody said that matters for one theme, by person: the `paces` they chose, who wants a
    `quiet_august`, and who said that they are `away`, also if that is past or lies ahead: the first day (None
    if it begins at once) and the last."""

    paces: Mapping[int, Pace]
    quiet_august: frozenset[int]
    away: Mapping[int, tuple[date | None, date]]


_theme, _habit, _absence = insert(attention_themes), insert(attention_habits), insert(absences)
CHOOSE = _theme.on_conflict_do_update(
    index_elements=["person_id", "theme"],
    set_={key: _theme.excluded[key] for key in ("pace", "platform", "at")},
)
CHOSEN = (
    select(attention_themes.c.theme, attention_themes.c.pace, attention_themes.c.platform)
    .where(attention_themes.c.person_id == bindparam("person"))
    .order_by(attention_themes.c.theme)
)
AUGUST = _habit.on_conflict_do_update(
    index_elements=["person_id"], set_={key: _habit.excluded[key] for key in ("quiet_august", "at")}
)
QUIET_AUGUST = select(attention_habits.c.quiet_august).where(
    attention_habits.c.person_id == bindparam("person")
)
AWAY = _absence.on_conflict_do_update(
    index_elements=["person_id"],
    set_={key: _absence.excluded[key] for key in ("until", "deputy", "at", "begins")},
)
BACK = delete(absences).where(absences.c.person_id == bindparam("person"))
LONG_BACK = delete(absences).where(absences.c.until < bindparam("before"))
ABSENCE = select(absences).where(absences.c.person_id == bindparam("person"))
STOOD_IN_FOR = select(absences).where(absences.c.deputy == bindparam("person")).order_by(absences.c.person_id)
PACES_OF = select(attention_themes.c.person_id, attention_themes.c.pace).where(
    attention_themes.c.theme == bindparam("about")
)
QUIET_ONES = select(attention_habits.c.person_id).where(attention_habits.c.quiet_august)
AWAY_DAYS = select(absences.c.person_id, absences.c.begins, absences.c.until)


class Attention(Verbs):
    """The verbs over attention."""

    def choose(self, person_id: int, theme: str, chosen: Chosen, now: datetime) -> None:
        """A person wants notices of a theme like this."""
        given = {"person_id": person_id, "theme": theme, "at": now}
        given |= {"pace": chosen.pace, "platform": chosen.platform}
        self._connection.execute(CHOOSE, given)

    def of(self, person_id: int) -> Mapping[str, Chosen]:
        """What a person chose, by theme; a theme of which they said nothing is not in it."""
        rows = self._connection.execute(CHOSEN, {"person": person_id})
        return {theme: Chosen(pace, platform) for theme, pace, platform in rows}

    def set_quiet_august(self, person_id: int, quiet: bool, now: datetime) -> None:
        """A person wants nothing in August but what is about events, or wants it again."""
        self._connection.execute(AUGUST, {"person_id": person_id, "quiet_august": quiet, "at": now})

    def quiet_august(self, person_id: int) -> bool:
        """Whether a person wants a quiet August."""
        return bool(self._connection.execute(QUIET_AUGUST, {"person": person_id}).scalar())

    def away(
        self, person_id: int, until: date, deputy: int | None, now: datetime, begins: date | None = None
    ) -> None:
        """A person is away up to this day, from now on or from the day on that it `begins`; what they said
        before is replaced."""
        given = {"person_id": person_id, "until": until, "deputy": deputy, "at": now, "begins": begins}
        self._connection.execute(AWAY, given)

    def back(self, person_id: int) -> None:
        """A person is there again."""
        self._connection.execute(BACK, {"person": person_id})

    def forget(self, before: date) -> None:
        """Delete the absences that were over before this day."""
        self._connection.execute(LONG_BACK, {"before": before})

    def absence(self, person_id: int) -> Absence | None:
        """When a person said that they are away, also if that is past or ahead; None if they never did."""
        row = self._connection.execute(ABSENCE, {"person": person_id}).first()
        return None if row is None else Absence(*row)

    def stood_in_for(self, deputy: int) -> tuple[Absence, ...]:
        """The absences in which a person stands in, also those that are past or lie ahead."""
        return tuple(Absence(*row) for row in self._connection.execute(STOOD_IN_FOR, {"person": deputy}))

    def wanted(self, theme: str) -> Wanted:
        """What everybody said that matters for one theme, in three statements, for what goes to many."""
        paces = self._connection.execute(PACES_OF, {"about": theme}).all()
        quiet = self._connection.execute(QUIET_ONES).scalars()
        away = {row[0]: (row[1], row[2]) for row in self._connection.execute(AWAY_DAYS)}
        return Wanted(_pairs(paces), frozenset(quiet), away)


def _pairs(rows: Iterable[Any]) -> dict[int, Any]:
    return {row[0]: row[1] for row in rows}
