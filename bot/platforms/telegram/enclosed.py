"""Photos and files that people send, alone, with a command under them, or several as an album."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

from telegram import Message

from bot.commands import REGISTRY
from bot.messages import Call, File, Incoming, Place, Said

COMMAND = "file sent"
MOST_ALBUMS = 1000  # that are known
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


class Albums:
    """The albums in groups of which a picture was meant for us lately. The others come right after it, and
    say nothing of whom they are for."""

    def __init__(self) -> None:
        self._ours: OrderedDict[tuple[str, str], None] = OrderedDict()

    def begin(self, place: Place, album: str) -> None:
        """A picture of it was meant for us."""
        self._ours[place.channel, album] = None
        while len(self._ours) > MOST_ALBUMS:
            self._ours.popitem(last=False)

    def hold(self, place: Place, album: str) -> bool:
        """Whether one was."""
        return (place.channel, album) in self._ours


def with_files(
    incoming: Incoming, message: Message, albums: Albums, reads_groups: bool
) -> tuple[Incoming, ...]:
    """What somebody did with one message, in order: the log that stands under a photo is given first, then
    the photo, which proves it. A picture of an album comes as a call that names the album, for all of them
    are one thing to answer.

    Unless a bot reads all that is said in groups (`reads_groups`), privacy mode keeps from it the pictures
    that have no words (platforms.md section 9): then the one that has them is `alone`, as far as we know."""
    files, _ = enclosed(message)
    album, place = message.media_group_id or "", incoming.place
    if not files:
        return (incoming,)
    in_group = bool(album) and place.kind == "group"
    logs = _is_log(incoming.text) and (isinstance(incoming, Call) or incoming.addressed)
    sent = _sent(incoming, files[0], album, alone=in_group and not reads_groups)
    if in_group and (logs or (isinstance(incoming, Said) and incoming.addressed)):
        albums.begin(place, album)
    if isinstance(incoming, Call):
        return (incoming, _under(incoming.text, sent)) if incoming.text else (incoming,)
    if logs:
        return (Call(**_common(incoming), text=incoming.text), _under(incoming.text, sent))
    if album and (incoming.reply_to or incoming.addressed or albums.hold(place, album)):
        return (replace(sent, event=incoming.event),)
    return (incoming,)


def _is_log(text: str) -> bool:
    found, _ = REGISTRY.find(text) if text else (None, "")
    return found is not None and found.name == _LOG


def _sent(incoming: Incoming, file: File, album: str, *, alone: bool) -> Call:
    reply = incoming.reply_to if isinstance(incoming, Said) else ""
    arguments = {
        "file": file.id,
        "name": file.name,
        "size": str(file.size),
        "album": album,
        "reply": reply,
        "alone": "yes" if alone and not reply else "",  # of a reply to us privacy mode keeps nothing
    }
    given = {name: value for name, value in arguments.items() if value}
    common = {**_common(incoming), "event": f"{incoming.event}:file"}
    return Call(**common, command=COMMAND, arguments=given)


def _under(caption: str, sent: Call) -> Call:
    return replace(sent, arguments={**sent.arguments, "caption": caption[:200]})


def _common(incoming: Incoming) -> dict[str, Any]:
    names = ("event", "account", "place", "received_at", "sent_at", "message_id")
    return {name: getattr(incoming, name) for name in names}
