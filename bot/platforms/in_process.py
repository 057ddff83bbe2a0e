"""What ports have in common behind which there is no platform: all who read and write are in this process."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from bot.platforms.port import Capabilities, Inbox


class InProcess:
    """The half of `bot.platforms.port.Port` that needs nobody else. What is typed goes to its `inbox`."""

    capabilities = Capabilities(
        text=100_000,
        keys=50,
        can_edit=True,
        can_answer_privately=True,
        has_forms=False,
        command_prefix="/",
        caption=100_000,
        can_delete=True,
    )
    inbox: Inbox | None = None

    async def connect(self, inbox: Inbox) -> None:
        """From now on what is typed goes to `inbox`."""
        self.inbox = inbox

    async def disconnect(self) -> None:
        """Nothing that is typed arrives any more."""
        self.inbox = None

    def lead(self, leading: bool) -> None:
        """There is nobody else who might."""

    def ready(self) -> bool:
        """True while connected."""
        return self.inbox is not None

    def healthy(self) -> bool:
        """As `ready`."""
        return self.ready()

    def routes(self) -> Sequence[Route]:
        """None."""
        return ()
