"""One thing to measure, in a process of its own: `python -m benchmarks.subjects NAME COUNT [DATABASE_URL]`.

Prints one line of JSON: the CPU seconds of this process and the wall seconds for the updates after the first
tenth (the warm-up).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from benchmarks.on_slack import slack_ack, slack_ours
from benchmarks.on_telegram import telegram_echo, telegram_ours
from benchmarks.telegram_api import LOG, LOOK

SUBJECTS: dict[str, Callable[[int, str], Coroutine[Any, Any, None]]] = {
    "telegram echo": telegram_echo,
    "telegram log": lambda count, url: telegram_ours(count, url, LOG),
    "telegram indicators": lambda count, url: telegram_ours(count, url, LOOK),
    "slack ack": slack_ack,
    "slack log": lambda count, url: slack_ours(count, url, LOG),
    "slack indicators": lambda count, url: slack_ours(count, url, LOOK),
}

if __name__ == "__main__":
    name, count, *url = sys.argv[1:]
    asyncio.run(SUBJECTS[name](int(count), url[0] if url else ""))
