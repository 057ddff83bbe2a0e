"""What people do with a group and with the bot in it, on either platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.world import World


class Deeds:
    """The world's groups, as their people change them."""

    async def removes_bot(self: World, somebody: Any, group: Any) -> None:  # type: ignore[misc]
        """Somebody puts the bot out."""
        if self.platform == "slack":
            await self.slack.removes_bot(group, somebody.user)
        else:
            group.remove_bot(somebody.user)
        await self.settled()

    async def renames(self: World, somebody: Any, group: Any, name: str) -> None:  # type: ignore[misc]
        """Somebody gives the group another name."""
        if self.platform == "slack":
            await self.slack.renames(group, name)
        else:
            group.rename(name, somebody.user)
        await self.settled()
