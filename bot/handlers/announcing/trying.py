"""Trying an announcement out: a dry run that tells who, where and when, and a sample for the author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.broadcasts.audience import Audience, audience_of
from bot.broadcasts.standing import SAMPLE
from bot.broadcasts.tables import table
from bot.commands import N_, command
from bot.context import Context
from bot.handlers.announcing.answers import WHY_NOT, described, left_out, numbered, organisations_by_person
from bot.handlers.announcing.preview import NUMBER, found_draft, parts_of, who_is_off
from bot.messages import Attachment, Button, Reply, platform_name
from bot.notices import NOTICES
from bot.rules.broadcasts.forecast import Lane, takes
from bot.rules.broadcasts.values import COOLING, Broadcast
from storage.deliveries import Delivery

MOST_HOURS = 6  # lines: the hours at which most read it
CITIES = 3  # named in one of them


@command("announcement dry run", N_("Who would get it, where, and at what hour"), may="announce", hidden=True)
def announcement_dry_run(ctx: Context, number: NUMBER) -> Reply:
    """Nothing is sent: who would read it, where, at which local hour, and how long it takes (section 9.4)."""
    draft = found_draft(ctx, number)
    audience = audience_of(ctx, draft)
    at = ctx.now + COOLING
    values = {
        **described(ctx, draft),
        **left_out(ctx, audience),
        "at": at.isoformat(),
        "platforms": _platforms(audience),
        "hours": _hours(audience, at)[:MOST_HOURS],
        **who_is_off(ctx, audience),
        "seconds": round(_takes(ctx, draft, audience).total_seconds()),
    }
    back = Button(N_("Back"), "announcement preview", numbered(draft))
    return Reply("announce_dry_run", values, (back,), file=_file(ctx, draft, audience, at))


@command("announcement sample", N_("See an announcement as others will"), may="announce", hidden=True)
def announcement_sample(ctx: Context, number: NUMBER) -> Reply:
    """It goes to the author's own accounts, one message on each platform that they use."""
    draft = found_draft(ctx, number)
    there = [one for one in ctx.store.accounts.of_person(ctx.person.id) if one.reachable]
    first = {one.account.platform: one for one in reversed(there)}
    for one in first.values():
        ctx.told.append(
            Delivery.new(
                key=f"{SAMPLE}:{number}:{one.account_id}:{ctx.now.isoformat()}",
                platform=one.account.platform,
                account_id=one.account_id,
                person_id=ctx.person.id,
                kind=SAMPLE,
                template="",
                values={"broadcast": number},
                priority=NOTICES[SAMPLE].priority,
                not_before=ctx.now,
                useful_until=ctx.now + NOTICES[SAMPLE].useful,
            )
        )
    platforms = [platform_name(platform) for platform in sorted(first)]
    back = Button(N_("Back"), "announcement preview", numbered(draft))
    return Reply("announce_sample", {**described(ctx, draft), "platforms": platforms}, (back,), replace=True)


def _platforms(audience: Audience) -> list[dict[str, str | int]]:
    """How many chats and people there are on each platform."""
    chats = Counter(one.platform for one in audience.reach.chats)
    people = Counter(one.platform for one in audience.reach.people)
    names = sorted({*chats, *people})
    return [{"name": platform_name(one), "chats": chats[one], "people": people[one]} for one in names]


def _hours(audience: Audience, at: datetime) -> list[dict[str, object]]:
    """How many people read it at which hour by their own clocks, and where; most people first."""
    there: dict[str, Counter[str]] = {}
    for one in audience.reach.people:
        zone = ZoneInfo(one.zone)
        there.setdefault(f"{at.astimezone(zone):%H:%M}", Counter())[one.zone] += 1
    hours = sorted(there.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return [
        {"clock": clock, "people": zones.total(), "zones": [zone for zone, _ in zones.most_common(CITIES)]}
        for clock, zones in hours
    ]


def _takes(ctx: Context, draft: Broadcast, audience: Audience) -> timedelta:
    parts = {str(one["platform"]).lower(): int(one["count"]) for one in parts_of(ctx, draft, audience)}
    readers = Counter(one.platform for one in audience.readers)
    return takes(
        [
            Lane(name, count * parts.get(name, 1), ctx.spacing.get(name, 0.0))
            for name, count in readers.items()
        ]
    )


def _file(ctx: Context, draft: Broadcast, audience: Audience, at: datetime) -> Attachment:
    labels = (N_("Reader"), N_("Organisation"), N_("Platform"), N_("Local time"), N_("Why not"))
    header = [ctx.translate(label) for label in labels]
    return table(f"announcement-{draft.number}-dry-run.csv", header, _rows(ctx, audience, at))


def _rows(ctx: Context, audience: Audience, at: datetime) -> Iterator[tuple[str, ...]]:
    names = organisations_by_person(ctx)
    for one in audience.readers:
        organisation = names.get(one.person, "") if one.person is not None else ""
        local = f"{at.astimezone(ZoneInfo(one.zone)):%Y-%m-%d %H:%M}"
        yield one.name, organisation, one.platform, local, ""
    for left in audience.reach.left_out:
        yield left.name, "", "", "", ctx.translate(WHY_NOT[left.why])
