"""What an alert can hold of an answer: 200 characters, and no keys."""

from __future__ import annotations

import re

from bot.platforms.markup import plain_text

ALERT = 200  # characters of an alert (answerCallbackQuery)


def alert_text(markdown: str, limit: int = ALERT) -> str:
    """The plain text, cut after the last sentence (else the last word) that an alert can hold."""
    text = plain_text(markdown).strip()
    if len(text.encode("utf-16-le")) // 2 <= limit:
        return text
    units = text.encode("utf-16-le")[: (limit - 1) * 2]
    head = units.decode("utf-16-le", "ignore")
    ends = [found.end() for found in re.finditer(r"[.!?…](?=\s)|(?=\n)", head)]
    if ends:
        return head[: ends[-1]].strip()
    return head.rsplit(maxsplit=1)[0] + "…" if " " in head else head + "…"
