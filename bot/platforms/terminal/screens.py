"""Two kinds of terminal: somebody at a keyboard, and a file of lines."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Protocol, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from bot.platforms.markup import terminal_text


class Screen(Protocol):
    """Where lines come from and messages are shown."""

    watched: bool  # somebody looks on: a prompt, colours, hints

    async def read(self, prompt: str) -> str | None:
        """The next line without its end, or None when there are no more."""

    def show(self, text: str) -> None:
        """Print plain text."""

    def styled(self, markdown: str) -> str:
        """Markdown as this screen prints it."""


class Script:
    """Lines from a file or a pipe, each echoed; plain text out."""

    watched = False

    def __init__(self, lines: TextIO, out: TextIO) -> None:
        self._lines, self._out = lines, out

    async def read(self, prompt: str) -> str | None:  # noqa: ARG002 - nobody looks on
        """The next line, echoed after "> "."""
        line = await asyncio.to_thread(self._lines.readline)
        if not line:
            return None
        self.show(f"> {line.rstrip()}")
        return line.rstrip("\r\n")

    def show(self, text: str) -> None:
        """Print plain text at once, so that a reader of the pipe sees it."""
        print(text, file=self._out, flush=True)

    def styled(self, markdown: str) -> str:
        """Plain words."""
        return terminal_text(markdown, colour=False)


class Keyboard:
    """Somebody at a keyboard: a prompt that stays below whatever arrives, with a history."""

    watched = True

    def __init__(self) -> None:
        self._session: PromptSession[str] = PromptSession()

    async def read(self, prompt: str) -> str | None:
        """The next line; None at Ctrl-D. Ctrl-C drops the line begun."""
        try:
            with patch_stdout(raw=True):
                return await self._session.prompt_async(prompt)
        except KeyboardInterrupt:
            return ""
        except EOFError:
            return None

    def show(self, text: str) -> None:
        """Print above the prompt."""
        print(text, file=sys.stdout, flush=True)

    def styled(self, markdown: str) -> str:
        """Styles as the terminal shows them; plain where NO_COLOR is set."""
        return terminal_text(markdown, colour=not os.environ.get("NO_COLOR"))
