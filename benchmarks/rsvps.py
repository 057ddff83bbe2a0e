"""Answers to an event: the whole pipe beside the bare store of the same run: `make bench-rsvps`.

Each burst on each database runs in a process of its own (benchmarks/answering.py), and stops everything if
anything is lost. These may be set: BENCH_PEOPLE (1000), BENCH_SEATS (300; there is a burst without a limit
too).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.ballots import DATABASES, measure
from benchmarks.databases import fresh, postgres_in

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "1000"))
SEATS = int(os.environ.get("BENCH_SEATS", "300"))
BURSTS = ((SEATS, "free"), (0, "free"), (SEATS, "platforms"))
NAMES = {"free": "", "platforms": ", at the platforms' pace"}
EXPLAINED = f"""{PEOPLE} people tap [Going] on one card at once, half of them on Telegram, half on Slack.
CPU is that of the bot's process. Milliseconds from an update's turn to its commit: p50, p99; from the tap,
everybody's at once, until the answer is there: tap p50, p99. Card: how often it was edited, and the least
seconds between two edits.
"""
HEAD = (
    f"{'':45} {'RSVPs/s':>8} {'store':>6} {'insert':>6} {'pipe:store':>10} {'CPU':>8} {'(store)':>8}"
    f" {'p50':>6} {'p99':>7} {'tap p50':>8} {'tap p99':>8}  {'card on Telegram':>17} {'on Slack':>10}"
)

Counted = Mapping[str, Any]


def row(name: str, counted: Counted) -> str:
    """The burst of answers beside the bare store, in a line."""
    store, insert = counted["store"], counted["insert"]
    rates = f"{counted['rate']:8.1f} {store['rate']:6.0f} {insert['rate']:6.0f}"
    ratio = f"1 : {store['rate'] / counted['rate']:.1f}"
    cpu = f"{counted['cpu']:5.2f} ms {store['cpu']:5.2f} ms"
    took = f"{counted['p50']:6.1f} {counted['p99']:7.1f} {counted['tap50']:8.0f} {counted['tap99']:8.0f}"
    telegram, slack = (_edits(counted["edits"][one]) for one in ("telegram", "slack"))
    return f"{name:45} {rates} {ratio:>10} {cpu} {took}  {telegram:>17} {slack:>10}"


def left_row(name: str, counted: Counted) -> str:
    """Those who cannot come after all, in a line."""
    left = counted["left"]
    rate = f"{left['rate']:.1f} a second, {left['cpu']:.2f} ms CPU each"
    took = f"p50 {left['p50']:.1f}, p99 {left['p99']:.1f}, tap p99 {left['tap99']:.0f} ms"
    return f"{name:45} {rate}; {took}; the last seat told after {left['told']:.1f} s"


def _edits(card: Mapping[str, float]) -> str:
    least = f" ({card['least']:.2f} s)" if card["least"] else ""
    return f"{card['edits']:.0f}{least}"


def main() -> None:
    """Measure everything and print it side by side."""
    left: list[str] = []
    print(EXPLAINED)
    print(f"Load of the machine at the start: {os.getloadavg()[0]:.1f}\n")
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="charterbot-bench-", dir="/tmp") as folder:
        server, postgres = postgres_in(Path(folder))
        for seats, pace in BURSTS:
            for database in DATABASES:
                url = fresh(database, Path(folder), postgres, f"rsvps_{seats}_{pace}")
                counted = measure("answering", str(PEOPLE), str(seats), pace, url)
                name = f"{database:10} {f'{seats} seats' if seats else 'no limit'}{NAMES[pace]}"
                print(row(name, counted), flush=True)
                left += [left_row(name, counted)] if "left" in counted else []
        print("\nThen [Can't], a tenth of them at once; as many move up, each told once", *left, sep="\n")
        server.cleanup()


if __name__ == "__main__":
    main()
