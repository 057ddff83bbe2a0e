"""How a text will look on each platform, for whoever wants to know before it goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.messages import Message
from bot.platforms.markup import telegram_text
from bot.platforms.port import Port
from bot.platforms.slack.outgoing import parts_of

_PARTS: Mapping[str, Callable[[str], int]] = {
    "slack": lambda text: len(parts_of(Message(text))),
    "telegram": lambda text: len(telegram_text(text)),
}


def measured(ports: Mapping[str, Port]) -> Callable[[str], Mapping[str, int]]:
    """How many messages a Markdown text takes on each of these platforms; one where nothing is cut."""
    return lambda text: {name: _PARTS[name](text) if name in _PARTS else 1 for name in ports}


def spacings(ports: Mapping[str, Port]) -> dict[str, float]:
    """The seconds between two messages on each of these platforms."""
    return {name: port.pacer.pace.overall for name, port in ports.items()}
