"""Judging one record, counting one year (spec/engagement.md 5.1 to 5.5, 5.10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.rules.indicators.smes import sme_key
from bot.rules.indicators.values import Condition, Figure, Missing, Reason, Record, Verdict

COUNTS_ONCE = Verdict(counts=True, planned=False, amount=1)


def figure(
    condition: Condition, records: Iterable[Record], year: int, today: date, scope: str | None = None
) -> Figure:
    """Count one indicator for one year: for the whole alliance, or with `scope` as one organisation's
    own view, which holds what it hosted and the co-hosting it confirmed (5.1, 5.2). Every record of a
    fitting kind and year is listed with its verdict, oldest first (5.10)."""
    judged = tuple(
        (record, judge(record, condition, today, scope))
        for record in sorted(records, key=lambda record: (record.day, record.id))
        if _is_listed(record, condition, year, scope)
    )
    counted = [record for record, verdict in judged if verdict.counts]
    tally = _tally(condition, counted)
    return Figure(
        condition=condition,
        year=year,
        value=tally.value,
        confirmed=tally.confirmed,
        logged=tally.value - tally.confirmed,
        contacts=tally.contacts,
        attested=tally.attested,
        named=tally.named,
        planned=sum(_only_the_day_is_missing(verdict) for _, verdict in judged),
        met=tally.value >= condition.target,
        contributors=_contributors(condition, counted, scope),
        records=judged,
    )


def value_of(condition: Condition, records: Iterable[Record], year: int, today: date) -> int:
    """An indicator's value for one year and nothing else: `figure(...).value`, for a tenth of the work."""
    counted = [
        record
        for record in records
        if counts(record, condition, today) and year_of(record.day, condition.year_starts) == year
    ]
    return _tally(condition, counted).value


def counts(record: Record, condition: Condition, today: date, scope: str | None = None) -> bool:
    """Whether a record counts for an indicator today; `judge` and `why` say what it lacks if not."""
    return (
        record.kind in condition.kinds
        and record.state in condition.states
        and record.day <= today
        and len(standing(record)) >= condition.least_organisations
        and (scope is None or scope in credited(record))
        and (condition.measure != "smes" or bool(record.smes) or _attested([record]) > 0)
    )


def judge(record: Record, condition: Condition, today: date, scope: str | None = None) -> Verdict:
    """Say whether a record counts for an indicator today, and what it lacks if not."""
    if condition.measure == "activities" and counts(record, condition, today, scope):
        return COUNTS_ONCE
    reasons = why(record, condition, today, scope)
    holds = all(reason.holds for reason in reasons)
    return Verdict(
        counts=holds,
        planned=record.day > today and record.state != "withdrawn" and record.kind in condition.kinds,
        amount=_tally(condition, [record]).value if holds else 0,
        missing=tuple(reason.missing for reason in reasons if reason.missing),
    )


def why(record: Record, condition: Condition, today: date, scope: str | None = None) -> tuple[Reason, ...]:
    """Go through the rules one by one, as printed behind "Why does this count?" (5.10). A record of
    another kind, or a withdrawn one, is told only that."""
    if record.kind not in condition.kinds:
        return (Reason("kind", False, missing=Missing("kind")),)
    if record.state == "withdrawn":
        return (Reason("state", False, missing=Missing("withdrawn")),)
    reasons = [
        Reason("kind", True),
        _state(record, condition),
        Reason("ended", True) if record.day <= today else Reason("ended", False, missing=Missing("ended")),
        _organisations(record, condition),
    ]
    if scope is not None:
        own = scope in credited(record)
        reasons.append(Reason("own", own, missing=None if own else Missing("own_confirmation", scope)))
    if condition.measure == "smes":
        reasons.append(_smes(record))
    return tuple(reasons)


def standing(record: Record) -> frozenset[str]:
    """The organisations that took part: named and not denied, silence stands (5.5); and those of which
    somebody came (5.1)."""
    return frozenset(i.organisation for i in record.involved if i.answer != "denied")


