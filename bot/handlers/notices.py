"""Messages that nobody asked for: stopping one kind of them, and getting it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from bot.commands import N_, Text, command
from bot.context import Context
from bot.messages import Button, Refusal, Reply
from bot.notices import NOTICES, Notice
from storage.deliveries import Delivery

KIND = Annotated[str, Text(hidden=True)]
SOON = timedelta(hours=14)  # nothing comes again on the same day
DIGEST = "digest"  # the kind in which others are said together
WHAT_I_SEND = Button(N_("What I send you"), "notify")


def tail(one: Delivery) -> tuple[Button, ...]:
    """The taps under every notice: put it off, and get no more of its kind (voice.md, rule 11). Under a
    digest, which is of many kinds: put it off, and see what is sent at all. What is over today cannot be put
    off. None where nothing can be stopped."""
    notice = NOTICES.get(one.kind)
    if one.person_id is None or (one.kind != DIGEST and (notice is None or not notice.stoppable)):
        return ()
    later = Button(N_("Later"), "later", {"delivery": str(one.id)})
    stop = Button(N_("Stop these"), "stop notices", {"kind": one.kind})
    end = WHAT_I_SEND if one.kind == DIGEST else stop
    return (end,) if _is_soon_over(one) else (later, end)


@command("stop notices", N_("Stop one kind of message"), hidden=True)
def stop_notices(ctx: Context, kind: KIND = "") -> Reply:
    """No more of these for this person, on any platform; what waits is not sent either."""
    stopped = _known(kind)
    ctx.store.silenced.stop(ctx.person.id, stopped.kind, ctx.now)
    again = Button(N_("Get them again"), "notices again", {"kind": stopped.kind})
    values = {"title": stopped.title, "duty": stopped.duty}
    return Reply("notices_stopped", values, (again, WHAT_I_SEND))


@command("notices again", N_("Get one kind of message again"), hidden=True)
def notices_again(ctx: Context, kind: KIND = "") -> Reply:
    """They come again, from the next one on."""
    wanted = _known(kind)
    ctx.store.silenced.again(ctx.person.id, wanted.kind)
    return Reply("notices_again", {"title": wanted.title}, replace=True)


def _is_soon_over(one: Delivery) -> bool:
    moment = one.attempted_at or one.not_before
    return one.fixed_end and one.useful_until is not None and one.useful_until - moment < SOON


def _known(kind: str) -> Notice:
    if kind not in NOTICES or not NOTICES[kind].stoppable:
        raise Refusal("button_old", buttons=(WHAT_I_SEND,))
    return NOTICES[kind]
