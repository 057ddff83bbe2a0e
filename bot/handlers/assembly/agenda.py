"""The agenda of the General Assembly (Art. 2, 5, 8 and the Preamble)."""

from __future__ import annotations

from bot.assembly.agenda import agenda as agenda_of
from bot.assembly.meetings import next_meeting
from bot.commands import N_, command
from bot.context import Context
from bot.handlers.assembly.answers import THE_ASSEMBLY, counted, itemised, met
from bot.handlers.motions.answers import see
from bot.messages import Reply, filled

MOST_TAPS = 4  # to motions that are on it


@command(
    "agenda",
    N_("What is on the agenda of the next General Assembly"),
    may="see_indicators",
    example="/agenda",
    reads=True,
)
def agenda(ctx: Context) -> Reply:
    """The agenda with this year's figures; of the meeting that is called, or what waits for one."""
    meeting, items = next_meeting(ctx), agenda_of(ctx, next_meeting(ctx))
    numbers = list(dict.fromkeys(item.motion for item in items if item.motion))
    opens = (see(one, filled(N_("Motion {number}"), number=one)) for one in numbers[:MOST_TAPS])
    if meeting is None:
        values = {"called": False, "items": itemised(items), "figures": counted(ctx, ctx.counting_year)}
    else:
        values = {"called": True, **met(ctx, meeting)}
    return Reply("agenda", values, (*opens, THE_ASSEMBLY))
