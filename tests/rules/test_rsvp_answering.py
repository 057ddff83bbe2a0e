"""What becomes of an answer: a seat, a place in line, or neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Refusal
from bot.rules.rsvp.answering import answer
from bot.rules.rsvp.promoting import taken_by
from bot.rules.rsvp.values import Rsvp, Seats, State, Taken, Wish
from tests.rules.made_up_events import ENDS, NOW, STARTS, rsvp, says, seats, waiting

LATER = NOW + timedelta(hours=3)
LAST_HOUR = STARTS - timedelta(hours=1)
JOAO = rsvp("João", "going")
ANNA = rsvp("Anna", "going", organisation="cimes")


def again(offered: Seats, own: Rsvp, wish: Wish, *others: Rsvp, party: int = 0) -> Rsvp:
    """What becomes of an answer three hours later, by somebody who answered before."""
    return answer(offered, taken_by((own, *others)), own, wish, LATER, party)


# ---- a first answer ----


def test_who_comes_while_there_are_seats_has_one() -> None:
    marie = says("Marie", "going", seats(2), (JOAO,))
    assert (marie.state, marie.seats, marie.organisation, marie.answered_at) == ("going", 1, "pool-net", NOW)
    assert says("Marie", "going", seats(), (JOAO, ANNA)).state == "going"


@pytest.mark.parametrize(
    ("capacity", "cap", "party", "state"),
    [
        (3, None, 1, "going"),
        (3, None, 2, "waitlisted"),
        (2, None, 1, "waitlisted"),
        (None, 2, 1, "going"),
        (None, 2, 2, "waitlisted"),
        (None, 1, 1, "waitlisted"),  # seats are free, but not for Pool-Net
        (None, None, 40, "going"),
        (2, 5, 1, "waitlisted"),
        (5, 2, 1, "going"),
        (1, None, 1, "waitlisted"),  # over by one since seats became fewer
    ],
)
def test_who_finds_no_seat_waits(capacity: int | None, cap: int | None, party: int, state: State) -> None:
    marie = says("Marie", "going", seats(capacity, cap), (JOAO, ANNA), party=party)
    assert (marie.state, marie.seats) == (state, party)
    assert marie.queued_at == (NOW if state == "waitlisted" else None)


def test_people_of_no_organisation_have_no_cap() -> None:
    alone = rsvp("João", "going", organisation="")
    assert says("Marie", "going", seats(9, 1), (alone,), organisation="").state == "going"


def test_an_offered_seat_is_taken_for_all_others() -> None:
    offered = rsvp("João", "offered", offered_until=LATER)
    assert says("Marie", "going", seats(1), (offered,)).state == "waitlisted"


def test_maybe_and_no_take_nothing() -> None:
    assert says("Marie", "maybe", seats(1)).state == "maybe"
    assert says("Marie", "maybe", seats(1)).holds == 0
    assert says("Marie", "no", seats(1)).state == "declined"


# ---- another answer ----

OFFER = {"offered_until": LATER + timedelta(hours=1), "queued_at": NOW}
RAN_OUT = {"offered_until": LATER - timedelta(hours=1), "queued_at": NOW}


@pytest.mark.parametrize(
    ("before", "wish", "after"),
    [
        ("going", "maybe", "maybe"),
        ("going", "no", "withdrawn"),
        ("offered", "going", "going"),
        ("offered", "maybe", "maybe"),
        ("offered", "no", "withdrawn"),
        ("waitlisted", "maybe", "maybe"),
        ("waitlisted", "no", "withdrawn"),
        ("maybe", "going", "going"),
        ("maybe", "no", "declined"),
        ("declined", "going", "going"),
        ("declined", "maybe", "maybe"),
        ("withdrawn", "going", "going"),
        ("withdrawn", "maybe", "maybe"),
    ],
)
def test_people_change_their_minds(before: State, wish: Wish, after: State) -> None:
    own = rsvp("Marie", before, expiries=1, **(OFFER if before == "offered" else {}))
    new = again(seats(1), own, wish)
    assert new == replace(own, state=after, answered_at=LATER, queued_at=None, offered_until=None, expiries=0)


@pytest.mark.parametrize(
    ("state", "wish"),
    [
        ("going", "going"),
        ("maybe", "maybe"),
        ("declined", "no"),
        ("withdrawn", "no"),
        *((state, wish) for state in ("attended", "no_show") for wish in ("going", "maybe", "no")),
    ],
)
def test_the_same_tap_again_changes_nothing(state: State, wish: Wish) -> None:
    own = rsvp("Marie", state)
    assert again(seats(1), own, wish, ANNA) is own


@pytest.mark.parametrize("wish", ["no", "maybe"])
def test_who_came_to_a_session_gives_up_the_seats_in_those_to_come(wish: Wish) -> None:
    came = rsvp("Marie", "attended", seats=2, said="going", method="joined")
    gone = again(seats(3, goes_on=True), came, wish)
    assert gone == replace(came, seats=0, answered_at=LATER)
    assert (gone.gave_back, gone.holds, taken_by((gone, JOAO))) == (True, 0, taken_by((JOAO,)))
    assert again(seats(3, goes_on=True), gone, wish) is gone
    assert again(seats(3, goes_on=True), came, "going", party=3) is came


def test_who_came_to_a_session_and_comes_again_takes_a_seat_that_is_free() -> None:
    gone = rsvp("Marie", "attended", seats=0, said="going")
    assert again(seats(2, goes_on=True), gone, "going", JOAO) == replace(gone, seats=1, answered_at=LATER)
    assert again(seats(goes_on=True), gone, "going", JOAO, party=3).seats == 3
    assert again(seats(2), gone, "going", JOAO) is gone, "no session is to come"
    with pytest.raises(Refusal) as no:
        again(seats(2, goes_on=True), gone, "going", JOAO, ANNA)
    assert (no.value.code, no.value.values["free"]) == ("party_too_big", 0)
    with pytest.raises(Refusal):
        again(seats(cap=1, goes_on=True), gone, "going", JOAO)


def test_who_waits_keeps_the_place_in_line() -> None:
    own = waiting("Marie", 10)
    assert again(seats(1), own, "going", ANNA) is own
    three = again(seats(3), own, "going", ANNA, JOAO, party=2)
    assert three == replace(own, seats=2, answered_at=LATER)


def test_who_waits_with_fewer_takes_what_nobody_before_them_could() -> None:
    own = waiting("Marie", 10, seats=3)
    alone = again(seats(3), own, "going", ANNA, JOAO, party=1)
    assert (alone.state, alone.seats, alone.queued_at) == ("going", 1, None)


def test_in_the_last_two_hours_the_first_tap_gets_the_seat() -> None:
    own = waiting("Marie", 10)
    assert answer(seats(2), taken_by([own, JOAO]), own, "going", LAST_HOUR).state == "going"
    assert answer(seats(1), taken_by([own, JOAO]), own, "going", LAST_HOUR) is own
    assert says("Paul", "going", seats(1), (JOAO,), now=LAST_HOUR).state == "waitlisted"


def test_an_answer_says_that_they_still_come() -> None:
    asked = rsvp("Marie", "going", asked_again_at=NOW)
    assert again(seats(1), asked, "going") == replace(asked, asked_again_at=None, answered_at=LATER)
    assert again(seats(1), asked, "maybe").asked_again_at is None


# ---- parties ----


def test_a_party_grows_if_the_seats_are_there_and_shrinks_at_once() -> None:
    own = rsvp("Marie", "going", seats=2)
    assert again(seats(4), own, "going", ANNA, party=3).seats == 3
    assert again(seats(2), own, "going", ANNA, party=1).seats == 1  # over by one: still theirs to give up
    assert again(seats(4), own, "going", ANNA, party=0) is own
    offered = rsvp("Marie", "offered", seats=2, **OFFER)
    assert again(seats(4), offered, "going", ANNA, party=3).seats == 3
    assert again(seats(2), offered, "going", ANNA).holds == 2


@pytest.mark.parametrize(
    ("own", "capacity", "cap", "party", "free", "most"),
    [
        (rsvp("Marie", "going"), 3, None, 3, 2, 3),
        (rsvp("Marie", "going", seats=2), None, 2, 3, 2, 2),
        (rsvp("Marie", "going", seats=3), 2, None, 4, 3, 2),  # over by two: what they have is theirs
        (rsvp("Marie", "offered", **OFFER), 2, None, 2, 1, 2),
        (rsvp("Marie", "maybe"), 4, None, 5, 3, 4),
        (rsvp("Marie", "declined"), 9, 2, 3, 2, 2),
        (waiting("Marie", 1), 1, None, 2, 0, 1),
        (waiting("Marie", 1, seats=4), 3, None, 0, 2, 3),  # as many as before are too many by now
    ],
)
def test_a_party_can_be_too_big(
    own: Rsvp, capacity: int, cap: int | None, party: int, free: int, most: int
) -> None:
    with pytest.raises(Refusal) as no:
        again(seats(capacity, cap), own, "going", ANNA, party=party)
    assert (no.value.code, no.value.option) == ("party_too_big", "seats")
    assert no.value.values == {"number": 12, "party": party or own.seats, "free": free, "most": most}


# ---- offers that ran out, unnoticed ----


def test_who_takes_a_seat_too_late_is_at_the_back_of_the_line() -> None:
    own = rsvp("Marie", "offered", **RAN_OUT)
    back = replace(
        own, state="waitlisted", queued_at=RAN_OUT["offered_until"], offered_until=None, expiries=1
    )
    assert again(seats(1), own, "going") == back
    assert again(seats(3), own, "going", party=2) == replace(back, seats=2, answered_at=LATER)
    assert again(seats(1), own, "no").state == "withdrawn"
    assert again(seats(1), own, "maybe").state == "maybe"


def test_who_was_too_late_twice_starts_anew() -> None:
    own = rsvp("Marie", "offered", expiries=1, **RAN_OUT)
    new = again(seats(1), own, "going")
    assert (new.state, new.queued_at, new.expiries) == ("waitlisted", LATER, 0)
    out = again(seats(1), own, "no")
    assert (out.state, out.expiries, out.answered_at) == ("withdrawn", 2, NOW)


def test_a_late_tap_in_the_last_two_hours_gets_the_seat() -> None:
    own = rsvp("Marie", "offered", **RAN_OUT)
    assert answer(seats(1), taken_by([own]), own, "going", LAST_HOUR).state == "going"
    assert answer(seats(1), Taken(2), own, "going", LAST_HOUR).state == "waitlisted"


# ---- too late for all ----


@pytest.mark.parametrize("wish", ["going", "maybe", "no"])
def test_nobody_answers_what_is_over_or_cancelled(wish: Wish) -> None:
    assert says("Marie", wish, seats(), now=ENDS - timedelta(minutes=1)).state != "invited"
    with pytest.raises(Refusal) as over:
        says("Marie", wish, seats(), now=ENDS)
    with pytest.raises(Refusal) as cancelled:
        says("Marie", wish, seats(cancelled=True), now=ENDS)
    assert (over.value.code, cancelled.value.code) == ("event_over", "event_cancelled")
    assert over.value.values == cancelled.value.values == {"number": 12}


# ---- any of them ----

limits = st.one_of(st.none(), st.integers(1, 6))
states = st.sampled_from(["invited", "maybe", "going", "waitlisted", "declined", "withdrawn"])


@given(limits, limits, states, st.integers(1, 4), st.integers(0, 5), st.integers(0, 6))
def test_no_answer_takes_a_seat_that_is_not_there(
    capacity: int | None, cap: int | None, state: State, size: int, party: int, others: int
) -> None:
    own = rsvp("Marie", state, seats=size)
    before = Taken(others + own.holds, {"pool-net": others // 2 + own.holds})
    try:
        after = answer(seats(capacity, cap), before, own, "going", NOW, party)
    except Refusal as no:
        refused = no.values
    else:
        refused = {}
    if refused:
        assert refused["free"] < refused["party"]
        return
    assert after.seats == (party or size)
    assert after.state in ("going", "waitlisted")
    if after.holds > own.holds:
        assert capacity is None or others + after.holds <= capacity
        assert cap is None or others // 2 + after.holds <= cap
