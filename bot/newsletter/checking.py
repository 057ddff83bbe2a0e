"""What has to be mended before an edition goes out (engagement.md 3.3)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.context import Context
from bot.newsletter.standing import newsletter_of
from bot.rules.newsletter.checks import Fault, Limits, faults
from bot.rules.newsletter.values import Edition


def faults_of(ctx: Context, edition: Edition) -> tuple[Fault, ...]:
    """Everything that blocks an edition as it stands, in its order."""
    alts = {}
    for number in {item.media for item in edition.items if item.media}:
        kept = ctx.store.media.get(number)
        if kept is not None and kept.mime.startswith("image/"):
            alts[number] = kept.alt
    day = edition.send_at.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date()
    return faults(edition, Limits(alts, day, most_words=newsletter_of(ctx).most_words))
