"""Who fits whom: never oneself, never twice, for a reason, and more reasons never rank lower."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.matching import Member, Proposal, Reason, event_day, proposals, reasons, shared

OURS = Member("pool-net", "PT", ("tooling", "plastics"), short=True)
SECTORS = st.lists(st.sampled_from(["plastics", "Plastics", "tooling", "robotics", "énergie"]), max_size=3)
MEMBERS = st.builds(
    Member,
    st.sampled_from(["pool-net", "cimes", "emc2", "mecatech", "evoluma", "mech"]),
    st.sampled_from(["PT", "FR", "IT", ""]),
    SECTORS.map(tuple),
    st.booleans(),
    st.integers(0, 2),
    st.booleans(),
    st.booleans(),
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
YEAR_END = date(2026, 12, 31)


def test_the_same_gap_and_sector_abroad_come_first() -> None:
    found = proposals(
        OURS,
        [
            Member("cimes", "FR", ("mechanics",), short=False, together=1),
            Member("emc2", "FR", ("Plastics",), short=True),
            Member("mecatech", "BE", (), short=True),
            Member("lisbon", "PT", (), short=False, together=3),
        ],
    )
    assert found == (
        Proposal("emc2", (Reason("gap"), Reason("sector", "plastics"), Reason("country"), Reason("new"))),
        Proposal("mecatech", (Reason("gap"), Reason("country"), Reason("new"))),
        Proposal("cimes", (Reason("country"),)),
    ), "who fits for no reason is not proposed"


def test_the_usual_partner_ranks_lower() -> None:
    usual, other = Member("a-usual", "FR", short=True, together=2), Member("z-other", "FR", short=True)
    assert [one.organisation for one in proposals(OURS, [usual, other])] == ["z-other", "a-usual"]
    often = Member("a-often", "FR", short=True, together=4)
    assert [one.organisation for one in proposals(OURS, [often, usual])] == ["a-usual", "a-often"]


def test_who_has_no_vote_or_cannot_be_asked_is_left_out() -> None:
    guest, unknown = (
        Member("a", "FR", short=True, voting=False),
        Member("b", "FR", short=True, reachable=False),
    )
    assert proposals(OURS, [guest, unknown]) == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        (("Plastics",), ("plastics",), ("Plastics",)),
        (("green technology",), ("technology, green",), ("green technology",)),
        (("énergie",), ("ENERGIE",), ("énergie",)),
        (("b", "a", "A"), ("a", "b"), ("b", "a")),
        (("green technology",), ("smart technology",), ()),
        ((), ("plastics",), ()),
    ],
)
def test_a_sector_is_shared_however_it_is_written(
    ours: tuple[str, ...], theirs: tuple[str, ...], both: tuple[str, ...]
) -> None:
    assert shared(ours, theirs) == both


@given(MEMBERS, st.lists(MEMBERS, max_size=8))
def test_never_oneself_never_twice_never_without_a_reason(wanted: Member, candidates: list[Member]) -> None:
    found = proposals(wanted, candidates)
    slugs = [one.organisation for one in found]
    first = {one.organisation: one for one in reversed(candidates) if one.voting and one.reachable}
    assert wanted.organisation not in slugs
    assert len(slugs) == len(set(slugs))
    assert all(one.reasons == reasons(wanted, first[one.organisation]) for one in found)
    assert all(one.reasons for one in found)


@given(MEMBERS, st.lists(MEMBERS, max_size=8))
def test_more_reasons_never_rank_lower(wanted: Member, candidates: list[Member]) -> None:
    counts = [len(one.reasons) for one in proposals(wanted, candidates)]
    assert counts == sorted(counts, reverse=True)


@given(MEMBERS, st.lists(MEMBERS, max_size=6, unique_by=lambda one: one.organisation), st.randoms())
def test_the_order_does_not_depend_on_who_was_named_first(
    wanted: Member, candidates: list[Member], chance: object
) -> None:
    mixed = candidates[:]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert proposals(wanted, mixed) == proposals(wanted, candidates)


def test_an_event_is_about_four_weeks_ahead_but_in_this_year() -> None:
    def works(day: date) -> bool:
        return (day.month, day.day) < (12, 24) and day != date(2026, 12, 22)

    assert event_day(date(2026, 6, 2), YEAR_END, lambda _: True) == date(2026, 6, 30)
    assert event_day(date(2026, 6, 4), YEAR_END, lambda _: True) == date(2026, 7, 2)
    assert event_day(date(2026, 6, 5), YEAR_END, lambda _: True) == date(2026, 7, 7), "a Tuesday"
    assert event_day(date(2026, 11, 24), YEAR_END, works) == date(2026, 12, 23)
    assert event_day(date(2026, 12, 2), YEAR_END, works) == date(2026, 12, 23), "earlier, but in time"
    assert event_day(date(2026, 12, 24), YEAR_END, lambda _: True) == date(2027, 1, 21), "too late for it"
    assert event_day(date(2026, 6, 2), YEAR_END, lambda _: False) == date(2026, 6, 30)


@given(DAYS, DAYS, st.sets(DAYS, max_size=40))
def test_a_day_for_an_event_is_ten_days_ahead_and_a_good_one(today: date, last: date, off: set[date]) -> None:
    day = event_day(today, last, lambda one: one not in off)
    assert day - today >= timedelta(days=10)
    assert 1 <= day.weekday() <= 3
    assert day not in off
