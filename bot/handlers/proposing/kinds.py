"""Proposing what is said in words: resolutions, no-objection items, consultations, the yearly renewal."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from bot.commands import N_, Day, Link, LongText, Text, command
from bot.context import Context
from bot.handlers.proposing.already import only_one
from bot.handlers.proposing.preview import again, confirmed, needed, noticed
from bot.handlers.proposing.proposing import LONGEST_TITLE, drafted, proposing_for, worded
from bot.messages import Refusal, Reply
from bot.rules.decisions.values import Kind

HIDDEN = Annotated[str, Text(hidden=True)]
TITLE_QUESTION = N_("What is it called, in one line?")
TITLE = Annotated[str, Text(ask=TITLE_QUESTION, label=N_("Title"), most=LONGEST_TITLE)]
SAYING = ("saying",)
REVIEW_QUESTION = N_("On which day do you want to look at it again?")
LINK_QUESTION = N_("Where is more to read? A web address.")
WHY_QUESTION = N_("Why? A line or two that everybody reads.")
CHANGE_TITLE, CHANGE_TEXT = again(N_("Title"), "title"), again(N_("Text"), "text")


@command(
    "propose resolution",
    N_("Propose what the alliance does or says"),
    may="propose",
    example="/propose resolution A joint newsletter every quarter",
)
def propose_resolution(
    ctx: Context,
    title: TITLE,
    text: Annotated[
        str, LongText(ask=N_("What exactly is to be decided?"), lead=SAYING, label=N_("Text to decide on"))
    ],
    review: Annotated[
        date | None,
        Day("future", lead=("review on",), label=N_("Look at it again"), hint=N_("A day, if you like")),
    ] = None,
    link: Annotated[str, Link(lead=("link",), label=N_("Link"), hint=N_("Where more is to read"))] = "",
    for_: HIDDEN = "",
    what: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """A resolution: its text, perhaps a day on which it is looked at again, and a link. Raises Refusal for a
    day that is over, and Ask until what goes out was seen and confirmed."""
    home = proposing_for(ctx, "ordinary_resolution", for_)
    needed(what, {"review": review, "link": link}, {"review": REVIEW_QUESTION, "link": LINK_QUESTION})
    if review is not None and review <= ctx.today:
        raise Refusal("review_is_past", "review", day=review.isoformat())
    motion = drafted(ctx, "ordinary_resolution", title, home, text=text, review_on=review, link=link)
    more = (again(N_("Review day"), "review", what="review"), again(N_("Link"), "link", what="link"))
    confirmed(ctx, motion, sure, (CHANGE_TITLE, CHANGE_TEXT, *more))
    return noticed(ctx, motion)


@command(
    "propose consent",
    N_("Propose something small, adopted unless a member objects"),
    may="propose",
    example="/propose consent The minutes of the spring meeting",
)
def propose_consent(
    ctx: Context,
    title: TITLE,
    text: Annotated[
        str,
        LongText(ask=N_("What is adopted if nobody objects?"), lead=SAYING, label=N_("Text to adopt")),
    ],
    for_: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """A no-objection item. Raises Ask until what goes out was seen and confirmed."""
    return _in_words(ctx, "consent_item", title, text, for_, sure)


@command(
    "propose consultation",
    N_("Ask the members what they think; it binds nobody"),
    may="propose",
    example="/propose consultation A summer school in 2027",
)
def propose_consultation(
    ctx: Context,
    title: TITLE,
    text: Annotated[
        str, LongText(ask=N_("What do you want to know from the members?"), lead=SAYING, label=N_("Question"))
    ],
    for_: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """A consultation: advice, and nothing is decided. Raises Ask until it was seen and confirmed."""
    return _in_words(ctx, "consultation", title, text, for_, sure)


@command(
    "propose renewal",
    N_("Propose that the alliance goes on for another year"),
    may="propose",
    example="/propose renewal",
)
def propose_renewal(
    ctx: Context,
    title: Annotated[
        str, Text(label=N_("Title"), most=LONGEST_TITLE, hint=N_("Leave it empty for the usual one"))
    ] = "",
    text: Annotated[str, LongText(lead=SAYING, label=N_("Why"), hint=WHY_QUESTION)] = "",
    for_: HIDDEN = "",
    what: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """The yearly question whether the alliance goes on (Art. 8). Raises Refusal while one is before the
    members, and Ask until what goes out was seen and confirmed."""
    home = proposing_for(ctx, "annual_renewal", for_)
    only_one(ctx, sure, lambda one: one.kind == "annual_renewal")
    questions = {"title": TITLE_QUESTION, "text": WHY_QUESTION}
    needed(what, {"title": title, "text": text}, questions)
    usual = worded(ctx, N_("The alliance goes on for another year"))
    motion = drafted(ctx, "annual_renewal", title or usual, home, text=text)
    parts = (again(N_("Title"), "title", what="title"), again(N_("Why"), "text", what="text"))
    confirmed(ctx, motion, sure, parts)
    return noticed(ctx, motion)


def _in_words(ctx: Context, kind: Kind, title: str, text: str, for_: str, sure: str) -> Reply:
    motion = drafted(ctx, kind, title, proposing_for(ctx, kind, for_), text=text)
    confirmed(ctx, motion, sure, (CHANGE_TITLE, CHANGE_TEXT))
    return noticed(ctx, motion)
