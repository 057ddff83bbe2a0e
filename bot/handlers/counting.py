"""What every answer about an activity says: which indicator it counts for, how far that is, what it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.commands import N_
from bot.context import Context
from bot.messages import Ask, Button, Call, Choice, Refusal
from bot.rules.indicators import Condition, Figure, Record, Verdict, figure, judge, value_of, year_of
from storage.activities import Activity

ASKED_AMONG = 3
LONGEST_LABEL = 20


@dataclass(frozen=True)
class Lack:
    """One thing an activity lacks to count: a code of rules.indicators.Missing, in words for a template."""

    code: str
    organisation: str  # short name of who can supply it, "" for nobody in particular
    n: int


@dataclass(frozen=True)
class Line:
    """One indicator as it stands beside an activity."""

    key: str
    label: str
    article: str
    value: int
    target: int
    year: int
    counts: bool
    planned: bool
    reached: bool  # just now, by what the caller did: that is thanked for once
    unit: str
    lacks: tuple[Lack, ...]

    @property
    def only_could(self) -> bool:
        """Whether it would count here too if SMEs were named: a button says so, not a line."""
        return {lack.code for lack in self.lacks} - {"ended"} == {"smes"}

    @property
    def met(self) -> bool:
        return self.value >= self.target


def conditions(ctx: Context, year: int) -> tuple[Condition, ...]:
    """The indicators as they were promised for a year (5.9: an amendment never changes a closed year)."""
    del year  # one version so far; `Charters.at` has chosen it
    return ctx.charter.conditions()


def span(ctx: Context, year: int) -> tuple[date, date]:
    """First and last day of one of the alliance's years."""
    month, day = ctx.charter.year_starts
    return date(year, month, day), date(year + 1, month, day) - timedelta(days=1)


def activities_of(ctx: Context, year: int) -> tuple[Activity, ...]:
    """Every activity of a year, and of the days next to it (for what may be logged twice)."""
    first, last = span(ctx, year)
    return ctx.store.activities.between(first - timedelta(days=1), last + timedelta(days=1))


def lines_for(
    ctx: Context, record: Record, others: Iterable[Record], before: tuple[Record, ...] | None = None
) -> tuple[Line, ...]:
    """What one activity counts for, with the year's figures that include it. `before` is the record as it
    stood until now, () for a new one: then a line says whether its target is reached by this."""
    rest = [other for other in others if other.id != record.id]
    year = ctx.charter.year_of(record.day)

    def value(condition: Condition, *these: Record) -> int:
        return value_of(condition, [*rest, *these], year, ctx.counting_day)

    lines = []
    for condition in conditions(ctx, year):
        if record.kind in condition.kinds:
            now = value(condition, record)
            met = before is not None and now >= condition.target
            lines.append(
                _line(ctx, record, condition, now, met and value(condition, *before or ()) < condition.target)
            )
    own = tuple(line for line in lines if not line.only_could)
    if not own and "smes" in ctx.charter.activity_kind(record.kind).needs:
        own = tuple(lines)
    return _said_once(own)


