"""Links, photos and files that prove an activity (spec/engagement.md 5.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.commands import N_, REGISTRY, Link, Number, Text, command
from bot.context import Context
from bot.handlers.activity_answers import described
from bot.handlers.announcing.media import PICTURE, picture_sent
from bot.handlers.attendance.importing import table_sent
from bot.handlers.counting import ASKED_AMONG, last_logged, short
from bot.handlers.evidence_added import add_evidence, others_in_private, prove
from bot.handlers.evidence_kept import files_behind, joins, keep_files, kept_since
from bot.handlers.strangers import ways_in
from bot.messages import SILENCE, Button, File, Refusal, Reply, Said
from storage.activities import Evidence

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
    return add_evidence(ctx, activity, Evidence(kind="link", url=link, by=ctx.person.id, at=ctx.now))


@command("file sent", N_("A photo or file was sent"), may="anybody", hidden=True)
def file_sent(
    ctx: Context,
    file: FILE = "",
    name: FILE = "",
    size: Annotated[int, Number(hidden=True, most=2**53)] = 0,
    album: HIDDEN = "",
    caption: HIDDEN = "",
    reply: HIDDEN = "",
    alone: HIDDEN = "",
) -> Reply:
    """A photo or file where one was asked for is taken, and so is one that came with its log (`caption`) or
    in reply to an activity. Right after a log it is offered as its evidence, later it is asked whose it is.
    A table of people is offered as who came to an event. The pictures of an album are answered once; where
    the others may not reach us (`alone`), it is said where they do."""
    answer = _answered(ctx, _as_said(ctx, File(file, name, size=size)), album, caption, reply)
    return others_in_private(ctx, answer) if alone else answer


@command("add file", N_("Add a file as evidence"), may="log_activities", hidden=True)
def add_file(
    ctx: Context,
    activity: NUMBER,
    file: Annotated[str, Text(hidden=True, most=1000)],
    name: Annotated[str, Text(hidden=True, most=1000)] = "",
) -> Reply:
    """Attach a photo or file that stands on the platform."""
    return prove(ctx, activity, (File(file, name),))


@command("add files", N_("Add several files as evidence"), may="log_activities", hidden=True)
def add_files(
    ctx: Context, draft: Annotated[str, Text(hidden=True)], activity: Annotated[int, Number(hidden=True)] = 0
) -> Reply:
    """Attach what was sent together: to this activity, or to what the caller logged since. While nothing was,
    they go on waiting. Raises Refusal for files that are not theirs."""
    number = activity
    if not number:
        kept_at, last = kept_since(ctx, draft), last_logged(ctx)
        if kept_at is None:
            raise Refusal("draft_gone", buttons=(MY_LIST,))
        if last is None or last.record.state == "withdrawn" or last.logged_at < kept_at:
            return _waits(draft)  # its own log is still being asked about
        number = last.record.id
    files = files_behind(ctx, draft, number)
    if files is None:
        raise Refusal("draft_gone", buttons=(MY_LIST,))
    return prove(ctx, number, files)


@command("said on activity", N_("A reply to a logged activity"), may="log_activities", hidden=True)
def said_on_activity(
    ctx: Context, key: NUMBER, words: Annotated[str, Text(hidden=True, most=3000)] = ""
) -> Reply:
    """A photo, a file or a link in reply to a logged activity is its evidence; other words are talk."""
    said = ctx.incoming
    if isinstance(said, Said) and said.files:
        return prove(ctx, key, _of_a_size(ctx, said.files))
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


def _answered(ctx: Context, said: Said | None, album: str, caption: str, reply: str) -> Reply:
    if not ctx.may("log_activities"):
        return _not_theirs(ctx, said, album, caption, reply)
    if said is None:
        return _for_what(ctx, ())
    if album and not _fitting(ctx, said.files) and not _is_first(ctx, f"{album}\nlarge"):
        return SILENCE
    if album and not _fitting(ctx, said.files):
        return _too_large(ctx)
    if (activity := joins(ctx, album, said.files[0])) is not None:
        if activity:
            prove(ctx, activity, said.files)
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


def _as_said(ctx: Context, file: File) -> Said | None:
    """What was sent, whichever way its platform brought it; None where nothing was (somebody typed it)."""
    came = ctx.incoming
    if isinstance(came, Said):
        return came if came.files else None
    if not came.command or not file.id:
        return None
    return Said(came.event, came.account, came.place, came.received_at, "", addressed=True, files=(file,))


def _not_theirs(ctx: Context, said: Said | None, album: str, caption: str, reply: str) -> Reply:
    """Somebody who may log nothing sent a photo or file: said once for an album. It waits for nobody, for
    they have no activity that it could prove."""
    if ctx.place.kind == "group" and reply and _activity_of(ctx, reply) is None:
        return SILENCE  # what is talk in a group stays talk
    if (said is not None and album and not _is_first(ctx, album)) or caption:
        return SILENCE  # the log above was answered
    if ctx.identity.person is None:
        return ways_in(ctx)
    return Reply("refusals/not_allowed", {"permission": "log_activities"})


def _is_first(ctx: Context, album: str) -> bool:
    """Whether nothing of an album was answered so far; from now on something was."""
    if joins(ctx, album, File("")) is not None:
        return False
    keep_files(ctx, (), album)
    return True


def _fitting(ctx: Context, files: tuple[File, ...]) -> tuple[File, ...]:
    return tuple(one for one in files if one.size <= LARGEST.get(ctx.place.platform, one.size))


def _of_a_size(ctx: Context, files: tuple[File, ...]) -> tuple[File, ...]:
    """Those that we can open. Raises Refusal where none is: a link does as well."""
    fit = _fitting(ctx, files)
    if files and not fit:
        no = _too_large(ctx)
        raise Refusal("file_too_large", buttons=no.buttons, **no.values)
    return fit


def _too_large(ctx: Context) -> Reply:
    last = last_logged(ctx)
    paste = Button(N_("Add a link"), "add link", {"activity": str(last.record.id)}) if last else MY_LIST
    return Reply("refusals/file_too_large", {"megabytes": 20}, (paste,))


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
    return _waits(keep_files(ctx, files, album))


def _waits(token: str) -> Reply:
    later = Button(N_("Add it now"), "add files", {"draft": token})
    return Reply("file_waits", {}, (later, Button(N_("Not now"), "not now")))


def _in_reply(ctx: Context, reply: str, files: tuple[File, ...], album: str) -> Reply:
    """An album in reply to something of ours: evidence, if that is an activity."""
    number = _activity_of(ctx, reply)
    if number is None:
        return SILENCE if ctx.place.kind == "group" else _for_what(ctx, files, album)
    return _take(ctx, number, files, album)


def _activity_of(ctx: Context, reply: str) -> int | None:
    place = ctx.place
    topic = ctx.store.posts.topic_of(place.platform, place.installation, place.channel, reply)
    return int(topic.key) if topic is not None and topic.kind == "activity" else None


def _take(ctx: Context, number: int, files: tuple[File, ...], album: str) -> Reply:
    """Evidence of this activity, and so is what follows of the same album."""
    taken = prove(ctx, number, files)
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
