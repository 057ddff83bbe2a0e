"""Confirming an announcement: exactly what was previewed goes, to exactly those people, and can be stopped
for three minutes (section 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.broadcasts.audience import Audience, audience_of, seal
from bot.broadcasts.confirming import (
    Asked,
    ask_second,
    asks_second,
    moment,
    put_on_its_way,
    stop,
)
from bot.broadcasts.drafting import back_to_draft, draft_again
from bot.broadcasts.standing import found_broadcast, how_far, is_thrown_away
from bot.commands import N_, Text, command
from bot.context import Context
from bot.handlers.announcing.answers import described, name_of, numbered, open_tap
from bot.handlers.announcing.media import ready_to_go
from bot.handlers.announcing.preview import NUMBER, preview, who_is_off
from bot.handlers.announcing.progress import OUT, opened
from bot.handlers.announcing.second import asked_second, is_late, not_own
from bot.messages import Ask, Button, Choice, Reply
from bot.rules.broadcasts.values import Broadcast

HIDDEN = Annotated[str, Text(hidden=True)]
LONGEST_REASON = 200  # characters
URGENT = Annotated[
    str, Text(ask=N_("Why can't it wait?"), label=N_("Why it can't wait"), most=LONGEST_REASON)
]


@command("announcement send", N_("Send an announcement"), may="announce", hidden=True)
def announcement_send(
    ctx: Context, number: NUMBER, mark: HIDDEN = "", at: HIDDEN = "", urgent: URGENT = "", back: HIDDEN = ""
) -> Reply:
    """A yes to what was previewed (`mark`): it goes in three minutes, or at that moment. Of two people at
    once one is first; the other one reads who was. Raises Ask for the reason where most are off."""
    draft = found_broadcast(ctx, number, lock=True)
    if draft.state != "draft":
        return already(ctx, draft)
    audience, when = audience_of(ctx, draft), moment(at)
    if back:
        return preview(ctx, draft)
    if mark != seal(draft, audience) or (when is not None and when <= ctx.now) or not audience.readers:
        return preview(ctx, draft, changed=True)
    ready_to_go(ctx, draft)
    if when is None and audience.most_are_off and not urgent:
        raise _why_now(ctx, draft, audience)
    yes = replace(draft, confirmed_by=ctx.person.id, confirmed_at=ctx.now, send_at=when, urgent=urgent)
    return _awaited(ctx, yes) if asks_second(ctx) else _goes(ctx, yes, audience)


@command("announcement agree", N_("Agree that an announcement goes out"), may="announce", hidden=True)
def announcement_agree(
    ctx: Context,
    number: NUMBER,
    mark: HIDDEN = "",
    at: HIDDEN = "",
    now: HIDDEN = "",
    urgent: URGENT = "",
    back: HIDDEN = "",
) -> Reply:
    """The second person's yes, to what they saw: it goes at the moment that was chosen, or at once. Where
    that moment has passed, or most are off, they look again and choose (`at`, or `now` with the reason).
    Raises Ask for the reason, Refusal for whoever wrote it."""
    waiting = found_broadcast(ctx, number, lock=True)
    if waiting.state != "awaiting":
        return already(ctx, waiting)
    not_own(ctx, waiting)
    audience, chosen = audience_of(ctx, waiting), moment(at)
    if mark != seal(waiting, audience) or not audience.readers or (chosen and chosen <= ctx.now):
        return asked_second(ctx, waiting, audience, changed=True)
    if back:
        return asked_second(ctx, waiting, audience)
    ready_to_go(ctx, waiting)
    planned = waiting.send_at if waiting.send_at and waiting.send_at > ctx.now else None
    if chosen is None and planned is None and is_late(ctx, waiting, audience):
        if not now:
            return asked_second(ctx, waiting, audience, again=True)
        if audience.most_are_off and not urgent:
            raise _why_now(ctx, waiting, audience)
    send_at = None if now else chosen or planned
    agreed = replace(waiting, second_by=ctx.person.id, send_at=send_at, urgent=urgent or waiting.urgent)
    return _agreed(ctx, agreed, audience)


@command(
    "announcement decline", N_("Say that an announcement is not to go like this"), may="announce", hidden=True
)
def announcement_decline(
    ctx: Context,
    number: NUMBER,
    why: Annotated[str, Text(ask=N_("What would you change?"), label=N_("Why"), most=500)] = "",
) -> Reply:
    """The second person's no: it is a draft again, and its author reads why. Raises Ask for the reason."""
    waiting = found_broadcast(ctx, number, lock=True)
    if waiting.state != "awaiting":
        return already(ctx, waiting)
    not_own(ctx, waiting)
    if not why:
        raise Ask("why", "announce_decline_ask", **described(ctx, waiting))
    draft = back_to_draft(ctx, waiting)
    told = {**described(ctx, draft), "who": ctx.person.name, "why": why}
    key = f"announcement declined:{number}:{ctx.now.isoformat()}"
    again = Button(N_("Show it"), "announcement preview", numbered(draft))
    ctx.tell(
        (waiting.created_by, waiting.confirmed_by or waiting.created_by),
        "announce_declined",
        key,
        told,
        (again,),
    )
    return Reply("announce_decline_done", described(ctx, draft), replace=True)


