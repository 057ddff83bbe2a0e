"""What attention makes of a claimed notice: it goes, waits, goes another way, or is said in a digest.

Decided in the transaction that claims it, holding its reader, so that two lanes never spend the same room
(spec/engagement.md section 2). Nothing that is due is lost: what may not go now waits, what has no room of
its own is folded into one digest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NoReturn

import structlog

from bot.context import Context
from bot.delivery.deputies import ask_deputy
from bot.delivery.folding import DIGEST, fold, is_a_letter, is_full
from bot.delivery.instead import NotWanted, NotYet, Waits
from bot.notices import NOTICES, Notice
from bot.people.duties import STANDS_FOR
from bot.people.waking import EVENTS, away, waking_of
from bot.rules.attention import Habits, Verdict, Wish, room, verdict
from storage.accounts import Linked
from storage.deliveries import Delivery, Mind
from storage.emails import MAIL
from storage.store import Busy

log = structlog.get_logger()

COMPANY: Final = timedelta(hours=1)  # what is due so soon is said in the same digest
LOOKED_BACK: Final = timedelta(days=8)  # a week by any clock
ANOTHER_WAY: Final = ">"  # in the key of what goes where its reader does not prefer it
SOONER: Final = ("daily", "instant")  # how one comes that would be over by the digest that its reader wants
STOPPED, NO_LONGER, NO_DEPUTY = "they stopped this kind", "no longer due", "they stand in no more"


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
    _is_wanted(ctx, one, notice, mind)
    if not to.preferred or notice.theme in mind.chosen:
        _by_their_way(ctx, one, to, notice, person)
    if notice.duty and not one.asked and mind.absence is not None:
        ask_deputy(ctx, one)
    habits, wish = _habits(ctx, person, notice, mind), _wish(ctx, one, notice)
    decided = _decided(ctx, one, wish, habits, ctx.now)
    if not decided.goes:
        _put_off(ctx, one, notice, decided)
    if wish.counts:
        if mind.waiting:
            _fold(ctx, one, wish, habits, mind)
        ctx.store.deliveries.count(one.id)


def _is_wanted(ctx: Context, one: Delivery, notice: Notice, mind: Mind) -> None:
    """Raises NotWanted where its reader stopped it, it is no longer due, or it is for somebody in whose place
    they stand no more. What is in a digest was asked about already."""
    chosen = mind.chosen.get(notice.theme)
    off = chosen is not None and chosen.pace == "off" and notice.takes(ctx, one.values)
    if notice.kind != DIGEST and (off or (notice.stoppable and one.kind in mind.kinds)):
        raise NotWanted(STOPPED)
    if STANDS_FOR in one.values and away(ctx, one.values[STANDS_FOR]) != one.person_id:
        raise NotWanted(NO_DEPUTY)
    if not notice.still_due(ctx, one.values):
        raise NotWanted(NO_LONGER)


def _habits(ctx: Context, person: int, notice: Notice, mind: Mind) -> Habits:
    """How a notice's reader wants to be written to, and what they had (`bot.people.waking.habits_of`)."""
    paces = {theme: chosen.pace for theme, chosen in mind.chosen.items()}
    until, begins = (mind.absence.until, mind.absence.begins) if mind.absence else (None, None)
    return Habits(waking_of(ctx, person, _theme(notice)), paces, mind.had, until, person, begins)


def _theme(notice: Notice) -> str:
    """What its reader's hours for a notice go by: a quiet August keeps back what is in a digest, not it."""
    return EVENTS if notice.kind == DIGEST else notice.theme


def _decided(ctx: Context, one: Delivery, wish: Wish, habits: Habits, now: datetime) -> Verdict:
    """The verdict on a notice. What is in a digest has waited already as its reader wants it. What would be
    over by the digest that they want comes in an earlier one, or else as soon as there is room."""
    budget = ctx.charter.attention.budget
    known = replace(habits, paces={}) if one.kind == DIGEST else habits
    found = verdict(wish, known, budget, now)
    for pace in SOONER:
        if found.why not in ("daily", "weekly") or not _is_over(one, found):
            break
        found = verdict(wish, replace(habits, paces={wish.theme: pace}), budget, now)
    return found


def _is_over(one: Delivery, decided: Verdict) -> bool:
    end = one.useful_until if one.fixed_end else None
    return end is not None and decided.at is not None and decided.at >= end


def _wish(ctx: Context, one: Delivery, notice: Notice) -> Wish:
    """What this notice asks of its reader's attention. One whose moment they chose takes nothing from it."""
    counts = notice.takes(ctx, one.values)
    any_hour = notice.wakes(ctx, one.values)
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


def _put_off(ctx: Context, one: Delivery, notice: Notice, decided: Verdict) -> NoReturn:
    """It is looked at again then. How long it helps moves along, unless that has an end of its own."""
    if decided.at is None:
        raise LookupError(f"delivery {one.id} never goes")
    soft = one.useful_until is not None and not one.fixed_end
    end = decided.at + notice.useful if soft else one.useful_until
    ctx.store.deliveries.put_off(one, decided.at, end, decided.why)
    raise Waits


# ---- another message ----


def _fold(ctx: Context, one: Delivery, wish: Wish, habits: Habits, mind: Mind) -> None:
    """If others that count wait for the same reader and there is no room for each alone, or the reader wants
    them together, all of them are said in one digest. One that finds no place in it waits for the next; so
    does one before which a digest waits that is full."""
    if is_full(one) or is_a_letter(one) or one.person_id is None:
        return
    soon = ctx.store.deliveries.company(one.person_id, ctx.now + COMPANY)
    joining = [other for other in soon if _joins_unbroken(ctx, other, habits, mind)]
    others = [other for other in joining if not is_full(other)]
    taken = replace(habits, had=(*habits.had, *(ctx.now for other in joining if is_full(other))))
    left = room(taken, ctx.charter.attention.budget, ctx.now)
    if not left:
        _waits_its_turn(ctx, one, wish, taken)
    together = habits.paces.get(NOTICES[one.kind].theme, "instant") != "instant"
    if not others or (len(others) < left and not together):
        return
    if one.id in fold(ctx, one.person_id, [one, *others]):
        raise Waits
    _waits_its_turn(ctx, one, wish, replace(taken, had=(*taken.had, ctx.now)))


def _waits_its_turn(ctx: Context, one: Delivery, wish: Wish, habits: Habits) -> None:
    """It is put off where a digest takes the room that there is; else it goes. Raises Waits."""
    decided = _decided(ctx, one, wish, habits, ctx.now)
    if not decided.goes:
        _put_off(ctx, one, NOTICES[one.kind], decided)


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
    """Whether one that waits would be said in this hour, too, had its reader the room. One of a batch may
    still be stopped until its moment has come."""
    notice = NOTICES.get(other.kind)
    if notice is None or other.person_id is None or is_a_letter(other):
        return False
    if other.batch and other.not_before > ctx.now:
        return False
    wish = _wish(ctx, other, notice)
    if not wish.counts or (notice.stoppable and other.kind in mind.kinds):
        return False
    theirs = replace(habits, waking=waking_of(ctx, other.person_id, _theme(notice)))
    if not _decided(ctx, other, wish, theirs, max(ctx.now, other.not_before)).goes:
        return False
    useful = other.useful_until is None or other.useful_until > ctx.now
    return useful and notice.still_due(ctx, other.values)
