"""Batches: all the messages that one decision puts on its way; stopped, edited or taken back together.

A batch is called by what it is of: "broadcast:3", "edition:5". What follows it has a batch of its own, whose
name begins alike: "broadcast:3:edit:2", "broadcast:3:back". Whoever changes the text writes that in the same
transaction, before `edit`: a message that is claimed later says what stands then, one that is on its way at
that moment is edited once it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from bot.context import Context
from bot.messages import Place, Topic
from bot.notices import NOTICES
from bot.rules.broadcasts.values import Tally
from storage.deliveries import CHANGES, Act, Delivery, Outcome
from storage.emails import MAIL
from storage.store import Store

NEVER_CHANGES: Final = frozenset({MAIL})  # platforms on which nothing that stands is edited or deleted
NEWER = "a newer text"  # why an edit is skipped
TAKEN_BACK = "taken back"
REMAINS = "picture"  # why a copy counts as not taken back: its words are gone, its picture or file is not
MAY_STAND: Final = ("sent", "attempting", "unknown")  # of the last two it shows when the next act is claimed
BEYOND_US: Final = frozenset({"deleted", "moved", REMAINS})  # trying it again would change nothing
_TRY = re.compile(r"[+>]\d+.*")  # what a later try adds to its key


class Reader(Protocol):
    """Whom or what a message is for, as in `bot.people.reach`."""

    @property
    def key(self) -> str: ...
    @property
    def platform(self) -> str: ...
    @property
    def account_id(self) -> int | None: ...
    @property
    def person(self) -> int | None: ...
    @property
    def place(self) -> Place | None: ...


def send(
    ctx: Context,
    batch: str,
    kind: str,
    values: Mapping[str, Any],
    readers: Iterable[Reader],
    at: datetime,
    useful_until: datetime | None = None,
) -> int:
    """Put a notice of this kind on its way to every reader, once for each, to go at that moment (UTC) and to
    be of use until the other one, whatever makes it wait (else as long as its kind is): how many are new. It
    is rendered for each when it is sent."""
    notice = NOTICES[kind]
    until = useful_until or at + notice.useful
    every = [
        Delivery.new(
            key=f"{batch}:{reader.key}",
            platform=reader.platform,
            template="",
            not_before=at,
            account_id=reader.account_id,
            place=reader.place,
            values=dict(values),
            priority=notice.priority,
            useful_until=until,
            fixed_end=useful_until is not None,
            person_id=reader.person,
            kind=kind,
            batch=batch,
            reader=reader.key,
        )
        for reader in readers
    ]
    return _queued(ctx, batch, every)


def stop(ctx: Context, batch: str, says: str) -> int:
    """What still waits is not sent, and that is why: how many those are. What is on its way at this moment
    may arrive; it is tried again if that fails and nothing waited, for then nothing was stopped."""
    stopped = ctx.store.deliveries.stop(batch, says, ctx.now)
    changed(ctx.store, batch)
    return stopped


def move(ctx: Context, batch: str, at: datetime, useful_until: datetime | None = None) -> int:
    """What still waits goes at another moment (UTC), and helps until another one if that is given: how many
    those are. So does what is on its way just now, if it does not arrive."""
    moved = ctx.store.deliveries.move(batch, at, useful_until)
    changed(ctx.store, batch)
    return moved


def edit(ctx: Context, batch: str, kind: str, values: Mapping[str, Any], version: int) -> int:
    """Every post of the batch that stands, and every one that is on its way now, is to show what this notice
    says, once for each version: how many those are. What waits says so by itself, and one of which nobody can
    tell is not counted: it is edited if it turns out to stand. Edits of earlier versions that still wait are
    left out. Mails stay as they are (`uneditable`)."""
    standing = _standing(ctx, batch)
    ctx.store.deliveries.leave_out(batch, ("edit",), NEWER, ctx.now)
    return _about(ctx, f"{batch}:edit:{version}", "edit", kind, values, _changing(standing))


def reply(ctx: Context, batch: str, name: str, kind: str, values: Mapping[str, Any]) -> int:
    """One more message in reply to every post of the batch that stands or is on its way, a mail of its own
    by mail and for who had it in a digest, once for each name: how many those are."""
    return _about(
        ctx, f"{batch}:{name}", "reply", kind, values, _standing(ctx, batch, ("folded", *MAY_STAND))
    )


def take_back(ctx: Context, batch: str, kind: str, values: Mapping[str, Any]) -> int:
    """Every post of the batch that stands, or is on its way, is deleted: how many those are. One that is too
    old for that is edited to what this notice says; where a picture or file of it stays, it counts as failed,
    with `REMAINS`. What still waits is not sent, neither of the batch nor of its edits and replies. Mails
    stay where they are (`uneditable`)."""
    standing = _standing(ctx, batch)
    ctx.store.deliveries.stop(batch, TAKEN_BACK, ctx.now, even_so=True)
    ctx.store.deliveries.leave_out(batch, ("edit", "reply"), TAKEN_BACK, ctx.now)
    return _about(ctx, f"{batch}:back", "delete", kind, values, _changing(standing))


def again(ctx: Context, batch: str) -> int:
    """Those that failed (`retryable`) are tried once more, each as a message or an act of its own, where
    their reader is reached now: how many. It works for a batch of edits or withdrawals as well. Those of
    which nobody can tell are left alone."""
    held = {one.id: one for one in ctx.store.deliveries.held(batch)}
    failed = [(one, held[one.delivery]) for one in outcomes(ctx, batch) if retryable(one)]
    return _queued(ctx, batch, [_once_more(ctx, was, outcome.tries) for outcome, was in failed])


def retryable(one: Outcome) -> bool:
    """Whether it failed, and may go well another time: not where the post that it is about is gone for us."""
    return one.state == "failed" and not (one.act in CHANGES and one.says in BEYOND_US)


def uneditable(ctx: Context, batch: str) -> int:
    """How many posts of the batch stand where nothing is edited or deleted: mails."""
    return sum(
        one.state == "sent" and one.platform in NEVER_CHANGES for one in ctx.store.deliveries.of_batch(batch)
    )


def outcomes(ctx: Context, batch: str) -> tuple[Outcome, ...]:
    """What became of the batch for each reader. `says` is a short code or the words of whoever stopped it.
    Of what failed: "gone" (a person out of reach), the state of a place out of reach ("removed", "archived",
    "closed", "muted", "lost"), "refused", "deleted" (the post that was to be edited), "moved" (it stands in a
    group of before), "past its use" (the platform was out for too long), `REMAINS`. Of what was left out: "no
    longer due", "they stopped this kind", "they have left" and the like."""
    return ctx.store.deliveries.outcomes(batch)


