"""Our whole pipe beside the bare libraries, in one run: `make bench`.

Every subject runs in a process of its own against a Bot API or a driver that answers at once. Printed are CPU
milliseconds per update of the bot's own process (the database server's and the API's are not in it), updates
per second, and the ratio of CPU to that of the bare library on the same platform.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.databases import fresh, postgres_in

ROOT = Path(__file__).parents[1]
COUNT = int(os.environ.get("BENCH_COUNT", "1000"))
BARE = {"telegram": "telegram echo", "slack": "slack ack"}
PIPE = ("telegram log", "telegram indicators", "slack log", "slack indicators")
NAMES = {
    "telegram echo": "python-telegram-bot, bare echo, its defaults",
    "slack ack": "slack-bolt, bare ack of a slash command",
    "telegram log": "Charterbot on Telegram, /log",
    "telegram indicators": "Charterbot on Telegram, /indicators",
    "slack log": "Charterbot on Slack (HTTP), /log",
    "slack indicators": "Charterbot on Slack (HTTP), /indicators",
}


def measure(subject: str, url: str = "") -> dict[str, float]:
    """Run one subject and return what it printed."""
    command = [sys.executable, "-m", "benchmarks.subjects", subject, str(COUNT), *([url] if url else [])]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{subject}: {done.stderr.strip().splitlines()[-1]}")
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def row(name: str, database: str, result: dict[str, float], bare: float) -> tuple[float, str]:
    """CPU per update, and the line to print."""
    cpu = result["cpu"] / result["updates"] * 1000
    rate = result["updates"] / result["wall"]
    ratio = f"{cpu / bare:5.2f}x" if bare else "  1   "
    return cpu, f"{NAMES[name]:46} {database:11} {cpu:7.2f} ms {rate:8.0f}/s  {ratio}"


def main() -> None:
    """Measure everything and print it side by side."""
    print(f"{COUNT} updates each, the first tenth is warm-up; 20 people, 40 activities in a year")
    with tempfile.TemporaryDirectory(prefix="charterbot-bench-", dir="/tmp") as folder:
        server, postgres = postgres_in(Path(folder))
        for platform, bare_name in BARE.items():
            bare, line = row(bare_name, "", measure(bare_name), 0)
            print(line, flush=True)
            for name in (one for one in PIPE if one.startswith(platform)):
                for database in ("sqlite", "postgresql"):
                    url = fresh(database, Path(folder), postgres, name.replace(" ", "_"))
                    print(row(name, database, measure(name, url), bare)[1], flush=True)
        server.cleanup()


if __name__ == "__main__":
    main()
