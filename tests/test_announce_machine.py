"""Whatever happens to an announcement, in the end everybody has its newest text once, or not at all after it
was stopped or taken back, or is listed as one of whom nobody can tell; and the report counts them so
(engagement.md section 4).

WALK_SEED=7 repeats the long walks from that seed on."""

from __future__ import annotations

import csv
import io
import os
import re
import time
from typing import Any

import pytest

from tests.announce_walk import Told, Walk
from tests.world import World


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_a_short_walk(world: World, seed: int) -> None:
    await _walked(world, seed, 8)


@pytest.mark.kill
@pytest.mark.parametrize("nth", range(10))
async def test_a_long_walk(world: World, nth: int) -> None:
    seed = int(os.environ.get("WALK_SEED") or time.time_ns() % 1_000_000) + nth
    await _walked(world, seed, 25)


async def _walked(world: World, seed: int, steps: int) -> None:
    walk = await Walk(world, seed).here()
    await walk.goes(steps)
    for told in walk.every:
        await _agrees(walk, told)


async def _agrees(walk: Walk, told: Told) -> None:
    """The list, the chats and the report say the same."""
    heard = await walk.vera.types(f"/announcement {told.number}")
    await walk.vera.taps("List as a file", on=heard.raw)
    rows = list(csv.DictReader(io.StringIO(walk.vera.file(f"announcement-{told.number}.csv").text)))
    states = {row["Reader"]: row["State"] for row in rows}
    say = walk.story([told, heard.lines, states])
    assert len(rows) == len(states), say
    assert set(told.sure) <= states.keys(), say
    assert list(states.values()).count("can't tell") <= walk.swallowed, say
    for name, state in states.items():
        _agrees_with(walk, told, name, state, heard.text)
    _counted(walk, told, states, heard)


def _agrees_with(walk: Walk, told: Told, name: str, state: str, report: str) -> None:
    copies, out_of_reach = walk.copies(told, name), name in walk.lost
    say = walk.story([told, name, state, walk.sees(name), report])
    if state == "can't tell":
        assert len(copies) <= 1, say
    elif told.state == "retracted":
        assert (state == "sent") == (name in told.had), say
        assert not copies or (out_of_reach and name in report), say
    elif state == "sent":
        assert len(copies) == 1, say
        assert copies == [told.text] or (out_of_reach and name in report), say
    else:
        assert not copies, say
        due = told.state == "sending" and not out_of_reach
        assert state in ("not reached", "left out"), say
        assert not due, say
        assert state == "left out" or name in walk.ever_lost, say
    if told.state == "stopped":
        assert bool(copies) == (name in told.had) or state == "can't tell", say
    _corrections(walk, told, name, state, say)


def _corrections(walk: Walk, told: Told, name: str, state: str, say: str) -> None:
    for version, had in told.notes.items():
        count = walk.sees(name).count(f"Correction: Note {told.number} v{version}")
        most = int(name in had or state == "can't tell" or walk.swallowed > 0)
        sure = most and name in had and not walk.swallowed and name not in walk.ever_lost
        if told.state == "retracted":
            sure, most = 0, int(walk.swallowed > 0 or name in walk.lost)
        assert int(sure) <= count <= most, (version, count, say)


def _counted(walk: Walk, told: Told, states: dict[str, str], heard: Any) -> None:
    have, unclear = (list(states.values()).count(one) for one in ("sent", "can't tell"))
    say = walk.story([told, states, heard.lines])
    if told.state == "sending":
        out = f"✓ {told.text} is out: {have} of {len(states)} readers have it."
        assert heard.first == (out if have else f"{told.text} has reached nobody yet."), say
    elif told.state == "stopped":
        assert heard.first.startswith(f"Stopped: {told.text}, by Vera, "), say
        assert heard.lines[1] == f"{have} of {len(states)} readers have it.", say
    else:
        assert heard.first.startswith(f"{told.text} was taken back: by Vera, "), say
        done = [int(one) for one in re.findall(r"\d+", heard.lines[1])]
        assert sum(done) == len(told.had) or walk.swallowed or set(told.had) & set(walk.lost), say
    tell = f"I can't tell whether {unclear} message{'s' if unclear > 1 else ''} arrived."
    assert (tell in heard.lines) == bool(unclear), say
    assert not any("still to go" in line for line in heard.lines), say
