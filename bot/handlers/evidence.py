"""Links, photos and files that prove an activity (spec/engagement.md 5.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.commands import N_, Link, Number, Text, command
from bot.context import Context
from bot.handlers.activity_answers import described, tail
from bot.handlers.announcing.media import PICTURE, picture_sent
from bot.handlers.attendance.importing import table_sent
from bot.handlers.counting import found, host_of, last_logged, with_evidence
from bot.messages import Button, Refusal, Reply, Said
from bot.rules.indicators import hosts
from storage.activities import Evidence

LONGEST_NAME = 200  # characters of a file name
FILE_BELONGS_TO_LOG = timedelta(minutes=10)  # spec/engagement.md section 10
NUMBER = Annotated[int, Number(hidden=True)]


@command("add link", N_("Add a link or photo as evidence"), may="log_activities", hidden=True)
def add_link(
    ctx: Context,
    activity: NUMBER,
    link: Annotated[str, Link(ask=N_("Paste the link here, or send the photo or file."), label=N_("Link"))],
) -> Reply:
    """Attach a link: agenda, report, receipt, list of SMEs (5.5)."""
    return _add_evidence(ctx, activity, Evidence(kind="link", url=link, by=ctx.person.id, at=ctx.now))


@command("file sent", N_("A photo or file was sent"), may="log_activities", hidden=True)
def file_sent(ctx: Context) -> Reply:
    """A photo or file where one was asked for is taken; right after a log it is offered as its evidence. A
    table of people is offered as who came to an event."""
    said = ctx.incoming
    asked = ctx.store.drafts.open(ctx.account_id)
    if isinstance(said, Said) and asked is not None and asked.command == PICTURE and ctx.may("announce"):
        ctx.store.drafts.close(asked.token)
        return picture_sent(ctx, int(asked.arguments["number"]), said)
    if isinstance(said, Said) and asked is not None and asked.command == "add link":
        ctx.store.drafts.close(asked.token)
        return add_file(ctx, int(asked.arguments["activity"]), said.files[0].id, said.files[0].name)
    table = table_sent(ctx, said) if isinstance(said, Said) else None
    last = last_logged(ctx)
    if (
        not isinstance(said, Said)
        or last is None
        or last.record.state == "withdrawn"
        or ctx.now - last.logged_at > FILE_BELONGS_TO_LOG
    ):
        if table is not None:
            return table
        raise Refusal("file_for_what", buttons=(Button(N_("My list"), "activities"),))
    file = said.files[0]
    arguments = {"activity": str(last.record.id), "file": file.id, "name": file.name}
    if table is not None:
        evidence = Button(N_("It's evidence"), "add file", arguments)
        offers = table.template == "event_import_offered"
        return replace(table, buttons=(*table.buttons[:-1], evidence, table.buttons[-1])) if offers else table
    buttons = (Button(N_("Yes, add it"), "add file", arguments), Button(N_("Not now"), "not now"))
    return Reply("file_offered", described(ctx, last.record), buttons)


@command("add file", N_("Add a file as evidence"), may="log_activities", hidden=True)
def add_file(
    ctx: Context,
    activity: NUMBER,
    file: Annotated[str, Text(hidden=True, most=1000)],
    name: Annotated[str, Text(hidden=True, most=1000)] = "",
) -> Reply:
    """Attach a photo or file that stands on the platform."""
    evidence = Evidence(
        kind="file",
        file_id=file,
        file_name=name[:LONGEST_NAME],
        platform=ctx.place.platform,
        by=ctx.person.id,
        at=ctx.now,
    )
    return _add_evidence(ctx, activity, evidence)


@command("said on activity", N_("A reply to a logged activity"), may="log_activities", hidden=True)
def said_on_activity(
    ctx: Context, key: NUMBER, words: Annotated[str, Text(hidden=True, most=3000)] = ""
) -> Reply:
    """A photo, a file or a link in reply to a logged activity is its evidence; other words are talk."""
    said = ctx.incoming
    if isinstance(said, Said) and said.files:
        return add_file(ctx, key, said.files[0].id, said.files[0].name)
    for word in words.split():
        try:
            link = Link().read(word, ctx.reading, "link")
        except Refusal:
            continue
        return add_link(ctx, key, link)
    return Reply("")


@command("not now", N_("Leave it"), hidden=True)
def not_now(ctx: Context) -> Reply:
    """Leave a suggestion alone."""
    del ctx
    return Reply("not_now", replace=True)


def _add_evidence(ctx: Context, number: int, evidence: Evidence) -> Reply:
    activity = found(ctx, number, lock=True)
    if not any(ctx.may("log_activities", slug) for slug in hosts(activity.record)):
        raise Refusal("not_yours", organisation=ctx.short_name(host_of(activity.record)))
    ctx.store.activities.add_evidence(number, evidence, ctx.now)
    return Reply("evidence_added", described(ctx, with_evidence(activity)), tail(number))
