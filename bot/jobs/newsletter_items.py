"""Before an edition is made, whoever had something to tell lately is asked for an item (engagement.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.handlers.counting import host_of
from bot.handlers.newsletter.reminders import ITEMS, SENDS, closes_at, has_sent
from bot.people.keeping import at_nine, keeper
from bot.rules.newsletter.values import Item
from bot.timetable import job

LATELY: Final = timedelta(days=90)
LOOKED_AT: Final = 4  # editions that went out
TURNS: Final = ((2, timedelta(days=1), timedelta(days=1)), (1, timedelta(days=5), timedelta(days=3)))


@job(
    N_("Newsletter items"),
    N_("Asks who had something to tell for an item, five days and one day before the newsletter is made"),
    useful=timedelta(hours=12),
    tells=True,
    hour=5,
)
def ask_for_items(ctx: Context, slot: datetime) -> None:
    """One person of each organisation that logged something or sent news in the last three months, at nine
    where they are: five days before the draft, if they sent nothing for it; the day before, if nobody of
    theirs did. Who has nothing to tell is asked no more."""
    closes = closes_at(ctx)
    today = slot.date()
    turn = _turn(closes.astimezone(ZoneInfo(ctx.zone)).date(), today) if closes else 0
    if closes is None or not turn or closes <= ctx.now:
        return
    for slug, person in _tellers(ctx).items():
        if not has_sent(ctx, slug, person if turn == 1 else None):
            values = {"organisation": slug, "closes": closes.isoformat(), "turn": turn}
            key = f"{ITEMS}:{slug}:{closes:%Y-%m-%d}:{turn}"
            ctx.notify(person, ITEMS, key, values, at_nine(ctx, person, today), closes)


def _turn(closes: date, today: date) -> int:
    """Which time it is on a day, the first or the second; 0 for none. Each helps a while longer."""
    for turn, before, while_ in TURNS:
        if closes - before <= today < closes - before + while_:
            return turn
    return 0


def _tellers(ctx: Context) -> Mapping[str, int]:
    """By organisation, who of it logged something or sent news last, of those who may send news; else who
    looks after its activities."""
    since, last = ctx.now - LATELY, dict[str, tuple[datetime, int]]()
    may = {
        (holder.role.organisation, holder.person.id)
        for holder in ctx.store.roles.standing()
        if ctx.charter.allows(holder.role.role, SENDS)
    }
    told = [
        (host_of(activity.record), version.at, version.by)
        for activity, versions in ctx.store.activities.written(since, ctx.now)
        for version in versions
        if activity.record.state != "withdrawn"
    ]
    told += [(one.organisation, one.at, one.by) for one in _sent(ctx) if one.by and one.at >= since]
    kept = {slug: keeper(ctx, slug) for slug in {slug for slug, _, _ in told} & ctx.organisations.keys()}
    for slug, at, by in told:
        teller = by if (slug, by) in may else kept.get(slug)
        if teller is not None and (slug not in last or last[slug][0] < at):
            last[slug] = (at, teller)
    return {slug: person for slug, (_, person) in sorted(last.items())}


def _sent(ctx: Context) -> tuple[Item, ...]:
    """What members sent: what waits for an edition, and what the last ones told."""
    last, _ = ctx.store.editions.sent(LOOKED_AT)
    coming = ctx.store.editions.open()
    taken = [item for edition in (*last, *((coming,) if coming else ())) for item in edition.items]
    return (*ctx.store.news.waiting(), *(item for item in taken if item.source == "member"))
