"""Pictures and files that people sent along: fetched, made smaller, without where they were taken, kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from bot.delivery.kept import MOST, Kept
from bot.delivery.media import NOT_FOR_US, OUT_OF_REACH, TOO_LARGE
from bot.delivery.pictures import BROKEN, NoPicture, prepared
from bot.platforms.port import SendFailed
from storage.media import Media
from storage.store import Storage, Store
from tests.batches_stage import hall_reader, parcels, sends
from tests.lanes_stage import halls
from tests.places_stage import stage
from tests.storage.made_up import NOW
from tests.world import World

__all__ = ["parcels", "stage"]  # fixtures

ORIENTATION, MAKE, GPS, LATITUDE = 0x0112, 0x010F, 0x8825, 2
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"


def picture(kind: str, size: tuple[int, int] = (40, 20), exif: bool = False, **more: Any) -> bytes:
    """A red picture with a blue left edge; with `exif` taken lying on its side, somewhere."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 4, size[1]))
    image = image.convert(more.pop("mode", "RGB"))
    if image.mode == "RGBA":
        image.putalpha(100)
    if exif:
        camera = Image.Exif()
        camera[ORIENTATION], camera[MAKE] = 6, "Obscura"
        camera.get_ifd(GPS)[LATITUDE] = (49.0, 6.0, 30.0)
        more["exif"] = camera
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


# ---- what becomes of a picture ----


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_it_was_taken_is_gone_and_it_stands_upright(kind: str) -> None:
    before = picture(kind, exif=True)
    assert opened(before).getexif().get_ifd(GPS)
    content, _, _ = prepared(before, "day", f"image/{kind.lower()}")
    after = opened(content)
    assert dict(after.getexif()) == {}
    assert b"Obscura" not in content
    assert after.size == (20, 40)
    assert after.convert("RGB").getpixel((10, 2)) != after.convert("RGB").getpixel((10, 37))


def test_what_else_was_written_into_it_is_gone() -> None:
    from_camera = picture("JPEG", comment=b"by Ana, at home", icc_profile=b"a profile of Ana's")
    content, _, _ = prepared(from_camera, "day.jpg", JPEG)
    assert b"Ana" not in content


@pytest.mark.parametrize(
    ("kind", "mode", "name", "becomes"),
    [
        ("JPEG", "RGB", "day.JPG", ("day.JPG", JPEG, "JPEG")),
        ("JPEG", "L", "", ("picture.jpg", JPEG, "JPEG")),
        ("JPEG", "CMYK", "print.jpeg", ("print.jpeg", JPEG, "JPEG")),
        ("PNG", "RGBA", "logo.png", ("logo.png", PNG, "PNG")),
        ("PNG", "P", "map", ("map.png", PNG, "PNG")),
        ("WEBP", "RGB", "day.webp", ("day.jpg", JPEG, "JPEG")),
        ("WEBP", "RGBA", "logo.webp", ("logo.png", PNG, "PNG")),
        ("GIF", "P", "still.gif", ("still.jpg", JPEG, "JPEG")),
        ("BMP", "RGB", "v1.2 final", ("v1.2 final.jpg", JPEG, "JPEG")),
    ],
)
def test_it_keeps_its_kind_or_becomes_one_that_all_show(
    kind: str, mode: str, name: str, becomes: tuple[str, str, str]
) -> None:
    content, called, mime = prepared(picture(kind, mode=mode), name, f"image/{kind.lower()}")
    assert (called, mime, opened(content).format) == becomes


def test_a_large_one_becomes_as_large_as_a_screen() -> None:
    content, _, _ = prepared(picture("JPEG", (4000, 1000)), "wide.jpg", JPEG)
    assert opened(content).size == (1600, 400)
    content, _, _ = prepared(picture("PNG", (900, 3200)), "high.png", PNG)
    assert opened(content).size == (450, 1600)


def test_a_telephones_jpeg_with_a_second_one_in_it_is_a_jpeg() -> None:
    written = io.BytesIO()
    first, second = (Image.new("RGB", (40, 20), colour) for colour in ("red", "blue"))
    first.save(written, "MPO", save_all=True, append_images=[second])
    assert opened(written.getvalue()).format == "MPO"
    content, name, mime = prepared(written.getvalue(), "day.jpg", JPEG)
    assert (opened(content).format, name, mime) == ("JPEG", "day.jpg", JPEG)


def test_one_that_moves_stays_as_it_is() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    written = io.BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    assert prepared(written.getvalue(), "wave.gif", "image/gif") == (
        written.getvalue(),
        "wave.gif",
        "image/gif",
    )