@command("announcement withdraw", N_("Don't ask a second person any more"), may="announce", hidden=True)
def announcement_withdraw(ctx: Context, number: NUMBER) -> Reply:
    """It is a draft again."""
    waiting = found_broadcast(ctx, number, lock=True)
    if waiting.state != "awaiting":
        return already(ctx, waiting)
    return preview(ctx, back_to_draft(ctx, waiting))


@command("announcement stop", N_("Stop an announcement"), may="announce", hidden=True)
def announcement_stop(ctx: Context, number: NUMBER) -> Reply:
    """What has not gone yet does not go."""
    broadcast = found_broadcast(ctx, number, lock=True)
    if broadcast.state != "sending":
        return opened(ctx, broadcast)
    over, stopped = stop(ctx, broadcast)
    if not stopped:
        return opened(ctx, broadcast)
    _, counts = how_far(ctx, over)
    out = counts.out
    again = Button(N_("Send after all"), "announcement copy", numbered(over))
    values = {**described(ctx, over), "out": out, "stopped": stopped}
    if not out:
        told = {**values, "who": ctx.person.name}
        key = f"announcement stopped:{number}:{ctx.now.isoformat()}"
        ctx.tell(
            (over.confirmed_by or over.created_by,), "announce_stopped_told", key, told, (open_tap(over),)
        )
    return Reply("announce_stopped", values, (again, open_tap(over)), replace=True)


@command(
    "announcement copy", N_("Make a new announcement of one that was stopped"), may="announce", hidden=True
)
def announcement_copy(ctx: Context, number: NUMBER) -> Reply:
    """A new draft with the same words, for those who have not got it; the second tap opens the same one."""
    over = found_broadcast(ctx, number, lock=True)
    return opened(ctx, draft_again(ctx, over) if over.state == "stopped" else over)


def already(ctx: Context, broadcast: Broadcast) -> Reply:
    """Somebody was first: who, and when."""
    state = "away" if is_thrown_away(broadcast) else broadcast.state
    by = broadcast.second_by or broadcast.confirmed_by
    by, at = (
        (broadcast.stopped_by, broadcast.stopped_at)
        if state in ("away", "stopped")
        else (by, broadcast.confirmed_at)
    )
    if state == "retracted":
        by, at = broadcast.retracted_by, broadcast.retracted_at
    values = {
        **described(ctx, broadcast),
        "state": state,
        "is_out": how_far(ctx, broadcast)[0] in OUT,
        "today": _is_today(ctx, at or broadcast.created_at),
        "mine": by == ctx.person.id,
        "who": name_of(ctx, by),
        "at": (at or broadcast.created_at).isoformat(),
    }
    return Reply("announce_already", values, (open_tap(broadcast),), replace=True)


def awaited(ctx: Context, waiting: Broadcast, asked: Asked, *, fixed: bool = False) -> Reply:
    """It waits for a second person: who was asked, and who can't be; `fixed`: it was on its way before."""
    back = Button(N_("Withdraw it"), "announcement withdraw", numbered(waiting))
    values = {
        **described(ctx, waiting),
        "names": [name_of(ctx, one) for one in asked.asked],
        "not_asked": [name_of(ctx, one) for one in asked.not_asked],
        "fixed": fixed,
    }
    return Reply("announce_awaiting", values, (back,), replace=True)


def _is_today(ctx: Context, at: datetime) -> bool:
    zone = ZoneInfo(ctx.zone)
    return at.astimezone(zone).date() == ctx.now.astimezone(zone).date()


def _goes(ctx: Context, yes: Broadcast, audience: Audience) -> Reply:
    going = put_on_its_way(ctx, yes, audience)
    values = {
        **described(ctx, going),
        "chats": len(audience.reach.chats),
        "people": len(audience.reach.people),
        "later": yes.send_at is not None,
    }
    return Reply(
        "announce_under_way",
        values,
        (Button(N_("Stop"), "announcement stop", numbered(going)),),
        replace=True,
    )


def _awaited(ctx: Context, yes: Broadcast) -> Reply:
    waiting = ctx.store.broadcasts.write(replace(yes, state="awaiting"))
    return awaited(ctx, waiting, ask_second(ctx, waiting))


def _agreed(ctx: Context, agreed: Broadcast, audience: Audience) -> Reply:
    """It goes, and whoever wanted that reads so."""
    reply = _goes(ctx, agreed, audience)
    ctx.tell(
        (agreed.created_by, agreed.confirmed_by or agreed.created_by),
        "announce_agreed",
        f"announcement agreed:{agreed.number}:{ctx.now.isoformat()}",
        {**reply.values, "who": ctx.person.name},
        (open_tap(agreed),),
    )
    return reply


def _why_now(ctx: Context, draft: Broadcast, audience: Audience) -> Ask:
    values = {**described(ctx, draft), **who_is_off(ctx, audience)}
    return Ask("urgent", "announce_urgent", (Choice(N_("Back"), {"back": "yes"}),), **values)
