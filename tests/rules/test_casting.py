"""When a ballot comes in time, and which words are one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.decisions.casting import VOTING_WORDS, Gate, gate, word_choice
from bot.rules.decisions.phases import GRACE
from tests.rules.test_phases import (
    AT_ONCE,
    CERTIFIED,
    CLOSES,
    COUNTED,
    NOTICE,
    OPENS,
    RECORDED,
    SECOND,
    VOID,
    WITHDRAWN,
    motion,
)

# ---- the deadline check on each ballot ----


@pytest.mark.parametrize(
    ("sent", "received", "answer"),
    [
        (None, OPENS - SECOND, "early"),
        (None, OPENS, "open"),
        (None, CLOSES - SECOND, "open"),
        (None, CLOSES, "late"),  # where the platform stamps nothing, the receipt decides
        (OPENS - SECOND, OPENS + SECOND, "early"),
        (CLOSES - SECOND, CLOSES + SECOND, "open"),  # sent in time, on its way over the deadline
        (CLOSES - SECOND, CLOSES + GRACE - SECOND, "open"),
        (CLOSES - SECOND, CLOSES + GRACE, "late"),
        (OPENS, CLOSES + timedelta(hours=1), "late"),
        (CLOSES, CLOSES, "late"),
        (CLOSES + SECOND, CLOSES - SECOND, "open"),  # a stamp from the future is not believed
        (OPENS + SECOND, OPENS - SECOND, "early"),
    ],
)
def test_the_platforms_stamp_decides_or_else_the_receipt(
    sent: datetime | None, received: datetime, answer: Gate
) -> None:
    assert gate(motion(), sent, received) == answer


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        (WITHDRAWN, "over"),
        (VOID, "over"),
        (COUNTED, "late"),  # counted early, for all had voted: what is counted stays counted
        (CERTIFIED, "late"),
        (RECORDED, "late"),
    ],
)
def test_what_has_ended_takes_no_ballot(facts: dict[str, Any], answer: Gate) -> None:
    assert gate(motion(**facts), OPENS + SECOND, OPENS + SECOND) == answer


def test_without_discussion_the_first_moment_is_open() -> None:
    assert gate(motion(rule=AT_ONCE, opens_at=NOTICE), None, NOTICE) == "open"


# ---- words ----


@pytest.mark.parametrize(
    ("words", "language", "choice"),
    [
        ("yes", "en", "for"),
        ("For", "pl", "for"),
        ("  YES! ", "pt", "for"),
        ("yes!!!", "en", "for"),
        ("No.", "fr", "against"),
        ("against", "lv", "against"),
        ("Abstain", "it", "abstain"),
        ("in  favour", "en", "for"),
        ("Oui !", "fr", "for"),
        ("pour", "fr-BE", "for"),
        ("contre", "fr", "against"),
        ("Je m’abstiens.", "fr", "abstain"),
        ("je m'abstiens", "fr", "abstain"),
        ("sì", "it", "for"),
        ("si", "it", "for"),
        ("sí", "it", "for"),
        ("no", "it", "against"),
        ("Mi astengo", "it", "abstain"),
        ("tak", "pl", "for"),
        ("ZA", "pl_PL", "for"),
        ("nie", "pl", "against"),
        ("Przeciw!", "pl", "against"),
        ("wstrzymuje sie", "pl", "abstain"),
        ("Wstrzymuję się od głosu.", "pl", "abstain"),
        ("wstrzymuje sie od glosu", "pl", "abstain"),
        ("não", "pt-BR", "against"),
        ("na\u0303o", "pt", "against"),  # an accent that is a sign of its own
        ("nao", "pt", "against"),
        ("abstenho-me", "pt", "abstain"),
        ("jā", "lv", "for"),
        ("Par", "lv", "for"),
        ("pret", "lv", "against"),
        ("atturos", "lv", "abstain"),
        ("Dafür", "de", "for"),
        ("dafuer", "de", "for"),
        ("NEIN", "de", "against"),
        ("enthaltung", "de", "abstain"),
        ("¡Sí!", "es", "for"),
        ("en contra", "es", "against"),
        ("împotriva", "ro", "against"),
        ("ma abtin", "ro", "abstain"),
        ("yes", "", "for"),
        ("yes", "ja", "for"),
    ],
)
def test_a_voting_word_in_english_or_the_persons_own_language(words: str, language: str, choice: str) -> None:
    assert word_choice(words, language) == choice


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("no", "pl"),  # "yeah"
        ("No!", "pl-PL"),
        ("no", "cs"),
        ("no", "sk"),
        ("no", "hu"),
        ("dă", "ro"),  # "give", where "da" is yes
        ("nö", "hu"),
        ("oui", "en"),
        ("oui", "pl"),
        ("nie", "de"),  # "never"
        ("tak", ""),
        ("par", "fr"),
        ("da", "it"),
    ],
)
def test_a_word_that_is_something_else_in_their_language_or_is_of_another_one(
    words: str, language: str
) -> None:
    assert word_choice(words, language) == ""


@pytest.mark.parametrize(
    "words",
    [
        "yes?",
        "yes!?",
        "¿sí?",
        "yes but not yet",
        "yes, please",
        "yes,",
        "yes…",
        "yes...",
        "yes no",
        "yes/no",
        '"yes"',
        "«oui»",
        "> yes",
        "*yes*",
        "(no)",
        "not yes",
        "yesterday",
        "I am for",
        "yes\n\nIt was about time.",
        "yes ✅",
        "✅",
        "👍",
        "+1",
        "",
        "   ",
        ".",
        "!",
        "y",
        "nö",
        "ok",
    ],
)
@pytest.mark.parametrize("language", ["en", "fr", "es", "de"])
def test_anything_beside_the_word_makes_it_a_remark(words: str, language: str) -> None:
    assert word_choice(words, language) == ""


def test_every_word_counts_in_its_own_language_as_written_and_shouted() -> None:
    taken_for = {
        (language, word): {word_choice(said, language) for said in (word, word.upper(), f" {word}. ")}
        for language, words in VOTING_WORDS.items()
        for word in words
    }
    assert taken_for == {
        (language, word): {choice}
        for language, words in VOTING_WORDS.items()
        for word, choice in words.items()
    }
    assert set(VOTING_WORDS) == {"en", "fr", "it", "pl", "pt", "lv", "de", "es", "ro"}
    assert all(set(words.values()) == {"for", "against", "abstain"} for words in VOTING_WORDS.values())


def test_no_english_word_is_the_opposite_in_another_language_of_the_list() -> None:
    english = VOTING_WORDS["en"]
    for words in VOTING_WORDS.values():
        assert all(english[word] == choice for word, choice in words.items() if word in english)


@given(st.text(), st.sampled_from(sorted(VOTING_WORDS)))
def test_any_text_is_a_choice_or_nothing(text: str, language: str) -> None:
    assert word_choice(text, language) in ("for", "against", "abstain", "")


@given(st.sampled_from(["yes", "against", "oui", "contre"]), st.text(alphabet="abc xyz?", min_size=1))
def test_a_word_with_others_is_never_a_vote(word: str, more: str) -> None:
    assert word_choice(f"{word} {more}", "fr") == ("" if more.strip() else word_choice(word, "fr"))
