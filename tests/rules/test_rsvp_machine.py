"""A hall, its line and a few people who change their minds: whatever happens, the rules and a plain model
(`made_up_events.Hall`) agree. Each seat that is given, kept or lost is checked besides, without the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.messages import Refusal
from bot.rules.events.values import Mode
from bot.rules.rsvp.answering import answer
from bot.rules.rsvp.promoting import (
    asked_again,
    confirmed,
    expired,
    in_order,
    over_by,
    promoted,
    released,
    taken_by,
)
from bot.rules.rsvp.values import Rsvp, Seats, Taken, Wish, fresh
from tests.rules.made_up_events import NOW, Hall, No, organisation_of, priority_of

PEOPLE = range(1, 9)
HOUR = timedelta(hours=1)
LAST_CALL, RELEASE = timedelta(hours=2), timedelta(hours=24)

people = st.sampled_from(PEOPLE)
wishes = st.sampled_from(["going", "going", "going", "going", "maybe", "no"])
parties = st.sampled_from([0, 0, 0, 1, 1, 2, 3])


class Evening(RuleBasedStateMachine):
    """One event, as the house keeps it: one row for each who answered."""

    @initialize(
        mode=st.sampled_from(["auto", "offer"]),
        capacity=st.sampled_from([1, 2, 3, 4, None]),
        cap=st.sampled_from([None, None, 2, 3, 1]),
    )
    def announced(self, mode: Mode, capacity: int | None, cap: int | None) -> None:
        start = NOW + 4 * 24 * HOUR
        self.now, self.rows, self.said = NOW, dict[int, Rsvp](), dict[int, Wish]()
        self.seats = Seats(capacity, cap, mode, start, start + HOUR)
        self.hall, self.was_released = Hall(capacity, cap, mode), False

    # ---- what happens ----

    @rule(
        person=people,
        wish=st.sampled_from(["going", "going", "going", "going", "maybe", "no"]),
        party=parties,
    )
    def answers(self, person: int, wish: Wish, party: int) -> None:
        self._begin()
        self.now += timedelta(seconds=1)  # else whoever was just released and they would be equally early
        no = self._answer(person, wish, party)
        if self.now >= self.seats.ends_at:
            assert no == "event_over"
            return
        model: No = ""
        if wish == "going":
            model = self.hall.goes(person, party)
        else:
            self.hall.stays_away(person, wish)
        assert no == model
        if not no:
            self.said[person] = wish
        self._move_up()
        if not no:
            self._again(person, wish, party)

    @rule(who=st.permutations(PEOPLE), party=parties)
    def a_few_want_to_come(self, who: list[int], party: int) -> None:
        for person in who[:5]:
            self.answers(person, "going", party)

    @rule(which=people, wish=st.sampled_from(["no", "no", "maybe", "going"]), offered=st.booleans())
    def somebody_with_a_seat_answers(self, which: int, wish: Wish, offered: bool) -> None:
        states = ("offered",) if offered else ("going", "offered")
        if holders := [row.person for row in self.rows.values() if row.state in states]:
            self.answers(holders[which % len(holders)], wish, 0)

    @rule(hours=st.sampled_from([1, 3, 8, 8, 20]), settled=st.booleans())
    def time_passes(self, hours: int, settled: bool) -> None:
        self.now += hours * HOUR
        if settled:
            self._begin()

    @rule(settled=st.booleans())
    def offers_run_out(self, settled: bool) -> None:
        self.now = max([self.now, *self.hall.offers.values()])
        if settled:
            self._begin()

    @rule(hours=st.sampled_from([23, 1, 1, 23, -1]))
    def the_day_comes(self, hours: int) -> None:
        self.now = max(self.now, self.seats.starts_at - hours * HOUR)
        self._begin()

    @rule(capacity=st.sampled_from([1, 2, 3, 4, 6, None]))
    def hall_changes(self, capacity: int | None) -> None:
        self._begin()
        self.seats, self.hall.capacity = replace(self.seats, capacity=capacity), capacity
        self._move_up()

    @rule(cap=st.sampled_from([None, 1, 2, 3, 4]))
    def cap_changes(self, cap: int | None) -> None:
        self._begin()
        self.seats, self.hall.cap = replace(self.seats, per_organisation=cap), cap
        self._move_up()

    @rule(days=st.integers(1, 3))
    def moved(self, days: int) -> None:
        self._begin()
        later = timedelta(days=days)
        start, end = self.seats.starts_at + later, self.seats.ends_at + later
        self.seats, self.was_released = replace(self.seats, starts_at=start, ends_at=end), False
        self._write(asked_again(row, self.now) for row in list(self.rows.values()))
        self.hall.asked = {one for one in self.hall.chairs if one not in self.hall.offers}
        self._move_up()

    @rule(person=people)
    def still_comes(self, person: int) -> None:
        self._begin()
        if person in self.rows:
            self._write([confirmed(self.rows[person], self.now)])
        self.hall.asked.discard(person)

    # ---- what always holds ----

    @invariant()
    def the_model_agrees(self) -> None:
        if not hasattr(self, "hall"):
            return
        line = [row.person for row in in_order(self._in("waitlisted"))]
        assert line == self.hall.line
        for person, row in self.rows.items():
            assert row.state == self.hall.state(person), person
            assert row.seats == self.hall.party[person]
            assert row.offered_until == self.hall.offers.get(person)
            assert row.expiries == self.hall.strikes.get(person, 0) or row.state == "withdrawn"
            assert (row.asked_again_at is not None) == (person in self.hall.asked)

    @invariant()
    def it_is_said_by_how_many_seats_it_is_over(self) -> None:
        if hasattr(self, "hall"):
            limit, taken = self.seats.capacity, taken_by(self.rows.values())
            over = 0 if limit is None else max(0, len(self.hall.chairs) - limit)
            assert over_by(self.seats, taken) == over

    @invariant()
    def nobody_is_lost(self) -> None:
        if not hasattr(self, "hall"):
            return
        assert set(self.rows) == set(self.said)
        for person, row in self.rows.items():
            follow = {
                "going": ("going", "waitlisted", "offered"),
                "maybe": ("maybe",),
                "no": ("declined", "withdrawn"),
            }[self.said[person]]
            assert row.state in follow or (row.state == "withdrawn" and row.expiries == 2)
            assert (row.queued_at is not None) == (row.state in ("waitlisted", "offered"))

    # ---- as the house does it ----

    @property
    def _no_line(self) -> bool:
        return self.now >= self.seats.starts_at - LAST_CALL

    def _in(self, state: str) -> list[Rsvp]:
        return [row for row in self.rows.values() if row.state == state]

    def _write(self, rows: Iterable[Rsvp]) -> None:
        before = taken_by(self.rows.values())
        self.rows.update({row.person: row for row in rows})
        self._no_more_than_there_are(before, taken_by(self.rows.values()))

    def _no_more_than_there_are(self, before: Taken, after: Taken) -> None:
        """Unless seats became fewer, and then not one more than before."""
        if self.seats.capacity is not None:
            assert after.total <= max(self.seats.capacity, before.total)
        for slug, held in after.by_organisation.items():
            if self.seats.per_organisation is not None:
                assert held <= max(self.seats.per_organisation, before.by_organisation.get(slug, 0))

    def _begin(self) -> None:
        """A moment later; what was due by now comes first."""
        self.now += timedelta(seconds=1)
        self._write(expired(self._in("offered"), self.now))
        self.hall.runs_out(self.now)
        if self.now >= self.seats.starts_at - RELEASE and not self.was_released and not self._no_line:
            waits = bool(self._in("waitlisted"))
            self._write(released(self._in("going"), waits, self.now))
            self.hall.releases()
            self.was_released = True
        self._move_up()

    def _answer(self, person: int, wish: Wish, party: int) -> No:
        own = self.rows.get(person) or replace(
            fresh(12, person, organisation_of(person), self.now), priority=priority_of(person)
        )
        try:
            after = answer(self.seats, taken_by(self.rows.values()), own, wish, self.now, party)
        except Refusal as no:
            return no.code  # type: ignore[return-value]
        self._write([after])
        return ""

    def _again(self, person: int, wish: Wish, party: int) -> None:
        """The same tap once more changes nothing."""
        own = self.rows[person]
        assert answer(self.seats, taken_by(self.rows.values()), own, wish, self.now, party) is own

    def _move_up(self) -> None:
        taken, line = taken_by(self.rows.values()), in_order(self._in("waitlisted"))
        until = min(self.now + 7 * HOUR, self.seats.starts_at - LAST_CALL)
        given = promoted(self.seats, taken, line, self.now, lambda _: until)
        self._write(given)
        limited = self.seats.capacity is not None or self.seats.per_organisation is not None
        if (self._no_line and limited) or over_by(self.seats, taken):
            assert given == ()
        else:
            self.hall.moves_up(until)
            self._nobody_was_passed_over(line, [one.person for one in given], taken.total)

    def _nobody_was_passed_over(self, line: tuple[Rsvp, ...], given: list[int], total: int) -> None:
        """Whoever stays in line found too few seats when it was their turn."""
        own: dict[str, int] = {}
        for row in self.rows.values():
            if row.person not in given:
                own[row.organisation] = own.get(row.organisation, 0) + row.holds
        assert given == [row.person for row in line if row.person in given]
        for row in line:
            held = own.get(row.organisation, 0)
            if row.person in given:
                total, own[row.organisation] = total + row.seats, held + row.seats
                continue
            full = self.seats.capacity is not None and total + row.seats > self.seats.capacity
            cap = self.seats.per_organisation if row.organisation else None
            assert full or (cap is not None and held + row.seats > cap)


Evening.TestCase.settings = settings(max_examples=90, stateful_step_count=30, deadline=None)
TestEvening = Evening.TestCase
