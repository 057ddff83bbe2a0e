"""Slack's limits: how many calls it takes, and for how long it sends a bot away that asks for more."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Limit:
    """So many calls in any such stretch of time, in each channel or in the whole workspace."""

    most: int
    seconds: float
    in_each_channel: bool = False


LIMITS = {  # platforms.md section 9
    "chat.postMessage": Limit(5, 5.0, in_each_channel=True),  # one a second, short bursts tolerated
    "chat.update": Limit(50, 60.0),  # Tier 3
    "conversations.open": Limit(50, 60.0),  # Tier 3
    "reactions.add": Limit(50, 60.0),  # Tier 3
    "reactions.remove": Limit(20, 60.0),  # Tier 2
}


class Limits:
    """Counts what was taken, by the clock it is given (Unix seconds)."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._taken: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, method: str, arguments: Mapping[str, Any]) -> int:
        """Take one call, and return 0; or the seconds of Retry-After, and then it does not count."""
        limit = LIMITS.get(method)
        if limit is None:
            return 0
        where = str(arguments.get("channel") or "") if limit.in_each_channel else ""
        taken, now = self._taken[method, where], self._seconds()
        while taken and taken[0] <= now - limit.seconds:
            taken.popleft()
        if len(taken) >= limit.most:
            return max(math.ceil(taken[0] + limit.seconds - now), 1)
        taken.append(now)
        return 0
