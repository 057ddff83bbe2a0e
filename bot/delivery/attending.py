"""What attention makes of a claimed notice: it goes, waits, goes another way, or is said in a digest.

Decided in the transaction that claims it, holding its reader, so that two lanes never spend the same room
(spec/engagement.md section 2). Nothing that is due is lost: what may not go now waits, what has no room of
its own is folded into one digest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.batches import changed
from bot.context import Context
from bot.delivery.instead import NotWanted, NotYet, Waits
from bot.notices import NOTICES, Notice
from bot.rules.attention import Habits, Verdict, Wish, room, verdict
from bot.waking import EVENTS, away, waking_of
from storage.accounts import Linked
from storage.deliveries import Delivery, Mind
from storage.emails import MAIL
from storage.store import Busy

log = structlog.get_logger()

DIGEST: Final = "digest"
STANDS_FOR: Final = "stands_for"  # in the values of a deputy's copy: the person whose duty it is
COMPANY: Final = timedelta(hours=1)  # what is due so soon is said in the same digest
LOOKED_BACK: Final = timedelta(days=8)  # a week by any clock
ANOTHER_WAY: Final = ">"  # in the key of what goes where its reader does not prefer it
STOPPED, NO_LONGER = "they stopped this kind", "no longer due"


def attend(ctx: Context, one: Delivery, to: Linked) -> None:
    """Return if this claimed notice goes to its reader by that account now, which takes from their attention
    if it counts. Raises NotWanted where they stopped it or it is no longer due, NotYet while somebody else
    decides about the same reader, Waits where it goes later, by another account or in a digest."""
    person, notice = one.person_id, NOTICES[one.kind]
    if person is None:
        raise LookupError(f"delivery {one.id} is for nobody")
    if not ctx.store.deliveries.holds(person):
        raise NotYet
    mind = ctx.store.deliveries.mind(person, ctx.now - LOOKED_BACK, ctx.now + COMPANY, one.id)
    if notice.stoppable and one.kind in mind.kinds:
        raise NotWanted(STOPPED)
    if not notice.still_due(ctx, one.values):
        raise NotWanted(NO_LONGER)
    if not to.preferred or notice.theme in mind.chosen:
        _by_their_way(ctx, one, to, notice, person)
    habits, wish = _habits(ctx, person, notice, mind), _wish(ctx, one, notice)
    if notice.duty and not one.asked and mind.absence is not None:
        _stood_in_for(ctx, one, notice, habits, wish)
    decided = _decided(ctx, wish, habits, notice, ctx.now)
    if decided.at is None or (one.asked and notice.counts and habits.paces.get(notice.theme) == "off"):
        raise NotWanted(STOPPED)
    if not decided.goes:
        _put_off(ctx, one, notice, decided)
    if wish.counts:
        if mind.waiting and not _is_a_letter(one):
            _fold(ctx, one, person, habits, mind)
        ctx.store.deliveries.count(one.id)


def _habits(ctx: Context, person: int, notice: Notice, mind: Mind) -> Habits:
    """How a notice's reader wants to be written to, and what they had (`bot.waking.habits_of`)."""
    paces = {theme: chosen.pace for theme, chosen in mind.chosen.items()}
    until = mind.absence.until if mind.absence is not None else None
    return Habits(waking_of(ctx, person, _theme(notice)), paces, mind.had, until, person)


def _theme(notice: Notice) -> str:
    """What its reader's hours for a notice go by: a quiet August keeps back what is in a digest, not it."""
    return EVENTS if notice.kind == DIGEST else notice.theme


def _decided(ctx: Context, wish: Wish, habits: Habits, notice: Notice, now: datetime) -> Verdict:
    """The verdict on a notice. What is in a digest has waited already as its reader wants it."""
    known = replace(habits, paces={}) if notice.kind == DIGEST else habits
    return verdict(wish, known, ctx.charter.attention.budget, now)


def _wish(ctx: Context, one: Delivery, notice: Notice) -> Wish:
    """What this notice asks of its reader's attention. One whose moment they chose takes nothing from it."""
    counts = notice.counts if isinstance(notice.counts, bool) else notice.counts(ctx, one.values)
    any_hour = notice.any_hour if isinstance(notice.any_hour, bool) else notice.any_hour(ctx, one.values)
    quiet = ctx.charter.attention.quiet
    return Wish(notice.theme, one.since or one.not_before, counts and not one.asked, any_hour or not quiet)


# ---- another way ----


def _by_their_way(ctx: Context, one: Delivery, to: Linked, notice: Notice, person: int) -> None:
    """Where its reader wants this theme somewhere else by now, it goes there. What was sent on because
    another way was closed stays, and so does a mail, a reply, what a batch found its reader by, and what is
    about one account. An account that is out of reach is tried."""
    stays = one.batch or one.platform == MAIL or not notice.stoppable or not to.reachable
    if stays or one.act != "send" or ANOTHER_WAY in one.key:
        return
    there = ctx.reached(person, notice.theme)
    if there is not None and there.account_id != one.account_id:
        ctx.store.deliveries.elsewhere(one.id, there.account.platform, there.account_id)
        raise Waits


