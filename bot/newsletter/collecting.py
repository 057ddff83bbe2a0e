"""What may stand in an edition, found among what the alliance did, decided and plans (engagement.md 3.1).

Organisations are named, persons never. What was logged or decided is for members' eyes unless somebody says
otherwise; what is in the public calendar is public.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.lists import format_list

from bot.commands import N_
from bot.context import Context
from bot.newsletter.figures import still_reached
from bot.newsletter.saying import filled, say, written_day
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import phase
from bot.rules.decisions.tallying import counts_of
from bot.rules.events.sessions import session_at
from bot.rules.events.values import Event
from bot.rules.indicators import hosts, judge
from bot.rules.newsletter.values import Item
from bot.templating import escape
from bot.templating.wording import locale_of
from storage.activities import Activity

AHEAD = timedelta(weeks=6)  # of the edition's end: events that are soon
DECIDED = {"carried": N_("Motion carried"), "rejected": N_("Motion not carried")}
COUNTED = N_("%(result)s on %(day)s: %(for)s for, %(against)s against, %(abstain)s abstained.")
UNCOUNTED = N_("%(result)s on %(day)s.")
LOGGED = N_("%(kind)s on %(day)s, by %(hosts)s.")
COMING = N_("%(kind)s on %(day)s at %(time)s, by %(hosts)s.")
COMING_AT = N_("%(kind)s on %(day)s at %(time)s, %(where)s, by %(hosts)s.")


def candidates(ctx: Context, since: datetime, until: datetime) -> tuple[Item, ...]:
    """Everything that an edition about the time from `since` to `until` (UTC) could hold and none has held
    before: what members sent, what was logged and counts, what is coming, what was decided."""
    found = (*_activities(ctx, since, until), *_events(ctx, until), *_motions(ctx, since, until))
    fresh = (one for one in found if ctx.store.news.told(one.source, one.key) is None)
    return (*ctx.store.news.waiting(), *fresh)


def found_again(ctx: Context, item: Item) -> Item | None:
    """What was found among activities, events and decisions, as it would be found now; None if it would not
    be: it was withdrawn, cancelled, or counts no more. An event's audience and hours are not looked at;
    figures stay those of their day, while all that they count still does."""
    zone = ZoneInfo(ctx.charter.alliance.zone)
    if item.source == "indicators":
        return item if still_reached(ctx, item) else None
    if item.source == "activity":
        activity = ctx.store.activities.get(int(item.key))
        return _counted(ctx, activity, zone) if activity is not None else None
    if item.source == "event":
        event = ctx.store.events.get(int(item.key))
        return _event(ctx, event, item.at) if event is not None and event.state == "planned" else None
    motion = ctx.store.motions.get(int(item.key))
    return _decided(ctx, motion) if motion is not None else None


def _activities(ctx: Context, since: datetime, until: datetime) -> Iterator[Item]:
    """What was logged, changed or held in that time and counts for an indicator, each once."""
    zone = ZoneInfo(ctx.charter.alliance.zone)
    held = ctx.store.activities.between(since.astimezone(zone).date(), until.astimezone(zone).date())
    written = (one for one, _ in ctx.store.activities.written(since, until))
    for one in {one.record.id: one for one in (*held, *written)}.values():
        found = _counted(ctx, one, zone)
        if found is not None:
            yield found


def _counted(ctx: Context, one: Activity, zone: ZoneInfo) -> Item | None:
    record = one.record
    if record.state not in ("logged", "confirmed") or record.day > ctx.counting_day:
        return None
    counted = {
        condition.key
        for condition in ctx.charter.conditions()
        if judge(record, condition, ctx.counting_day).counts
    }
    return _activity(ctx, one, counted, zone) if counted else None


def _activity(ctx: Context, one: Activity, counted: set[str], zone: ZoneInfo) -> Item:
    """Without a link: what proves an activity is not for its readers, unless somebody puts it there."""
    record, took_part = one.record, hosts(one.record)
    objectives = {ctx.charter.indicator(key).objective for key in counted}
    given = {
        "kind": _capital(say(ctx, ctx.charter.activity_kind(record.kind).label)),
        "day": written_day(ctx, record.day),
        "hosts": _names(ctx, took_part),
    }
    return Item(
        source="activity",
        key=str(record.id),
        kind="news",
        title=record.title,
        text=filled(ctx, LOGGED, given),
        organisation=took_part[0] if took_part else "",
        topics=_topics(ctx, took_part, objectives),
        language=ctx.charter.alliance.language,
        at=datetime.combine(record.day, time(12), zone).astimezone(UTC),
    )


def _events(ctx: Context, until: datetime) -> Iterator[Item]:
    """The events of the next weeks that are for all members, or for everybody."""
    for event in ctx.store.events.coming(ctx.now):
        begins = session_at(event, until).starts_at
        told = event.state == "planned" and event.audience in ("public", "members")
        if told and until <= begins <= until + AHEAD:
            yield _event(ctx, event, begins)


def _event(ctx: Context, event: Event, begins: datetime) -> Item:
    there = begins.astimezone(ZoneInfo(event.zone))
    kinds = {one.key: one.label for one in ctx.charter.event_kinds}
    given = {
        "kind": _capital(say(ctx, kinds.get(event.kind, event.kind))),
        "day": written_day(ctx, there.date()),
        "time": f"{there:%H:%M %Z}",
        "where": escape(event.where),
        "hosts": _names(ctx, event.hosts),
    }
    return Item(
        source="event",
        key=str(event.number),
        kind="event",
        title=event.title,
        text=filled(ctx, COMING_AT if event.where else COMING, given),
        organisation=event.host,
        topics=_topics(ctx, event.hosts),
        language=ctx.charter.alliance.language,
        consent="public" if event.audience == "public" else "members",
        at=begins,
    )


def _motions(ctx: Context, since: datetime, until: datetime) -> Iterator[Item]:
    """What became final in that time, carried or not."""
    for motion in ctx.store.motions.all():
        decided = motion.certified_at
        if decided is not None and since <= decided < until and (found := _decided(ctx, motion)):
            yield found


def _decided(ctx: Context, motion: Motion) -> Item | None:
    is_final = motion.certified_at is not None and phase(motion, ctx.now) == "final"
    if motion.certified_at is None or not is_final or motion.result not in DECIDED:
        return None
    return _motion(ctx, motion, motion.certified_at)


def _motion(ctx: Context, motion: Motion, decided: datetime) -> Item:
    """A decision. How many voted for it is told only where everybody could see who did."""
    counts = counts_of(motion.outcome) if motion.outcome else None
    given = {"result": say(ctx, DECIDED[motion.result])}
    given |= {"day": written_day(ctx, decided.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date())}
    shown = counts is not None and not (motion.rule.hides_choices or motion.rule.is_election)
    if counts is not None and shown:
        given |= {
            "for": str(counts.for_), "against": str(counts.against), "abstain": str(counts.abstain),
        }  # fmt: skip
    return Item(
        source="motion",
        key=str(motion.number),
        kind="decision",
        title=motion.title,
        text=filled(ctx, COUNTED if shown else UNCOUNTED, given),
        organisation="",
        language=ctx.charter.alliance.language,
        at=decided,
    )


def _topics(ctx: Context, slugs: Iterable[str], objectives: Iterable[str] = ()) -> tuple[str, ...]:
    """The newsletter's topics to which something of these organisations belongs, by key."""
    sectors = [
        sector for slug in slugs if slug in ctx.organisations for sector in ctx.organisations[slug].sectors
    ]
    return ctx.charter.topics_of(sectors, frozenset(objectives))


def _names(ctx: Context, slugs: Iterable[str]) -> str:
    """Organisations as "A, B and C", Markdown."""
    language = ctx.charter.alliance.language
    locale = "en_GB" if language.split("-")[0] == "en" else locale_of(language)
    known = ctx.organisations
    names = [escape(ctx.short_name(slug)) for slug in slugs if not slug or slug in known]
    return format_list(names, locale=locale) if names else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
