"""Photos and files that people send, alone, with a command under them, or several as an album."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from telegram import Message

from bot.commands import REGISTRY
from bot.messages import Call, File, Incoming, Said

COMMAND = "file sent"
_LOG = "log"
# What we cannot take in; "animation" before documents, since Telegram sends a GIF as both.
_UNHEARD = (
    "voice", "video_note", "audio", "video", "sticker", "animation", "contact", "venue", "location", "poll",
    "dice", "game", "story",
)  # fmt: skip


def enclosed(message: Message) -> tuple[tuple[File, ...], str]:
    """The file in a message, the largest size of a photo; or what it is that we cannot take in."""
    for kind in _UNHEARD:
        if getattr(message, kind):
            return (), kind
    if message.photo:
        photo = max(message.photo, key=lambda size: size.width * size.height)
        return (File(photo.file_id, mime="image/jpeg", size=photo.file_size or 0),), ""
    if message.document:
        sent = message.document
        return (File(sent.file_id, sent.file_name or "", sent.mime_type or "", sent.file_size or 0),), ""
    return (), ""


def with_files(incoming: Incoming, message: Message) -> tuple[Incoming, ...]:
    """What somebody did with one message, in order: the log that stands under a photo is given first, then
    the photo, which proves it. A picture of an album comes as a call that names the album, for all of them
    are one thing to answer."""
    files, _ = enclosed(message)
    album = message.media_group_id or ""
    if not files:
        return (incoming,)
    if isinstance(incoming, Call):
        return (incoming, _sent(incoming, files[0], album, incoming.text)) if incoming.text else (incoming,)
    if _is_log(incoming.text) and incoming.addressed:
        said = Call(**_common(incoming), text=incoming.text)
        return (said, _sent(incoming, files[0], album, incoming.text))
    if album and (incoming.reply_to or incoming.addressed):
        return (replace(_sent(incoming, files[0], album, ""), event=incoming.event),)
    return (incoming,)


def _is_log(text: str) -> bool:
    found, _ = REGISTRY.find(text) if text else (None, "")
    return found is not None and found.name == _LOG


def _sent(incoming: Incoming, file: File, album: str, caption: str) -> Call:
    arguments = {
        "file": file.id,
        "name": file.name,
        "size": str(file.size),
        "album": album,
        "caption": caption[:200],
        "reply": incoming.reply_to if isinstance(incoming, Said) else "",
    }
    given = {name: value for name, value in arguments.items() if value}
    common = {**_common(incoming), "event": f"{incoming.event}:file"}
    return Call(**common, command=COMMAND, arguments=given)


def _common(incoming: Incoming) -> dict[str, Any]:
    names = ("event", "account", "place", "received_at", "sent_at", "message_id")
    return {name: getattr(incoming, name) for name in names}
