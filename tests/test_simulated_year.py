"""A year on paper: who was told what, when and why; and nobody too often, at night, or of what was done."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.logs import set_up_logs
from bot.notices import NOTICES
from bot.rules.attention import day_of, week_of
from bot.simulation import Line, Year, simulate, timeline, worst_week
from storage.deliveries import Delivery

CHARTER = Path(__file__).parents[1] / "charters/green-manufacturing.toml"
SPRING = (datetime(2027, 3, 14, tzinfo=UTC), datetime(2027, 4, 2, tzinfo=UTC))  # too much, and a short night
STANDS_IN = "stand in for"
NOT_SENT = {"no longer due", "they stopped this kind", "past its use", "put off again"}


def lived(since: datetime, until: datetime) -> Year:
    """These weeks of 2027, without the log of each job that ran."""
    set_up_logs("ERROR")
    return asyncio.run(simulate(CHARTER, since.year, since=since, until=until))


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(*SPRING, id="spring"),
        pytest.param(
            datetime(2027, 1, 1, tzinfo=UTC),
            datetime(2028, 1, 1, tzinfo=UTC),
            id="year",
            marks=pytest.mark.kill,
        ),
    ],
)
def test_a_year_on_paper(since: datetime, until: datetime) -> None:
    year = lived(since, until)
    whole = (until - since).days > 300
    assert len(year.lines) > (400 if whole else 60)
    assert {line.platform for line in year.lines} == {"slack", "telegram"}
    assert not whole or {line.platform for line in year.lines if line.name == "Rui"} == {"slack", "telegram"}
    assert sum(len(line.folded) for line in year.lines) > (30 if whole else 5)
    for line in year.lines:
        _is_said_when_it_may_be(line)
        _says_why(line)
        _is_not_done_yet(line)
    _within_the_budget(year.lines)
    _nothing_is_asked_more_than_twice(year)
    _nothing_due_is_lost(year)
    _each_by_one_way(year.lines)
    assert all("Tomorrow" in one for one in year.in_vain), (
        year.in_vain
    )  # the rest of the script is up to date
    assert list(timeline(year.lines))[-1] == worst_week(year.lines)
    assert ": 3 messages that counted, " in worst_week(year.lines)


def _is_said_when_it_may_be(line: Line) -> None:
    """In working hours by its reader's clocks, but for what may come at any hour."""
    assert line.in_time, line
    if line.waking is not None:
        local = line.at.astimezone(ZoneInfo(line.zone))
        assert local.weekday() < 5, line
        assert time(8, 30) <= local.time() < time(18), line


def _says_why(line: Line) -> None:
    reason = NOTICES[line.kind].reason
    assert reason in line.text or STANDS_IN in line.text, line


def _is_not_done_yet(line: Line) -> None:
    """Nobody is reminded of what is done. A coordinator hears of a vote that another organisation owes."""
    others = line.name == "Giulia" and line.owed.startswith("vote:")
    assert line.due, line
    assert line.stood or others or not line.owed, line


def _within_the_budget(lines: tuple[Line, ...]) -> None:
    counted = [line for line in lines if line.counted]
    days = Counter((line.name, day_of(line.at, line.zone)) for line in counted)
    weeks = Counter((line.name, week_of(line.at, line.zone)) for line in counted)
    assert max(days.values()) == 1, days.most_common(3)
    assert max(weeks.values()) <= 3, weeks.most_common(3)


def _nothing_is_asked_more_than_twice(year: Year) -> None:
    """By reminders that count: the first message of something, and a last call, are none. What the year still
    lacks is told at six moments of it (engagement.md 2): each is a question of its own."""
    asked: dict[tuple[int | None, str, str], list[str]] = defaultdict(list)
    for one in year.fates:
        reminds = one.state in ("sent", "folded") and not one.asked and "stands_for" not in one.values
        if reminds and "owed" in one.values and one.kind != "gap" and NOTICES[one.kind].counts is True:
            asked[one.person_id, one.values["owed"], one.kind].append(one.key)
    assert asked
    assert max(len(keys) for keys in asked.values()) <= 2, max(asked.values(), key=len)


def _nothing_due_is_lost(year: Year) -> None:
    """Each notice was said, once, alone or in one digest; or it was not due any more, or came too late."""
    said_in = Counter(item for one in year.fates if one.kind == "digest" for item in _items(one))
    notices = [one for one in year.fates if one.kind and one.person_id]
    assert notices
    for one in notices:
        if one.state == "folded":
            assert said_in[one.id] >= 1, one
        elif one.state == "queued":
            assert one.not_before >= year.ended, one
        else:
            assert one.state == "sent" or (one.state == "skipped" and one.says in NOT_SENT), one
    sent = [one for one in notices if one.kind == "digest" and one.state == "sent" and not one.asked]
    told = Counter(item for one in sent for item in _items(one))  # again only where its reader chose Later
    assert max(told.values()) == 1, told.most_common(3)


def _items(one: Delivery) -> tuple[int, ...]:
    return tuple(one.values["items"])


def _each_by_one_way(lines: tuple[Line, ...]) -> None:
    """Who is linked on both platforms reads each message on one of them."""
    ways: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in lines:
        ways[line.name, line.key.partition(">")[0]].add(line.platform)
    assert all(len(platforms) == 1 for platforms in ways.values())


def test_the_same_seed_lives_the_same_days() -> None:
    since, until = datetime(2027, 3, 14, tzinfo=UTC), datetime(2027, 3, 16, tzinfo=UTC)
    first, second = (list(timeline(lived(since, until).lines)) for _ in range(2))
    assert first == second
    assert first[0] == "March 2027"
    assert any("Call for partners opens Monday" in line and "(counts)" in line for line in first)


def test_a_year_that_nobody_can_live_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate-year", "--year", "1066"]) == 2
    assert capsys.readouterr() == ("", "--year is one from 2026 to 2099, such as 2027.\n")
