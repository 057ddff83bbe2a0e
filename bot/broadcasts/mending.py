"""One action, every copy: the text is put right or taken back wherever it stands (section 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import batches
from bot.broadcasts.drafting import MAY_HAVE, with_part
from bot.broadcasts.standing import CORRECTION, KIND, batch_of, card_of
from bot.context import Context
from bot.messages import Topic
from bot.people.reach import Reader
from bot.rules.broadcasts.values import Broadcast
from storage.deliveries import Outcome

ON_ITS_WAY = timedelta(minutes=2)  # a mail that was rendered before a fix may be noted as sent after it
TOLD = ("sent", "queued", *MAY_HAVE)


@dataclass(frozen=True, slots=True)
class Fixed:
    """What came of a fix: the announcement, whether anybody may have it, how many copies are edited."""

    broadcast: Broadcast
    is_out: bool
    edited: int = 0


def fix(ctx: Context, broadcast: Broadcast, language: str, text: str, note: str = "") -> Fixed:
    """Its text in one language is another one (lock it first): what stands is edited, what waits says it by
    itself. With a `note` everybody who has it reads that correction, in reply to it. Nothing of it leaves
    while this is written down: whoever is missed here reads the new text at once."""
    batch = batch_of(broadcast)
    is_out = any(one.act == "send" and one.state in MAY_HAVE for one in ctx.store.deliveries.held(batch))
    fixed = replace(
        with_part(ctx, broadcast),
        texts={**broadcast.texts, language: text},
        version=broadcast.version + 1,
        edited_by=ctx.person.id,
        edited_at=ctx.now if is_out else broadcast.edited_at,
    )
    ctx.store.broadcasts.write(fixed)
    values = {"broadcast": fixed.number, "version": fixed.version}
    edited = batches.edit(ctx, batch, KIND, values, fixed.version)
    if note:
        batches.reply(ctx, batch, f"correction:{fixed.version}", CORRECTION, {**values, "note": note})
    ctx.store.cards.stale(card_of(fixed.number))
    return Fixed(fixed, is_out, edited)


def correct_by_mail(ctx: Context, broadcast: Broadcast, note: str) -> int:
    """A mail can't be edited, so whoever read it as one gets another, each time that somebody writes one:
    how many are on their way."""
    values = {"broadcast": broadcast.number, "version": broadcast.version, "note": note}
    name = _mail_batch(broadcast, len(tuple(_mailed(ctx, broadcast))) + 1)
    return batches.send(ctx, name, CORRECTION, values, mail_readers(ctx, broadcast), ctx.now)


def tell_withdrawn(ctx: Context, broadcast: Broadcast) -> int:
    """Whoever has what was taken back as a mail reads that it was, once: how many mails are on their way."""
    values = {"broadcast": broadcast.number, "withdrawn": True, "by_mail": True}
    readers = mail_readers(ctx, broadcast)
    return batches.send(ctx, withdrawn_batch(broadcast), CORRECTION, values, readers, ctx.now)


def mail_readers(ctx: Context, broadcast: Broadcast) -> tuple[Reader, ...]:
    """Who has it as a mail."""
    return tuple(_reader(one) for one in _mails(ctx, broadcast))


def behind(ctx: Context, broadcast: Broadcast) -> tuple[Reader, ...]:
    """Who has it as a mail with the text of before, and was told of the new one by no other mail."""
    if broadcast.edited_at is None or broadcast.state == "retracted":
        return ()
    told = {one.reader for every in _mailed(ctx, broadcast) for one in every}
    replies = batches.outcomes(ctx, f"{batch_of(broadcast)}:correction:{broadcast.version}")
    told |= {one.reader for one in replies if one.state in TOLD}
    before = broadcast.edited_at + ON_ITS_WAY
    mails = (one for one in _mails(ctx, broadcast) if one.at is None or one.at <= before)
    return tuple(_reader(one) for one in mails if one.reader not in told)


def take_back(ctx: Context, broadcast: Broadcast) -> Broadcast:
    """It is deleted where it can be, else replaced by the word that it was withdrawn; what waits does not
    go. Corrections of it go with it."""
    batch = batch_of(broadcast)
    gone = replace(broadcast, state="retracted", retracted_by=ctx.person.id, retracted_at=ctx.now)
    ctx.store.broadcasts.write(gone)
    batches.stop(ctx, batch, "withdrawn")
    batches.take_back(ctx, batch, KIND, {"broadcast": gone.number, "withdrawn": True})
    for name in _corrections(gone):
        batches.stop(ctx, name, "withdrawn")
        batches.take_back(ctx, name, CORRECTION, {"broadcast": gone.number, "withdrawn": True})
    for nth in range(1, len(tuple(_mailed(ctx, gone))) + 1):
        batches.stop(ctx, _mail_batch(gone, nth), "withdrawn")
    ctx.store.cards.stale(card_of(gone.number))
    return gone


def retry(ctx: Context, broadcast: Broadcast) -> tuple[int, int]:
    """What is known not to have arrived is tried once more: how many messages, and how many changes of what
    stands (its last fix with the correction, or its being taken back)."""
    batch = batch_of(broadcast)
    sent = batches.again(ctx, batch) if broadcast.state == "sending" else 0
    if broadcast.state == "retracted":
        names = [f"{one}:back" for one in (batch, *_corrections(broadcast))]
    else:
        names = [edits_of(broadcast), f"{batch}:correction:{broadcast.version}"]
    return sent, sum(batches.again(ctx, name) for name in names)


def edits_of(broadcast: Broadcast) -> str:
    """The batch of its last fix."""
    return f"{batch_of(broadcast)}:edit:{broadcast.version}"


def withdrawn_batch(broadcast: Broadcast) -> str:
    """The batch of the mails that say that it was taken back."""
    return f"{batch_of(broadcast)}:back:mail"


def missed(ctx: Context, broadcast: Broadcast) -> tuple[Outcome, ...]:
    """Where its last fix did not arrive, though what it should change stands there."""
    found = batches.outcomes(ctx, edits_of(broadcast))
    return tuple(one for one in found if batches.retryable(one))


def topic_of(broadcast: Broadcast) -> Topic:
    """What its posts are about: a reply to one is talk."""
    return Topic("announcement", str(broadcast.number))


def _mails(ctx: Context, broadcast: Broadcast) -> Iterator[Outcome]:
    for one in batches.outcomes(ctx, batch_of(broadcast)):
        if one.platform in batches.NEVER_CHANGES and one.state == "sent":
            yield one


def _reader(one: Outcome) -> Reader:
    return Reader(one.reader, one.name, one.platform, one.account, one.person)


def _mailed(ctx: Context, broadcast: Broadcast) -> Iterator[tuple[Outcome, ...]]:
    """What became of the corrections by mail of this version, one after the other."""
    nth = 1
    while found := batches.outcomes(ctx, _mail_batch(broadcast, nth)):
        yield tuple(one for one in found if one.state in TOLD)
        nth += 1


def _mail_batch(broadcast: Broadcast, nth: int) -> str:
    name = f"{batch_of(broadcast)}:mail:{broadcast.version}"
    return name if nth == 1 else f"{name}:{nth}"


def _corrections(broadcast: Broadcast) -> list[str]:
    return [f"{batch_of(broadcast)}:correction:{version}" for version in range(2, broadcast.version + 1)]
