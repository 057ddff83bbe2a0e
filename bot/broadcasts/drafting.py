"""Drafts: who had a part in one, what is made of one that was stopped, who has that already (section 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot import batches
from bot.broadcasts.standing import batch_of, is_thrown_away
from bot.context import Context
from bot.rules.broadcasts.values import Broadcast
from storage.deliveries import Outcome, State

MAY_HAVE = ("sent", "folded", "attempting", "unknown")


def kept(ctx: Context, draft: Broadcast) -> Broadcast:
    """The draft as somebody changed it. They have a part in it now, and can't be the second one to agree."""
    return ctx.store.broadcasts.write(with_part(ctx, draft))


def with_new_text(ctx: Context, draft: Broadcast, language: str, text: str) -> Broadcast:
    """The draft with another text in that language, kept."""
    texts = {**draft.texts, language: text}
    edited = replace(draft, texts=texts, version=draft.version + 1, edited_by=ctx.person.id)
    return kept(ctx, edited)


def with_part(ctx: Context, broadcast: Broadcast) -> Broadcast:
    """The announcement with whoever acts among those who had a part in it."""
    return replace(broadcast, authors=tuple(dict.fromkeys((*broadcast.authors, ctx.person.id))))


def authors(broadcast: Broadcast) -> set[int]:
    """Whose announcement it is, by person: none of them can be the second one to agree."""
    found = (broadcast.created_by, broadcast.confirmed_by, broadcast.edited_by, *broadcast.authors)
    return {one for one in found if one is not None}


def draft_again(ctx: Context, over: Broadcast) -> Broadcast:
    """What stands of one that was stopped (lock it first): a new draft with the same words, made once, for
    those who have not got it. Whoever had a part in the old one has a part in it."""
    for copy in ctx.store.broadcasts.copies(over.number):
        if not is_thrown_away(copy):
            return copy
    again = replace(
        over, number=0, created_by=ctx.person.id, created_at=ctx.now, state="draft", version=1, urgent="",
        confirmed_by=None, confirmed_at=None, second_by=None, send_at=None, stopped_by=None, stopped_at=None,
        edited_by=None, edited_at=None, authors=tuple(sorted(authors(over))), copy_of=over.number, tries=1,
    )  # fmt: skip
    return ctx.store.broadcasts.add(again)


def back_to_draft(ctx: Context, broadcast: Broadcast) -> Broadcast:
    """It was confirmed and waits for nobody any more."""
    draft = replace(broadcast, state="draft", confirmed_by=None, confirmed_at=None, send_at=None)
    ctx.store.broadcasts.write(draft)
    return draft


def had_it(ctx: Context, broadcast: Broadcast) -> dict[str, State]:
    """Who got it as the one that it is a copy of, or may have got it, by reader ("person:5"): "sent",
    "folded" (in a digest), "unknown" (nobody can tell), or "attempting" (on its way at this moment)."""
    found: dict[str, State] = {}
    for one in _outcomes_before(ctx, broadcast):
        if one.state in MAY_HAVE and found.get(one.reader) not in ("sent", "folded"):
            found[one.reader] = one.state
    return found


def _outcomes_before(ctx: Context, broadcast: Broadcast) -> Iterator[Outcome]:
    before, seen = broadcast.copy_of, {broadcast.number}
    while before is not None and before not in seen:
        seen.add(before)
        over = ctx.store.broadcasts.get(before)
        if over is None:
            return
        if over.state != "retracted":
            yield from batches.outcomes(ctx, batch_of(over))
        before = over.copy_of
