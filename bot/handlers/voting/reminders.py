"""What is said of a vote that nobody has cast yet, and of a motion that needs somebody before a deadline
(spec/decisions.md 4.4, voice.md sample 11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.assembly.standing import Standing
from bot.commands import N_
from bot.context import Context
from bot.duties import still_owed
from bot.handlers.motions.answers import described, see
from bot.handlers.motions.notices import standing_of_number
from bot.handlers.motions.objecting import ANSWERS
from bot.handlers.motions.pages import silence
from bot.handlers.voting.owed import VOTE, enter_tap, taps_of
from bot.messages import Button, Reply, Topic
from bot.notices import QUESTION, REMINDER, Values, notice
from bot.rules.decisions.phases import edit_until

REMINDED, LAST_CALL, DEADLINE = "vote reminder", "vote last call", "motion deadline"
FOR_THE_VOTE = N_("You get this because you vote for your organisation or coordinate the alliance.")
FOR_THE_MOTION = N_("You get this because you proposed it or coordinate the alliance.")


def is_missing(ctx: Context, values: Values) -> bool:
    """Whether the organisation may still vote, has not, and the reader votes for it or coordinates."""
    slug = values["organisation"]
    if slug in ctx.hats("vote"):
        return still_owed(ctx, VOTE, values["owed"]) is not None
    now = standing_of_number(ctx, values)
    missing = now is not None and now.phase == "open" and slug in now.missing
    return missing and ctx.may("keep_assembly")


def in_a_line(ctx: Context, values: Values) -> Reply:
    """The vote in one line of a digest, with the taps that cast it."""
    if (found := still_owed(ctx, VOTE, values["owed"])) is not None:
        return found.reply
    now = _standing(ctx, values)
    slug = values["organisation"]
    shown = {**described(ctx, now), "organisations": [ctx.short_name(slug)], "more": 0}
    return Reply("owed/votes_missing", shown, (enter_tap(now.motion.number, slug),))


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
)
def vote_reminder(ctx: Context, values: Values) -> Reply:
    """Whose vote is missing, until when, what that means, and the taps that cast it."""
    return _reminder(ctx, values)


@notice(
    LAST_CALL,
    N_("Last calls of votes"),
    FOR_THE_VOTE,
    still_due=is_missing,
    useful=timedelta(days=1),
    priority=QUESTION,
    theme="votes",
    counts=False,
    duty=True,
    line=in_a_line,
)
def vote_last_call(ctx: Context, values: Values) -> Reply:
    """The same once more, on the last morning: the second and last time that this organisation is asked."""
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


@notice(
    DEADLINE,
    N_("Deadlines of motions"),
    FOR_THE_MOTION,
    still_due=needs_somebody,
    useful=timedelta(days=2),
    theme="votes",
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
    now, slug = _standing(ctx, values), values["organisation"]
    motion, votes = now.motion, slug in ctx.hats("vote")
    taps = taps_of(motion, slug) if votes else (enter_tap(motion.number, slug),)
    shown = {
        **described(ctx, now),
        "organisation": ctx.short_name(slug),
        "votes": votes,
        "silence": silence(now),
    }
    return Reply("vote_reminder", shown, (*taps, see(motion.number)), topic=_topic(motion.number))


def _standing(ctx: Context, values: Values) -> Standing:
    now = standing_of_number(ctx, values)
    if now is None:
        raise LookupError(f"motion {values['motion']}")
    return now


def _topic(number: int) -> Topic:
    """A word in reply to the reminder is one about its motion."""
    return Topic("motion", str(number))
