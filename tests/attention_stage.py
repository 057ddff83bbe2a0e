"""A world in which people are left in peace as the charter file has it: quiet hours, a budget, digests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.store import Storage
from tests.world import World


@pytest.fixture(params=["slack", "telegram"])
async def calm(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[World]:
    """The alliance on one platform over one database, with the attention rules of its charter."""
    async with World(request.param, storage, attention=True) as world:
        yield world
