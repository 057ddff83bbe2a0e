"""Attention: when somebody may be written to, how often, and what waits for a digest (engagement.md 2)."""

from bot.rules.attention.deciding import room, verdict
from bot.rules.attention.hours import CLOSES, OPENS, Waking, after_waking, earlier, is_waking, next_waking
from bot.rules.attention.moments import (
    SNOOZES,
    Snooze,
    day_of,
    digest_from,
    digest_of_next_day,
    digest_of_next_week,
    jitter,
    local_time,
    snoozed,
    week_of,
)
from bot.rules.attention.values import PACES, Budget, Habits, Pace, Verdict, Why, Wish

__all__ = [
    "CLOSES",
    "OPENS",
    "PACES",
    "SNOOZES",
    "Budget",
    "Habits",
    "Pace",
    "Snooze",
    "Verdict",
    "Waking",
    "Why",
    "Wish",
    "after_waking",
    "day_of",
    "digest_from",
    "digest_of_next_day",
    "digest_of_next_week",
    "earlier",
    "is_waking",
    "jitter",
    "local_time",
    "next_waking",
    "room",
    "snoozed",
    "verdict",
    "week_of",
]  # fmt: skip
