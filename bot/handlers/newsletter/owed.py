"""An edition that waits for its editors: "newsletter" among what is owed (spec/engagement.md section 3)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.context import Context
from bot.newsletter.approving import changed_it
from bot.newsletter.checking import faults_of
from bot.newsletter.standing import may_edit
from bot.newsletter.telling import approve_edition, open_tap, stop_edition
from bot.people.duties import Owed, duty
from bot.rules.newsletter.sealing import seal
from bot.rules.newsletter.values import Edition

NEWSLETTER = "newsletter"


@duty(NEWSLETTER)
def editions_owed(ctx: Context) -> Iterator[Owed]:
    """The edition that does not go out before somebody decides: it is held, waits for a second person, or
    something in it has to be mended first. One that goes out by itself asks for nothing."""
    found = ctx.store.editions.open() if may_edit(ctx) else None
    if found is None or not (why := _waits_for(ctx, found)):
        return
    values = {"title": found.title, "at": found.send_at.isoformat(), "why": why}
    approve = (approve_edition(found),) if why == "second" and seal(found) == found.seal else ()
    taps = (*approve, open_tap(found), stop_edition(found))
    key = f"{NEWSLETTER}:{found.number}:{found.state}"
    yield Owed(NEWSLETTER, key, "owed/newsletter", values, taps, found.send_at)


def _waits_for(ctx: Context, edition: Edition) -> str:
    """What it waits for: "held", "faults", "second" (the caller's yes); "" for nothing."""
    if edition.state == "held":
        return "held"
    if edition.state != "draft" or edition.send_at <= ctx.now:
        return ""
    if faults_of(ctx, edition):
        return "faults"
    return "second" if edition.approval == "second" and not changed_it(edition, ctx.person.id) else ""
