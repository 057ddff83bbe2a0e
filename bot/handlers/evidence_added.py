"""A link, a photo or a file becomes evidence of an activity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import N_
from bot.context import Context
from bot.handlers.activity_answers import described, tail
from bot.handlers.counting import found, host_of, with_evidence
from bot.messages import Button, File, Refusal, Reply
from bot.rules.indicators import hosts
from storage.activities import Evidence

LONGEST_NAME = 200  # characters of a file name
OF_AN_ALBUM = ("evidence_added", "file_offered", "file_waits", "refusals/file_for_what")


def prove(ctx: Context, number: int, files: Sequence[File]) -> Reply:
    """Attach photos and files, which stay on the platform."""
    platform, by = ctx.place.platform, ctx.person.id
    return add_evidence(
        ctx,
        number,
        *(
            Evidence(
                "file",
                file_id=one.id,
                file_name=one.name[:LONGEST_NAME],
                platform=platform,
                by=by,
                at=ctx.now,
            )
            for one in files
        ),
    )


def add_evidence(ctx: Context, number: int, *evidence: Evidence) -> Reply:
    """Add it to an activity. Raises Refusal for who logs for none of its hosts."""
    activity = found(ctx, number, lock=True)
    if not any(ctx.may("log_activities", slug) for slug in hosts(activity.record)):
        raise Refusal("not_yours", organisation=ctx.short_name(host_of(activity.record)))
    for one in evidence:
        ctx.store.activities.add_evidence(number, one, ctx.now)
    shown = with_evidence(activity, len(evidence))
    return Reply("evidence_added", described(ctx, shown), tail(number))


def others_in_private(ctx: Context, answer: Reply) -> Reply:
    """The answer to a picture whose album may not reach us in a group, with the way to where it does
    (platforms.md section 9)."""
    link = ctx.start_link("hello")
    if answer.template not in OF_AN_ALBUM or not link:
        return answer
    way = Button(N_("Open in private"), url=link)
    buttons = (*answer.buttons[:-1], way, *answer.buttons[-1:])
    return replace(answer, values={**answer.values, "others": True}, buttons=buttons)
