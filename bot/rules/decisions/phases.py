"""Where a motion stands at a moment, and what may still be done with it (spec/decisions.md section 3).

Pure: read from the motion's own dates and a clock, so that nothing depends on a job that ran in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.rules.decisions.motions import Motion, Phase

# What a platform stamped before the deadline and is received within this time is accepted (spec 5.11), so
# nothing is counted before it is over.
GRACE = timedelta(seconds=60)
EDITS_END = timedelta(hours=24)  # before the opening


def phase(motion: Motion, now: datetime) -> Phase:
    """Where a motion stands `now` (spec 3). "counting": the deadline is past and nothing is counted yet,
    because a ballot sent in time may still arrive or because the bot was down."""
    if over := _over(motion):
        return over
    if motion.closed_at is not None or motion.origin == "recorded":
        return "closed"
    if now < motion.opens_at:
        return "notice"
    return "open" if now < motion.closes_at else "counting"


def next_moment(motion: Motion, challenged: bool = False) -> datetime | None:
    """When something of a motion is due next (UTC; past if the bot was down): its opening, its closing, or
    its becoming final. None for one that is over, has nothing decided, or is `challenged`: while somebody's
    objection is open it does not become final."""
    if _over(motion):
        return None
    if motion.origin == "voted" and motion.closed_at is None:
        return motion.opens_at if motion.opened_at is None else motion.closes_at + GRACE
    return None if challenged or not motion.result else motion.final_at


def closes_early(motion: Motion, members: int, ballots: int) -> bool:
    """Whether a motion closes before its deadline: its rule allows that, and all entitled `members` (the
    roll less recusals, at least one) have voted (spec 5.14)."""
    going = motion.closed_at is None and not _over(motion)
    return going and motion.rule.early_close and 0 < members <= ballots


def may_extend(motion: Motion, now: datetime) -> bool:
    """Whether a member may still ask for more time: once per motion, before the deadline, and never once
    anything is counted (spec 3 and 5.13)."""
    asked = motion.extended_at is not None or motion.extended_by != ""
    return not asked and phase(motion, now) in ("notice", "open")


def may_edit(motion: Motion, now: datetime) -> bool:
    """Whether the text may still be changed: during the discussion, until `edit_until` (spec 3)."""
    return phase(motion, now) == "notice" and now < edit_until(motion)


def edit_until(motion: Motion) -> datetime:
    """Until when (UTC) the text may be changed: a day before voting opens. Where a rule gives no discussion
    it is fixed with the notice."""
    return motion.opens_at - EDITS_END if motion.rule.discussion_days else motion.notice_at


def may_withdraw(motion: Motion, now: datetime) -> bool:
    """Whether it may still be withdrawn: before voting opens; afterwards it can only be void (spec 3)."""
    return phase(motion, now) == "notice"


def _over(motion: Motion) -> Phase | None:
    if motion.withdrawn_at is not None:
        return "withdrawn"
    if motion.voided_at is not None:
        return "void"
    return "final" if motion.certified_at is not None else None
