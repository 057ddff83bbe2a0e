"""The card of a motion: one in each place for votes, on every platform, one tally behind all (4.1, 4.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.assembly.standing import Standing, standing, topic_of
from bot.cards import card
from bot.commands import N_
from bot.context import Context
from bot.handlers.motions.answers import A_YEAR, described, vote_taps
from bot.handlers.motions.objecting import window_is_open
from bot.handlers.pictures_of_votes import has_result, picture_tap
from bot.messages import Button, Reply, Topic
from bot.rules.decisions.motions import Motion

PURPOSE = "votes"
MOST_QUOTED = 1200  # characters of the text, and of what changes


def show_in_places(ctx: Context, motion: Motion) -> int:
    """The motion's card stands in every place for votes from now on; in how many."""
    places = ctx.store.places.serving(PURPOSE)
    for known in places:
        ctx.store.cards.put(topic_of(motion), known.place, ctx.now)
    return len(places)


def live_topics(ctx: Context) -> tuple[Topic, ...]:
    """The motions that a place for votes shows from the day that it is one."""
    return tuple(topic_of(motion) for motion in ctx.store.motions.live())


@card("motion")
def motion_card(ctx: Context, key: str) -> Reply:
    """A motion as it stands, where everybody sees it: turnout and what is missing for a quorum, organisations
    and never persons, and while a sealed vote runs nobody's direction."""
    now = standing(ctx, int(key))
    return Reply("motion_card", _fitting(described(ctx, now)), _taps(now, ctx.now))


def _fitting(values: dict[str, Any]) -> dict[str, Any]:
    """What of a long motion stands on its card: it has to fit one message, for only the first of several can
    be brought up to date. The whole is a tap away."""
    text, lines = values["text"], values["changed_lines"]
    if len(text) > MOST_QUOTED:
        text = text[:MOST_QUOTED].rsplit(maxsplit=1)[0] + " …"
    if sum(len(one["before"]) + len(one["after"]) for one in lines) > MOST_QUOTED:
        lines = []
    return {**values, "text": text, "changed_lines": lines}


def _taps(shown: Standing, now: datetime) -> tuple[Button, ...]:
    motion = shown.motion
    number = {"motion": str(motion.number)}

    def tap(label: str, command: str) -> Button:
        return Button(label, command, number, who="anyone", hours=A_YEAR)

    changes = (tap(N_("Before and after"), "motion changes"),) if motion.before or motion.after else ()
    drawn = picture_tap(shown) if has_result(shown) else ()
    match shown.phase:
        case "notice":
            return (*changes, tap(N_("The rule"), "motion rule"))
        case "open":
            return (*vote_taps(motion, in_group=True), *changes, tap(N_("More"), "motion more"))
        case "closed" | "final":
            object_ = (tap(N_("Object"), "object"),) if window_is_open(motion, now) else ()
            if motion.origin == "recorded":
                return (*drawn, *object_)
            proof = (tap(N_("Who voted how"), "who voted"), tap(N_("Proof"), "proof"))
            return (*changes, *proof, *drawn, *object_)
    return changes
