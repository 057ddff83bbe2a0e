"""Who came: ticked, joined or imported, taken back, and who is known to be missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.rsvp.attending import joined, measured, not_there
from bot.rules.rsvp.values import State, fresh
from tests.rules.made_up_events import NOW, STARTS, rsvp

STATES: tuple[State, ...] = ("invited", "maybe", "going", "waitlisted", "offered", "declined", "withdrawn")


@pytest.mark.parametrize("state", STATES)
def test_whoever_came_came_and_what_they_had_said_is_kept(state: State) -> None:
    own = rsvp("Marie", state, queued_at=NOW, seats=2)
    came = joined(own, STARTS, "ticked")
    assert (came.state, came.said, came.method, came.minutes) == ("attended", state, "ticked", 0)
    assert came.holds == 2
    assert not_there(came) == replace(own, answered_at=came.answered_at)


def test_who_walks_in_answers_by_that() -> None:
    came = joined(fresh(12, 1, "pool-net", NOW), STARTS, "joined")
    assert (came.answered_at, came.said) == (STARTS, "invited")
    assert joined(rsvp("Marie", "going"), STARTS, "joined").answered_at == NOW


def test_who_is_known_to_have_come_stays_known_by_the_first_method() -> None:
    came = joined(rsvp("Marie", "going"), STARTS, "joined")
    assert joined(came, STARTS + timedelta(hours=1), "ticked") is came
    listed = joined(came, STARTS + timedelta(hours=1), "imported", minutes=47)
    assert listed == replace(came, minutes=47)


def test_only_who_said_yes_and_did_not_come_is_missing() -> None:
    came = joined(rsvp("João", "going"), STARTS, "joined")
    others = [rsvp("Anna", state) for state in STATES if state != "going"]
    (missing,) = measured([came, rsvp("Marie", "going"), *others])
    assert missing == rsvp("Marie", "no_show", said="going")
    assert measured([came, missing, *others]) == ()


def test_who_was_missing_and_came_after_all_had_said_yes() -> None:
    (missing,) = measured([rsvp("Marie", "going")])
    came = joined(missing, STARTS, "imported", minutes=30)
    assert (came.state, came.said, came.minutes) == ("attended", "going", 30)
    assert not_there(came) == rsvp("Marie", "going")


def test_a_tick_that_was_never_set_cannot_be_taken_back() -> None:
    missing, going = rsvp("Marie", "no_show", said="going"), rsvp("João", "going")
    assert not_there(missing) is missing
    assert not_there(going) is going


def test_who_gave_back_their_seat_and_never_came_is_not_coming() -> None:
    gone = replace(joined(rsvp("Marie", "waitlisted", queued_at=NOW), STARTS, "joined"), seats=0)
    assert not_there(gone) == rsvp("Marie", "withdrawn")
