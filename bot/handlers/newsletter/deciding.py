"""Deciding about an edition: approving, stopping, another day, pausing, one anyway (engagement.md 3.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from bot.commands import N_, Moment, Number, Text, command
from bot.context import Context
from bot.handlers.newsletter.answers import described
from bot.handlers.newsletter.drafted import drafted
from bot.messages import Button, Refusal, Reply
from bot.newsletter import approving, sending
from bot.newsletter.archive import was_out, was_stopped_on_its_way
from bot.newsletter.checking import faults_of
from bot.newsletter.drafting import make_anyway
from bot.newsletter.looking import looked_again
from bot.newsletter.settling import settle
from bot.newsletter.standing import NEWSLETTER, editors, found_edition, phase_of
from bot.newsletter.telling import NEWS, open_tap, tell_left_out
from bot.rules.newsletter.values import Edition
from bot.rules.newsletter.windows import in_window, next_window

NUMBER = Annotated[int, Number(hidden=True)]
SEALED = Annotated[str, Text(hidden=True, most=80)]
WHEN = Moment(
    "future", label=N_("When"), ask=N_("When should it go out?"),
    hint=N_("Tuesday to Thursday, 09:00 to 16:00"),
)  # fmt: skip


@command("approve edition", N_("Approve an edition of the newsletter"), may="edit_newsletter", hidden=True)
def approve_edition(ctx: Context, number: NUMBER, sealed: SEALED) -> Reply:
    """Exactly what was shown goes out. What does not stand any more is left out, and then it takes another
    look. Raises Refusal where it changed since, or where it takes somebody else."""
    edition = approving.open_edition(ctx, number)
    if edition.state == "approved":
        return drafted(ctx, edition)
    edition, lost = looked_again(ctx, edition, max(edition.send_at, ctx.now))
    if lost:
        tell_left_out(ctx, edition, lost)
        says = N_("Not approved yet: something changed since. Please look again.")
        return drafted(ctx, edition, ctx.translate(says), lost)
    if faults_of(ctx, edition):
        return drafted(ctx, edition, ctx.translate(N_("A few things have to be mended first.")))
    approved = approving.approve(ctx, edition, sealed)
    return drafted(ctx, approved, ctx.translate(N_("✓ Approved.")))


@command("stop edition", N_("Stop an edition of the newsletter"), may="edit_newsletter", hidden=True)
def stop_edition(ctx: Context, number: NUMBER) -> Reply:
    """It does not go out, or no further; who else looks after it is told. Stopped twice is stopped."""
    edition = found_edition(ctx, number, lock=True)
    if edition.state in ("stopped", "skipped") or phase_of(ctx, edition) == "sent":
        return drafted(ctx, edition)
    stopped, spared = sending.stop(ctx, edition)
    counts = ctx.store.deliveries.tally(f"edition:{number}")
    values = {**described(ctx, stopped), "spared": spared, "sent": counts.arrived, "by": ctx.person.name}
    values |= {"under_way": counts.attempting + counts.unknown}
    make = Button(N_("Make it again"), "make edition", {"number": str(number)})
    again = () if was_out(stopped) else (make,)  # not where some have read it
    ctx.tell(
        editors(ctx),
        "edition_stopped",
        f"edition stopped:{number}:{stopped.version}",
        values,
        again,
        kind=NEWS,
    )
    return Reply("edition_stopped", {**values, "by": ""}, (*again, NEWSLETTER), replace=True)


@command("move edition", N_("Send an edition on another day"), may="edit_newsletter", hidden=True)
def move_edition(ctx: Context, number: NUMBER, at: Annotated[datetime, WHEN]) -> Reply:
    """It goes out at that moment. Raises Refusal for one at which newsletters do not go out."""
    edition = approving.open_edition(ctx, number)
    zone = ctx.charter.alliance.zone
    if at <= ctx.now or not in_window(at, zone):
        soonest = next_window(max(at, ctx.now), zone)
        there = {"number": str(number), "at": soonest.isoformat()}
        taps = (Button(N_("Take that"), "move edition", there), open_tap(edition))
        times = {"at": at.isoformat(), "soonest": soonest.isoformat()}
        raise Refusal("edition_hours", buttons=taps, **times)
    moved = approving.reschedule(ctx, edition, at)
    return drafted(ctx, moved, ctx.translate(N_("✓ Another day.")))


@command("pause edition", N_("Hold what has not gone out yet"), may="edit_newsletter", hidden=True)
def pause_edition(ctx: Context, number: NUMBER) -> Reply:
    """What is not out yet waits; what is out stays."""
    edition = _on_its_way(ctx, number, "approved")
    return drafted(ctx, sending.pause(ctx, edition), ctx.translate(N_("Paused.")))


@command("resume edition", N_("Send what was held"), may="edit_newsletter", hidden=True)
def resume_edition(ctx: Context, number: NUMBER) -> Reply:
    """What waited goes out, now or as soon as newsletters go out again."""
    edition = sending.resume(ctx, _on_its_way(ctx, number, "held"))
    return drafted(ctx, edition, ctx.translate(N_("✓ It goes on.")))


@command(
    "make edition",
    N_("Make an edition now"),
    may="edit_newsletter",
    hidden=True,
    aliases=("newsletter new", "new newsletter", "start a newsletter", "start newsletter", "make one now"),
)
def make_edition(ctx: Context, number: NUMBER = 0) -> Reply:
    """A draft of what there is, also where there was to be no edition; the one that is there already, if one
    is. Raises Refusal for one that some have read."""
    ctx.in_private()
    before = ctx.store.editions.get(number)
    if before is not None and was_stopped_on_its_way(before):
        raise Refusal("edition_partly_out", buttons=(open_tap(before), NEWSLETTER), title=before.title)
    settle(ctx)
    coming = ctx.store.editions.open()
    if coming is not None:
        return drafted(ctx, coming)
    made = make_anyway(ctx, number)
    if made is None:
        return Reply("edition_nothing", {}, (Button(N_("Send news"), "news new"), NEWSLETTER), replace=True)
    return drafted(ctx, made, ctx.translate(N_("✓ Here is the draft.")))


def _on_its_way(ctx: Context, number: int, state: str) -> Edition:
    """An edition of which something is still to go, held. Raises Refusal for any other."""
    edition = found_edition(ctx, number, lock=True)
    if edition.sent_at is None or edition.state != state:
        raise Refusal(
            "edition_closed", buttons=(open_tap(edition),), title=edition.title, state=edition.state
        )
    return edition
