"""What Telegram looks at before it takes a message: its length, its entities, its buttons."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError
from telegram.constants import ReactionEmoji

from tests.servers.telegram.state import utf16

FORMATS = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "text_mention",
    "blockquote", "expandable_blockquote", "custom_emoji", "mention", "hashtag", "url", "email",
}  # fmt: skip

REACTIONS = frozenset(one.value for one in ReactionEmoji)


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, says: str, **parameters: Any) -> None:
        kinds = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
        super().__init__(f"{kinds[status]}: {says}" if status in kinds else says)
        self.status, self.parameters = status, parameters


def text_of(p: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The text with its entities. Raises Refused."""
    text = str(p.get("text") or "")
    if not text.strip():
        raise Refused(400, "message text is empty")
    if utf16(text) > 4096:
        raise Refused(400, "message is too long")
    return text, _entities(p.get("entities") or [], utf16(text))


def caption_of(p: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """What stands under a picture or file, with its entities. Raises Refused."""
    text = str(p.get("caption") or "")
    if utf16(text) > 1024:
        raise Refused(400, "message caption is too long")
    return text, _entities(p.get("caption_entities") or [], utf16(text))


def _entities(entities: list[dict[str, Any]], length: int) -> list[dict[str, Any]]:
    for one in entities:
        offset, size = one["offset"], one["length"]
        if one["type"] not in FORMATS:
            raise Refused(400, f"can't parse MessageEntity: unsupported type {one['type']}")
        if offset < 0 or size <= 0 or offset + size > length:
            raise Refused(400, "ENTITY_BOUNDS_INVALID")
        if one["type"] == "text_link" and not re.match(r"(https?|tg|mailto):", one.get("url", "")):
            raise Refused(400, "ENTITY_TEXTURL_INVALID")
    return list(entities)[:100]


@dataclass(frozen=True)
class Document:
    """A file that came with a call."""

    name: str
    mime: str
    content: bytes


def document_of(p: dict[str, Any], kind: str, sent: Mapping[str, Document]) -> Document:
    """The file that a call brings as its "document" or "photo", or calls by the id under which it was sent
    before. Raises Refused."""
    given = p.get(kind)
    document = sent.get(given) if isinstance(given, str) else given
    if given is not None and document is None:
        raise Refused(400, "wrong file identifier/HTTP URL specified")
    if document is None:
        raise Refused(400, f"there is no {kind} in the request")
    if not isinstance(document, Document):
        raise Refused(400, "wrong remote file identifier specified: can't unserialize it")
    if not document.content:
        raise Refused(400, "file must be non-empty")
    return document


def photo_of(p: dict[str, Any], sent: Mapping[str, Document]) -> tuple[Document, int, int]:
    """The picture that a call brings, its width and height in pixels. Raises Refused."""
    photo = document_of(p, "photo", sent)
    if len(photo.content) > 10_000_000:
        raise Refused(400, f"file of size {len(photo.content)} bytes is too big for a photo")
    try:
        with Image.open(io.BytesIO(photo.content)) as picture:
            wide, high = picture.size
    except UnidentifiedImageError:
        raise Refused(400, "IMAGE_PROCESS_FAILED") from None
    if wide + high > 10_000 or max(wide, high) > 20 * min(wide, high):
        raise Refused(400, "PHOTO_INVALID_DIMENSIONS")
    return photo, wide, high


def silence_of(p: dict[str, Any]) -> bool:
    """Whether a message makes no sound: JSON's true, or how a form says it."""
    return str(p.get("disable_notification", "")).lower() in ("true", "1")


def reactions_of(p: dict[str, Any]) -> list[str]:
    """The emoji with which the bot reacts: one at most, and of the standard ones. Raises Refused."""
    wanted = p.get("reaction") or []
    for one in wanted:
        if one.get("type") != "emoji":  # custom ones only where they are allowed, paid ones never
            raise Refused(400, "REACTION_INVALID")
        if one.get("emoji") not in REACTIONS:
            raise Refused(400, "REACTION_INVALID")
    if len(wanted) > 1:
        raise Refused(400, "REACTIONS_TOO_MANY")
    return [str(one["emoji"]) for one in wanted]


def keyboard_of(p: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The buttons under it, row by row. Raises Refused."""
    rows: list[list[dict[str, Any]]] = (p.get("reply_markup") or {}).get("inline_keyboard") or []
    if sum(map(len, rows)) > 100 or any(not 1 <= len(row) <= 8 for row in rows):
        raise Refused(400, "reply markup is too long")
    for key in (key for row in rows for key in row):
        if not str(key.get("text") or "").strip():
            raise Refused(400, "inline keyboard button text is empty")
        if ("callback_data" in key) == ("url" in key):
            raise Refused(400, "text buttons are unallowed in the inline keyboard")
        if "callback_data" in key and not 1 <= len(key["callback_data"].encode()) <= 64:
            raise Refused(400, "BUTTON_DATA_INVALID")
        if "url" in key and not re.match(r"(https?|tg)://\S+$", key["url"]):
            raise Refused(400, "BUTTON_URL_INVALID")
    return rows
