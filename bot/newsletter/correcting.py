"""Corrections of an edition that went out: a dated note, added and never instead (engagement.md 3.6)."""

from __future__ import annotations

from dataclasses import replace

from bot import batches
from bot.context import Context
from bot.newsletter.standing import batch_of
from bot.newsletter.telling import CORRECTED
from bot.rules.newsletter.values import Edition, Note


def correct(ctx: Context, edition: Edition, words: str, *, tell: bool, mail: bool) -> tuple[Edition, int]:
    """Add a dated note to the copy in the archive, and say it in reply to every post of the edition (`tell`),
    by mail too (`mail`): the edition, and how many are told."""
    number = len(edition.notes)
    after = replace(
        edition, notes=(*edition.notes, Note(ctx.now, ctx.person.id, words)), version=edition.version + 1
    )
    after = ctx.store.editions.write(after)
    values = {"edition": edition.number, "note": number, "mail": mail}
    if not tell:
        return after, 0
    told = batches.reply(ctx, batch_of(edition), f"note:{number + 1}", CORRECTED, values)
    left_out = 0 if mail else batches.uneditable(ctx, batch_of(edition))  # the mails of the edition
    return after, told - left_out
