"""A picture or file goes along: fetched, described, sent the way each platform wants (issue point 4)."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from PIL import Image

from tests.announce_stage import broadcast, cooled, coordinator, heard_with, written
from tests.places_stage import stage
from tests.world import Heard, World

__all__ = ["stage"]


def picture(colour: str = "green") -> bytes:
    """A small JPEG."""
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(kept, "JPEG")
    return kept.getvalue()


async def sends_picture(somebody: Any, content: bytes, words: str = "") -> Heard:
    """Somebody sends a photo in their direct chat, perhaps with words."""
    world: World = somebody.world
    if world.platform == "telegram":
        heard: Heard = await somebody.says(words, photo=True, content=content)
    else:
        brought = world.slack.files.brought("plant.jpg", content, "image/jpeg")
        heard = await somebody.says(words, files=[brought])
    return heard


async def test_a_picture_is_asked_for_described_and_sent_along(stage: World) -> None:
    world = stage
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    await written(vera, "Look at this")
    await vera.taps("More")
    heard = await vera.taps("Add picture")
    assert heard.first == "Look at this: send the picture or file here, up to 10 MB."
    heard = await sends_picture(vera, picture())
    assert heard.lines == ["Got it. What does it show? A few words, for those who don't see it."]
    await vera.taps("Say what it shows")
    heard = await vera.says("Our plant in Lyon")
    name = "plant.jpg" if world.platform == "slack" else "a picture"
    along = (f"⏳ With it goes {name}. I'm fetching it.", f"With it goes {name}: Our plant in Lyon")
    assert any(line in along for line in heard.lines)
    await world.settled()
    await vera.types("/announcement 1")
    await vera.taps("Send to 2")
    await cooled(world)
    kept = await world.storage.read(lambda store: store.media.get(1))
    assert kept is not None
    assert (kept.state, kept.alt) == ("kept", "Our plant in Lyon")
    assert "Look at this" in heard_with(marie, "Look at this").text
    assert (await broadcast(world)).state == "sending"


async def test_nothing_goes_before_the_picture_is_here(stage: World) -> None:
    world = stage
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await written(vera, "Look")

    def want(store: Any) -> None:
        number = store.media.want(world.platform, "F404", "a.jpg", "image/jpeg", 10, 1, world.clock.now())
        store.broadcasts.write(replace(store.broadcasts.get(1, lock=True), media=number))

    await world.storage.write(want)
    await vera.types("/announcement 1")
    heard = await vera.taps("Send to 2")
    assert heard.first == "The picture isn't here yet, so nothing is sent. It takes a moment."
    assert heard.buttons == ["Try again", "Another picture", "No picture"]

    await world.storage.write(lambda store: store.media.failed(1, "It's larger than 10 MB."))
    await vera.taps("Try again")
    heard = await vera.taps("Send to 2")
    assert heard.lines == [
        "I couldn't fetch the picture, so nothing is sent yet. Send it again, or leave it out.",
        "It's larger than 10 MB.",
    ]
    heard = await vera.taps("No picture")
    assert heard.lines[:2] == ["This is what people will see:", "Look"]
    heard = await vera.taps("Send to 2")
    assert heard.first == "✓ Look: on its way in 3 minutes."


async def test_a_picture_nobody_described_does_not_go(stage: World) -> None:
    world = stage
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await written(vera, "Look")
    await vera.taps("More")
    await vera.taps("Add picture")
    await sends_picture(vera, picture("red"))
    await vera.taps("Later")
    await world.settled()
    await vera.types("/announcement 1")
    heard = await vera.taps("Send to 2")
    assert heard.first == (
        "Nothing is sent yet: some readers don't see pictures. Say in a few words what it shows."
    )
    await vera.taps("Say what it shows")
    await vera.says("Our plant")
    heard = await vera.taps("Send to 2")
    assert heard.first == "✓ Look: on its way in 3 minutes."


async def test_words_with_a_picture_say_what_it_shows(stage: World) -> None:
    vera = await coordinator(stage)
    await stage.member("Marie", "cimes")
    await written(vera, "Look")
    await vera.taps("More")
    await vera.taps("Add picture")
    heard = await sends_picture(vera, picture("blue"), "Our plant")
    assert heard.lines[:2] == ["This is what people will see:", "Look"]
    kept = await stage.storage.read(lambda store: store.media.get(1))
    assert kept is not None
    assert kept.alt == "Our plant"