# ---- another time ----


def _put_off(ctx: Context, one: Delivery, notice: Notice, decided: Verdict) -> None:
    """It is looked at again then. How long it helps moves along, unless that has an end of its own."""
    if decided.at is None:
        raise LookupError(f"delivery {one.id} never goes")
    end = one.useful_until
    if end is not None and end - notice.useful in (one.since, one.not_before):
        end = decided.at + notice.useful
    ctx.store.deliveries.put_off(one, decided.at, end, decided.why)
    raise Waits


# ---- another person ----


def _stood_in_for(ctx: Context, one: Delivery, notice: Notice, habits: Habits, wish: Wish) -> None:
    """While its reader is away their deputy is asked instead, once; what was passed on to somebody is never
    passed on again. It waits for its reader until they are back."""
    if STANDS_FOR in one.values or one.person_id is None:
        return
    deputy = away(ctx, one.person_id)
    there = ctx.reached(deputy, notice.theme) if deputy else None
    if not deputy or there is None:
        return
    stem = one.key.removesuffix(f":{one.person_id}")
    if (
        stem == one.key or ctx.store.deliveries.by_key(f"{stem}:{deputy}") is None
    ):  # else they are asked anyway
        copy = replace(
            one,
            id=0,
            key=f"{one.key}:for:{deputy}",
            platform=there.account.platform,
            account_id=there.account_id,
            person_id=deputy,
            values={**one.values, STANDS_FOR: one.person_id},
            counted=False,
            attempts=0,
            state="queued",
            batch="",
            reader="",
        )
        ctx.store.deliveries.queue([copy])
    back = verdict(replace(wish, counts=True), habits, ctx.charter.attention.budget, ctx.now)
    if back.why == "away":
        _put_off(ctx, one, notice, back)


# ---- another message ----


def _fold(ctx: Context, one: Delivery, person: int, habits: Habits, mind: Mind) -> None:
    """If others that count wait for the same reader and there is no room for each alone, or the reader wants
    them together, all of them are said in one digest."""
    soon = ctx.store.deliveries.company(person, ctx.now + COMPANY)
    others = [other for other in soon if _joins_unbroken(ctx, other, habits, mind)]
    if not others:
        return
    together = habits.paces.get(NOTICES[one.kind].theme, "instant") != "instant"
    if len(others) < room(habits, ctx.charter.attention.budget, ctx.now) and not together:
        return
    every = sorted((one, *others), key=lambda each: (each.priority, each.since or each.not_before, each.id))
    _queue_digest(ctx, one, person, [item for each in every for item in _items(each)])
    ctx.store.deliveries.fold([each.id for each in every], ctx.now)
    for batch in sorted({each.batch for each in every if each.batch}):
        changed(ctx.store, batch)
    raise Waits


def _joins_unbroken(ctx: Context, other: Delivery, habits: Habits, mind: Mind) -> bool:
    """`_joins`; one that breaks stops no other, and is looked at when its own turn comes."""
    try:
        return _joins(ctx, other, habits, mind)
    except Busy:
        raise
    except Exception as bug:
        log.warning("delivery_joins_none", delivery=other.id, kind=other.kind, exc_info=bug)
        return False


def _joins(ctx: Context, other: Delivery, habits: Habits, mind: Mind) -> bool:
    """Whether one that waits would be said in this hour, too, had its reader the room."""
    notice = NOTICES.get(other.kind)
    if notice is None or other.person_id is None or _is_a_letter(other):
        return False
    wish = _wish(ctx, other, notice)
    if not wish.counts or (notice.stoppable and other.kind in mind.kinds):
        return False
    theirs = replace(habits, waking=waking_of(ctx, other.person_id, _theme(notice)))
    if not _decided(ctx, wish, theirs, notice, max(ctx.now, other.not_before)).goes:
        return False
    useful = other.useful_until is None or other.useful_until > ctx.now
    return useful and notice.still_due(ctx, other.values)


def _is_a_letter(one: Delivery) -> bool:
    """Whether it is one of many mails: those are read as they are, and are no line of a message elsewhere."""
    return one.platform == MAIL and one.batch != ""


def _items(one: Delivery) -> tuple[int, ...]:
    """What a delivery brings into a digest: itself; of a digest all that is in it."""
    return tuple(one.values["items"]) if one.kind == DIGEST else (one.id,)


def _queue_digest(ctx: Context, one: Delivery, person: int, items: list[int]) -> None:
    notice = NOTICES[DIGEST]
    there = ctx.reached(person, notice.theme)
    digest = Delivery.new(
        key=f"{DIGEST}:{one.id}:{person}",
        platform=there.account.platform if there else one.platform,
        account_id=there.account_id if there else one.account_id,
        person_id=person,
        kind=DIGEST,
        template="",
        values={"items": list(dict.fromkeys(items))},
        priority=notice.priority,
        not_before=ctx.now,
        useful_until=ctx.now + notice.useful,
    )
    ctx.store.deliveries.queue([digest])
