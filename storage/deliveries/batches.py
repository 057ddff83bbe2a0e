"""What the verbs over deliveries ask of a batch: all that one decision puts on its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, literal_column, select, update

from bot.messages import Place
from bot.rules.broadcasts.values import Tally
from storage.accounts import accounts
from storage.columns import Utc, Words
from storage.deliveries.tables import (
    COLUMNS,
    Act,
    Delivery,
    State,
    deliveries,
    delivery_of,
    in_a_batch,
    is_attempting,
    is_queued,
)
from storage.persons import persons

DONE_WITHOUT: Final = ("failed", "skipped")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch for one reader. `reader` as in `Delivery`; `name` is the person's, else the
    account's, else the place's as the batch knew it; `says` is why it failed or was skipped, else "";
    `at` when that was (UTC); `act` what was done in the end; `delivery` the number of the one that says so;
    `tries` how many there were."""

    reader: str
    name: str
    platform: str
    state: State
    says: str
    at: datetime | None
    person: int | None
    place: Place | None
    account: int | None
    act: Act
    delivery: int
    tries: int


_of_batch = (in_a_batch, deliveries.c.batch == bindparam("those", type_=Words))
# The truth about a reader: one that arrived, else one said in a digest, else one that may yet, else one of
# which nobody can tell, else the newest that came to nothing. What a digest says has come as far as that.
_RANK = {"sent": 0, "folded": 1, "attempting": 2, "queued": 3, "unknown": 4}
_digest = deliveries.alias("digest")
_in_a_digest = and_(deliveries.c.state == "folded", _digest.c.state.not_in(("sent", "folded")))
_state = case((_in_a_digest, _digest.c.state), else_=deliveries.c.state)
_rank = case(_RANK, value=_state, else_=5)
_shown = ("id", "reader", "platform", "says", "done_at", "attempted_at", "person_id", "place", "account_id",
          "act")  # fmt: skip
_columns: list[ColumnElement[Any]] = [deliveries.c[name] for name in _shown]
_truth = (
    select(
        *_columns,
        _state.label("state"),
        func.row_number()
        .over(partition_by=deliveries.c.reader, order_by=(_rank, deliveries.c.id.desc()))
        .label("nth"),
        func.count().over(partition_by=deliveries.c.reader).label("tries"),
    )
    .select_from(deliveries.outerjoin(_digest, _digest.c.id == deliveries.c.folded_into))
    .where(*_of_batch)
    .cte("truth")
)
_why = case((_truth.c.state.in_(DONE_WITHOUT), _truth.c.says), else_=literal_column("''"))
TALLY = (
    select(_truth.c.state, _why.label("why"), func.count(type_=Integer))
    .where(_truth.c.nth == 1)
    .group_by(_truth.c.state, literal_column("why"))
)
OUTCOMES = (
    select(
        _truth.c.reader,
        func.coalesce(persons.c.name, accounts.c.name),
        _truth.c.platform,
        _truth.c.state,
        _why,
        func.coalesce(_truth.c.done_at, _truth.c.attempted_at),
        _truth.c.person_id,
        _truth.c.place,
        _truth.c.account_id,
        _truth.c.act,
        _truth.c.id,
        _truth.c.tries,
    )
    .select_from(_truth)
    .outerjoin(persons, persons.c.id == _truth.c.person_id)
    .outerjoin(accounts, accounts.c.id == _truth.c.account_id)
    .where(_truth.c.nth == 1)
    .order_by(_truth.c.id)
)
OF_BATCH = select(*COLUMNS).where(*_of_batch).order_by(deliveries.c.id)
HELD = OF_BATCH.with_for_update()
# Locked in the order of their numbers, as `HELD` does: two that change the same batch wait, and never for
# each other.
_those = select(deliveries.c.id).where(*_of_batch).order_by(deliveries.c.id).with_for_update()
_waiting = _those.where(is_queued).cte("waiting")
_under_way = _those.where(is_attempting).cte("under_way")
_now = bindparam("now", type_=Utc)
STOP = (
    update(deliveries)
    .where(deliveries.c.id.in_(select(_waiting.c.id)))
    .values(state="skipped", done_at=_now, says=bindparam("what", type_=Words))
    .returning(deliveries.c.id)
)
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # until when that is of use which was stopped on its way
NO_MORE = (
    update(deliveries)
    .where(deliveries.c.id.in_(select(_under_way.c.id)))
    .values(useful_until=NEVER, says=bindparam("what", type_=Words))
)
was_stopped = deliveries.c.useful_until == NEVER
_in_it = select(deliveries.c.id).where(*_of_batch)
_about_it = (
    select(deliveries.c.id)
    .where(
        is_queued,
        deliveries.c.platform.in_(select(deliveries.c.platform).where(*_of_batch)),  # for the index's sake
        deliveries.c.about.in_(_in_it),
        deliveries.c.act.in_(bindparam("acts", expanding=True)),
    )
    .order_by(deliveries.c.id)
    .with_for_update()
    .cte("about_it")
)
LEAVE_OUT = (
    update(deliveries)
    .where(deliveries.c.id.in_(select(_about_it.c.id)))
    .values(state="skipped", done_at=_now, says=bindparam("what", type_=Words))
)
STANDING_IN = (
    select(*COLUMNS)
    .where(
        in_a_batch,
        deliveries.c.state == "sent",
        deliveries.c.platform == bindparam("on"),
        deliveries.c.target == bindparam("chat"),
    )
    .order_by(deliveries.c.id)
    .with_for_update()
)
_elsewhen = {
    "not_before": bindparam("then", type_=Utc),
    "useful_until": func.coalesce(bindparam("over", type_=Utc), deliveries.c.useful_until, type_=Utc),
}
MOVE_ALL = (
    update(deliveries)
    .where(deliveries.c.id.in_(select(_waiting.c.id)))
    .values(_elsewhen)
    .returning(deliveries.c.id)
)
MOVE_IF_PUT_OFF = update(deliveries).where(deliveries.c.id.in_(select(_under_way.c.id))).values(_elsewhen)
UNCLEAR_THEN = "nobody could tell whether it stood"  # why an act about a message was left out
STANDS_AFTER_ALL = (
    update(deliveries)
    .where(
        in_a_batch,
        deliveries.c.about == bindparam("one"),
        deliveries.c.state == "skipped",
        deliveries.c.says == UNCLEAR_THEN,
    )
    .values(state="queued", not_before=_now, says="")
)


def tally_of(rows: Iterable[Any]) -> Tally:
    """The rows of `TALLY` as one value."""
    counts: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for state, why, many in rows:
        counts[state] = counts.get(state, 0) + many
        if why:
            reasons[why] = many + reasons.get(why, 0)
    return Tally(**counts, reasons=reasons)


def outcome_of(row: Any) -> Outcome:
    """A row of `OUTCOMES` as its value."""
    reader, name, *rest = row
    found = Outcome(reader, name or "", *rest)
    if not name and found.place is not None:
        return Outcome(reader, found.place.name, *rest)
    return found


def deliveries_of(rows: Iterable[Any]) -> tuple[Delivery, ...]:
    """Rows of `COLUMNS` as deliveries."""
    return tuple(map(delivery_of, rows))
