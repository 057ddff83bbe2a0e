"""Ballots: the whole pipe beside the bare store of the same run, and how it grows: `make bench-ballots`.

Each roll on each database runs in a process of its own (benchmarks/balloting.py). These may be set:
BENCH_MEMBERS (10,100,1000), BENCH_BALLOTS (200: so many at least, over several motions where the roll is
shorter), BENCH_HOT (1000: the roll of the vote at Telegram's pace, 0 for none).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.databases import fresh, postgres_in

ROOT = Path(__file__).parents[1]
MEMBERS = tuple(int(one) for one in os.environ.get("BENCH_MEMBERS", "10,100,1000").split(","))
BALLOTS = int(os.environ.get("BENCH_BALLOTS", "200"))
HOT = int(os.environ.get("BENCH_HOT", "1000"))
DATABASES = ("sqlite", "postgresql")
LONGEST = 900  # seconds for one roll
PIPE_HEAD = (
    f"{'':30} {'ballots/s':>9} {'store':>7} {'insert':>7} {'pipe:store':>10} {'CPU':>9} {'(store)':>9}"
    f" {'p50':>7} {'p99':>7} {'first':>7} {'last':>7} {'tap p99':>8}"
)
EXPLAINED = """CPU is that of the bot's process. Milliseconds from an update's turn to its commit: p50, p99;
the middle one of each motion's first tenth of ballots, and of its last. From the tap, everybody's at once, to
the commit: p99.
"""
WHERE = {"group": "by the card", "apart": "in private"}

Counted = Mapping[str, Mapping[str, float]]


def measure(module: str, *given: str) -> Any:
    """Run one process and return what it printed."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *given]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=LONGEST)
    if done.returncode or done.stdout.count("\n") != 1:  # more than the figures is something that broke
        raise SystemExit(f"{module} {' '.join(given)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def pipe_row(name: str, counted: Counted, where: str) -> str:
    """The pipe beside the bare store, in a line."""
    pipe, store = counted[where], counted[f"{where} store"]
    rates = f"{pipe['rate']:9.1f} {store['rate']:7.0f} {counted['insert']['rate']:7.0f}"
    ratio = f"1 : {store['rate'] / pipe['rate']:.1f}"
    cpu = f"{pipe['cpu']:6.2f} ms {store['cpu']:6.2f} ms"
    took = f"{pipe['p50']:7.1f} {pipe['p99']:7.1f}"
    in_order = f"{pipe['first']:7.1f} {pipe['last']:7.1f}" if where == "group" else f"{'':15}"
    return f"{name:30} {rates} {ratio:>10} {cpu} {took} {in_order} {pipe['waited']:8.0f}"


def tally_row(name: str, counted: Counted) -> str:
    """The tally in a line."""
    tally = counted["tally"]
    return f"{name:30} {tally['read']:9.2f} {tally['count']:9.2f} {tally['card']:9.2f}"


def hot_row(name: str, hot: Mapping[str, float]) -> str:
    """The vote at Telegram's pace in a line."""
    rate = f"{hot['ballots']:.0f} ballots in {hot['seconds']:.1f} s ({hot['ballots'] / hot['seconds']:.1f}/s)"
    edits = f"{hot['edits']:.0f} edits of the card, {hot['meanwhile']:.0f} of them before the last answer"
    return f"{name:12} {rate}, {edits}, {hot['cpu']:.2f} ms CPU a ballot"


def main() -> None:
    """Measure everything and print it side by side."""
    tallied: list[str] = []
    print(EXPLAINED)
    print(PIPE_HEAD)
    with tempfile.TemporaryDirectory(prefix="charterbot-bench-", dir="/tmp") as folder:
        server, postgres = postgres_in(Path(folder))
        for members in MEMBERS:
            for database in DATABASES:
                url = fresh(database, Path(folder), postgres, f"ballots_{members}")
                counted = measure("balloting", str(members), str(BALLOTS), url)
                name = f"{members:5} {database}"
                for where, words in WHERE.items():
                    print(pipe_row(f"{name:16} {words}", counted, where), flush=True)
                tallied.append(tally_row(name, counted))
        print(f"\n{'A tally, in milliseconds':30} {'read':>9} {'count':>9} {'card':>9}", *tallied, sep="\n")
        print(
            "\nEverybody at once, at Telegram's pace, with the card kept up to date" if HOT else "",
            flush=True,
        )
        for database in DATABASES if HOT else ():
            url = fresh(database, Path(folder), postgres, f"hot_{HOT}")
            print(hot_row(database, measure("hot_vote", str(HOT), url)), flush=True)
        server.cleanup()


if __name__ == "__main__":
    main()
