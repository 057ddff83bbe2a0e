"""How long it takes to send to many, before it is sent (spec/engagement.md section 9.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Lane:
    """So many messages of one kind on a platform, and how many seconds pass between two of them: groups take
    more than people."""

    platform: str
    messages: int
    spacing: float = 0.0


def takes(lanes: Iterable[Lane]) -> timedelta:
    """How long it takes until the last message is out: what goes over one platform waits for each other,
    platforms do not. In whole seconds, rounded up."""
    milliseconds: Counter[str] = Counter()
    for lane in lanes:
        milliseconds[lane.platform] += round(lane.messages * lane.spacing * 1000)
    slowest = max(milliseconds.values(), default=0)
    return timedelta(seconds=-(-slowest // 1000))
