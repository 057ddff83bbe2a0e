"""An announcement in one line of a digest: its title, who says it, and a tap that shows all of it."""

from __future__ import annotations

from bot.broadcasts.standing import found_broadcast, text_for, tongues
from bot.broadcasts.text import title_of
from bot.commands import N_
from bot.context import Context
from bot.handlers.announcing.answers import name_of, numbered, speaks_for
from bot.messages import Button, Reply
from bot.notices import Values


def in_a_digest(ctx: Context, values: Values) -> Reply:
    """Who announces what, as it stands now, in the reader's language."""
    found = found_broadcast(ctx, values["broadcast"])
    shown = {
        "title": title_of(text_for(found.texts, tongues(ctx))),
        "author": name_of(ctx, found.created_by),
        "organisation": speaks_for(ctx, found),
    }
    read = Button(N_("Read it"), "read announcement", numbered(found))
    return Reply("announcement_line", shown, (read,))
