"""The question to a second person, where the charter asks for one (section 4)."""

from __future__ import annotations

from bot.broadcasts.audience import Audience, seal
from bot.broadcasts.drafting import authors
from bot.commands import N_
from bot.context import Context
from bot.handlers.announcing.answers import name_of, numbered
from bot.handlers.announcing.preview import previewed, send_then
from bot.messages import Button, Refusal, Reply
from bot.rules.broadcasts.values import Broadcast


def asked_second(
    ctx: Context, waiting: Broadcast, audience: Audience, *, changed: bool = False, again: bool = False
) -> Reply:
    """What somebody wants to send, exactly, and the taps that answer; `changed`: it is not what the reader
    saw before and agreed to; `again`: they said yes, and it is too late for what was planned."""
    late = is_late(ctx, waiting, audience)
    values = {
        **previewed(ctx, waiting, audience),
        "who": name_of(ctx, waiting.confirmed_by),
        "changed": changed,
        "again": again,
        "late": late,
        "passed": late and waiting.send_at is not None,
    }
    given = numbered(waiting)
    no = Button(N_("Not like this"), "announcement decline", given)
    taps = (*_yes(ctx, waiting, audience, late=late), no)
    return Reply("announce_second", values, taps, replace=changed or again)


def is_late(ctx: Context, waiting: Broadcast, audience: Audience) -> bool:
    """Whether a yes does not do what was planned any more: the moment has passed, or it was to go at once and
    most are off by now, and nobody said that it can't wait."""
    if waiting.send_at is not None:
        return waiting.send_at <= ctx.now
    return audience.most_are_off and not waiting.urgent


def not_own(ctx: Context, waiting: Broadcast) -> None:
    """Nobody agrees to what they had a part in. Raises Refusal."""
    if ctx.person.id in authors(waiting):
        back = Button(N_("Withdraw it"), "announcement withdraw", numbered(waiting))
        raise Refusal("announcement_own", buttons=(back,))


def _yes(ctx: Context, waiting: Broadcast, audience: Audience, *, late: bool) -> tuple[Button, ...]:
    given = {**numbered(waiting), "mark": seal(waiting, audience)}
    if not late:
        return (Button(N_("Send it"), "announcement agree", given),)
    now = Button(N_("Send now"), "announcement agree", {**given, "now": "yes"})
    if not audience.most_are_off:
        return (now,)
    then = {**given, "at": audience.opening.isoformat()}
    return (Button(send_then(ctx, audience), "announcement agree", then), now)
