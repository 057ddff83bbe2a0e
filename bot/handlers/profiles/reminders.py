"""What the keeper of a profile is asked, once a year and once more a fortnight later (engagement.md 2)."""

from __future__ import annotations

from datetime import timedelta

from bot.commands import N_
from bot.context import Context
from bot.handlers.profiles.asking import CHECK
from bot.handlers.profiles.owed import PROFILE, described, profile_taps
from bot.messages import Reply
from bot.notices import Values, notice
from bot.people.duties import in_one_line, is_owed

WEEKS = timedelta(days=14)


@notice(
    CHECK,
    N_("ECCP profile check"),
    N_("You get this because you look after your organisation's profile. I ask twice a year at most."),
    still_due=is_owed(PROFILE),
    useful=WEEKS,
    theme="alliance",
    duty=True,
    line=in_one_line(PROFILE),
)
def profile_check(ctx: Context, values: Values) -> Reply:
    """Whether the profile is still right, with one tap that says so."""
    slug = str(values["organisation"])
    check = ctx.store.profile_checks.latest().get(slug)
    shown = {**described(ctx, ctx.organisations[slug], check), "turn": values["turn"]}
    return Reply("profile_check", shown, profile_taps(slug, check))
