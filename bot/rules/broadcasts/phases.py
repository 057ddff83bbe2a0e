"""How far an announcement is at a moment (spec/engagement.md section 4).

Pure: read from what somebody decided, the moment it goes, and how its messages stand; no job has to run in
time for it.
"""

from __future__ import annotations

from datetime import datetime

from bot.rules.broadcasts.values import COOLING, Broadcast, Phase, Tally


def phase(broadcast: Broadcast, tally: Tally, now: datetime) -> Phase:
    """How far it is `now` (UTC). "cooling": it goes within three minutes and can be stopped; "waiting": it
    goes later than that; "partly_failed": nothing is on its way any more, and of some messages it is known
    that they did not arrive, or not whether they did. Who was passed over because they want none does not
    make it so. What goes to nobody is done."""
    if broadcast.state != "sending":
        return broadcast.state
    if broadcast.send_at is not None and now < broadcast.send_at:
        return "cooling" if broadcast.send_at - now <= COOLING else "waiting"
    if tally.open:
        return "sending"
    return "partly_failed" if tally.failed or tally.unknown else "done"


def may_stop(broadcast: Broadcast, tally: Tally, now: datetime) -> bool:
    """Whether there is anything left to stop."""
    return phase(broadcast, tally, now) in ("awaiting", "cooling", "waiting", "sending")


def has_begun(broadcast: Broadcast, now: datetime) -> bool:
    """Whether messages may have left: from then on there is something to correct or to take back."""
    return broadcast.send_at is not None and broadcast.send_at <= now and broadcast.confirmed_at is not None
