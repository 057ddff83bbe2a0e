"""Where a motion stands at a moment, what is due next, what may still be done with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.rules.decisions.motions import Motion, Phase
from bot.rules.decisions.phases import (
    GRACE,
    closes_early,
    edit_until,
    may_edit,
    may_extend,
    may_withdraw,
    next_moment,
    phase,
)
from bot.rules.decisions.values import Majority, Profile, Quorum

NOTICE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OPENS = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 9, 16, 0, tzinfo=UTC)
FINAL = datetime(2026, 12, 14, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RULE = Profile(
    kind="ordinary_resolution",
    title="Ordinary resolution",
    article="Art. 5(1)",
    provisional=True,
    discussion_days=5,
    voting_days=5,
    quorum=Quorum(),
    majority=(Majority("simple"),),
)


def motion(**given: Any) -> Motion:
    """An ordinary resolution, noticed on 24 November, open from 2 to 9 December."""
    plain: dict[str, Any] = {
        "number": 7,
        "kind": "ordinary_resolution",
        "title": "A common stand at the fair",
        "text": "The alliance takes a stand.",
        "rule": RULE,
        "proposer": 1,
        "organisation": "pool-net",
        "proposed_at": NOTICE,
        "notice_at": NOTICE,
        "opens_at": OPENS,
        "closes_at": CLOSES,
    }
    return Motion(**(plain | given))


AT_ONCE = replace(RULE, discussion_days=0)
OPENED = {"opened_at": OPENS}
COUNTED = {**OPENED, "closed_at": CLOSES + GRACE, "outcome": {"result": "carried"}, "final_at": FINAL}
CERTIFIED = {**COUNTED, "certified_at": FINAL}
WITHDRAWN = {"withdrawn_at": NOTICE + SECOND}
VOID = {**COUNTED, "voided_at": FINAL}
RECORDED = {"origin": "recorded", "closed_at": NOTICE, "outcome": {"result": "carried"}, "final_at": FINAL}


@pytest.mark.parametrize(
    ("given", "now", "stands"),
    [
        ({}, NOTICE, "notice"),
        ({}, OPENS - SECOND, "notice"),
        ({}, OPENS, "open"),  # whether a job froze the roll already or not
        (OPENED, CLOSES - SECOND, "open"),
        (OPENED, CLOSES, "counting"),
        (OPENED, CLOSES + GRACE - SECOND, "counting"),
        ({}, CLOSES + timedelta(days=3), "counting"),  # the bot was down
        (COUNTED, CLOSES + GRACE, "closed"),
        ({**COUNTED, "closed_at": OPENS + SECOND}, OPENS + 2 * SECOND, "closed"),  # all had voted
        (CERTIFIED, FINAL, "final"),
        (WITHDRAWN, CLOSES, "withdrawn"),
        (VOID, FINAL, "void"),
        ({**CERTIFIED, "voided_at": FINAL}, FINAL, "void"),
        (RECORDED, NOTICE, "closed"),
        ({**RECORDED, "closed_at": None}, NOTICE, "closed"),
        ({**RECORDED, "certified_at": FINAL}, FINAL, "final"),
    ],
)
def test_where_a_motion_stands(given: dict[str, Any], now: datetime, stands: Phase) -> None:
    assert phase(motion(**given), now) == stands


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({}, OPENS),
        (OPENED, CLOSES + GRACE),
        (COUNTED, FINAL),
        ({**COUNTED, "outcome": {}}, None),  # still to be decided
        ({**COUNTED, "final_at": None}, None),
        (CERTIFIED, None),
        (WITHDRAWN, None),
        (VOID, None),
        (RECORDED, FINAL),
    ],
)
def test_what_is_due_next(given: dict[str, Any], due: datetime | None) -> None:
    assert next_moment(motion(**given)) == due


def test_an_objection_holds_up_only_the_result() -> None:
    assert next_moment(motion(), challenged=True) == OPENS
    assert next_moment(motion(**OPENED), challenged=True) == CLOSES + GRACE
    assert next_moment(motion(**COUNTED), challenged=True) is None
    assert next_moment(motion(**RECORDED), challenged=True) is None


def test_it_closes_early_only_if_all_have_voted_and_its_rule_allows_that() -> None:
    early = replace(RULE, early_close=True)
    running = motion(**OPENED, rule=early)
    assert closes_early(running, members=7, ballots=7)
    assert not closes_early(running, members=7, ballots=6)
    assert not closes_early(running, members=0, ballots=0)  # all are recused
    assert not closes_early(motion(**OPENED), members=7, ballots=7)
    assert not closes_early(motion(**COUNTED, rule=early), members=7, ballots=7)
    assert not closes_early(motion(**OPENED, rule=early, voided_at=CLOSES), members=7, ballots=7)


@pytest.mark.parametrize(
    ("given", "now", "may"),
    [
        ({}, NOTICE, True),
        (OPENED, OPENS, True),
        (OPENED, CLOSES - SECOND, True),
        (OPENED, CLOSES, False),
        ({**COUNTED, "closed_at": OPENS + SECOND}, OPENS + 2 * SECOND, False),  # the result is out
        ({**OPENED, "extended_by": "cimes", "extended_at": OPENS}, OPENS + SECOND, False),
        (WITHDRAWN, OPENS, False),
        (RECORDED, NOTICE, False),
    ],
)
def test_more_time_is_asked_for_once_and_before_the_deadline(
    given: dict[str, Any], now: datetime, may: bool
) -> None:
    assert may_extend(motion(**given), now) is may


def test_the_text_may_be_changed_until_a_day_before_voting_opens() -> None:
    last = OPENS - timedelta(hours=24)
    assert edit_until(motion()) == last
    assert may_edit(motion(), NOTICE)
    assert may_edit(motion(), last - SECOND)
    assert not may_edit(motion(), last)
    assert not may_edit(motion(**WITHDRAWN), NOTICE + 2 * SECOND)
    assert not may_edit(motion(**RECORDED), NOTICE)


def test_without_discussion_the_text_is_fixed_with_the_notice() -> None:
    at_once = motion(rule=AT_ONCE, opens_at=NOTICE)
    assert edit_until(at_once) == NOTICE
    assert not may_edit(at_once, NOTICE)


def test_it_may_be_withdrawn_until_voting_opens() -> None:
    assert may_withdraw(motion(), OPENS - SECOND)
    assert not may_withdraw(motion(), OPENS)
    assert not may_withdraw(motion(rule=AT_ONCE, opens_at=NOTICE), NOTICE)
    assert not may_withdraw(motion(**WITHDRAWN), OPENS - SECOND)
    assert not may_withdraw(motion(**RECORDED), NOTICE)
