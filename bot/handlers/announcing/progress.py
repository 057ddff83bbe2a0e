"""How an announcement goes: one card for whoever sent it, which becomes the report (section 4)."""

from __future__ import annotations

from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from bot import batches
from bot.broadcasts.audience import audience_of
from bot.broadcasts.drafting import authors
from bot.broadcasts.mending import behind, edits_of, mail_readers, missed, withdrawn_batch
from bot.broadcasts.standing import (
    EVERY,
    batch_of,
    found_broadcast,
    how_far,
    is_thrown_away,
)
from bot.cards import card
from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.announcing.answers import described, name_of, numbered, place_name
from bot.handlers.announcing.preview import preview
from bot.handlers.announcing.second import asked_second
from bot.messages import Button, Reply, filled
from bot.rules.broadcasts.values import Broadcast, Phase, Tally
from storage.deliveries import Outcome

NAMED = 8  # chats to repair, by name
PAGE = 5
SAYS: Final = {
    "gone": N_("blocked me, or gone"),
    "removed": N_("I was removed"),
    "archived": N_("the chat is archived"),
    "closed": N_("the topic is closed"),
    "muted": N_("I can't write there"),
    "lost": N_("I can't find the chat any more"),
    "refused": N_("the platform didn't take it"),
    "deleted": N_("it was deleted there"),
    "moved": N_("the group moved meanwhile"),
    "past its use": N_("it would have come too late"),
    "no longer due": N_("not needed any more"),
    "stopped": N_("it was stopped"),
    "withdrawn": N_("it was taken back"),
    "taken back": N_("it was taken back"),
    "they stopped this kind": N_("stopped announcements meanwhile"),
    "they have left": N_("left meanwhile"),
    "the account is not theirs any more": N_("unlinked that account"),
}
OUT: Final[tuple[Phase, ...]] = ("done", "partly_failed")