def tally(ctx: Context, batch: str) -> Tally:
    """How the batch stands, each reader counted once."""
    return ctx.store.deliveries.tally(batch)


def changed(store: Store, batch: str) -> None:
    """Something of a batch changed: the card of what it is of is shown anew."""
    if (topic := topic_of(batch)) is not None:
        store.cards.stale(topic)


def topic_of(batch: str) -> Topic | None:
    """What a batch is of, as a topic: "broadcast:3:edit:2" is of broadcast 3; None for no batch."""
    kind, _, rest = batch.partition(":")
    return Topic(kind, rest.partition(":")[0]) if rest else None


def root_key(one: Delivery) -> str:
    """The key of a delivery's first try."""
    return _TRY.sub("", one.key)


def _standing(ctx: Context, batch: str, states: Collection[str] = MAY_STAND) -> list[Delivery]:
    """What stands of a batch, is on its way at this moment, or may stand. Until the transaction ends nobody
    claims what waits: whoever does then finds what it wrote."""
    held = ctx.store.deliveries.held(batch)
    return [one for one in held if one.state in states and (one.post or one.state != "sent")]


def _changing(these: Iterable[Delivery]) -> list[Delivery]:
    return [one for one in these if one.platform not in NEVER_CHANGES]


def _about(
    ctx: Context, batch: str, act: Act, kind: str, values: Mapping[str, Any], these: Sequence[Delivery]
) -> int:
    """Queue one act about each of these deliveries; how many are new, but for those of which nobody can tell
    whether there is anything to act upon."""
    notice = NOTICES[kind]
    new = [
        Delivery.new(
            key=f"{batch}:{one.id}",
            platform=one.platform,
            template="",
            not_before=ctx.now,
            account_id=one.account_id,
            place=one.place,
            values=dict(values),
            priority=notice.priority,
            useful_until=ctx.now + notice.useful,
            person_id=one.person_id,
            kind=kind,
            batch=batch,
            act=act,
            about=one.id,
            reader=one.reader,
        )
        for one in these
    ]
    unclear = {one.id for one in these if one.state == "unknown"}
    _queued(ctx, batch, [one for one in new if one.about in unclear])
    return _queued(ctx, batch, [one for one in new if one.about not in unclear])


def _queued(ctx: Context, batch: str, every: list[Delivery]) -> int:
    new = ctx.store.deliveries.queue(every)
    changed(ctx.store, batch)
    return new


def _once_more(ctx: Context, was: Delivery, tries: int) -> Delivery:
    there = ctx.reached(was.person_id) if was.person_id is not None and was.about is None else None
    return replace(
        was,
        id=0,
        key=f"{root_key(was)}+{tries}",
        platform=there.account.platform if there else was.platform,
        account_id=there.account_id if there else was.account_id,
        not_before=ctx.now,
        useful_until=ctx.now + NOTICES[was.kind].useful,
        fixed_end=False,
        state="queued",
        attempts=0,
        says="",
        post=None,
    )
