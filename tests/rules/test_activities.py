"""The rules around one activity: duplicates, SMEs as typed, undo, states, open evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Refusal
from bot.rules.activities import (
    MOST_SMES,
    SmesGiven,
    may_undo,
    near_smes,
    open_evidence,
    possible_duplicates,
    read_smes,
    state_after_answer,
    state_after_edit,
)
from bot.rules.indicators import Involved, Record, Sme, State, figure, sme_key
from tests.rules.made_up import EVENTS, TODAY, record, records

LOGGED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


# ---- possible duplicates ----


@pytest.mark.parametrize(
    "title",
    ["Mould recycling in practice", "mould recycling, in practise", "In practice: mould recycling"],
)
@pytest.mark.parametrize("apart", [-1, 0, 1])
def test_a_similar_title_within_a_day_may_be_the_same(title: str, apart: int) -> None:
    stored = record("cimes", id=7, title=title, day=TODAY + timedelta(days=apart))
    assert possible_duplicates(record("pool-net", id=0), [stored]) == (stored,)


@pytest.mark.parametrize(
    "other",
    [
        record("cimes", id=7, day=TODAY + timedelta(days=2)),
        record("cimes", id=7, title="Injection moulding day"),
        record("cimes", id=7, state="withdrawn"),
        record("cimes", id=1),
    ],
)
def test_two_days_apart_another_title_withdrawn_or_itself_is_no_duplicate(other: Record) -> None:
    assert possible_duplicates(record("pool-net", id=1), [other]) == ()


def test_the_same_link_is_enough_and_comes_first() -> None:
    same_title = record("cimes", id=7)
    same_link = record("cimes", id=8, title="Welding day", day=TODAY - timedelta(days=90))
    found = possible_duplicates(record("pool-net", id=0), [same_title, same_link], same_link={8})
    assert found == (same_link, same_title)


def test_who_was_logged_first_does_not_matter() -> None:
    # difflib alone calls these two alike (0.75) one way round, and not (0.69) the other
    one, two = record("cimes", title="LCA mould green"), record("emc2", id=2, title="LCA mould welding")
    assert possible_duplicates(one, [two]) == possible_duplicates(two, [one]) == ()


@given(st.text("abc ", min_size=1, max_size=12), st.text("abc ", min_size=1, max_size=12))
def test_the_same_holds_for_any_two_titles(one: str, two: str) -> None:
    first, second = record("cimes", id=1, title=one), record("emc2", id=2, title=two)
    assert bool(possible_duplicates(first, [second])) == bool(possible_duplicates(second, [first]))


# ---- SMEs as typed ----


@pytest.mark.parametrize(
    ("text", "given_smes"),
    [
        ("12", SmesGiven(number=12)),
        (" 12 SMEs ", SmesGiven(number=12)),
        ("7 PME", SmesGiven(number=7)),
        ("1 sme", SmesGiven(number=1)),
        ("0", SmesGiven(number=0)),
        ("007", SmesGiven(number=7)),
        ("10000", SmesGiven(number=10_000)),
        ("twenty", SmesGiven(number=20)),
        ("Twenty-one SMEs", SmesGiven(number=21)),
        ("ninety nine", SmesGiven(number=99)),
        ("a hundred", SmesGiven(number=100)),
        ("Seven Seas", SmesGiven(("Seven Seas",))),
        ("Acme, Foo GmbH; Bar", SmesGiven(("Acme", "Foo GmbH", "Bar"))),
        ("Acme", SmesGiven(("Acme",))),
        ("Acme,  acme , Foo   Bar\nBaz", SmesGiven(("Acme", "Foo Bar", "Baz"))),
        ("3M, 7 Seas, Studio 54", SmesGiven(("3M", "7 Seas", "Studio 54"))),
        ("Smith and Sons", SmesGiven(("Smith and Sons",))),
    ],
)
def test_a_number_or_names(text: str, given_smes: SmesGiven) -> None:
    assert read_smes(text) == given_smes


NEITHER = ["", " ,; ", "-3", "−3", "3.5", "1,000", "1 000", "10001", "9" * 5000, "10^9", "1e9", "12%", "12+"]
VAGUE = ["~12", "about 12", "-3 SMEs", "12 participants", "Acme, 12", "x" * 121, "?!"]


@pytest.mark.parametrize("text", [*NEITHER, *VAGUE])
def test_what_is_neither_is_refused_with_the_words_given(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_smes(text)
    assert (caught.value.code, caught.value.option) == ("smes_unclear", "smes")
    counted = text.strip("-−~").replace(" ", "")[:1].isdigit() and not text.endswith("participants")
    assert caught.value.values == {
        "text": text[:120], "most": 10_000, "counted": counted or text == "about 12",
    }  # fmt: skip


@given(st.text(max_size=200))
def test_any_words_end_in_a_number_in_names_or_in_a_refusal(text: str) -> None:
    try:
        got = read_smes(text)
    except Refusal:
        return
    assert 0 <= got.number <= MOST_SMES
    assert not (got.names and got.number)
    assert len({sme_key(Sme(name)) for name in got.names}) == len(got.names)


@given(st.integers(0, MOST_SMES))
def test_every_whole_number_is_read_as_itself(number: int) -> None:
    assert read_smes(f"{number}") == read_smes(f"{number} SMEs") == SmesGiven(number=number)


def test_near_firms_are_suggested_best_first() -> None:
    known = [Sme("Acme GmbH"), Sme("Acmee"), Sme("Bar"), Sme("ACME")]
    assert near_smes(Sme("Acme"), known) == (Sme("Acme GmbH"), Sme("Acmee"))


@pytest.mark.parametrize(
    ("new", "other"),
    [
        (Sme("Acme", "FR"), Sme("Acme GmbH", "DE")),
        (Sme("Acme", "FR", "501"), Sme("Acme", "FR", "502")),
        (Sme("Acme"), Sme("acme")),
    ],
)
def test_another_country_another_registration_or_the_very_same_is_not_suggested(new: Sme, other: Sme) -> None:
    assert near_smes(new, [other]) == ()


# ---- what may still change ----


@pytest.mark.parametrize(
    ("state", "after", "may"),
    [
        ("logged", timedelta(hours=23, minutes=59), True),
        ("logged", timedelta(hours=24), False),
        ("questioned", timedelta(hours=1), True),
        ("confirmed", timedelta(minutes=1), False),
        ("withdrawn", timedelta(minutes=1), False),
    ],
)
def test_undo_for_a_day_or_until_somebody_confirmed(state: State, after: timedelta, may: bool) -> None:
    assert may_undo(LOGGED, LOGGED + after, state, 24) is may


@pytest.mark.parametrize(
    ("before", "who", "answer", "state"),
    [
        (record("cimes", "emc2"), "emc2", "confirmed", "confirmed"),
        (record("cimes", "emc2"), "emc2", "denied", "logged"),
        (record("cimes", "emc2"), "cimes", "confirmed", "logged"),
        (record("cimes", "emc2"), "pool-net", "confirmed", "logged"),
        (record("cimes", "emc2 confirmed", state="confirmed"), "emc2", "denied", "logged"),
        (record("cimes", "emc2 confirmed", state="confirmed"), "emc2", "open", "logged"),
        (
            record("cimes", "emc2 confirmed", "mecatech confirmed", state="confirmed"),
            "emc2",
            "denied",
            "confirmed",
        ),
        (record("cimes", "emc2", state="confirmed"), "emc2", "denied", "confirmed"),
        (record("cimes", "emc2", state="questioned"), "emc2", "confirmed", "questioned"),
        (record("cimes", "emc2", state="withdrawn"), "emc2", "confirmed", "withdrawn"),
    ],
)
def test_a_co_hosts_answer_moves_the_state(before: Record, who: str, answer: str, state: str) -> None:
    assert state_after_answer(before, who, answer) == state  # type: ignore[arg-type]


CONFIRMED = record("cimes", "emc2 confirmed", state="confirmed", smes=(Sme("Acme"),))


@pytest.mark.parametrize(
    "edited",
    [
        replace(CONFIRMED, day=TODAY - timedelta(days=1)),
        replace(CONFIRMED, kind="webinar"),
        replace(CONFIRMED, involved=(*CONFIRMED.involved, Involved("mecatech"))),
        replace(CONFIRMED, involved=CONFIRMED.involved[:1]),
        replace(CONFIRMED, smes=(Sme("Acme"), Sme("Foo"))),
        replace(CONFIRMED, sme_number=3, sme_basis="attested"),
    ],
)
def test_a_change_of_day_kind_organisations_or_smes_asks_for_confirmation_again(edited: Record) -> None:
    assert state_after_edit(CONFIRMED, edited) == "logged"


@pytest.mark.parametrize(
    "edited",
    [
        replace(CONFIRMED, title="Mould recycling, second part"),
        replace(CONFIRMED, evidence=2),
        replace(CONFIRMED, smes=(Sme("ACME"),)),
        replace(CONFIRMED, involved=tuple(reversed(CONFIRMED.involved))),
        replace(CONFIRMED, involved=(*CONFIRMED.involved, Involved("mecatech", "attended"))),  # measured
    ],
)
def test_other_changes_leave_it_confirmed(edited: Record) -> None:
    assert state_after_edit(CONFIRMED, edited) == "confirmed"


@given(records(), records())
def test_an_edit_never_confirms_withdraws_or_settles_anything(old: Record, new: Record) -> None:
    after = state_after_edit(old, new)
    assert after == old.state or (old.state, after) == ("confirmed", "logged")


def test_evidence_is_asked_of_what_counts_and_changes_no_number() -> None:
    bare, shown = record("cimes", "emc2", id=1), record("cimes", "emc2", id=2, evidence=1)
    got = figure(EVENTS, [bare, shown, record("cimes", id=3)], 2026, TODAY)
    assert got.value == 2
    assert open_evidence(got) == (bare,)
