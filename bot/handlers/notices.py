"""Messages that nobody asked for: stopping one kind of them, and getting it again."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Text, command
from bot.context import Context
from bot.messages import Button, Refusal, Reply
from bot.notices import NOTICES, Notice

KIND = Annotated[str, Text(hidden=True)]


def stop_tap(kind: str) -> Button:
    """The tap under a notice by which somebody gets no more of its kind."""
    return Button(N_("Stop these"), "stop notices", {"kind": kind})


@command("stop notices", N_("Stop one kind of message"), hidden=True)
def stop_notices(ctx: Context, kind: KIND = "") -> Reply:
    """No more of these for this person, on any platform; what waits is not sent either."""
    stopped = _known(kind)
    ctx.store.silenced.stop(ctx.person.id, stopped.kind, ctx.now)
    again = Button(N_("Get them again"), "notices again", {"kind": stopped.kind})
    return Reply("notices_stopped", {"title": stopped.title}, (again,))


@command("notices again", N_("Get one kind of message again"), hidden=True)
def notices_again(ctx: Context, kind: KIND = "") -> Reply:
    """They come again, from the next one on."""
    wanted = _known(kind)
    ctx.store.silenced.again(ctx.person.id, wanted.kind)
    return Reply("notices_again", {"title": wanted.title}, replace=True)


def _known(kind: str) -> Notice:
    if kind not in NOTICES:
        raise Refusal("button_old", buttons=(Button(N_("Help"), "help"),))
    return NOTICES[kind]
