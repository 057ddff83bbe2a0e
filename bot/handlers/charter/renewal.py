"""The renewal: the alliance goes on a year at a time, as the Assembly decides (Art. 8)."""

from __future__ import annotations

from bot.assembly.founding import founding, running_renewal, term
from bot.commands import N_, command
from bot.context import Context
from bot.handlers.motions.answers import see
from bot.messages import Button, Reply

PROPOSE = Button(N_("Propose it"), "propose renewal")


@command(
    "renewal",
    N_("Until when the alliance is renewed, and the next step"),
    may="see_indicators",
    example="/renewal",
    reads=True,
)
def renewal(ctx: Context) -> Reply:
    """Renewed until when, by which motion, and what comes next. A date that is past is told as it was
    planned: silence is nobody's lapse, for it is the alliance that is renewed and not the members."""
    now, running = term(ctx), running_renewal(ctx)
    values = {
        "alliance": ctx.charter.alliance.short_name,
        "in_force": founding(ctx).in_force,
        "until": now.until,
        "past": now.until is not None and now.until < ctx.counting_day,
        "renewed_on": now.renewed_on,
        "motion": now.motion,
        "running": running.number if running else 0,
        "opens_at": running.opens_at.isoformat() if running else "",
        "closes_at": running.closes_at.isoformat() if running else "",
        "opened": running is not None and running.opens_at <= ctx.now,
    }
    if running:
        return Reply("renewal", values, (see(running.number),))
    return Reply("renewal", values, (PROPOSE,) if ctx.may("propose") and now.until else ())
