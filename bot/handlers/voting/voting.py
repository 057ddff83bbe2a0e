"""Voting by a tap or by `/vote`. One organisation, one vote, the latest stands (spec/decisions.md 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Annotated

from bot.assembly.balloting import NotTaken, cast, take_back
from bot.assembly.settling import settle
from bot.assembly.standing import found_motion, standing, standing_of
from bot.assembly.telling import NEWS
from bot.commands import N_, Number, OneChoice, OneMotion, OneOf, OneOrganisation, Reading, Text, command
from bot.context import Context
from bot.handlers.motions.answers import CHOICES, LONGEST_LABEL, candidate_labels, described, see, vote_taps
from bot.handlers.voting.answers import (
    asked,
    check_own,
    hat,
    not_entitled,
    not_taken,
    receipted,
    stands_so,
    tell_replaced,
    tell_taken_back,
    waiting,
)
from bot.handlers.voting.meant import surely, the_one_meant, understood, which_motion
from bot.messages import Button, Refusal, Reply, short_tag
from bot.rules.decisions.casting import words_known
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.tallying import offered
from bot.rules.decisions.values import ABSTAIN, NONE_OF_THESE

NUMBER = Annotated[int, Number(hidden=True)]
HIDDEN = Annotated[str, Text(hidden=True, most=500)]
FOR = Annotated[str, OneOrganisation(hidden=True)]
# How a typed sentence begins that says a vote: "je vote pour".
SENTENCES = (
    "i vote", "we vote", "je vote", "nous votons", "on vote", "ich stimme", "wir stimmen", "voto", "votiamo",
    "votamos", "balsoju", "balsojam", "votez",
)  # fmt: skip


class Ballot(OneOf):
    """A choice by any of the words that a vote is given by in private (spec/decisions.md 4.2)."""

    def among(self, reading: Reading) -> tuple[OneChoice, ...]:
        """For, against, abstain, with the words for it in the reader's language, in English and in the other
        members' languages. A word that means something else there is none: it is asked about."""
        return _in_words(short_tag(reading.language))


@command(
    "vote",
    N_("What we have not voted on yet, and voting on it"),
    example="/vote 7 for",
    own_slash=True,
    aliases=SENTENCES,
)
def vote(
    ctx: Context,
    motion: Annotated[str, OneMotion(label=N_("Motion"))] = "",
    choice: Annotated[str, Ballot(CHOICES, label=N_("Your vote"))] = "",
    for_: Annotated[str, OneOrganisation(lead=("for",), label=N_("For which organisation"))] = "",
    why: Annotated[str, Text(most=200, label=N_("Reason"))] = "",
) -> Reply:
    """Without a motion: what the caller's organisations have not voted on, each with its taps. With one: its
    taps; with a choice too, the ballot. A choice alone is a ballot where only one motion can be meant; with
    other words beside it, it is asked about with one tap (4.2)."""
    settle(ctx)
    given, choice, why = understood(ctx, motion, choice, why)
    if given is None:
        _aside_if_sealed(ctx, ctx.store.motions.live())
        if not choice:
            return waiting(ctx)
        given = the_one_meant(ctx, choice, for_) if not why else None
        return _cast(ctx, given, choice, for_) if given else which_motion(ctx, choice, for_, why)
    _aside_if_sealed(ctx, (given,))
    if not choice or choice not in offered(given.rule, given.candidates):
        return asked(ctx, standing_of(ctx, given), for_)  # with the taps that there are
    if why:
        return surely(ctx, standing_of(ctx, given), choice, for_, why)
    return _cast(ctx, given, choice, for_)


@command("cast ballot", N_("Vote on a motion"), hidden=True)
def cast_ballot(ctx: Context, motion: NUMBER, choice: HIDDEN, for_: FOR = "", why: HIDDEN = "") -> Reply:
    """A tap on a card or in a private message: the organisation's ballot, and perhaps why."""
    return _cast(ctx, found_motion(ctx, motion), choice, for_, why)


@command("choose", N_("Choose among candidates"), hidden=True)
def choose(ctx: Context, motion: NUMBER, picked: HIDDEN = "", for_: FOR = "") -> Reply:
    """Several seats: candidates are picked one by one in private, then the vote is cast once."""
    settle(ctx)
    now = standing(ctx, motion)
    if now.phase != "open":
        raise Refusal("not_open", number=motion, phase=now.phase)
    organisation = hat(ctx, now, for_)
    if organisation is None:
        return not_entitled(ctx, now)
    standing_now = {one.key for one in now.motion.candidates if not one.withdrawn}
    keys = [key for key in picked.split("+") if key in standing_now]
    given = {"motion": str(motion), "for": organisation}
    labels = candidate_labels(now.motion)
    taps = [
        Button(_ticked(labels[one.key], one.key in keys), "choose", {**given, "picked": _with(keys, one.key)})
        for one in now.motion.candidates
        if not one.withdrawn and (one.key in keys or len(keys) < now.motion.seats)
    ]
    if keys:
        taps.append(Button(N_("Cast this vote"), "cast ballot", {**given, "choice": "+".join(keys)}))
    others = ((NONE_OF_THESE, N_("None of these")), (ABSTAIN, N_("Abstain")))
    taps += [Button(label, "cast ballot", {**given, "choice": value}) for value, label in others]
    names = [one.name for one in now.motion.candidates if one.key in keys]
    values = {**described(ctx, now), "names": names, "organisation": ctx.short_name(organisation)}
    return Reply("vote_choose", values, tuple(taps), replace=True)


