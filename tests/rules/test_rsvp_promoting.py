"""A seat is free: whose it becomes, and what becomes of an offer that nobody takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.rsvp.promoting import (
    asked_again,
    behind,
    confirmed,
    expired,
    free,
    in_order,
    over_by,
    promoted,
    released,
    taken_by,
)
from bot.rules.rsvp.values import Rsvp, Seats, Taken
from tests.rules.made_up_events import NOW, PEOPLE, STARTS, rsvp, seats, waiting

UNTIL = NOW + timedelta(hours=24)
NAMES = {number: name for name, number in PEOPLE.items()}


def moves_up(
    offered: Seats, taken: int, *line: Rsvp, now: datetime = NOW, by: Mapping[str, int] | None = None
) -> str:
    """Who moves up while so many seats are taken, as "Marie going, João offered"."""
    moved = promoted(offered, Taken(taken, by or {}), line, now, lambda _: UNTIL)
    return ", ".join(f"{NAMES[one.person]} {one.state}" for one in moved)


# ---- moving up ----


def test_all_free_seats_go_to_the_line_in_one_pass() -> None:
    line = waiting("João", 2), waiting("Marie", 1), waiting("Anna", 3)
    assert moves_up(seats(3), 1, *line) == "Marie going, João going"
    assert moves_up(seats(3), 3, *line) == ""
    assert moves_up(seats(), 3, *line) == "Marie going, João going, Anna going"


def test_the_line_is_by_priority_then_by_who_waits_longest() -> None:
    line = waiting("João", 2), waiting("Marie", 1), waiting("Anna", 3, priority=1), waiting("Paul", 2)
    assert [NAMES[one.person] for one in in_order(line)] == ["Anna", "Marie", "João", "Paul"]
    assert moves_up(seats(1), 0, *line) == "Anna going"


def test_a_party_too_large_is_passed_over_and_keeps_its_place() -> None:
    line = waiting("Marie", 1, seats=3), waiting("João", 2), waiting("Anna", 3, seats=2)
    assert moves_up(seats(5), 3, *line) == "João going"
    assert moves_up(seats(5), 2, *line) == "Marie going"
    assert moves_up(seats(6), 3, *line) == "Marie going"


def test_a_full_organisation_is_passed_over() -> None:
    line = waiting("Marie", 1), waiting("João", 2), waiting("Anna", 3, organisation="cimes")
    capped = seats(9, 2)
    assert moves_up(capped, 4, *line, by={"pool-net": 1}) == "Marie going, Anna going"
    assert moves_up(capped, 4, *line, by={"pool-net": 2, "cimes": 2}) == ""
    assert moves_up(capped, 4, waiting("Marie", 1, organisation="")) == "Marie going"


def test_nobody_moves_up_while_more_seats_are_taken_than_there_are() -> None:
    assert moves_up(seats(3), 5, waiting("Marie", 1)) == ""
    assert moves_up(seats(9, 1), 5, waiting("Marie", 1), by={"pool-net": 3}) == ""
    assert [over_by(seats(3), Taken(taken)) for taken in (0, 3, 5)] == [0, 0, 2]
    assert over_by(seats(), Taken(500)) == 0


def test_nobody_moves_up_in_the_last_two_hours_or_once_it_is_cancelled() -> None:
    line = (waiting("Marie", 1),)
    assert moves_up(seats(3), 0, *line, now=STARTS - timedelta(hours=2, seconds=1)) == "Marie going"
    assert moves_up(seats(3), 0, *line, now=STARTS - timedelta(hours=2)) == ""
    assert moves_up(seats(3, cancelled=True), 0, *line) == ""


def test_who_moves_up_has_left_the_line() -> None:
    (marie,) = promoted(seats(1), Taken(), [waiting("Marie", 1, expiries=1)], NOW, lambda _: UNTIL)
    assert marie == rsvp("Marie", "going")


# ---- offers ----


def test_a_seat_is_held_for_an_answer() -> None:
    line = [waiting("Marie", 1, expiries=1), waiting("João", 2)]
    (marie,) = promoted(seats(1, mode="offer"), Taken(), line, NOW, lambda _: UNTIL)
    assert marie == replace(line[0], state="offered", offered_until=UNTIL)
    assert marie.holds == 1


def test_no_offer_is_made_that_would_have_run_out() -> None:
    line = [waiting("Marie", 1), waiting("João", 2)]
    moved = promoted(
        seats(1, mode="offer"), Taken(), line, NOW, lambda one: NOW if one.person == 1 else UNTIL
    )
    assert [one.person for one in moved] == [PEOPLE["João"]]


def test_an_offer_runs_out_once_to_the_back_of_the_line_and_twice_out_of_it() -> None:
    marie = rsvp("Marie", "offered", queued_at=NOW, offered_until=UNTIL + timedelta(minutes=1))
    joao = rsvp("João", "offered", queued_at=NOW, offered_until=UNTIL, expiries=1)
    anna = rsvp("Anna", "offered", queued_at=NOW, offered_until=UNTIL + timedelta(hours=9))
    assert expired([marie, joao, anna], UNTIL - timedelta(seconds=1)) == ()
    assert expired([marie, joao, anna], UNTIL + timedelta(hours=1)) == (
        rsvp("João", "withdrawn", expiries=2),
        rsvp("Marie", "waitlisted", queued_at=UNTIL + timedelta(minutes=1), expiries=1),
    )


def test_who_has_run_out_stands_behind_all_who_came_before_that() -> None:
    (marie,) = expired([rsvp("Marie", "offered", queued_at=NOW, offered_until=UNTIL)], UNTIL)
    minutes = 24 * 60
    line = in_order([marie, waiting("João", minutes - 1), waiting("Anna", minutes + 1)])
    assert [NAMES[one.person] for one in line] == ["João", "Marie", "Anna"]


def test_nobody_who_was_told_their_place_is_overtaken_by_an_offer_that_ran_out() -> None:
    """Once the event is moved to sooner, an offer may have run out before somebody joined the line."""
    marie = rsvp("Marie", "offered", queued_at=NOW, offered_until=NOW + timedelta(minutes=5))
    joao = rsvp("João", "offered", queued_at=NOW, offered_until=NOW + timedelta(minutes=4))
    anna, paul = waiting("Anna", 3), waiting("Paul", 9)
    last = NOW + timedelta(minutes=9)
    for line, order in (([anna], "Anna João Marie"), ([anna, paul], "Anna Paul João Marie")):
        back = expired([marie, joao], UNTIL, line[-1].queued_at)
        assert " ".join(NAMES[one.person] for one in in_order([*back, *line])) == order
    assert expired([marie], UNTIL, anna.queued_at) == expired([marie], UNTIL)  # the rule: from that moment on
    gone = [replace(joao, expiries=1), marie]
    assert expired(gone, UNTIL, last) == (
        rsvp("João", "withdrawn", expiries=2),
        rsvp("Marie", "waitlisted", queued_at=last + timedelta(microseconds=1), expiries=1),
    )


def test_who_joins_the_line_stands_behind_the_last_in_it() -> None:
    marie, moment = waiting("Marie", 5), NOW + timedelta(minutes=5)
    assert behind(marie, None) is marie
    assert behind(marie, moment - timedelta(microseconds=1)) is marie
    assert behind(marie, moment).queued_at == moment + timedelta(microseconds=1)
    assert behind(marie, UNTIL).queued_at == UNTIL + timedelta(microseconds=1)
    withdrawn = rsvp("Marie", "withdrawn")
    assert behind(withdrawn, UNTIL) is withdrawn


# ---- after a move ----


def test_only_who_goes_is_asked_again() -> None:
    assert asked_again(rsvp("Marie", "going"), UNTIL).asked_again_at == UNTIL
    maybe, line = rsvp("Marie", "maybe"), waiting("Marie", 1)
    assert asked_again(maybe, UNTIL) is maybe
    assert asked_again(line, UNTIL) is line


def test_who_still_comes_says_so_once() -> None:
    asked, plain = rsvp("Marie", "going", asked_again_at=NOW), rsvp("Marie", "going")
    assert confirmed(asked, UNTIL) == replace(plain, answered_at=UNTIL)
    assert confirmed(plain, UNTIL) is plain


def test_seats_that_nobody_confirmed_go_to_the_line_and_their_people_to_its_back() -> None:
    marie, joao = rsvp("Marie", "going", asked_again_at=NOW), rsvp("João", "going")
    assert released([marie, joao], True, UNTIL) == (rsvp("Marie", "waitlisted", queued_at=UNTIL),)
    assert released([marie, joao], False, UNTIL) == ()
    (marie,) = released([marie, joao], True, NOW, UNTIL)  # whoever came last had a clock that was ahead
    assert marie.queued_at == UNTIL + timedelta(microseconds=1)


def test_who_was_released_gets_what_the_line_leaves() -> None:
    asked = [rsvp(name, "going", asked_again_at=NOW) for name in ("Marie", "João")]
    line = [waiting("Anna", 1), *released(asked, True, NOW + timedelta(hours=1))]
    assert moves_up(seats(2), 0, *line) == "Anna going, Marie going"


# ---- counting ----


def test_what_is_held_is_counted_in_all_and_by_organisation() -> None:
    taken = taken_by(
        [
            rsvp("Marie", "going", seats=2),
            rsvp("João", "offered"),
            rsvp("Anna", "going", organisation="cimes"),
            rsvp("Paul", "going", organisation="", seats=4),
            waiting("Inês", 1, seats=3),
            rsvp("Jānis", "attended", organisation="emc2"),
        ]
    )
    assert taken == Taken(9, {"pool-net": 3, "cimes": 1, "emc2": 1})


def test_what_is_free_is_never_less_than_nothing() -> None:
    taken = Taken(5, {"pool-net": 3, "cimes": 1})
    assert free(seats(), taken) is None
    assert free(seats(), taken, "pool-net") is None
    assert free(seats(8), taken) == 3
    assert free(seats(8, 3), taken) == 3
    assert free(seats(8, 3), taken, "pool-net") == 0
    assert free(seats(8, 3), taken, "cimes") == 2
    assert free(seats(None, 3), taken, "emc2") == 3
    assert free(seats(4, 2), taken, "pool-net") == 0


parties = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "cimes", "emc2"])), max_size=6)


@given(parties, st.integers(0, 8), st.none() | st.integers(1, 4))
def test_a_pass_gives_what_it_can_and_no_more(
    line: list[tuple[int, str]], capacity: int, cap: int | None
) -> None:
    waits = [
        waiting(NAMES[1 + number], number, seats=size, organisation=slug)
        for number, (size, slug) in enumerate(line)
    ]
    moved = promoted(seats(capacity, cap), Taken(), waits, NOW, lambda _: UNTIL)
    held = taken_by(moved)
    assert held.total <= capacity
    assert cap is None or all(own <= cap for own in held.by_organisation.values())
    given_to = {one.person for one in moved}
    for one in waits:
        room = free(seats(capacity, cap), held, one.organisation)
        assert one.person in given_to or (room is not None and one.seats > room)
