"""Links, photos and files that prove an activity (spec/engagement.md 5.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.commands import N_, REGISTRY, Link, Number, Text, command
from bot.context import Context
from bot.handlers.activity_answers import described, tail
from bot.handlers.announcing.media import PICTURE, picture_sent
from bot.handlers.attendance.importing import table_sent
from bot.handlers.counting import ASKED_AMONG, found, host_of, last_logged, short, with_evidence
from bot.handlers.evidence_kept import files_behind, joins, keep_files
from bot.messages import SILENCE, Button, File, Refusal, Reply, Said
from bot.rules.indicators import hosts
from storage.activities import Evidence

LONGEST_NAME = 200  # characters of a file name
FILE_BELONGS_TO_LOG = timedelta(minutes=10)  # spec/engagement.md section 10
NUMBER = Annotated[int, Number(hidden=True)]
HIDDEN = Annotated[str, Text(hidden=True)]
FILE = Annotated[str, Text(hidden=True, most=1000)]
LARGEST = {"telegram": 20_000_000}  # bytes that a bot can fetch there (platforms.md section 9)
MY_LIST = Button(N_("My list"), "activities")


@command("add link", N_("Add a link or photo as evidence"), may="log_activities", hidden=True)
def add_link(
    ctx: Context,
    activity: NUMBER,
    link: Annotated[str, Link(ask=N_("Paste the link here, or send the photo or file."), label=N_("Link"))],
) -> Reply:
    """Attach a link: agenda, report, receipt, list of SMEs (5.5)."""
    return _add_evidence(ctx, activity, Evidence(kind="link", url=link, by=ctx.person.id, at=ctx.now))


@command("file sent", N_("A photo or file was sent"), may="log_activities", hidden=True)
def file_sent(
    ctx: Context,
    file: FILE = "",
    name: FILE = "",
    size: Annotated[int, Number(hidden=True, most=2**53)] = 0,
    album: HIDDEN = "",
    caption: HIDDEN = "",
    reply: HIDDEN = "",
) -> Reply:
    """A photo or file where one was asked for is taken, and so is one that came with its log (`caption`) or
    in reply to an activity. Right after a log it is offered as its evidence, later it is asked whose it is.
    A table of people is offered as who came to an event. The pictures of an album are answered once."""
    said = _as_said(ctx, File(file, name, size=size))
    if said is None:
        return _for_what(ctx, ())
    if (activity := joins(ctx, album, said.files[0])) is not None:
        if activity:
            _prove(ctx, activity, said.files)
        return SILENCE
    files = _of_a_size(ctx, said.files)
    if caption:
        return _with_its_log(ctx, caption, files, album)
    if reply:
        return _in_reply(ctx, reply, files, album)
    if (taken := _asked_for(ctx, said, files, album)) is not None:
        return taken
    table = None if album else table_sent(ctx, said)
    last = last_logged(ctx)
    recent = last is not None and last.record.state != "withdrawn"
    if last is None or not recent or ctx.now - last.logged_at > FILE_BELONGS_TO_LOG:
        return table if table is not None else _for_what(ctx, files, album)
    if table is not None:
        number = {"activity": str(last.record.id), "file": files[0].id, "name": files[0].name}
        evidence = Button(N_("It's evidence"), "add file", number)
        offers = table.template == "event_import_offered"
        return replace(table, buttons=(*table.buttons[:-1], evidence, table.buttons[-1])) if offers else table
    yes = _tap(N_("Yes, add it"), last.record.id, files, _token_of(ctx, files, album))
    return Reply("file_offered", described(ctx, last.record), (yes, Button(N_("Not now"), "not now")))


@command("add file", N_("Add a file as evidence"), may="log_activities", hidden=True)
def add_file(
    ctx: Context,
    activity: NUMBER,
    file: Annotated[str, Text(hidden=True, most=1000)],
    name: Annotated[str, Text(hidden=True, most=1000)] = "",
) -> Reply:
    """Attach a photo or file that stands on the platform."""
    return _prove(ctx, activity, (File(file, name),))


@command("add files", N_("Add several files as evidence"), may="log_activities", hidden=True)
def add_files(
    ctx: Context, draft: Annotated[str, Text(hidden=True)], activity: Annotated[int, Number(hidden=True)] = 0
) -> Reply:
    """Attach what was sent together: to this activity, or to what the caller logged last. Raises Refusal
    where nothing was logged, and for files that are not theirs."""
    last = last_logged(ctx) if not activity else None
    number = last.record.id if last is not None and last.record.state != "withdrawn" else activity
    if not number:
        raise Refusal("file_for_what", buttons=(MY_LIST,))
    files = files_behind(ctx, draft, number)
    if files is None:
        raise Refusal("draft_gone", buttons=(MY_LIST,))
    return _prove(ctx, number, files)


@command("said on activity", N_("A reply to a logged activity"), may="log_activities", hidden=True)
def said_on_activity(
    ctx: Context, key: NUMBER, words: Annotated[str, Text(hidden=True, most=3000)] = ""
) -> Reply:
    """A photo, a file or a link in reply to a logged activity is its evidence; other words are talk."""
    said = ctx.incoming
    if isinstance(said, Said) and said.files:
        return _prove(ctx, key, _of_a_size(ctx, said.files))
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


def _as_said(ctx: Context, file: File) -> Said | None:
    """What was sent, whichever way its platform brought it; None where nothing was (somebody typed it)."""
    came = ctx.incoming
    if isinstance(came, Said):
        return came if came.files else None
    if not came.command or not file.id:
        return None
    return Said(came.event, came.account, came.place, came.received_at, "", addressed=True, files=(file,))


def _of_a_size(ctx: Context, files: tuple[File, ...]) -> tuple[File, ...]:
    """Those that we can open. Raises Refusal where none is: a link does as well."""
    fit = tuple(one for one in files if one.size <= LARGEST.get(ctx.place.platform, one.size))
    if files and not fit:
        last = last_logged(ctx)
        paste = Button(N_("Add a link"), "add link", {"activity": str(last.record.id)}) if last else MY_LIST
        raise Refusal("file_too_large", buttons=(paste,), megabytes=20)
    return fit


def _asked_for(ctx: Context, said: Said, files: tuple[File, ...], album: str) -> Reply | None:
    """A file where the open question is for one; None if it is not."""
    asked = ctx.store.drafts.open(ctx.account_id)
    if asked is not None and asked.command == PICTURE and ctx.may("announce"):
        ctx.store.drafts.close(asked.token)
        if album:
            keep_files(ctx, (), album)  # an announcement takes one: the others are not asked about
        return picture_sent(ctx, int(asked.arguments["number"]), said)
    if asked is not None and asked.command == "add link":
        ctx.store.drafts.close(asked.token)
        return _take(ctx, int(asked.arguments["activity"]), files, album)
    return None


def _with_its_log(ctx: Context, caption: str, files: tuple[File, ...], album: str) -> Reply:
    """A log stood under the photo and was given just before: the photo proves it. While that log is still
    being asked about, the photo waits."""
    under = REGISTRY.find(caption)[0]
    if under is None or under.name != "log":
        return SILENCE
    last = last_logged(ctx)
    if last is not None and last.logged_at >= ctx.incoming.received_at:
        return _take(ctx, last.record.id, files, album)
    later = Button(N_("Add it now"), "add files", {"draft": keep_files(ctx, files, album)})
    return Reply("file_waits", {}, (later, Button(N_("Not now"), "not now")))


def _in_reply(ctx: Context, reply: str, files: tuple[File, ...], album: str) -> Reply:
    """An album in reply to something of ours: evidence, if that is an activity."""
    place = ctx.place
    topic = ctx.store.posts.topic_of(place.platform, place.installation, place.channel, reply)
    if topic is None or topic.kind != "activity":
        return SILENCE if place.kind == "group" else _for_what(ctx, files, album)
    return _take(ctx, int(topic.key), files, album)


def _take(ctx: Context, number: int, files: tuple[File, ...], album: str) -> Reply:
    """Evidence of this activity, and so is what follows of the same album."""
    taken = _prove(ctx, number, files)
    if album:
        keep_files(ctx, (), album, number)
    return taken


def _for_what(ctx: Context, files: tuple[File, ...], album: str = "") -> Reply:
    """Which activity is it for? The caller's last ones are a tap away."""
    mine, _ = ctx.store.activities.listing(
        author=ctx.person.id, limit=ASKED_AMONG, offset=0, last_logged_first=True
    )
    token = _token_of(ctx, files, album) if mine else ""
    taps = (_tap(short(one.record.title), one.record.id, files, token) for one in mine if files)
    return Reply("refusals/file_for_what", {}, (*taps, MY_LIST))


def _token_of(ctx: Context, files: tuple[File, ...], album: str) -> str:
    return keep_files(ctx, files, album) if album or len(files) > 1 else ""


def _tap(label: str, number: int, files: tuple[File, ...], token: str) -> Button:
    if token:
        return Button(label, "add files", {"draft": token, "activity": str(number)})
    return Button(label, "add file", {"activity": str(number), "file": files[0].id, "name": files[0].name})


def _prove(ctx: Context, number: int, files: Sequence[File]) -> Reply:
    """Attach photos and files, which stay on the platform."""
    platform, by = ctx.place.platform, ctx.person.id
    return _add_evidence(
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


def _add_evidence(ctx: Context, number: int, *evidence: Evidence) -> Reply:
    activity = found(ctx, number, lock=True)
    if not any(ctx.may("log_activities", slug) for slug in hosts(activity.record)):
        raise Refusal("not_yours", organisation=ctx.short_name(host_of(activity.record)))
    for one in evidence:
        ctx.store.activities.add_evidence(number, one, ctx.now)
    shown = with_evidence(activity, len(evidence))
    return Reply("evidence_added", described(ctx, shown), tail(number))
