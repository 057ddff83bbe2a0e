"""A broadcast while people type, ours beside what one would write first: `make bench-broadcast`.

Every way runs in a process of its own against a Bot API that keeps Telegram's limits strictly
(benchmarks/limited_api.py). BENCH_PERSONS (1000), BENCH_ROUNDS (1; of several, medians are printed) and
BENCH_ONLY (a part of a way's name) may be set.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.databases import fresh, postgres_in
from benchmarks.limited_api import MOST

ROOT = Path(__file__).parents[1]
PERSONS = int(os.environ.get("BENCH_PERSONS", "1000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "1"))
ONLY = os.environ.get("BENCH_ONLY", "")
LONGEST = 300  # seconds for one broadcast
WAYS = (
    ("one by one", "", "python-telegram-bot, one by one"),
    ("thirty a second", "", "python-telegram-bot, 30, sleep a second, 30"),
    ("limiter", "", "its AIORateLimiter, defaults"),
    ("limiter, 3 retries", "", "its AIORateLimiter, max_retries=3"),
    ("ours", "sqlite", "Charterbot, SQLite"),
    ("ours", "postgresql", "Charterbot, PostgreSQL"),
)
HEAD = "messages/s  allowed  429s  lost  twice  unanswered    p50    p99  CPU/message  load"


def measure(way: str, url: str) -> dict[str, float]:
    """Broadcast once in this way, and return what was counted."""
    api = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.limited_api", str(LONGEST)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert api.stdout
        address = f"http://127.0.0.1:{api.stdout.readline().strip()}"
        command = [sys.executable, "-m", "benchmarks.broadcasting", way, str(PERSONS), address]
        done = subprocess.run(
            [*command, *([url] if url else [])],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
            timeout=LONGEST,
        )
    finally:
        api.kill()
        api.wait()
    if done.returncode or done.stdout.count("\n") != 1:  # more than the figures is something that broke
        raise SystemExit(f"{way}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    counted: dict[str, float] = json.loads(done.stdout)
    return counted | {"load": os.getloadavg()[0]}


def row(counted: dict[str, float]) -> str:
    """The figures of one broadcast in a line."""
    rate = counted["messages"] / counted["seconds"]
    lost, cpu = PERSONS - counted["reached"], counted["cpu"] / (counted["messages"] + 1) * 1000
    fates = f"{counted['refused']:4.0f}  {lost:4.0f}  {counted['twice']:5.0f}"
    answers = f"{counted['unanswered']:3.0f} of {counted['typed']:3.0f}"
    waits = f"{counted['p50']:5.0f}  {counted['p99']:5.0f}"
    speed = f"{rate:8.2f}/s  {rate / MOST:6.1%}"
    return f"{speed}  {fates}  {answers}  {waits}  {cpu:8.2f} ms  {counted['load']:4.1f}"


def main() -> None:
    """Broadcast in every way and print it side by side."""
    print(f"{PERSONS} persons, {MOST} messages a second allowed; milliseconds from a command to its answer")
    print(f"{'':45} {HEAD}")
    with tempfile.TemporaryDirectory(prefix="charterbot-bench-", dir="/tmp") as folder:
        server, postgres = postgres_in(Path(folder))
        rounds: dict[str, list[dict[str, float]]] = {}
        for turn in range(ROUNDS):
            for way, database, name in WAYS:
                if ONLY not in name:
                    continue
                url = fresh(database, Path(folder), postgres, f"broadcast_{turn}") if database else ""
                rounds.setdefault(name, []).append(measure(way, url))
                print(f"{name:45} {row(rounds[name][-1])}", flush=True)
        server.cleanup()
    for name, each in rounds.items() if ROUNDS > 1 else ():
        middle = {figure: statistics.median(one[figure] for one in each) for figure in each[0]}
        print(f"{name:38} median {row(middle)}")


if __name__ == "__main__":
    main()
