"""What somebody could tap just now: the buttons of the answer that they got last."""

from __future__ import annotations

from datetime import timedelta

from bot.context import Context
from storage.buttons import Stored

LATELY = timedelta(minutes=30)


def taps_shown(ctx: Context) -> list[Stored]:
    """The calls behind the buttons of what was answered last in this chat, but for those that only look."""
    last = ctx.store.received.said_last(ctx.place, ctx.now - LATELY)
    messages = [one.answer["message"] for one in last if one.answer and one.answer["message"]]
    tokens = [key["token"] for message in messages for key in message["keys"]]
    return [stored for token in tokens if (stored := ctx.store.buttons.get(token))]
