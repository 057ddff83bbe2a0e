"""The stages that several tests of platforms share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.store import Storage
from tests.platforms.slack_installs_stage import InstallWorld
from tests.platforms.slack_scene import Scene, slack
from tests.world import World


@pytest.fixture
async def slack_world(sqlite_url: str) -> AsyncIterator[World]:
    """The bot on Slack over one database."""
    storage = Storage(sqlite_url)
    async with World("slack", storage) as world:
        yield world
    storage.close_now()


@pytest.fixture
async def many(sqlite_url: str) -> AsyncIterator[InstallWorld]:
    """The bot on a Slack of several workspaces, each of which may add the app."""
    storage = Storage(sqlite_url)
    async with InstallWorld("slack", storage) as world:
        assert isinstance(world, InstallWorld)
        yield world
    storage.close_now()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A Slack with the port over Socket Mode, whose answers a test prepares."""
    async with slack() as scene:
        yield scene
