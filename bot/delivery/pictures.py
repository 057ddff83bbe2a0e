"""Pictures as they are sent on: no larger than a screen, and without what the camera wrote into them."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.commands import N_

LONGEST_SIDE: Final = 1600  # pixels
MOST_PIXELS: Final = 50_000_000  # more is no photo; unpacked they would take the memory of the whole bot
QUALITY: Final = 85  # of a JPEG
_KEPT_AS: Final = {"JPEG": "JPEG", "PNG": "PNG", "MPO": "JPEG"}  # MPO: a telephone's JPEG with a second one
_NAMED: Final = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"), "GIF": ("gif", "image/gif")}
_READ: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_BEGINS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_BMP_HEADERS: Final = (12, 40, 52, 56, 64, 108, 124)  # their lengths: "BM" alone may begin a text
_PHOTOS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


# What whoever sent it reads, translated.
TOO_LARGE: Final = N_("The picture is too large.")
BROKEN: Final = N_("I couldn't read it as a picture.")


class NoPicture(Exception):
    """It says that it is a picture, and cannot be shown as one; the words are for whoever sent it."""


def prepared(content: bytes, name: str, mime: str) -> tuple[bytes, str, str]:
    """A picture as it is sent on (its bytes, name and MIME type): upright, its longest side 1600 pixels, and
    with nothing but the picture in it: no place, no camera, no name. An animated GIF moves on; any other
    format becomes JPEG, or PNG where something shines through. What is no picture stays as it is: its bytes
    decide, for a photo sent as a file comes under any type, or none.

    Raises NoPicture for one that is broken, of another kind (HEIC, TIFF: it may say where it was taken), or
    far too large. Takes up to a second: not for the event loop."""
    called_one = mime.startswith("image/") and mime != "image/svg+xml"
    if not called_one and not _is_one(content):
        return content, name, mime
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count ourselves, below
            with Image.open(io.BytesIO(content), formats=_READ) as picture:
                return _drawn_anew(picture, content, name)
    except Image.DecompressionBombError as bomb:
        raise NoPicture(TOO_LARGE) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as broken:
        raise NoPicture(BROKEN) from broken


def _is_one(content: bytes) -> bool:
    """Whether these are the bytes of a picture, by how they begin."""
    if content.startswith(_BEGINS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return True
    if content[:2] == b"BM" and int.from_bytes(content[14:18], "little") in _BMP_HEADERS:
        return True
    return content[4:8] == b"ftyp" and content[8:12] in _PHOTOS


def _drawn_anew(picture: Image.Image, content: bytes, name: str) -> tuple[bytes, str, str]:
    if picture.width * picture.height > MOST_PIXELS:
        raise NoPicture(TOO_LARGE)
    if picture.format == "GIF" and getattr(picture, "is_animated", False):
        return content, *_named(name, "GIF")
    kept_as = _KEPT_AS.get(picture.format or "", "")
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked at about the size that is needed
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    shines_through = upright.has_transparency_data
    kept_as = kept_as or ("PNG" if shines_through else "JPEG")
    bare = upright.convert("RGB" if kept_as == "JPEG" else "RGBA" if shines_through else "RGB")
    bare.info = {}  # what was written into it goes along into a copy, and from there into the file
    written = io.BytesIO()
    bare.save(written, kept_as, quality=QUALITY, optimize=True)
    return written.getvalue(), *_named(name, kept_as)


def _named(name: str, kept_as: str) -> tuple[str, str]:
    """What it is called and what kind it is: the end of its name tells the truth."""
    ending, mime = _NAMED[kept_as]
    stem, dot, said = name.rpartition(".")
    if dot and said.lower() in (ending, "jpeg" if ending == "jpg" else ending):
        return name, mime
    return f"{(stem if dot and len(said) <= 5 else name) or 'picture'}.{ending}", mime
