"""How a motion stands: its roll, its ballots, and what they would mean if it closed now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.context import Context
from bot.messages import Refusal, Topic
from bot.rules.decisions import book
from bot.rules.decisions.motions import Entry, Motion, Phase, Voter
from bot.rules.decisions.phases import phase
from bot.rules.decisions.tallying import count, counts_of, decide, elect, missing_for_quorum, verdict_of
from bot.rules.decisions.values import Counts, ElectionVerdict, Verdict
from storage.challenges import Challenge
from storage.organisations import Organisation

LARGEST = 10**9  # a motion's number has nine digits at the most


@dataclass(frozen=True)
class Standing:
    """A motion with everything that decides on it. `roll` is the frozen one, or before the opening the one
    that it would be; `entries` is its ballot book."""

    motion: Motion
    phase: Phase
    roll: tuple[Voter, ...]
    entries: tuple[Entry, ...]
    challenges: tuple[Challenge, ...] = ()

    @cached_property
    def entitled(self) -> tuple[str, ...]:
        """The organisations whose vote it is: the roll less recusals."""
        return tuple(voter.organisation for voter in self.roll if voter.recused_at is None)

    @cached_property
    def current(self) -> dict[str, Entry]:
        """The line of the book that stands for each organisation that has voted."""
        standing = book.current(self.entries)
        entitled = frozenset(self.entitled)
        return {slug: entry for slug, entry in standing.items() if slug in entitled}

    @cached_property
    def ballots(self) -> dict[str, str]:
        """What each organisation that has voted chose."""
        return {slug: entry.payload for slug, entry in self.current.items()}

    @property
    def missing(self) -> tuple[str, ...]:
        """The organisations that have not voted, in the order of the roll."""
        return tuple(slug for slug in self.entitled if slug not in self.current)

    @cached_property
    def counts(self) -> Counts:
        """What was counted once it is closed, else what would be now; in an election only how many took part
        is to be read from it."""
        if self.motion.outcome and (declared := counts_of(self.motion.outcome)):
            return declared
        return count(self.motion.rule, len(self.entitled), self.ballots)

    @cached_property
    def verdict(self) -> Verdict | ElectionVerdict:
        """What it means: as it was declared once it is closed, else as it would be now."""
        motion = self.motion
        if motion.outcome:
            return verdict_of(motion.outcome)
        if motion.rule.is_election:
            return elect(motion.rule, len(self.entitled), motion.seats, motion.candidates, self.ballots)
        return decide(motion.rule, self.counts)

    @property
    def missing_for_quorum(self) -> int:
        """How many more organisations have to take part to make it valid."""
        return missing_for_quorum(self.motion.rule, self.counts)

    @property
    def challenged(self) -> bool:
        """Whether a member objects to the result and nobody has answered that yet."""
        return any(one.answer == "" for one in self.challenges)


def found_motion(ctx: Context, number: int, *, lock: bool = False) -> Motion:
    """The motion with this number, held if it may be changed. Raises Refusal where there is none."""
    motion = ctx.store.motions.get(number, lock=lock) if 0 < number < LARGEST else None
    if motion is None:
        raise Refusal("motion_not_there", number=number)
    return motion


def standing(ctx: Context, number: int, *, lock: bool = False) -> Standing:
    """How the motion with this number stands now. Raises Refusal where there is none."""
    return standing_of(ctx, found_motion(ctx, number, lock=lock))


def standing_of(ctx: Context, motion: Motion) -> Standing:
    """How a motion stands now."""
    ballots = ctx.store.ballots
    return Standing(
        motion=motion,
        phase=phase(motion, ctx.now),
        roll=ballots.roll(motion.number) if motion.opened_at else roll_now(ctx, motion),
        entries=ballots.book(motion.number),
        challenges=ctx.store.challenges.of(motion.number) if motion.closed_at else (),
    )


def roll_now(ctx: Context, motion: Motion) -> tuple[Voter, ...]:
    """Who would be entitled if voting opened now: every organisation that has its vote, or the founders
    (Preamble). The organisation that an exclusion is about takes no part if the rule says so."""
    votes = {one.key for one in ctx.charter.classes if one.votes}
    every = ctx.store.organisations.all()  # one that was admitted a moment ago, too
    entitled = [one for one in every if one.standing == "voting" and one.member_class in votes]
    if motion.electorate == "founders":
        entitled = [one for one in entitled if one.founding]
    return tuple(sorted((_voter(motion, one) for one in entitled), key=lambda voter: voter.organisation))


def topic_of(motion: Motion) -> Topic:
    """What the cards and posts of a motion are about."""
    return Topic("motion", str(motion.number))


def _voter(motion: Motion, one: Organisation) -> Voter:
    recused = motion.rule.subject_is_recused and motion.subject == one.slug
    if recused:
        return Voter(one.slug, one.short_name, one.member_class, motion.opens_at, "subject")
    return Voter(one.slug, one.short_name, one.member_class)
