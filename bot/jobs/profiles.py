"""Once a year somebody of each member looks at its profile on the ECCP (charter, Art. 4; engagement.md 2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import N_
from bot.context import Context
from bot.handlers.profiles.asking import CHECK, next_asked
from bot.handlers.profiles.keeping import asks_for_profiles, here_since, owner, profile_of
from bot.handlers.profiles.owed import key_of
from bot.people.keeping import at_nine
from bot.timetable import job


@job(
    N_("ECCP profiles"),
    N_("Asks each member once a year whether its ECCP profile is up to date"),
    useful=timedelta(hours=12),
    tells=True,
    hour=5,
)
def ask_about_profiles(ctx: Context, slot: datetime) -> None:
    """One person of each voting member whose check is due, at nine of that day where they are; once more a
    fortnight after that went, then not before the next year. Only if the charter wants a profile."""
    if not asks_for_profiles(ctx):
        return
    checks, here, today = ctx.store.profile_checks.latest(), here_since(ctx), slot.date()
    for one in ctx.members:
        check = checks.get(one.slug)
        profile = profile_of(one, check, here)
        found = next_asked(ctx, one, check, profile, today) if profile else None
        person = owner(ctx, one.slug, check) if found else None
        if found is None or person is None:
            continue
        turn, key = found
        values = {
            "owed": key_of(one.slug, turn.due.year),
            "organisation": one.slug,
            "turn": turn.number,
        }
        ctx.notify(person, CHECK, key, values, at_nine(ctx, person, today))
