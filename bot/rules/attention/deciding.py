"""Whether a message that nobody asked for goes now, waits, or never goes (spec/engagement.md section 2)."""

from __future__ import annotations

from datetime import datetime

from bot.rules.attention.hours import is_waking, next_waking
from bot.rules.attention.moments import (
    after_absence,
    after_opening,
    day_of,
    digest_from,
    digest_of_next_day,
    digest_of_next_week,
    week_of,
)
from bot.rules.attention.values import Budget, Habits, Verdict, Wish


def verdict(wish: Wish, habits: Habits, budget: Budget, now: datetime) -> Verdict:
    """What becomes of a message at this moment (UTC). What is put off is decided upon once more when its
    moment comes: meanwhile people change their minds, and other messages take the room."""
    pace = habits.paces.get(wish.theme, "instant")
    if pace == "off" and wish.counts:
        return Verdict(None, "off")
    if wish.counts and (back := after_absence(now, habits)) is not None:
        return Verdict(back, "away")
    if not wish.any_hour and not is_waking(now, habits.waking):
        opens = next_waking(now, habits.waking)
        if opens > now:
            return Verdict(after_opening(opens, habits), "quiet")
    if not wish.counts:
        return Verdict(now, "now")
    if pace in ("daily", "weekly"):
        digest = digest_from(wish.since, habits, budget, weekly=pace == "weekly")
        if digest > now:
            return Verdict(digest, "weekly" if pace == "weekly" else "daily")
    return _within_budget(habits, budget, now)


def room(habits: Habits, budget: Budget, now: datetime) -> int:
    """How many more messages may go to somebody on the day that it is for them; 0 for none."""
    zone = habits.waking.zone
    today = sum(day_of(one, zone) == day_of(now, zone) for one in habits.had)
    week = sum(week_of(one, zone) == week_of(now, zone) for one in habits.had)
    return max(0, min(budget.a_day - today, budget.a_week - week))


def _within_budget(habits: Habits, budget: Budget, now: datetime) -> Verdict:
    zone = habits.waking.zone
    if room(habits, budget, now):
        return Verdict(now, "now")
    week = sum(week_of(one, zone) == week_of(now, zone) for one in habits.had)
    if week >= budget.a_week:
        return Verdict(digest_of_next_week(now, habits, budget), "week is full")
    return Verdict(digest_of_next_day(now, habits, budget), "day is full")
