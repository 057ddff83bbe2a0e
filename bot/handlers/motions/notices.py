"""What members are told of a motion unasked: notice, opening, result (spec/decisions.md 1 and 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.assembly.standing import Standing, standing
from bot.assembly.telling import FINAL, NOTICED, OPENED, RESULT
from bot.commands import N_
from bot.context import Context
from bot.handlers.motions.answers import described, see, vote_taps
from bot.handlers.motions.looking import may_change
from bot.handlers.pictures_of_votes import result_picture
from bot.messages import Button, Refusal, Reply, Topic
from bot.notices import EVENT_CHANGE, QUESTION, Values, notice

FOR_YOUR_VOTE = N_("You get this because you vote for your organisation.")
FOR_A_RESULT = N_("You get this because you vote, proposed it, or coordinate the alliance.")
WEEKS = timedelta(days=21)


def is_noticed(ctx: Context, values: Values) -> bool:
    """Whether the motion still stands: one that was withdrawn or is void needs no notice any more."""
    motion = ctx.store.motions.get(values["motion"])
    return motion is not None and motion.withdrawn_at is None and motion.voided_at is None


@notice(
    NOTICED,
    N_("Notice of motions"),
    N_("You get this because the Assembly gives notice to all its members."),
    still_due=is_noticed,
    useful=WEEKS,
    priority=EVENT_CHANGE,
    theme="votes",
    counts=False,  # the clock of a notice starts when people are told (decisions.md 6)
    stoppable=False,
)
def motion_notice(ctx: Context, values: Values) -> Reply:
    """The text, the rule and the dates. One that opened at once can be voted on right here."""
    now = standing(ctx, values["motion"])
    mine = _waiting_hats(ctx, now)
    values = {**described(ctx, now), "again": now.motion.version > 1}
    return Reply("motion_noticed", values, _taps(now, mine), topic=_topic(now))


def is_waiting(ctx: Context, values: Values) -> bool:
    """Whether the vote is open and an organisation of the reader has not voted."""
    return bool(_waiting_hats(ctx, standing_of_number(ctx, values)))


@notice(
    OPENED,
    N_("Votes that open"),
    FOR_YOUR_VOTE,
    still_due=is_waiting,
    useful=timedelta(days=14),
    priority=QUESTION,
    theme="votes",
    duty=True,
    about=lambda values: (f"votes:{values['motion']}",),
)
def vote_opened(ctx: Context, values: Values) -> Reply:
    """Voting is open, with the taps for the reader's organisation."""
    now = standing(ctx, values["motion"])
    mine = _waiting_hats(ctx, now)
    names = [ctx.short_name(slug) for slug in mine]
    values = {**described(ctx, now), "organisations": names}
    return Reply("vote_opened", values, _taps(now, mine), topic=_topic(now))


def is_closed(ctx: Context, values: Values) -> bool:
    """Whether there is a result to tell."""
    motion = ctx.store.motions.get(values["motion"])
    return motion is not None and bool(motion.outcome)


@notice(
    RESULT,
    N_("Results of votes"),
    FOR_A_RESULT,
    still_due=is_closed,
    useful=WEEKS,
    priority=EVENT_CHANGE,
    theme="votes",
)
def motion_result(ctx: Context, values: Values) -> Reply:
    """The result that proves itself, with its picture, once: later news of it are words alone."""
    now = standing(ctx, values["motion"])
    number = {"motion": str(now.motion.number)}
    proof = (Button(N_("Who voted how"), "who voted", number), Button(N_("Proof"), "proof", number))
    picture = result_picture(ctx, now)
    file = replace(picture, told=True) if picture else None
    repeatable = now.motion.result == "inquorate" and may_change(ctx, now.motion)
    again = (Button(N_("Second call"), "second call", number),) if repeatable else ()
    return Reply("motion_told", described(ctx, now), (*again, *proof), file=file)


@notice(FINAL, N_("Results that are final"), FOR_A_RESULT, still_due=is_closed, useful=WEEKS, theme="votes")
def motion_final(ctx: Context, values: Values) -> Reply:
    """A result is final now: what holds from when, or why it could not take effect."""
    now = standing(ctx, values["motion"])
    return Reply("motion_final", described(ctx, now), (see(now.motion.number),))


def standing_of_number(ctx: Context, values: Values) -> Standing | None:
    """How the motion of a notice stands; None if there is none."""
    try:
        return standing(ctx, values["motion"])
    except Refusal:
        return None


def _waiting_hats(ctx: Context, now: Standing | None) -> tuple[str, ...]:
    if now is None or now.phase != "open":
        return ()
    return tuple(slug for slug in ctx.hats("vote") if slug in now.missing)


def _taps(now: Standing, mine: tuple[str, ...]) -> tuple[Button, ...]:
    taps = vote_taps(now.motion, mine[0] if len(mine) == 1 else "") if mine else ()
    return (*taps, see(now.motion.number))


def _topic(now: Standing) -> Topic:
    """A word in reply to the notice is one about its motion."""
    return Topic("motion", str(now.motion.number))
