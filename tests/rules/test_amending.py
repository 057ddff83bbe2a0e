"""Amending: what a sentence is, what differs between two wordings, what can be carried over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.decisions.amending import Change, changes, joined, merge, sentences, tidy

MONEY = (
    "At the start, taking part costs nothing.\nThere is no fee.\n\n"
    "A later fee takes a decision.\nIt serves the alliance.\n\nOutside funding is welcome."
)
NUMBERED = [f"Sentence {number} says so." for number in range(40)]
TEXTS = st.lists(st.sampled_from([*NUMBERED, ""]), max_size=12, unique_by=lambda one: one or object()).map(
    lambda parts: tidy(joined(parts))
)
ANY = st.text(st.characters(max_codepoint=0x17F), max_size=60) | st.text(alphabet='aB. \n?1("e)', max_size=60)


def less(text: str, sentence: str) -> str:
    return tidy(text.replace(sentence, ""))


# ---- sentences ----


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One thing.\nAnother.", ["One thing.", "Another."]),
        ("One thing. Another.  A third!", ["One thing.", "Another.", "A third!"]),
        ("First.\n\n\n  Second,\tand more.\n", ["First.", "", "Second, and more."]),
        ("See Art. 5 and Art. VIII of it. Then go on.", ["See Art. 5 and Art. VIII of it.", "Then go on."]),
        ("SMEs, e.g. Polish ones, join. Dr. No leads.", ["SMEs, e.g. Polish ones, join.", "Dr. No leads."]),
        ("1. Aims are set. 2. They are met.", ["1. Aims are set.", "2. They are met."]),
        ("It takes approx. 20 SMEs of each. 5 are new.", ["It takes approx. 20 SMEs of each.", "5 are new."]),
        ("It began in 2026. The end is open.", ["It began in 2026.", "The end is open."]),
        ("It is 1.5 percent. (All pay.) Or none.", ["It is 1.5 percent.", "(All pay.)", "Or none."]),
        ("Is it so? Żaden głos. Élan!", ["Is it so?", "Żaden głos.", "Élan!"]),
        ("a) Clusters cooperate.\nb) SMEs grow.", ["a) Clusters cooperate.", "b) SMEs grow."]),
        ("iv. They vote.", ["iv. They vote."]),
        (" \n\n ", []),
    ],
)  # fmt: skip
def test_a_sentence_ends_where_a_reader_ends_it(text: str, found: list[str]) -> None:
    assert list(sentences(text)) == found


@given(ANY)
def test_joining_gives_the_tidy_text_back(text: str) -> None:
    assert joined(sentences(text)) == tidy(text)
    assert tidy(tidy(text)) == tidy(text)
    assert tidy(text).split() == text.split()  # no word is lost


# ---- changes ----


def test_what_changed_is_told_by_sentence() -> None:
    after = MONEY.replace("There is no fee.", "There is a fee of 100 euro.").replace(
        "\n\nOutside funding is welcome.", "\nMembers are told.\n\n"
    )
    assert changes(MONEY, after) == (
        Change(
            "same", "At the start, taking part costs nothing.", "At the start, taking part costs nothing."
        ),
        Change("changed", "There is no fee.", "There is a fee of 100 euro."),
        Change("same", "A later fee takes a decision.", "A later fee takes a decision."),
        Change("same", "It serves the alliance.", "It serves the alliance."),
        Change("changed", "Outside funding is welcome.", "Members are told."),
    )


def test_a_sentence_beside_a_changed_one_is_told_apart_from_it() -> None:
    before = "Clusters of Europe meet once a year.\nThey pay nothing."
    after = "A host is chosen.\nClusters of Europe meet twice a year.\nGuests are welcome.\nThey pay nothing."
    assert [(one.kind, one.before, one.after) for one in changes(before, after)] == [
        ("added", "", "A host is chosen."),
        ("changed", "Clusters of Europe meet once a year.", "Clusters of Europe meet twice a year."),
        ("added", "", "Guests are welcome."),
        ("same", "They pay nothing.", "They pay nothing."),
    ]
    assert [one.kind for one in changes(after, before)] == ["removed", "changed", "removed", "same"]
    assert [one.kind for one in changes("", "New.\n\nText.")] == ["added", "added"]


def test_other_spaces_and_paragraphs_are_no_change() -> None:
    flowing = " ".join(MONEY.split())
    assert {one.kind for one in changes(MONEY, flowing)} == {"same"}


def test_many_sentences_that_gave_way_to_others_are_not_compared_one_by_one() -> None:
    def rewritten(gone: int, come: int) -> list[str]:
        before = joined([f"Members do task {number} with care." for number in range(gone)])
        after = joined([f"Members do task {number} with great care." for number in range(come)])
        return [one.kind for one in changes(before, after)]

    assert rewritten(19, 21) == ["changed"] * 19 + ["added"] * 2
    assert rewritten(20, 21) == ["removed"] * 20 + ["added"] * 21
    assert rewritten(120, 121) == ["removed"] * 120 + ["added"] * 121
    assert rewritten(120, 120) == ["changed"] * 120  # each in its place: nothing is to be found out


@given(TEXTS, TEXTS)
def test_both_wordings_can_be_read_from_the_changes(before: str, after: str) -> None:
    found = changes(before, after)
    assert [one.before for one in found if one.before] == [one for one in sentences(before) if one]
    assert [one.after for one in found if one.after] == [one for one in sentences(after) if one]
    assert all(one.before != one.after for one in found if one.kind != "same")


# ---- merge ----


def test_an_amendment_is_carried_over_where_its_sentence_is_unchanged() -> None:
    amended = MONEY.replace("There is no fee.", "There is a small fee.")
    meanwhile = (
        MONEY.replace("It serves the alliance.", "It serves all members.") + "\n\nAccounts are public."
    )
    assert merge(MONEY, amended, meanwhile) == meanwhile.replace("There is no fee.", "There is a small fee.")


@pytest.mark.parametrize(
    "meanwhile",
    [
        MONEY.replace("There is no fee.", "There is a high fee."),
        MONEY.replace("There is no fee.", "There is a small fee."),  # it would change nothing any more
        less(MONEY, "There is no fee."),
        MONEY.replace("There is no fee.", "There is, for now, no fee. It may come."),
        "Something else altogether.",
        "",
    ],
)
def test_an_amendment_of_what_reads_differently_now_is_for_people(meanwhile: str) -> None:
    amended = MONEY.replace("There is no fee.", "There is a small fee.")
    assert merge(MONEY, amended, meanwhile) is None
    assert merge(MONEY, less(MONEY, "There is no fee."), meanwhile) is None


def test_what_is_added_rests_on_the_sentences_beside_it() -> None:
    amended = MONEY.replace("There is no fee.", "There is no fee.\nThis holds for guests too.")
    beside = MONEY.replace("There is no fee.", "There is a fee.")
    across = MONEY.replace("A later fee takes a decision.", "A later fee takes two decisions.")
    assert merge(MONEY, amended, beside) is None
    assert merge(MONEY, amended, across) == across.replace("no fee.", "no fee.\nThis holds for guests too.")


def test_a_new_paragraph_rests_on_itself_alone() -> None:
    one = MONEY + "\n\nAccounts are public."
    last = MONEY.replace("Outside funding is welcome.", "Outside funding is sought.")
    assert merge(MONEY, one, last) == last + "\n\nAccounts are public."
    assert merge(MONEY, one, MONEY + "\n\nA bank is chosen.") is None  # which of them comes first?


@given(TEXTS, TEXTS)
def test_an_amendment_of_what_still_stands_gives_what_was_meant(base: str, after: str) -> None:
    assert merge(base, after, base) == after
    assert merge(base, base, after) == after


@given(TEXTS, TEXTS, TEXTS)
def test_the_order_of_two_amendments_makes_no_difference(base: str, one: str, other: str) -> None:
    assert merge(base, one, other) == merge(base, other, one)


@given(
    st.integers(3, 30),
    st.data(),
    st.sampled_from(["", "Quite another rule. It is new.", "Sentence {} says something else."]),
)
def test_amendments_of_two_sentences_both_survive_and_of_one_do_not(
    size: int, data: st.DataObject, instead: str
) -> None:
    base = joined(NUMBERED[:size])
    i, k = data.draw(st.tuples(*[st.integers(0, size - 1)] * 2))
    one = tidy(base.replace(NUMBERED[i], instead.format(i)))
    other = tidy(base.replace(NUMBERED[k], "Members see it differently."))
    both = tidy(one.replace(NUMBERED[k], "Members see it differently."))
    assert merge(base, one, other) == (None if i == k else both)
    assert merge(base, other, one) == (None if i == k else both)
