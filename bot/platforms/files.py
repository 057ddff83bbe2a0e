"""Files, both ways: which tables are read and what they say, how ours are called, how large a picture is."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace

from PIL import Image, UnidentifiedImageError

from bot.messages import Attachment, File, Incoming, Said

LARGEST_TABLE = 256 * 1024  # bytes
FILE_PATIENCE = 30.0  # seconds for a file of ours: less than a message that was claimed may take in all
TABLE_PATIENCE = 5.0  # seconds until a table that cannot be fetched is done without
_MIMES = ("text/csv", "text/plain", "text/comma-separated-values")  # the last is what Android says
_SPREADSHEET = "application/vnd.ms-excel"  # what Windows says of a CSV
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80  # characters

Fetch = Callable[[File], Awaitable[bytes | None]]


def is_table(file: File) -> bool:
    """Whether it may be a small table of text (CSV), which is fetched before anybody looks at it."""
    named = file.name.casefold().endswith((".csv", ".txt"))
    mime = file.mime.partition(";")[0].strip().casefold()
    return file.size <= LARGEST_TABLE and (mime in _MIMES or (mime == _SPREADSHEET and named))


async def with_table(incoming: Incoming, fetch: Fetch) -> Incoming:
    """What somebody said to us, with the text of the table that came with it (the first one, if several
    did). `fetch` gives its bytes, None if they cannot be had: then its text stays ""."""
    if not isinstance(incoming, Said) or not incoming.addressed:
        return incoming
    table = next((file for file in incoming.files if is_table(file)), None)
    content = await fetch(table) if table is not None else None
    if content is None or len(content) > LARGEST_TABLE:
        return incoming
    read = tuple(replace(file, text=text_in(content)) if file is table else file for file in incoming.files)
    return replace(incoming, files=read)


def text_in(content: bytes) -> str:
    """The text in a file, as spreadsheets write it: UTF-8, or UTF-16 with its mark in front; what is neither
    is taken for Latin-1, in which everything can be read. Without characters that no database takes."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace").replace("\0", "")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\0", "")


def safe_name(file: Attachment) -> str:
    """The name of a file of ours, in letters that every system and every header takes."""
    bare = unicodedata.normalize("NFKD", file.name)
    plain = _NOT_IN_NAMES.sub("-", "".join(c for c in bare if not unicodedata.combining(c)))
    return plain.strip("-.")[-_LONGEST_NAME:] or "file.txt"


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a picture in pixels, from its first bytes alone; (0, 0) for what is none."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return 0, 0
