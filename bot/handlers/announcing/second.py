"""The question to a second person, where the charter asks for one (section 4)."""

from __future__ import annotations

from bot.broadcasts.audience import Audience, seal
from bot.broadcasts.confirming import authors
from bot.commands import N_
from bot.context import Context
from bot.handlers.announcing.answers import name_of, numbered
from bot.handlers.announcing.preview import previewed
from bot.messages import Button, Refusal, Reply
from bot.rules.broadcasts.values import Broadcast


def asked_second(ctx: Context, waiting: Broadcast, audience: Audience, *, changed: bool = False) -> Reply:
    """What somebody wants to send, exactly, and the two taps that answer; `changed`: it is not what the
    reader saw before and agreed to."""
    values = {
        **previewed(ctx, waiting, audience),
        "who": name_of(ctx, waiting.confirmed_by),
        "changed": changed,
    }
    given = numbered(waiting)
    agree = Button(N_("Send it"), "announcement agree", {**given, "mark": seal(waiting, audience)})
    no = Button(N_("Not like this"), "announcement decline", given)
    return Reply("announce_second", values, (agree, no), replace=changed)


def not_own(ctx: Context, waiting: Broadcast) -> None:
    """Nobody agrees to what they had a part in. Raises Refusal."""
    if ctx.person.id in authors(waiting):
        back = Button(N_("Withdraw it"), "announcement withdraw", numbered(waiting))
        raise Refusal("announcement_own", buttons=(back,))