@command("take back ballot", N_("Take a vote back"), hidden=True)
def take_back_ballot(ctx: Context, motion: NUMBER, for_: FOR, line: NUMBER) -> Reply:
    """[Take it back]: the ballot of that line counts no more. One that was given since stays."""
    check_own(ctx, for_)
    settle(ctx)
    now = standing(ctx, motion, lock=True)
    entry = now.current.get(for_)
    if entry is None or entry.seq != line:
        return stands_so(ctx, now, for_)
    after = take_back(ctx, motion, for_)
    tell_taken_back(ctx, after, entry)
    values = {**described(ctx, after), "organisation": ctx.short_name(for_)}
    return Reply("vote_taken_back", values, vote_taps(after.motion, for_), replace=True)


@command("leave ballot", N_("Leave a vote as it is"), hidden=True, reads=True)
def leave_ballot(ctx: Context, motion: NUMBER, for_: FOR) -> Reply:
    """Nothing changes: a colleague's vote stands."""
    check_own(ctx, for_)
    return stands_so(ctx, standing(ctx, motion), for_)


def _cast(ctx: Context, motion: Motion, choice: str, for_: str, why: str = "") -> Reply:
    hats = ctx.hats("vote")  # most people wear one, and the roll need not be read to know which
    alone = hats[0] if len(hats) == 1 and for_ in ("", *hats) else None
    organisation = alone or hat(ctx, standing_of(ctx, motion), for_)
    if organisation is None:
        return not_entitled(ctx, standing_of(ctx, motion))
    _check_candidates(motion, choice, organisation)
    done = cast(ctx, motion.number, organisation, choice)
    if isinstance(done, NotTaken):
        return not_taken(ctx, done)
    if why and done.standing.phase == "open":
        ctx.store.ballots.explain(motion.number, organisation, ctx.person.id, why, ctx.now)
    tell_replaced(ctx, done)
    back = {"motion": str(motion.number), "for": organisation, "line": str(done.entry.seq)}
    return receipted(ctx, done, Button(N_("Take it back"), "take back ballot", back))


@command("tell of late vote", N_("Tell the coordinator of a late vote"), may="vote", hidden=True)
def tell_of_late_vote(ctx: Context, motion: NUMBER, for_: FOR) -> Reply:
    """The coordinator hears that somebody came too late; it changes nothing by itself."""
    now = standing(ctx, motion)
    values = {**described(ctx, now), "who": ctx.person.name, "organisation": ctx.short_name(for_)}
    key = f"late:{motion}:{for_}"
    ctx.tell(ctx.coordinators(), "vote_came_late", key, values, (see(motion),), kind=NEWS)
    return Reply("vote_late_told", values, replace=True)


@lru_cache(maxsize=16)
def _in_words(language: str) -> tuple[OneChoice, ...]:
    english = {word: one.value for one in CHOICES for word in one.words}
    every = {**english, **words_known(language)}
    return tuple(replace(one, words=tuple(w for w in every if every[w] == one.value)) for one in CHOICES)


def _aside_if_sealed(ctx: Context, motions: Iterable[Motion]) -> None:
    """A sealed vote is not read out before a whole group. Raises the Ask that goes on in private."""
    if any(one.rule.hides_choices and not one.outcome for one in motions):
        ctx.in_private()


def _check_candidates(motion: Motion, choice: str, organisation: str) -> None:
    """That nobody was chosen who has stood down since the tap was shown. Raises Refusal, with the taps."""
    gone = [one.name for one in motion.candidates if one.withdrawn and one.key in choice.split("+")]
    if motion.rule.is_election and gone:
        taps = vote_taps(motion, organisation)
        raise Refusal("stood_down", buttons=taps, number=motion.number, names=gone)


def _with(keys: list[str], key: str) -> str:
    kept = [one for one in keys if one != key] if key in keys else [*keys, key]
    return "+".join(kept)


def _ticked(name: str, picked: bool) -> str:
    return f"✓ {name}"[:LONGEST_LABEL] if picked else name[:LONGEST_LABEL]
