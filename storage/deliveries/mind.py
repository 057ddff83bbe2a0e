"""All that a reader's attention depends on, in one statement: each notice that is claimed asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from storage.attention import Absence, Chosen, absences, attention_themes
from storage.columns import Utc, Verbs
from storage.deliveries.attention import HAD, WAITING_FOR
from storage.deliveries.tables import deliveries
from storage.silenced import silenced


@dataclass(frozen=True, slots=True)
class Mind:
    """What a person stopped (`kinds`), chose by theme, and had since a moment that counted (UTC); their
    absence, also one that is past or lies ahead; how many notices wait for them that are due `soon`."""

    kinds: frozenset[str]
    chosen: Mapping[str, Chosen]
    absence: Absence | None
    had: tuple[datetime, ...]
    waiting: int


_person: BindParameter[int] = bindparam("person", type_=Integer)
_nothing: dict[str, ColumnElement[Any]] = {
    "one": cast(literal_column("''"), Text),
    "two": cast(literal_column("''"), Text),
    "three": cast(literal_column("''"), Text),
    "at": cast(null(), Utc),
    "first": cast(null(), Date),
    "last": cast(null(), Date),
    "number": cast(null(), Integer),
}


def _rows(what: str, **given: ColumnElement[Any]) -> Select[Any]:
    """A part of the statement: rows of one sort, with nothing where they have no column."""
    every = ((_nothing | given)[name].label(name) for name in _nothing)
    return select(literal_column(f"'{what}'").label("what"), *every)


_soon = WAITING_FOR.where(deliveries.c.not_before <= bindparam("soon", type_=Utc)).order_by(None).subquery()
_had = HAD.order_by(None).subquery()
MIND = union_all(
    _rows("kind", one=silenced.c.kind).where(silenced.c.person_id == _person),
    _rows(
        "chosen",
        one=attention_themes.c.theme,
        two=attention_themes.c.pace,
        three=attention_themes.c.platform,
    ).where(attention_themes.c.person_id == _person),
    _rows(
        "absence",
        at=absences.c.at,
        first=absences.c.begins,
        last=absences.c.until,
        number=absences.c.deputy,
    ).where(absences.c.person_id == _person),
    _rows("had", at=_had.c.attempted_at),
    _rows("waiting", number=func.count()).select_from(_soon),
)


class Minds(Verbs):
    """The verb by which a reader's attention is looked at."""

    def mind(self, person_id: int, since: datetime, soon: datetime, but: int) -> Mind:
        """What a person's attention depends on: what they had from a moment on, leaving out the delivery of
        this number (`but`), and what waits for them until `soon` (UTC)."""
        asked = {"person": person_id, "from": since, "soon": soon, "but": but}
        return _mind_of(person_id, self._connection.execute(MIND, asked))


def _mind_of(person_id: int, rows: Iterable[Any]) -> Mind:
    """The rows of `MIND` as one value."""
    kinds, chosen, absence, had, waiting = set[str](), dict[str, Chosen](), None, list[datetime](), 0
    for row in rows:
        match row.what:
            case "kind":
                kinds.add(row.one)
            case "chosen":
                chosen[row.one] = Chosen(row.two, row.three)
            case "absence":
                absence = Absence(person_id, row.last, row.number, row.at, row.first)
            case "had":
                had.append(row.at)
            case "waiting":
                waiting = row.number
    return Mind(frozenset(kinds), chosen, absence, tuple(sorted(had)), waiting)