def _said_once(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What an activity lacks whatever is counted is said with the first indicator alone."""
    whole = {lack.code for line in lines[:1] for lack in line.lacks} & {"withdrawn", "questioned"}
    rest = (replace(line, lacks=tuple(k for k in line.lacks if k.code not in whole)) for line in lines[1:])
    return (*lines[:1], *rest)


def figures(ctx: Context, year: int, organisation: str = "") -> tuple[Figure, ...]:
    """All indicators of a year: the alliance's, or one organisation's own view."""
    promised, day, scope = conditions(ctx, year), ctx.counting_day, organisation or None

    def count() -> tuple[Figure, ...]:
        records = [activity.record for activity in activities_of(ctx, year)]
        return tuple(figure(condition, records, year, day, scope) for condition in promised)

    return ctx.store.activities.worked_out((promised, year, day, scope), count)


def lacks(ctx: Context, record: Record, condition: Condition, scope: str | None = None) -> tuple[Lack, ...]:
    """What a record lacks to count, in words for a template."""
    return _in_words(ctx, judge(record, condition, ctx.counting_day, scope))


def _in_words(ctx: Context, verdict: Verdict) -> tuple[Lack, ...]:
    return tuple(Lack(m.code, ctx.short_name(m.for_) if m.for_ else "", m.n) for m in verdict.missing)


def host_of(record: Record) -> str:
    """The organisation whose activity it is: the first that took part."""
    return record.involved[0].organisation


def unanswered(record: Record) -> tuple[str, ...]:
    """The co-hosts that have not tapped yet."""
    return tuple(i.organisation for i in record.involved if i.part == "cohost" and i.answer == "open")


def unanswered_by(ctx: Context, organisation: str) -> tuple[Activity, ...]:
    """The activities of last, this and next year that wait for a co-host's tap, oldest first."""
    year = ctx.counting_year
    activities = {a.record.id: a for near in (year - 1, year, year + 1) for a in activities_of(ctx, near)}
    return tuple(
        activity
        for activity in activities.values()
        if activity.record.state != "withdrawn" and organisation in unanswered(activity.record)
    )


def found(ctx: Context, number: int, *, lock: bool = False, option: str = "activity") -> Activity:
    """An activity by its number; a form in which it was given as `option` says so there. Raises Refusal."""
    activity = ctx.store.activities.get(number, lock=lock)
    if activity is None:
        in_form = isinstance(ctx.incoming, Call) and ctx.incoming.draft
        ways = (Button(N_("My list"), "activities"),)
        raise Refusal("activity_unknown", option if in_form else "", ways, number=number)
    return activity


def last_logged(ctx: Context) -> Activity | None:
    """What the caller logged last, on whatever day it was; None if they never did. It may be taken back
    already, so that "undo" said twice does not reach for the one before."""
    listed = ctx.store.activities.listing
    mine, _ = listed(author=ctx.person.id, limit=1, offset=0, with_withdrawn=True, last_logged_first=True)
    return mine[0] if mine else None


def which_activity(ctx: Context, option: str = "activity") -> Ask:
    """The question which activity is meant, with the caller's last three a tap away; the answer is the
    number in `option`."""
    mine, _ = ctx.store.activities.listing(
        author=ctx.person.id, limit=ASKED_AMONG, offset=0, last_logged_first=True
    )
    choices = tuple(Choice(short(one.record.title), {option: str(one.record.id)}) for one in mine)
    return Ask(option, "activity_which", choices, free=False, some=bool(choices))


def short(label: str) -> str:
    """A label cut to what a button takes."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def others_of(ctx: Context, record: Record) -> list[Record]:
    """The other activities of a record's year."""
    return [other.record for other in activities_of(ctx, ctx.charter.year_of(record.day))]


def own(ctx: Context, number: int) -> Activity:
    """An activity that the caller's organisation may change (5.7), locked. Raises Refusal."""
    activity = found(ctx, number, lock=True)
    host = host_of(activity.record)
    if not ctx.may("edit_activities", host):
        raise Refusal("not_yours", organisation=ctx.short_name(host))
    return activity


def with_evidence(activity: Activity, more: int = 1) -> Record:
    """The record as it is once `more` pieces of evidence are added."""
    return replace(activity.record, evidence=activity.record.evidence + more)


def _line(ctx: Context, record: Record, condition: Condition, value: int, reached: bool) -> Line:
    verdict = judge(record, condition, ctx.counting_day)
    return Line(
        condition.key,
        condition.label,
        condition.article,
        value,
        condition.target,
        year_of(record.day, condition.year_starts),
        verdict.counts,
        verdict.planned,
        reached,
        condition.unit,
        _in_words(ctx, verdict),
    )
