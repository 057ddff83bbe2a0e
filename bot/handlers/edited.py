"""Somebody edited what they wrote: it changes nothing, which is said once, in private (section 10)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Annotated

from bot.commands import N_, REGISTRY, Command, Text, command, read
from bot.context import Context
from bot.messages import SILENCE, Button, Reply
from bot.rules.edits import mark_of
from storage.buttons import Stored

LONGEST = 3000  # characters that are read
KEPT = timedelta(days=30)  # that it was said is remembered for as long
A_SLIP = timedelta(minutes=10)  # so soon a look is edited because something else was meant
HIDDEN = Annotated[str, Text(hidden=True)]


@command("edited", N_("Somebody edited a message"), may="anybody", hidden=True)
def edited(
    ctx: Context, message: HIDDEN = "", words: Annotated[str, Text(hidden=True, most=LONGEST)] = ""
) -> Reply:
    """An edit of what was understood changes nothing, least of all a vote. Where the new words are a
    command, one tap gives it, in its newest wording, and the old one stays. Talk that was never for us stays
    talk."""
    if ctx.identity.person is None or not words:
        return SILENCE
    found, rest = REGISTRY.find(words)
    usable = found is not None and not found.hidden
    heard = _heard(ctx, message)
    if heard is None and not (usable and _is_a_slip(ctx)):
        return SILENCE
    before, said = _said_of(ctx, message)
    if before is None and heard is not None and heard == mark_of(words):
        return SILENCE  # a link preview came, or went
    if before is not None and _is_settled(ctx, before, found if usable else None, rest):
        return SILENCE
    token = _kept(ctx, found, rest) if found is not None and usable else ""
    note = Stored(said, "edited", {"draft": token}, None, ctx.now + KEPT)
    ctx.store.buttons.add_all([note])  # that it was said; nobody taps it
    if before is not None and not token:
        return SILENCE  # what was offered is closed, and the next words that make sense are offered again
    uses = (Button(N_("Use the new text"), "continue", {"draft": token}),) if token else ()
    leaves = Button(N_("Leave it"), "leave edit", {"draft": token}) if token else Button(N_("Help"), "help")
    return Reply("edited", {"usable": bool(token)}, (*uses, leaves), aside=True)


@command("leave edit", N_("Leave an edit without effect"), may="anybody", hidden=True)
def leave_edit(ctx: Context, draft: HIDDEN = "") -> Reply:
    """[Leave]: what was understood first stands."""
    kept = ctx.store.drafts.by_token(draft) if draft else None
    if kept is not None and kept.account_id == ctx.identity.account_id and kept.state == "aside":
        ctx.store.drafts.close(draft)
    return Reply("edit_left", {}, replace=True)


def _heard(ctx: Context, message: str) -> str | None:
    """The mark of a message's words, if it was for us, and answered or marked: then it is written down. None
    if it was not."""
    found = ctx.store.received.find(ctx.place.platform, message)
    if found is None or found.answer is None or found.account.user != ctx.incoming.account.user:
        return None
    return str(found.answer.get("words", ""))


def _is_a_slip(ctx: Context) -> bool:
    """Whether a message in the direct chat was edited right after it was sent: looks are not written down."""
    sent = ctx.incoming.sent_at
    return ctx.place.kind == "direct" and sent is not None and ctx.now - sent <= A_SLIP


def _kept(ctx: Context, declared: Command, rest: str) -> str:
    """The new words as a command that was begun, behind its token; put aside, so that no words fill it."""
    typed = read(declared, rest, ctx.reading)
    kept = ctx.store.drafts.put(
        ctx.account_id, ctx.place, declared.name, typed.arguments, "", "aside", ctx.now
    )
    return kept.token


def _said_of(ctx: Context, message: str) -> tuple[Stored | None, str]:
    """What was said last of edits of this message, None for nothing yet; and where the next is noted."""
    last, place = None, _note(message)
    while (note := ctx.store.buttons.get(place)) is not None:
        last, place = note, _note(place)
    return last, place


def _is_settled(ctx: Context, before: Stored, declared: Command | None, rest: str) -> bool:
    """Whether one more edit needs no word: the tap that stands uses the newest text, or was used. A tap for
    another command than is written now is closed."""
    token = before.arguments.get("draft", "")
    kept = ctx.store.drafts.by_token(token) if token else None
    if kept is None:
        return declared is None
    if kept.state != "aside":
        return True
    if declared is None or kept.command != declared.name:
        ctx.store.drafts.close(token)
        return False
    ctx.store.drafts.update(token, arguments=read(declared, rest, ctx.reading).arguments)
    return True


def _note(message: str) -> str:
    return "e" + hashlib.blake2b(message.encode(), digest_size=12).hexdigest()
