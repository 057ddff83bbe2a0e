"""What is due of motions: opening, closing, becoming final. Facts with times, correct after any downtime.

Whoever touches a motion settles first, and the timetable does when a moment comes; so it makes no difference
which process does it, how late, or whether two try at once: each step locks its motion, looks again, and is
written as of the moment that it was due.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import count as counted
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.assembly.calendar import calendar_of
from bot.assembly.effects import is_decided, put_back, take_effect
from bot.assembly.standing import Standing, roll_now, standing_of, topic_of
from bot.assembly.telling import readers_of, tell_final, tell_opened, tell_result
from bot.context import Context
from bot.rules.decisions import book
from bot.rules.decisions.dates import challenge_ends
from bot.rules.decisions.motions import Entry, Motion
from bot.rules.decisions.phases import closes_early, next_moment
from bot.rules.decisions.tallying import outcome_json
from storage.columns import as_kept
from storage.store import Busy, Store

log = structlog.get_logger()

MOST_STEPS = 1000  # in one transaction; an alliance has a handful


def next_due(store: Store) -> datetime | None:
    """When something is due next of any motion (UTC); None if nothing ever is."""
    moments = (_due(store, motion) for motion in store.motions.live())
    return min((moment for moment in moments if moment is not None), default=None)


def settle(ctx: Context) -> int:
    """Bring about all that is due by now, of every motion, in the order of its moments; how many steps it
    took. Before anything else that a transaction does with motions."""
    broken: set[int] = set()
    for steps in counted():
        live = (one for one in ctx.store.motions.live() if one.number not in broken)
        due = [(moment, one.number) for one in live if (moment := _is_due(ctx, one))]
        if not due or steps == MOST_STEPS:
            return steps
        number = min(due)[1]
        if not _attempt(ctx, number):
            broken.add(number)
    return 0


def settle_early(ctx: Context, standing: Standing) -> bool:
    """Close a motion at once if everybody has voted and its rule allows it; whether it did (5.14)."""
    motion = standing.motion
    if standing.phase != "open" or not closes_early(motion, len(standing.entitled), len(standing.ballots)):
        return False
    _close(ctx, standing_of(ctx, replace(motion, closes_at=ctx.now)))
    settle(ctx)
    return True


def changed(ctx: Context, motion: Motion) -> None:
    """Every card of the motion is to be shown anew."""
    ctx.store.cards.stale(topic_of(motion))


def write_line(ctx: Context, motion: Motion, event: Any, **more: Any) -> Entry:
    """One more line in a motion's book, which the caller holds."""
    more["payload"] = as_kept(more.get("payload", ""))  # the digest is of what the database gives back
    entry = book.line(
        ctx.store.ballots.last(motion.number),
        motion=motion.number,
        event=event,
        salt=book.new_salt(),
        **{"at": ctx.now, **more},
    )
    ctx.store.ballots.append(entry)
    return entry


def _is_due(ctx: Context, motion: Motion) -> datetime | None:
    moment = _due(ctx.store, motion)
    return moment if moment is not None and moment <= ctx.now else None


def _due(store: Store, motion: Motion) -> datetime | None:
    challenged = motion.closed_at is not None and any(
        one.answer == "" for one in store.challenges.of(motion.number)
    )
    return next_moment(motion, challenged=challenged)


def _attempt(ctx: Context, number: int) -> bool:
    """The next step of one motion, done whole or not at all: one that breaks stops no other. Whether it was
    done."""
    told = len(ctx.told)
    try:
        with ctx.store.attempt():
            _step(ctx, number)
    except Busy:
        raise
    except Exception as bug:
        del ctx.told[told:]
        log.error("motion_not_settled", motion=number, trouble=repr(bug))
        log.debug("motion_broke", motion=number, exc_info=bug)  # it is tried at every touch: not each time
        return False
    return True


def _step(ctx: Context, number: int) -> None:
    """The next step of one motion, unless somebody else was faster."""
    motion = ctx.store.motions.get(number, lock=True)
    if motion is None or _is_due(ctx, motion) is None:
        return
    if motion.opened_at is None and motion.origin == "voted":
        _open(ctx, motion)
    elif motion.closed_at is None:
        _close(ctx, standing_of(ctx, motion))
    else:
        _certify(ctx, motion)
    changed(ctx, motion)


def _open(ctx: Context, motion: Motion) -> None:
    """Voting opens: the roll is frozen, and the book begins with its hash (spec/decisions.md 1)."""
    voters = roll_now(ctx, motion)
    ctx.store.ballots.freeze(motion.number, voters)
    motion = replace(motion, opened_at=ctx.now, roll_hash=book.roll_hash(motion.number, voters))
    ctx.store.motions.write(motion)
    ctx.store.ballots.append(book.open_book(motion, voters, at=motion.opens_at, salt=book.new_salt()))
    for voter in voters:
        if voter.recused_at is not None:
            write_line(
                ctx, motion, "recused", organisation=voter.organisation, payload=voter.recused_why,
                at=motion.opens_at,
            )  # fmt: skip
    if motion.opens_at > motion.notice_at:  # else the notice itself can be voted on
        tell_opened(ctx, motion, voters)


def _close(ctx: Context, standing: Standing) -> None:
    """Voting is over as of the deadline: count, declare, and say until when members may object."""
    motion = standing.motion
    verdict = standing.verdict
    outcome = outcome_json(verdict, standing.counts)
    entry = book.close_book(
        standing.entries[-1], motion, outcome, at=motion.closes_at, salt=book.new_salt()
    )  # fmt: skip
    ctx.store.ballots.append(entry)
    final_at = motion.closes_at
    if motion.rule.challenge_days:
        final_at = challenge_ends(motion.closes_at, motion.rule.challenge_days, calendar_of(ctx))
    facts: dict[str, Any] = {"closed_at": ctx.now, "closing_hash": entry.hash, "final_at": final_at}
    motion = replace(motion, outcome=outcome, **facts)
    ctx.store.motions.write(motion)
    tell_result(ctx, standing_of(ctx, motion))


def _certify(ctx: Context, motion: Motion) -> None:
    """Nobody objected, or the objection was answered: the result is final, and what it decides holds."""
    answers = (one.answered_at for one in ctx.store.challenges.of(motion.number))
    at = max(moment for moment in (motion.final_at, motion.closes_at, *answers) if moment is not None)
    day = at.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date()
    motion = replace(motion, final_at=at, certified_at=ctx.now)
    readers = readers_of(ctx, standing_of(ctx, motion))  # whoever is excluded by it hears of that, too
    if is_decided(motion):
        motion = take_effect(ctx, replace(motion, in_force_on=motion.in_force_on or day))
    else:
        put_back(ctx, motion)
    ctx.store.motions.write(motion)
    if motion.final_at != motion.closes_at:  # else the result was final as it was told
        tell_final(ctx, motion, readers)
