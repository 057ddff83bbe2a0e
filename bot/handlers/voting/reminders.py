"""What is said of a vote that nobody has cast yet, and of a motion that needs somebody before a deadline
(spec/decisions.md 4.4, voice.md sample 11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.assembly.standing import Standing
from bot.commands import N_
from bot.context import Context
from bot.handlers.counting import short
from bot.handlers.motions.answers import described, see
from bot.handlers.motions.notices import standing_of_number
from bot.handlers.motions.objecting import ANSWERS
from bot.handlers.motions.pages import silence
from bot.handlers.voting.owed import MOST_NAMED, VOTE, enter_tap, key_of, taps_of
from bot.messages import Button, Reply, Topic
from bot.notices import QUESTION, REMINDER, Values, notice
from bot.people.duties import still_owed
from bot.rules.decisions.phases import edit_until

REMINDED, LAST_CALL, DEADLINE = "vote reminder", "vote last call", "motion deadline"
FOR_THE_VOTE = N_("You get this because you vote for your organisation or coordinate the alliance.")
FOR_THE_MOTION = N_("You get this because you proposed it or coordinate the alliance.")


def organisations_of(values: Values) -> tuple[str, ...]:
    """The organisations (slugs) whose votes a reminder asks for."""
    return (values["organisation"], *values.get("more", ()))


def still_missing(ctx: Context, values: Values) -> tuple[str, ...]:
    """Of these organisations those that may still vote and have not, and for which the reader votes; all of
    them for a coordinator."""
    now = standing_of_number(ctx, values)
    if now is None or now.phase != "open":
        return ()
    hats, missing, keeps = ctx.hats("vote"), now.missing, ctx.may("keep_assembly")
    return tuple(slug for slug in organisations_of(values) if slug in missing and (keeps or slug in hats))


def is_missing(ctx: Context, values: Values) -> bool:
    """Whether one of the votes is still missing, and the reader votes for it or coordinates."""
    return bool(still_missing(ctx, values))


def is_of_others(ctx: Context, values: Values) -> bool:
    """Whether the reader votes for none of the organisations: a coordinator's own vote is not what is late,
    so that it takes from their attention."""
    return not set(ctx.hats("vote")).intersection(still_missing(ctx, values))


def in_a_line(ctx: Context, values: Values) -> Reply:
    """The votes in one line of a digest, with the taps that cast them."""
    slugs = still_missing(ctx, values)
    if len(slugs) == 1 and (found := still_owed(ctx, VOTE, key_of(values["motion"], slugs[0]))) is not None:
        return found.reply
    now = _standing(ctx, values)
    return Reply(
        "owed/votes_missing", {**described(ctx, now), **_named(ctx, slugs)}, _taps(ctx, now, slugs)[:-1]
    )


def about_votes(values: Values) -> tuple[str, ...]:
    """The votes of the motion, as the word that voting is open has it; each by the name of what is owed."""
    motion = values["motion"]
    return (f"votes:{motion}", *(key_of(motion, slug) for slug in organisations_of(values)))


@notice(
    REMINDED,
    N_("Vote reminders"),
    FOR_THE_VOTE,
    still_due=is_missing,
    useful=timedelta(days=2),
    priority=REMINDER,
    theme="votes",
    duty=True,
    line=in_a_line,
    about=about_votes,
)
def vote_reminder(ctx: Context, values: Values) -> Reply:
    """Whose votes are missing, until when, what that means, and the taps that cast them."""
    return _reminder(ctx, values)


@notice(
    LAST_CALL,
    N_("Last calls of votes"),
    FOR_THE_VOTE,
    still_due=is_missing,
    useful=timedelta(days=1),
    priority=QUESTION,
    theme="votes",
    counts=is_of_others,
    duty=True,
    line=in_a_line,
    about=about_votes,
)
def vote_last_call(ctx: Context, values: Values) -> Reply:
    """The same once more, on the last morning: the second and last time that they are asked."""
    return _reminder(ctx, values)


def needs_somebody(ctx: Context, values: Values) -> bool:
    """Whether what was missing before a motion's deadline still is, and the reader is still the one to look:
    its proposer where it was about its candidates, or a coordinator."""
    now = standing_of_number(ctx, values)
    if now is None or values["about"] not in lacks(ctx, now):
        return False
    own = values["about"] == "candidates" and ctx.person.id == now.motion.proposer
    return own or ctx.may("keep_assembly")


def lacks(ctx: Context, now: Standing) -> tuple[str, ...]:
    """What a motion needs somebody for before it can go on: "candidates" while it can still be withdrawn and
    proposed anew, "quorum" while voting is open, "objection" while one is not answered."""
    motion, stage = now.motion, now.phase
    standing = sum(not one.withdrawn for one in motion.candidates)
    wanted = {
        "candidates": stage == "notice" and motion.rule.is_election and standing < motion.seats,
        "quorum": stage == "open" and described(ctx, now)["missing_for_quorum"] > 0,
        "objection": stage == "closed" and now.challenged,
    }
    return tuple(about for about, is_so in wanted.items() if is_so)


def can_wait(_ctx: Context, values: Values) -> bool:
    """Whether it may take its turn among other messages: what is missing on the closing day may not."""
    return str(values["about"]) != "quorum"


def deadline_in_a_line(ctx: Context, values: Values) -> Reply:
    """What is missing before which deadline, in one line of a digest, with the taps that help."""
    said = motion_deadline(ctx, values)
    return replace(said, template="owed/motion_deadline")


@notice(
    DEADLINE,
    N_("Deadlines of motions"),
    FOR_THE_MOTION,
    still_due=needs_somebody,
    useful=timedelta(days=2),
    theme="votes",
    counts=can_wait,
    line=deadline_in_a_line,
)
def motion_deadline(ctx: Context, values: Values) -> Reply:
    """What is missing before which deadline, and the tap that helps."""
    now, about = _standing(ctx, values), values["about"]
    motion = now.motion
    open_ = [one for one in now.challenges if one.answer == ""]
    taps: tuple[Button, ...] = ()
    if about == "objection" and ctx.may("keep_assembly") and open_:
        taps = tuple(
            Button(one.label, "answer objection", {"challenge": str(open_[0].id), "answer": one.value})
            for one in ANSWERS
        )
    if about == "quorum":
        taps = (enter_tap(motion.number),)
    if about == "candidates":
        taps = (Button(N_("Withdraw it"), "withdraw motion", {"number": str(motion.number)}),)
    shown: dict[str, Any] = {
        **described(ctx, now),
        "about": about,
        "edit_until": edit_until(motion).isoformat(),
    }
    shown["standing"] = sum(not one.withdrawn for one in motion.candidates)
    shown["objects"] = ctx.short_name(open_[0].organisation) if open_ else ""
    return Reply("motion_deadline", shown, (*taps, see(motion.number)), topic=_topic(motion.number))


def _reminder(ctx: Context, values: Values) -> Reply:
    now, slugs = _standing(ctx, values), still_missing(ctx, values)
    own = [slug for slug in slugs if slug in ctx.hats("vote")]
    shown = {
        **described(ctx, now),
        **_named(ctx, slugs),
        "votes": bool(own),
        "several": bool(own) and len(slugs) > 1,
        "silence": silence(now),
    }
    return Reply("vote_reminder", shown, _taps(ctx, now, slugs), topic=_topic(now.motion.number))


def _named(ctx: Context, slugs: tuple[str, ...]) -> dict[str, Any]:
    names = [ctx.short_name(slug) for slug in slugs]
    return {"organisations": names[:MOST_NAMED], "more": max(0, len(names) - MOST_NAMED)}


def _taps(ctx: Context, now: Standing, slugs: tuple[str, ...]) -> tuple[Button, ...]:
    """The choices of the one organisation for which the reader votes; of several a tap each, that leads to
    its choices. A coordinator enters what others say."""
    motion, hats = now.motion, ctx.hats("vote")
    own = tuple(slug for slug in slugs if slug in hats)
    others = tuple(slug for slug in slugs if slug not in hats)
    number = str(motion.number)
    taps: tuple[Button, ...]
    if len(own) == len(slugs) == 1:
        taps = taps_of(motion, own[0])
    elif len(own) > MOST_NAMED:
        taps = (Button(N_("Cast votes"), "vote", {"motion": number}),)
    else:
        taps = tuple(
            Button(short(ctx.short_name(slug)), "vote", {"motion": number, "for": slug}) for slug in own
        )
    if others:
        taps = (*taps, enter_tap(motion.number, others[0] if len(others) == 1 else ""))
    return (*taps, see(motion.number))


def _standing(ctx: Context, values: Values) -> Standing:
    now = standing_of_number(ctx, values)
    if now is None:
        raise LookupError(f"motion {values['motion']}")
    return now


def _topic(number: int) -> Topic:
    """A word in reply to the reminder is one about its motion."""
    return Topic("motion", str(number))