def hosts(record: Record) -> tuple[str, ...]:
    """The organisations whose activity it is, the host first: host and co-hosts, named and not denied."""
    return tuple(i.organisation for i in record.involved if i.part != "attended" and i.answer != "denied")


def attended(record: Record) -> tuple[str, ...]:
    """The organisations of which somebody came, beside those whose activity it is (5.1)."""
    return tuple(i.organisation for i in record.involved if i.part == "attended" and i.answer != "denied")


def credited(record: Record) -> frozenset[str]:
    """The organisations in whose own view a record stands: the host, and co-hosts that confirmed (5.2)."""
    return frozenset(
        i.organisation
        for i in record.involved
        if (i.part == "cohost" and i.answer == "confirmed") or (i.part == "host" and i.answer != "denied")
    )


def year_of(day: date, starts: tuple[int, int] = (1, 1)) -> int:
    """The alliance's year a day belongs to, named after the calendar year in which it began (5.1)."""
    return day.year if (day.month, day.day) >= starts else day.year - 1


@dataclass(frozen=True, slots=True)
class _Tally:
    value: int
    confirmed: int
    contacts: int = 0
    attested: int = 0
    named: int = 0


def _tally(condition: Condition, records: Sequence[Record]) -> _Tally:
    sure = [record for record in records if record.state == "confirmed"]
    if condition.measure == "activities":
        return _Tally(value=len(records), confirmed=len(sure))
    named, attested = _reached(condition, records), _attested(records)
    return _Tally(
        value=named + attested,
        confirmed=_reached(condition, sure) + _attested(sure),
        contacts=sum(len(_firms([record])) for record in records) + attested,
        attested=attested,
        named=named,
    )


def _reached(condition: Condition, records: Sequence[Record]) -> int:
    """How many named firms count: each once in the year, or once for each activity if that is the rule."""
    if condition.smes == "per_activity":
        return sum(len(_firms([record])) for record in records)
    return len(_firms(records))


def _firms(records: Iterable[Record]) -> frozenset[str]:
    return frozenset(sme_key(sme) for record in records for sme in record.smes)


def _attested(records: Iterable[Record]) -> int:
    return sum(record.sme_number for record in records if record.sme_basis == "attested")


def _is_listed(record: Record, condition: Condition, year: int, scope: str | None) -> bool:
    return (
        record.kind in condition.kinds
        and year_of(record.day, condition.year_starts) == year
        and (scope is None or scope in hosts(record))
    )


def _only_the_day_is_missing(verdict: Verdict) -> bool:
    return verdict.planned and [missing.code for missing in verdict.missing] == ["ended"]


def _contributors(
    condition: Condition, counted: Sequence[Record], scope: str | None
) -> tuple[tuple[str, int], ...]:
    own: defaultdict[str, list[Record]] = defaultdict(list)
    for record in counted:
        for name in credited(record):
            if scope in (None, name):
                own[name].append(record)
    amounts = [(name, _tally(condition, records).value) for name, records in own.items()]
    return tuple(sorted(amounts, key=lambda amount: (-amount[1], amount[0])))


def _state(record: Record, condition: Condition) -> Reason:
    if record.state in condition.states:
        return Reason("state", True)
    code = "questioned" if record.state == "questioned" else "confirmation"
    return Reason("state", False, missing=Missing(code))


def _organisations(record: Record, condition: Condition) -> Reason:
    there, needed = len(standing(record)), condition.least_organisations
    if there >= needed:
        return Reason("organisations", True, there, needed)
    code = "second_organisation" if (there, needed) == (1, 2) else "organisations"
    return Reason("organisations", False, there, needed, Missing(code, _host(record), needed - there))


def _smes(record: Record) -> Reason:
    number, reached = record.sme_number, len(_firms([record])) + _attested([record])
    missing = None
    if number and record.sme_basis != "attested":
        missing = Missing("list" if record.sme_basis == "" else "estimate", _host(record), number)
    elif not reached:
        missing = Missing("smes", _host(record))
    return Reason("smes", reached > 0, reached, 1, missing)


def _host(record: Record) -> str:
    hosts = [i.organisation for i in record.involved if i.part == "host" and i.answer != "denied"]
    return hosts[0] if hosts else ""
