"""A voting word in the thread of a motion's card is a ballot; anything else is discussion (4.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.assembly.balloting import NotTaken, cast, take_back
from bot.assembly.settling import settle
from bot.assembly.standing import Standing, standing
from bot.commands import N_, Number, OneOrganisation, Text, command
from bot.context import Context
from bot.handlers.motions.answers import LONGEST_LABEL, choice_words, described, vote_taps
from bot.handlers.voting.answers import (
    check_own,
    not_taken,
    on_roll,
    receipted,
    stands_so,
    tell_replaced,
    tell_taken_back,
)
from bot.handlers.voting.meant import surely
from bot.messages import SILENCE, Button, Mark, Place, Post, Reply, Said, short_tag
from bot.rules.decisions.casting import choice_meant, word_choice
from bot.rules.decisions.motions import Motion

NUMBER = Annotated[int, Number(hidden=True)]
HIDDEN = Annotated[str, Text(hidden=True, most=5000)]


@command("said on motion", N_("A reply under a motion's card"), may="vote", hidden=True)
def said_on_motion(ctx: Context, key: HIDDEN, words: HIDDEN = "") -> Reply:
    """A reply that consists of nothing but a voting word is a ballot, with a small mark on it and a private
    answer. Everything else is discussion, and left alone (4.2); in private, where nobody else is talked to, a
    sentence that only says a vote is asked about with one tap."""
    motion = ctx.store.motions.get(int(key))
    language = ctx.person.language or ctx.incoming.account.language
    word = word_choice(words, language)
    choice = word or (choice_meant(words, short_tag(language)) if ctx.place.kind == "direct" else "")
    if motion is None or not choice or motion.kind == "election":
        return SILENCE
    settle(ctx)
    now = standing(ctx, motion.number)
    hats = on_roll(ctx, now)
    if not hats or not _is_about(ctx, now):
        return SILENCE
    if now.phase == "notice":
        return Reply("vote_word_early", described(ctx, now), (), aside=True)
    if now.phase == "open" and now.motion.rule.hides_choices:
        return Reply("vote_word_sealed", described(ctx, now), _taps(now, hats), aside=True)
    if now.phase == "open" and len(hats) > 1:
        return _for_whom(ctx, now, hats, choice)
    if not word:
        return surely(ctx, now, choice, hats[0])
    return _taken(ctx, now.motion, hats[0], choice)


@command("not a vote", N_("Take a word back that was taken as a vote"), hidden=True)
def not_a_vote(
    ctx: Context,
    motion: NUMBER,
    for_: Annotated[str, OneOrganisation(hidden=True)],
    line: NUMBER,
    message: HIDDEN,
    channel: HIDDEN,
    thread: HIDDEN = "",
    before: HIDDEN = "",
) -> Reply:
    """[Wasn't a vote]: the word loses its mark, and what stood before it stands again. A ballot that was
    given since stays."""
    check_own(ctx, for_)
    settle(ctx)
    now = standing(ctx, motion, lock=True)
    here = ctx.place
    place = Place(here.platform, here.installation, channel, thread, "group")
    mark = Mark("none", Post(place, message))
    entry = now.current.get(for_)
    if entry is None or entry.seq != line:
        return replace(stands_so(ctx, now, for_), mark=mark)
    if before:
        done = cast(ctx, motion, for_, before)
        if isinstance(done, NotTaken):
            return not_taken(ctx, done)
        return replace(stands_so(ctx, done.standing, for_), mark=mark)
    after = take_back(ctx, motion, for_)
    tell_taken_back(ctx, after, entry)
    values = {**described(ctx, after), "organisation": ctx.short_name(for_)}
    return Reply("vote_taken_back", values, vote_taps(after.motion, for_), replace=True, mark=mark)


def _is_about(ctx: Context, now: Standing) -> bool:
    """Whether the word can be meant as a ballot: while the vote runs and in the minute after, or later if it
    was sent before its end. Where ballots are sealed, nothing said in public is one."""
    if not isinstance(ctx.incoming, Said):
        return False
    sealed, sent_at = now.motion.rule.hides_choices, ctx.incoming.sent_at
    if now.phase in ("closed", "final"):
        return not sealed and sent_at is not None and sent_at < now.motion.closes_at
    return now.phase in ("notice", "open") or (now.phase == "counting" and not sealed)


def _taken(ctx: Context, motion: Motion, organisation: str, choice: str) -> Reply:
    done = cast(ctx, motion.number, organisation, choice)
    if isinstance(done, NotTaken):
        return replace(not_taken(ctx, done), aside=True)
    tell_replaced(ctx, done)
    same = done.before is not None and done.before.seq == done.entry.seq
    back = {
        "motion": str(motion.number),
        "for": organisation,
        "line": str(done.entry.seq),
        "channel": ctx.place.channel,
        "thread": ctx.place.thread,
        "message": ctx.incoming.message_id,
        "before": done.before.payload if done.before is not None and not same else "",
    }
    reply = receipted(ctx, done, Button(N_("Wasn't a vote"), "not a vote", back))
    return replace(reply, aside=True, mark=Mark("ballot"))


def _taps(now: Standing, hats: tuple[str, ...]) -> tuple[Button, ...]:
    """Private taps; somebody of two organisations is asked after the tap for which one it is."""
    return vote_taps(now.motion, hats[0] if len(hats) == 1 else "")


def _for_whom(ctx: Context, now: Standing, hats: tuple[str, ...], choice: str) -> Reply:
    """It is not clear for whom the word is: one tap for each organisation (5.9)."""
    given = {"motion": str(now.motion.number), "choice": choice}
    buttons = tuple(
        Button(ctx.short_name(slug)[:LONGEST_LABEL], "cast ballot", {**given, "for": slug}) for slug in hats
    )
    values = {**described(ctx, now), "choice": choice_words(ctx, now.motion, choice)}
    return Reply("vote_word_for_whom", values, buttons, aside=True)
