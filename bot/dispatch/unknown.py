"""The no to words that mean nothing here."""

from __future__ import annotations

from bot.commands import N_, REGISTRY, Registry
from bot.messages import Button, Refusal

LONGEST_QUOTE = 40  # characters of typed words that are quoted back


def not_understood(text: str, registry: Registry = REGISTRY) -> Refusal:
    """The no to words that begin with no command: quoted whole, or the one word that is near to a command."""
    word = text.split(maxsplit=1)[0] if text else ""
    nearest = registry.suggest(word)
    ways: tuple[Button, ...] = (Button(N_("Help"), "help"),)
    if nearest:
        line = f"{nearest} {text[len(word) :].strip()}".strip()
        ways = (Button(N_("Yes, that one"), "typed", {"line": line}), *ways)
    quoted = shortened(word if nearest else text)
    return Refusal("command_unknown", buttons=ways, word=quoted, nearest=nearest or "")


def shortened(words: str) -> str:
    """Typed words, as they are quoted back."""
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"
