"""Which indicator is short of an event that several organisations host, for whom, and who fits (5.1, 9.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.charter import EventKind
from bot.context import COORDINATING, Context
from bot.handlers.counting import activities_of, figures
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from bot.rules.indicators import Condition, Figure, credited, hosts
from bot.rules.matching import Member


@dataclass(frozen=True, slots=True)
class Gap:
    """How the alliance stands to an indicator that events count for, and who has none of its own: `kind` is
    an event that would count, `own` what each organisation (slug) has in its own view, `open` what it has
    once it confirms that it was co-host, `planned` how many each has before it this year."""

    figure: Figure
    kind: EventKind
    own: Counter[str]
    open: Counter[str]
    planned: Counter[str]

    def is_short(self, organisation: str) -> bool:
        """Whether an organisation has none this year, none that waits for its tap, and none planned."""
        return not any(counted[organisation] for counted in (self.own, self.open, self.planned))

    def is_open(self, organisation: str) -> bool:
        """Whether one more event helps: the organisation, or the alliance with what is planned."""
        return self.is_short(organisation) or not self.figure.met


def gap_of(ctx: Context, organisation: str = COORDINATING) -> Gap | None:
    """The indicator for which an organisation, or else the alliance, needs an event most; None where no
    indicator counts events of several organisations."""
    found = [_gap(ctx, figure, kind) for figure, kind in _figures(ctx)]
    own = [gap for gap in found if organisation and gap.is_short(organisation)]
    return next(iter((*own, *(gap for gap in found if not gap.figure.met), *found)), None)


def wants_partners(ctx: Context, condition: Condition) -> bool:
    """Whether an event that several organisations host counts for this indicator."""
    return _kind_for(ctx, condition) is not None


def members(ctx: Context, gap: Gap, organisation: str) -> tuple[Member, ...]:
    """Every organisation as a partner of this one, itself among them."""
    year, hosted = gap.figure.year, Counter[str]()
    for slugs in _hosted_together(ctx, year):
        hosted.update(slugs if organisation in slugs else ())
    holders = ctx.store.roles.standing()
    able = {one.role.organisation for one in holders if ctx.charter.allows(one.role.role, "organise_events")}
    return tuple(
        Member(
            one.slug,
            one.country,
            one.sectors,
            gap.is_short(one.slug),
            hosted[one.slug],
            one.standing == "voting",
            one.slug in able,
        )
        for one in ctx.members
    )


def _figures(ctx: Context) -> Iterator[tuple[Figure, EventKind]]:
    for figure in figures(ctx, ctx.counting_year):
        if kind := _kind_for(ctx, figure.condition):
            yield figure, kind


def _kind_for(ctx: Context, condition: Condition) -> EventKind | None:
    """The first kind of event that is logged as something this indicator counts, if it counts what several
    organisations did."""
    if condition.measure != "activities" or condition.least_organisations < 2:
        return None
    return next((kind for kind in ctx.charter.event_kinds if kind.activity in condition.kinds), None)


def _gap(ctx: Context, figure: Figure, kind: EventKind) -> Gap:
    unconfirmed, planned = Counter[str](), Counter[str]()
    for record, verdict in figure.records:
        if verdict.counts:
            unconfirmed.update(set(hosts(record)) - credited(record))
        elif verdict.planned and [missing.code for missing in verdict.missing] == ["ended"]:
            planned.update(hosts(record))
    for event in _coming(ctx, figure.year):
        activity = ctx.charter.event_kind(event.kind).activity
        if activity in figure.condition.kinds and len(event.hosts) >= figure.condition.least_organisations:
            planned.update(event.hosts)
    return Gap(figure, kind, Counter(dict(figure.contributors)), unconfirmed, planned)


def _hosted_together(ctx: Context, year: int) -> Iterator[tuple[str, ...]]:
    """The hosts of each activity of a year, and of each event that is still to come in it."""
    for activity in activities_of(ctx, year):
        record = activity.record
        if record.state != "withdrawn" and ctx.charter.year_of(record.day) == year:
            yield hosts(record)
    for event in _coming(ctx, year):
        yield event.hosts


def _coming(ctx: Context, year: int) -> Iterator[Event]:
    """The planned events that end in one of the alliance's years."""
    kinds = {kind.key for kind in ctx.charter.event_kinds}
    for event in ctx.store.events.coming(ctx.now):
        planned = event.state == "planned" and event.kind in kinds and not event.activity
        if planned and ctx.charter.year_of(ends_at(event).date()) == year:
            yield event