@command(
    "announcements",
    N_("What was announced, how it went, and what is being written"),
    may="announce",
    example="/announcements",
)
def announcements(ctx: Context, page: Annotated[int, Number(hidden=True)] = 1) -> Reply:
    """The newest first, each a tap away; drafts of others and what was thrown away are left out."""
    ctx.in_private()
    every, _ = ctx.store.broadcasts.latest(1000)
    mine = [one for one in every if not is_thrown_away(one)]
    mine = [one for one in mine if one.state != "draft" or ctx.person.id in authors(one)]
    pages = max(1, -(-len(mine) // PAGE))
    page = min(max(page, 1), pages)
    shown = mine[(page - 1) * PAGE : page * PAGE]
    values = {"every": [_line(ctx, one) for one in shown], "page": page, "pages": pages}
    opens = [_opens(one) for one in shown]
    before = Button(N_("Page before"), "announcements", {"page": str(page - 1)})
    after = Button(N_("Next page"), "announcements", {"page": str(page + 1)})
    turns = (*((before,) if page > 1 else ()), *((after,) if page < pages else ()))
    return Reply("announcements", values, (*opens, *turns, Button(N_("Announce"), "announce")), replace=True)


@command("announcement", N_("Open one announcement"), may="announce", hidden=True)
def announcement(
    ctx: Context,
    number: Annotated[int, Number(least=1, most=2**53, ask=N_("Which number?"), label=N_("Number"))],
) -> Reply:
    """One announcement as it stands: its preview while it is a draft, else its report."""
    ctx.in_private()
    return opened(ctx, found_broadcast(ctx, number))


@card("broadcast")
def announcement_card(ctx: Context, key: str) -> Reply:
    """How far it is; once all is out it is the report."""
    return report(ctx, found_broadcast(ctx, int(key)))


def opened(ctx: Context, broadcast: Broadcast) -> Reply:
    """An announcement as whoever opens it can go on with it."""
    if broadcast.state == "draft":
        return preview(ctx, broadcast)
    if broadcast.state == "awaiting" and ctx.person.id not in authors(broadcast):
        return asked_second(ctx, broadcast, audience_of(ctx, broadcast))
    return report(ctx, broadcast)


def report(ctx: Context, broadcast: Broadcast) -> Reply:
    """How far it is, whom it did not reach and why, and what can be done about it."""
    phase, counts = how_far(ctx, broadcast)
    behind_it, told = len(behind(ctx, broadcast)), _told_by_mail(ctx, broadcast)
    values = {
        **described(ctx, broadcast),
        **_counts(ctx, counts),
        "phase": "away" if is_thrown_away(broadcast) else phase,
        "confirmed_by": name_of(ctx, broadcast.confirmed_by),
        "second_by": name_of(ctx, broadcast.second_by) if broadcast.second_by else "",
        "stopped_by": name_of(ctx, broadcast.stopped_by) if broadcast.stopped_at else "",
        "stopped_at": broadcast.stopped_at.isoformat() if broadcast.stopped_at else "",
        "repair": _repair(ctx, broadcast) if counts.failed and not counts.open else [],
        "fixed": _fixed(ctx, broadcast, behind_it),
        "withdrawn": _withdrawn(ctx, broadcast, told),
    }
    return Reply("announce_report", values, _taps(broadcast, phase, counts, values), replace=True)


def why(ctx: Context, says: str) -> str:
    """A short code as a clause that a person understands."""
    code = says.removeprefix("the place is ")
    return ctx.translate(SAYS.get(code, N_("it didn't work")))


def _counts(ctx: Context, counts: Tally) -> dict[str, Any]:
    reasons: dict[str, int] = {}
    for says, count in counts.reasons.items():
        clause = why(ctx, says)
        reasons[clause] = reasons.get(clause, 0) + count
    return {
        "total": counts.total,
        "sent": counts.arrived,
        "folded": counts.folded,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "unknown": counts.unknown,
        "reasons": [{"count": count, "why": clause} for clause, count in reasons.items()],
    }


def _repair(ctx: Context, broadcast: Broadcast) -> list[str]:
    """The chats that it did not reach, by name."""
    every = batches.outcomes(ctx, batch_of(broadcast))
    failed = [one.place for one in every if one.state == "failed" and one.place is not None]
    return [place_name(ctx, place) for place in failed[:NAMED]]


def _fixed(ctx: Context, broadcast: Broadcast, behind_it: int) -> dict[str, Any]:
    """What became of the last edit: where it did not arrive, and how many mails have the text of before."""
    if broadcast.edited_at is None or broadcast.state == "retracted":
        return {"at": "", "mails": 0, "missed": []}
    counts, zone = batches.tally(ctx, edits_of(broadcast)), ZoneInfo(ctx.zone)
    return {
        "at": broadcast.edited_at.isoformat(),
        "today": broadcast.edited_at.astimezone(zone).date() == ctx.now.astimezone(zone).date(),
        "done": counts.sent,
        "total": counts.total,
        "deleted": counts.reasons.get("deleted", 0),
        "missed": [_named(ctx, one) for one in missed(ctx, broadcast)[:NAMED]],
        "mails": behind_it,
    }


def _withdrawn(ctx: Context, broadcast: Broadcast, told: int) -> dict[str, Any]:
    """What became of taking it back, and where it remains."""
    if broadcast.state != "retracted":
        return {"at": "", "failed": 0, "untold": 0}
    found = batches.outcomes(ctx, f"{batch_of(broadcast)}:back")
    done = [one for one in found if one.state == "sent"]
    left = [one for one in found if one.state in ("failed", "unknown", "skipped")]
    mails = len(mail_readers(ctx, broadcast))
    return {
        "at": (broadcast.retracted_at or ctx.now).isoformat(),
        "by": name_of(ctx, broadcast.retracted_by),
        "deleted": sum(one.act == "delete" for one in done),
        "replaced": sum(one.act != "delete" for one in done),
        "open": len(found) - len(done) - len(left),
        "failed": sum(batches.retryable(one) for one in left),
        "remains": [_named(ctx, one) for one in left[:NAMED]],
        "mails": mails,
        "told": min(told, mails),
        "untold": max(0, mails - told),
    }


def _told_by_mail(ctx: Context, broadcast: Broadcast) -> int:
    """How many mails say that it was taken back, or will."""
    counts = batches.tally(ctx, withdrawn_batch(broadcast))
    return counts.sent + counts.open + counts.unknown


def _named(ctx: Context, one: Outcome) -> str:
    return place_name(ctx, one.place) if one.place else one.name


def _taps(broadcast: Broadcast, phase: Phase, counts: Tally, values: dict[str, Any]) -> tuple[Button, ...]:
    given = numbered(broadcast)
    fix = Button(N_("Fix text"), "announcement fix", given)
    texts = Button(N_("Texts"), "announcement texts", given)
    file = Button(N_("List as a file"), "announcement list", given)
    if phase == "awaiting":
        return Button(N_("Withdraw it"), "announcement withdraw", given), texts
    if phase in ("cooling", "waiting"):
        return Button(N_("Stop"), "announcement stop", given), fix, texts
    if phase == "sending":
        return Button(N_("Stop the rest"), "announcement stop", given), fix, texts
    if phase == "retracted":
        return *_repairs(broadcast, phase, counts, values), file, texts, EVERY
    back = Button(N_("Take back"), "announcement take back", given)
    after_all = (Button(N_("Send after all"), "announcement copy", given),) if phase == "stopped" else ()
    mending = (fix, back) if counts.arrived else ()
    return (*after_all, *mending, *_repairs(broadcast, phase, counts, values), file, texts)


def _repairs(broadcast: Broadcast, phase: Phase, counts: Tally, values: dict[str, Any]) -> tuple[Button, ...]:
    given = numbered(broadcast)
    fixed, withdrawn = values["fixed"], values["withdrawn"]
    again = (counts.failed and phase in OUT) or fixed["missed"] or withdrawn["failed"]
    unclear = counts.unknown and phase != "retracted"
    return (
        *((Button(N_("Retry failed"), "announcement retry", given),) if again else ()),
        *((Button(N_("See which"), "unclear"),) if unclear else ()),
        *((Button(N_("Places"), "places", {"page": "1"}),) if values["repair"] or fixed["missed"] else ()),
        *((Button(N_("Correct by mail"), "announcement mail", given),) if fixed["mails"] else ()),
        *((Button(N_("Tell by mail"), "announcement tell", given),) if withdrawn["untold"] else ()),
    )


def _line(ctx: Context, one: Broadcast) -> dict[str, Any]:
    phase, counts = how_far(ctx, one)
    at = one.send_at or one.confirmed_at or one.created_at
    return {
        **described(ctx, one),
        "phase": phase,
        "at": at.isoformat(),
        "sent": counts.arrived,
        "total": counts.total,
    }


def _opens(one: Broadcast) -> Button:
    label = filled(N_("Open {number}"), number=one.number)
    return Button(label, "announcement", numbered(one))
