"""A card that stays current in a channel: whenever the bot is killed, it comes to show what stands, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.messages import Place, Topic
from storage.store import Storage
from tests.kill.stage import Stage
from tests.kill.world import Doom, MortalWorld

pytestmark = pytest.mark.kill


@pytest.fixture
async def stage(storage: Storage, database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A world on Telegram with Marie and Luc in it, over either database."""
    world = MortalWorld("polling", storage, database_url, tmp_path)
    async with world:
        marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
        yield Stage(world, marie, luc)


async def test_a_card_killed_at_each_step_of_an_edit(stage: Stage) -> None:
    world, hall = stage.world, _hall(stage)
    await _card_in(stage, hall)
    await world.quiet()

    for step in ("showing", Doom("asked", hall.id), Doom("done", hall.id)):
        world.let_die(step)
        await stage.logs()
        await world.died()
        await stage.logs()  # while nobody is there
        await world.start_bot()
        await world.quiet()

        assert _shown(hall) == [f"Knowledge exchange: {len(stage.lines)} of 2"], f"killed at {step}"


@pytest.mark.parametrize(("moment", "posts"), [("showing", 1), ("asked", 1), ("done", 2)])
async def test_a_card_killed_at_each_step_of_its_post(stage: Stage, moment: str, posts: int) -> None:
    """Posted and not written down, it is posted again: shown twice rather than never (design.md, Delivery).
    One of the two stays current from then on."""
    world, hall = stage.world, _hall(stage)
    world.let_die(moment if moment == "showing" else Doom(moment, hall.id))
    await _card_in(stage, hall)
    await world.died()
    await world.start_bot()
    await world.quiet()

    assert _shown(hall) == ["Knowledge exchange: 0 of 2"] * posts
    await stage.logs()
    await world.quiet()
    assert _shown(hall) == [*["Knowledge exchange: 0 of 2"] * (posts - 1), "Knowledge exchange: 1 of 2"]


def _hall(stage: Stage) -> Any:
    return stage.world.group("Hall", stage.marie, stage.luc)


async def _card_in(stage: Stage, hall: Any) -> None:
    """The indicators' card is to stand in this group."""
    now = stage.world.clock.now()
    place = Place("telegram", "", hall.id, kind="group", name="Hall")
    await stage.world.storage.write(lambda store: store.cards.put(Topic("indicators", ""), place, now))


def _shown(hall: Any) -> list[str]:
    """What the posts in a group say of the first indicator."""
    found = [one.text.split("\n")[2] for one in hall.chat.messages.values() if one.from_bot]
    return [line.partition(" ·")[0].removesuffix(" ✓") for line in found]