@pytest.mark.parametrize("mime", ["", "application/octet-stream", PDF, "image/svg+xml"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_by_its_bytes_whatever_it_is_called(kind: str, mime: str) -> None:
    before = picture(kind, exif=True)
    content, _, called = prepared(before, "IMG_1.jpg", mime)
    assert dict(opened(content).getexif()) == {}
    assert (called, opened(content).size) == (PNG if kind == "PNG" else JPEG, (20, 40))


@pytest.mark.parametrize(
    "content", [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"II*\0\x08\0\0\0", b"\xff\xd8\xff\xe1 and no more"]
)
def test_a_photo_that_cannot_be_made_bare_is_not_sent_on(content: bytes) -> None:
    with pytest.raises(NoPicture, match="couldn't read it"):
        prepared(content, "IMG_1.HEIC", "application/octet-stream")


def test_what_is_no_picture_stays_as_it_is() -> None:
    text = b"BM is where we meet."
    assert prepared(text, "note.txt", "") == (text, "note.txt", "")
    assert prepared(b"%PDF-1.7", "call.pdf", PDF) == (b"%PDF-1.7", "call.pdf", PDF)


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    written = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(written, "PNG")
    bomb = written.getvalue()
    assert len(bomb) < 100_000
    with pytest.raises(NoPicture, match="too large"):
        prepared(bomb, "sky.png", PNG)


@pytest.mark.parametrize("content", [b"", b"no picture", picture("PNG")[:60], picture("JPEG")[:300]])
def test_what_is_broken_is_refused(content: bytes) -> None:
    with pytest.raises(NoPicture, match="couldn't read"):
        prepared(content, "day.png", PNG)


# ---- on the way here ----


async def wanted(world: World, content: bytes, name: str, mime: str) -> int:
    """Somebody sent this along."""
    if world.platform == "slack":
        ref = world.slack.files.brought(name, content, mime)["id"]
    else:
        ref = f"file{len(world.telegram.files)}"
        world.telegram.files[ref] = content
    now = world.clock.now()
    return await world.storage.write(
        lambda store: store.media.want(world.platform, ref, name, mime, 0, None, now)
    )


async def kept(world: World, number: int) -> tuple[Media, bytes | None]:
    def look(store: Store) -> tuple[Media | None, bytes | None]:
        return store.media.get(number), store.media.content(number)

    found, content = await world.storage.read(look)
    assert found is not None
    return found, content


async def test_what_somebody_sent_is_fetched_and_goes_with_a_message(stage: World) -> None:
    number = await wanted(stage, picture("JPEG", (3000, 1500), exif=True), "day.jpg", JPEG)
    other = await wanted(stage, b"%PDF-1.7", "call.pdf", PDF)
    await stage.settled()

    found, content = await kept(stage, number)
    assert (found.state, found.mime, found.size) == ("kept", JPEG, len(content or b""))
    assert opened(content or b"").size == (800, 1600)
    assert (await kept(stage, other))[1] == b"%PDF-1.7"

    [hall] = await halls(stage, "Hall")
    await sends(stage, hall_reader(stage, hall), media=other)
    await stage.settled()
    assert _documents(stage) == ["call.pdf"]


def _documents(world: World) -> list[str]:
    if world.platform == "slack":
        return [one.file.name for one in world.slack.world.messages if one.file]
    every = [one for chat in world.telegram.chats.values() for one in chat.messages.values()]
    return [str(one.document["file_name"]) for one in every if one.from_bot and one.document]


async def test_a_file_that_is_not_kept_is_left_out_and_the_words_go(stage: World) -> None:
    [hall] = await halls(stage, "Hall")
    await sends(stage, hall_reader(stage, hall), media=99)
    await stage.settled()
    assert (_documents(stage), await _sent(stage)) == ([], 1)


async def _sent(world: World) -> int:
    return (await world.storage.read(lambda store: store.deliveries.tally("parcel:7"))).sent


async def test_what_cannot_be_had_for_ten_minutes_is_given_up(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def fetch(ref: str) -> bytes:
        tries.append(stage.clock.now())
        raise SendFailed("later", "not now")

    monkeypatch.setattr(stage.port, "fetch", fetch)
    number = await wanted(stage, b"%PDF-1.7", "call.pdf", PDF)
    began = stage.clock.now()
    await stage.passes(hours=1)
    assert [(at - began).total_seconds() for at in tries] == [0, 20, 80, 240, 600]
    found, _ = await kept(stage, number)
    assert (found.state, found.says) == ("failed", OUT_OF_REACH)


@pytest.mark.parametrize(
    ("what", "says"), [("refused", NOT_FOR_US), ("large", TOO_LARGE), ("broken", BROKEN)]
)
async def test_what_will_never_be_had_is_given_up_at_once(
    stage: World, monkeypatch: pytest.MonkeyPatch, what: str, says: str
) -> None:
    async def fetch(ref: str) -> bytes:
        if what == "refused":
            raise SendFailed("refused", "file is too big")
        return bytes(10 * 2**20 + 1) if what == "large" else b"no picture"

    monkeypatch.setattr(stage.port, "fetch", fetch)
    number = await wanted(stage, b"", "day.png", PNG)
    await stage.settled()
    found, content = await kept(stage, number)
    assert (found.state, found.says, content) == ("failed", says, None)


def test_a_file_for_a_thousand_is_read_once(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    storage, kept, reads = Storage(sqlite_url), Kept(), list[int]()

    def put(store: Store) -> list[int]:
        numbers = []
        for n in range(MOST + 1):
            numbers.append(store.media.want("slack", str(n), "a.pdf", PDF, 0, None, NOW))
            store.media.keep(numbers[-1], b"%PDF", f"{n}.pdf", PDF)
        numbers.append(store.media.want("slack", "late", "a.pdf", PDF, 0, None, NOW))
        return numbers

    *numbers, late = storage.write_now(put)

    def look(store: Store) -> list[str]:
        content = store.media.content

        def noted(number: int) -> bytes | None:
            reads.append(number)
            return content(number)

        monkeypatch.setattr(store.media, "content", noted)
        found = [kept.attachment(store, number) for number in order]
        return [one.name if one else "" for one in found]

    order = [numbers[0]] * 100 + numbers + numbers[1:] + numbers[:1] + [late]
    names = storage.read_now(look)
    assert reads == [*numbers, numbers[0]]
    assert names[:2] == ["0.pdf", "0.pdf"]
    assert names[-1] == ""
    storage.close_now()
