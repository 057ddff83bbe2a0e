"""A vote that is typed without its motion's number, or with more words than a vote has: what was meant, and
one tap where that is in doubt (spec/decisions.md 4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.assembly.standing import Standing, found_motion, standing_of
from bot.commands import N_
from bot.commands.values import words_of
from bot.context import Context
from bot.handlers.motions.answers import CHOICES, choice_words, described, vote_taps
from bot.handlers.motions.titles import title_of
from bot.handlers.voting.answers import asked, hat, not_entitled, waiting
from bot.messages import Ask, Button, Choice, Refusal, Reply, filled, short_tag
from bot.rules.decisions.casting import choice_meant
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import phase
from bot.rules.decisions.tallying import offered

# What stands before a motion's title and is none of its words: "yes on the change of article 8".
_SMALL_WORDS = "on to for of the a an motion sur la le les pour zu zum zur dem den der die das"
SMALL = frozenset(_SMALL_WORDS.split())
NUMBERED = re.compile(r"(?:\w{1,12} )?(?:\w{1,12} )?(?:#|no\.? ?|nr\.? ?)?(\d{1,9})")
LONGEST_QUOTE = 80  # characters of typed words


def understood(ctx: Context, number: str, choice: str, words: str) -> tuple[Motion | None, str, str]:
    """The motion, the choice and the reason of what was typed after `/vote`; `words` are those that are
    neither number nor choice. Raises an Ask where they are none of these, Refusal where there is no such
    motion."""
    motion = found_motion(ctx, int(number)) if number else None
    if words and motion is None and (named := _named(ctx, words)):
        motion, words = named
    if words and not choice:
        choice = choice_meant(words, short_tag(ctx.language))
        if not choice:
            raise _unknown(words)
    return motion, choice, words


def the_one_meant(ctx: Context, choice: str, for_: str) -> Motion | None:
    """The motion of a choice that was typed alone: the only one before the members, if it is open to the
    caller and takes that choice; None where another can be meant."""
    before = [
        one for one in ctx.store.motions.live() if phase(one, ctx.now) in ("notice", "open", "counting")
    ]
    votes = list(_open_to(ctx, choice, for_))
    return votes[0][0].motion if len(before) == len(votes) == 1 else None


def which_motion(ctx: Context, choice: str, for_: str, why: str) -> Reply:
    """A choice without its motion: one tap for each vote that it can be. Raises Refusal if none is yet."""
    votes = list(_open_to(ctx, choice, for_))
    coming = [one for one in ctx.store.motions.live() if phase(one, ctx.now) == "notice"]
    live = sorted(ctx.store.motions.live(), key=lambda one: phase(one, ctx.now) != "open")
    if live and not ctx.hats("vote"):
        return not_entitled(ctx, standing_of(ctx, live[0]))
    if not votes and len(coming) == 1:
        raise Refusal("vote_early", number=coming[0].number, opens_at=coming[0].opens_at.isoformat())
    due = [(now, slug) for now, slug in votes if slug in now.missing] or votes
    by_motion: dict[int, tuple[Standing, str]] = {}
    for now, slug in due:
        number = now.motion.number
        by_motion[number] = (now, "" if number in by_motion else slug)
    if len(by_motion) == 1:
        [(now, slug)] = by_motion.values()
        return surely(ctx, now, choice, slug, why)
    return waiting(ctx, choice, tuple(by_motion.values())) if due else waiting(ctx)


def surely(ctx: Context, now: Standing, choice: str, for_: str, why: str = "") -> Reply:
    """What would be recorded, with one tap to record it."""
    organisation = hat(ctx, now, for_)
    if organisation is None:
        return not_entitled(ctx, now)
    if organisation not in now.entitled:
        return asked(ctx, now, organisation)  # which says so
    if now.phase == "notice":
        opens_at = now.motion.opens_at.isoformat()
        raise Refusal("vote_early", number=now.motion.number, opens_at=opens_at)
    if now.phase != "open":
        raise Refusal("not_open", number=now.motion.number, phase=now.phase)
    why = "" if _is_no_reason(ctx, now.motion, choice, why) else why
    said = choice_words(ctx, now.motion, choice)
    given = {"motion": str(now.motion.number), "for": organisation, "choice": choice}
    yes = Button(filled(N_("Yes, {choice}"), choice=said), "cast ballot", {**given, "why": why})
    others = [tap for tap in vote_taps(now.motion, organisation) if tap.arguments.get("choice") != choice]
    values = {**described(ctx, now), "organisation": ctx.short_name(organisation), "choice": said, "why": why}
    return Reply("vote_meant", values, (yes, *others))


def _open_to(ctx: Context, choice: str, for_: str) -> Iterator[tuple[Standing, str]]:
    """The open votes of the caller's organisations that take this choice, the first to close first."""
    hats = tuple(slug for slug in ctx.hats("vote") if for_ in ("", slug))
    found = [standing_of(ctx, one) for one in ctx.store.motions.live() if phase(one, ctx.now) == "open"]
    for now in sorted(found, key=lambda one: one.motion.closes_at):
        if choice in offered(now.motion.rule, now.motion.candidates):
            yield from ((now, slug) for slug in hats if slug in now.entitled)


def _named(ctx: Context, words: str) -> tuple[Motion, str] | None:
    """The motion that these words name, by its number or by words of its title, and what is left of them."""
    if number := NUMBERED.fullmatch(" ".join(words.split()).strip(",.: ")):
        return found_motion(ctx, int(number[1])), ""
    said = set(words_of(words)) - SMALL
    titled = [
        one for one in ctx.store.motions.live() if said and said <= set(words_of(str(title_of(ctx, one))))
    ]
    return (titled[0], words) if len(titled) == 1 else None


def _is_no_reason(ctx: Context, motion: Motion, choice: str, words: str) -> bool:
    """Whether the words beside a choice only say it, or name its motion."""
    titled = set(words_of(words)) - SMALL <= set(words_of(str(title_of(ctx, motion))))
    return titled or choice_meant(words, short_tag(ctx.language)) == choice


def _unknown(words: str) -> Ask:
    """The question for the choice, where the words say none."""
    taps = tuple(Choice(one.label, {"choice": one.value, "why": ""}) for one in CHOICES)
    labels = [one.label for one in CHOICES]
    return Ask(
        "choice", "refusals/choice_unknown", taps, text=words[:LONGEST_QUOTE], suggestion="", label="",
        labels=labels, sentence=len(words.split()) > 4, what=N_("Your vote"),
    )  # fmt: skip
