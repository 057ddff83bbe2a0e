"""One action, every copy: the text is put right or taken back wherever it stands (section 4)."""

from __future__ import annotations

from dataclasses import replace

from bot import batches
from bot.broadcasts.standing import CORRECTION, KIND, batch_of, card_of
from bot.context import Context
from bot.messages import Topic
from bot.reach import Reader
from bot.rules.broadcasts.values import Broadcast, Tally


def fix(
    ctx: Context, broadcast: Broadcast, language: str, text: str, counts: Tally, note: str = ""
) -> Broadcast:
    """Its text in one language is another one: what stands is edited, what waits says it by itself. With a
    `note` everybody who has it reads that correction, in reply to it."""
    is_out = counts.sent + counts.attempting + counts.unknown > 0
    fixed = replace(
        broadcast,
        texts={**broadcast.texts, language: text},
        version=broadcast.version + 1,
        edited_by=ctx.person.id,
        edited_at=ctx.now if is_out else broadcast.edited_at,
    )
    ctx.store.broadcasts.write(fixed)
    values = {"broadcast": fixed.number, "version": fixed.version}
    if is_out:
        batches.edit(ctx, batch_of(fixed.number), KIND, values, fixed.version)
    if is_out and note:
        told = {**values, "note": note}
        batches.reply(ctx, batch_of(fixed.number), f"correction:{fixed.version}", CORRECTION, told)
    ctx.store.cards.stale(card_of(fixed.number))
    return fixed


def correct_by_mail(ctx: Context, broadcast: Broadcast, note: str) -> int:
    """A mail can't be edited, so whoever read it as one gets another: how many are on their way."""
    readers = mail_readers(ctx, broadcast)
    values = {"broadcast": broadcast.number, "version": broadcast.version, "note": note}
    name = f"{batch_of(broadcast.number)}:mail:{broadcast.version}"
    batches.send(ctx, name, CORRECTION, values, readers, ctx.now)
    return len(readers)


def mail_readers(ctx: Context, broadcast: Broadcast) -> tuple[Reader, ...]:
    """Who has it as a mail."""
    return tuple(
        Reader(one.reader, one.name, one.platform, one.account, one.person)
        for one in batches.outcomes(ctx, batch_of(broadcast.number))
        if one.platform in batches.NEVER_CHANGES and one.state == "sent"
    )


def take_back(ctx: Context, broadcast: Broadcast) -> Broadcast:
    """It is deleted where it can be, else replaced by the word that it was withdrawn; what waits does not
    go. Corrections of it go with it."""
    batch = batch_of(broadcast.number)
    gone = replace(broadcast, state="retracted", retracted_by=ctx.person.id, retracted_at=ctx.now)
    ctx.store.broadcasts.write(gone)
    batches.stop(ctx, batch, "withdrawn")
    batches.take_back(ctx, batch, KIND, {"broadcast": gone.number, "withdrawn": True})
    for version in range(2, gone.version + 1):
        name = f"{batch}:correction:{version}"
        batches.stop(ctx, name, "withdrawn")
        batches.take_back(ctx, name, CORRECTION, {"broadcast": gone.number, "withdrawn": True})
    ctx.store.cards.stale(card_of(gone.number))
    return gone


def topic_of(broadcast: Broadcast) -> Topic:
    """What its posts are about: a reply to one is talk."""
    return Topic("announcement", str(broadcast.number))
