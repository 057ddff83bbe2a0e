"""Every example that help shows is a line that works, on both platforms."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot import handlers
from bot.commands import REGISTRY, Command
from storage.store import Storage
from tests.world import World

assert handlers.__path__  # importing it declares every command
VISIBLE = [command for command in REGISTRY.all() if not command.hidden]
BROKEN = "That went wrong on my side"


@pytest.fixture(params=["slack", "telegram"])
async def stage(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[World]:
    """The alliance on one platform; wording does not depend on the database."""
    storage = Storage(sqlite_url)
    async with World(request.param, storage) as world:
        yield world
    storage.close_now()


@pytest.mark.parametrize("command", VISIBLE, ids=lambda command: command.name)
async def test_the_example_works_and_help_explains_it(stage: World, command: Command) -> None:
    carla = await stage.member("Carla", "cimes")
    await stage.grants(carla, "coordinator", "")
    await stage.member("Paul", "cimes")

    assert command.example.removeprefix("/").startswith(command.name), "an example is of its own command"
    heard = await carla.types(command.example)
    form = stage.platform == "slack" and carla.user.modal
    assert heard.lines or form, "silence"
    assert "I don't know" not in heard.text
    assert BROKEN not in heard.text

    heard = await carla.types(f"/help {command.name}")
    assert command.name.replace(" ", "") in heard.first.replace(" ", "")  # "/end_role" on Telegram
    assert command.summary in heard.first


def test_every_command_that_people_see_has_an_example_and_a_summary() -> None:
    assert [command.name for command in VISIBLE if not (command.example and command.summary)] == []
