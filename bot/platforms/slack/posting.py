"""Messages of ours on Slack: posted, edited and taken away, in all their parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog

from bot.messages import Account, Message, Place, Post
from bot.platforms.port import SendFailed
from bot.platforms.slack.outgoing import Picture, SlackWeb, parts_of, without_picture

log = structlog.get_logger()

SETTINGS = {"unfurl_links": False, "unfurl_media": False}
IMAGE = "image:"  # in `Post.more`, before the id of the file that is the picture in a message
FILE = "file:"  # in `Post.more`, before the id of a file that is a message of its own
TAKEN = frozenset(["message_not_found", "file_not_found", "file_deleted", "already_deleted"])


async def post(web: SlackWeb, place: Place, message: Message, thread: str = "", picture: str = "") -> Post:
    """Post a message, in parts if it is long, with the `picture` of that file id under its words; the first
    part is returned. Raises SendFailed."""
    place = replace(place, thread=place.thread or thread)
    sent, shown = list[str](), picture
    for part in parts_of(message, _picture(message, picture)):
        if sent and not web.answering:
            await web.turn(place.channel)  # who paced this message counted one
        try:
            stamp, whole = await _posted(web, place, part)
        except SendFailed as trouble:
            if sent:  # "later" would promise that nothing was sent
                raise SendFailed("unknown", trouble.says, trouble.after) from None
            raise
        sent.append(stamp)
        shown = shown if whole else ""
    return Post(place, sent[0], more=(*sent[1:], *([IMAGE + shown] if shown else [])))


async def whisper(
    web: SlackWeb, place: Place, account: Account, message: Message, thread: str = ""
) -> Post | None:
    """Post for one person's eyes only in a group; in their direct chat if they are not in that group or
    we are not. None when it stands in the group, for such a message can never be edited."""
    thread = place.thread or thread
    try:
        for part in parts_of(message):
            await web.call(
                "chat.postEphemeral", channel=place.channel, user=account.user, thread_ts=thread, **part
            )
    except SendFailed as trouble:
        if trouble.kind != "gone":
            raise
        return await post(web, await open_direct(web, place, account), message)
    return None


async def open_direct(web: SlackWeb, place: Place | None, account: Account) -> Place:
    """The direct chat with a person, opened if it never was. Raises SendFailed."""
    answer = await web.call("conversations.open", repeatable=True, users=account.user)
    return Place("slack", place.installation if place else "", str(answer["channel"]["id"]))


async def edit_post(web: SlackWeb, post: Post, message: Message) -> Post:
    """Replace what a post says, in all its parts, and return it as it stands then; its picture stays. Parts
    that are lacking, or that somebody deleted, are posted in its thread, those too many are deleted. The
    first part's moment the caller has waited for. Raises SendFailed, with the post as it stands by then where
    only a part of what is lacking could be posted."""
    image = next((one for one in post.more if one.startswith(IMAGE)), "")
    parts = parts_of(message, _picture(message, image.removeprefix(IMAGE)))
    texts = [post.message_id, *(one for one in post.more if not one.startswith((IMAGE, FILE)))]
    standing, lacking = list[str](), parts[len(texts) :]
    await _edit(web, post.place, texts[0], parts[0])
    for stamp, part in zip(texts[1:], parts[1:], strict=False):
        if await _edited(web, post.place, stamp, part):
            standing.append(stamp)
        else:
            lacking.append(part)
    for stamp in texts[len(parts) :]:
        await _delete(web, post.place.channel, stamp)
    return await _with_lacking(web, post, standing, lacking)


async def delete_post(web: SlackWeb, post: Post) -> None:
    """Take a post away with all its parts and files; what is gone already is fine. Raises SendFailed."""
    await _delete(web, post.place.channel, post.message_id)
    for one in post.more:
        kind, _, file = one.partition(":")
        if not file:
            await _delete(web, post.place.channel, kind)
            continue
        await delete_file(web, file)


async def delete_file(web: SlackWeb, file: str) -> None:
    """Take a file of ours away, wherever it is shown. Raises SendFailed."""
    try:
        await web.call("files.delete", repeatable=True, file=file)
    except SendFailed as trouble:
        if trouble.says not in TAKEN:
            raise


async def _posted(web: SlackWeb, place: Place, part: dict[str, Any]) -> tuple[str, bool]:
    """Post one part, without its picture if Slack does not take that: the id, and whether it is whole."""
    body: dict[str, Any] = {"channel": place.channel, "thread_ts": place.thread, **SETTINGS}
    try:
        return str((await web.call("chat.postMessage", **body, **part))["ts"]), True
    except SendFailed as trouble:
        bare = without_picture(part)
        if trouble.says != "invalid_blocks" or bare == part:
            raise
        log.warning("slack.picture_refused")
    return str((await web.call("chat.postMessage", **body, **bare))["ts"]), False


async def _edit(web: SlackWeb, place: Place, stamp: str, part: dict[str, Any]) -> None:
    body: dict[str, Any] = {"channel": place.channel, "ts": stamp}
    try:
        await web.call("chat.update", repeatable=True, **body, **part)
    except SendFailed as trouble:
        bare = without_picture(part)
        if trouble.says != "invalid_blocks" or bare == part:
            raise
        log.warning("slack.picture_refused")  # somebody deleted the file
        await web.call("chat.update", repeatable=True, **body, **bare)


async def _edited(web: SlackWeb, place: Place, stamp: str, part: dict[str, Any]) -> bool:
    """Edit a further part at its own moment; False if somebody deleted it."""
    if not web.answering:
        await web.turn(place.channel, edit=True)
    try:
        await _edit(web, place, stamp, part)
    except SendFailed as trouble:
        if trouble.kind != "deleted":
            raise
        return False
    return True


async def _with_lacking(
    web: SlackWeb, post: Post, standing: list[str], lacking: list[dict[str, Any]]
) -> Post:
    """A post with its further parts, once those lacking are posted too. Raises SendFailed with the post as it
    stands by then."""
    place = replace(post.place, thread=post.place.thread or post.message_id)
    files = [one for one in post.more if one.startswith((IMAGE, FILE))]
    for part in lacking:
        if not web.answering:
            await web.turn(place.channel)
        try:
            standing.append((await _posted(web, place, part))[0])
        except SendFailed as trouble:
            trouble.post = replace(post, more=(*standing, *files))
            raise
    return replace(post, more=(*standing, *files))


async def _delete(web: SlackWeb, channel: str, stamp: str) -> None:
    try:
        await web.call("chat.delete", repeatable=True, channel=channel, ts=stamp)
    except SendFailed as trouble:
        if trouble.says not in TAKEN:
            raise


def _picture(message: Message, file: str) -> Picture | None:
    """The picture in a message: its file, and what it shows."""
    if not file:
        return None
    alt = (message.file.alt or message.file.name) if message.file else ""
    return Picture(file, alt)
