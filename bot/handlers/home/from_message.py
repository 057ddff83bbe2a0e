"""Logging, and voting on, what somebody wrote: from the three dots beside a message (engagement.md 10)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from bot.commands import N_, TODAY, Link, OneOf, OneOrganisation, Organisations, Text, command
from bot.context import Context
from bot.handlers.activity_answers import opened
from bot.handlers.counting import found
from bot.handlers.home.said_days import DaySaid
from bot.handlers.log import log
from bot.handlers.proposing.proposing import TAPS, homes_of
from bot.handlers.voting.voting import vote
from bot.messages import Button, Reply, Topic
from bot.rules.decisions.values import Kind
from storage.activities import Evidence

LONGEST_QUOTE = 80  # characters
IN_WORDS: tuple[Kind, ...] = ("ordinary_resolution", "consent_item", "consultation")
POST = Annotated[str, Text(hidden=True, most=100)]


@command("log this", N_("Log what a message says"), may="log_activities", hidden=True)
def log_this(
    ctx: Context,
    kind: Annotated[str, OneOf("activity_kinds", ask=N_("What was it?"), label=N_("Kind"))],
    title: Annotated[str, Text(ask=N_("What was it called?"), label=N_("Title"))],
    post: POST,  # noqa: ARG001 - only the shortcut knows it: whoever types "log this" means /log
    day: Annotated[date, DaySaid("past", label=N_("Day it ended"))] = TODAY,
    with_: Annotated[tuple[str, ...], Organisations(label=N_("Together with"))] = (),
    smes: Annotated[
        str, Text(label=N_("SMEs reached"), hint=N_("Names with commas between, or a number"), most=3000)
    ] = "",
    link: Annotated[str, Link(label=N_("Link"), hint=N_("Agenda, report or call page"))] = "",
    for_: Annotated[str, OneOrganisation(label=N_("For which organisation"))] = "",
    listed: Annotated[str, Text(hidden=True)] = "",
    again: Annotated[str, Text(hidden=True)] = "",
    file: Annotated[str, Text(hidden=True, most=1000)] = "",
    file_name: Annotated[str, Text(hidden=True, most=200)] = "",
) -> Reply:
    """What `/log` does, begun with what a message says. Its file, if it has one, becomes the evidence. Raises
    what `/log` raises."""
    reply = log(ctx, kind, title, day, with_, smes, link, for_, listed, again)
    if file and reply.topic is not None and not again.isdigit():
        platform, me = ctx.place.platform, ctx.person.id
        evidence = Evidence("file", file_id=file, file_name=file_name, platform=platform, by=me, at=ctx.now)
        ctx.store.activities.add_evidence(int(reply.topic.key), evidence, ctx.now)
    return reply


@command("log nothing", N_("A message from which nothing can be logged"), may="log_activities", hidden=True)
def log_nothing(ctx: Context, what: POST, post: POST = "") -> Reply:
    """A message that is gone, or that a program wrote. Our own post about an activity opens that."""
    topic = _topic(ctx, post)
    if topic is not None and topic.kind == "activity":
        return opened(ctx, found(ctx, int(topic.key)))
    return Reply("log_nothing", {"what": what}, (Button(N_("Log something"), "log"),))


@command("vote on this", N_("Vote on what a message is about"), hidden=True)
def vote_on_this(
    ctx: Context, post: POST, thread: POST = "", words: Annotated[str, Text(hidden=True, most=5000)] = ""
) -> Reply:
    """On the card of a motion or in its thread: the ways to vote on it, in private. On any other message the
    kinds of motion that take its words, for whoever may propose one."""
    topic = _topic(ctx, post) or _topic(ctx, thread)
    if topic is not None and topic.kind == "motion":
        return vote(ctx, topic.key)
    kinds = [kind for kind in IN_WORDS if words and ctx.may("propose") and homes_of(ctx, kind)]
    values = {"words": _quoted(words), "may": bool(kinds)}
    if not kinds:
        return Reply("message_is_no_motion", values, (Button(N_("All motions"), "motions"),))
    taps = (Button(*TAPS[kind], {"text": words}) for kind in kinds)
    return Reply("message_is_no_motion", values, (*taps, Button(N_("Not now"), "not now")))


def _topic(ctx: Context, post: str) -> Topic | None:
    """What a post in this place is about, if it is one of ours."""
    here = ctx.place
    return ctx.store.posts.topic_of(here.platform, here.installation, here.channel, post) if post else None


def _quoted(words: str) -> str:
    first = next(iter(words.splitlines()), "")
    return first if len(first) <= LONGEST_QUOTE else first[: LONGEST_QUOTE - 1].rstrip() + "…"
