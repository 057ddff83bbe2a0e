"""Which words under an event's card are an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.rsvp.words import ANSWERING_WORDS, word_wish

ENGLISH = ANSWERING_WORDS["en"]


@pytest.mark.parametrize(
    ("words", "language", "wish"),
    [
        ("yes!", "en", "going"),
        ("Yes 🙂", "en", "going"),
        ("  YES.  ", "en-GB", "going"),
        ("yes :slightly_smiling_face:", "en", "going"),
        ("yes :-)", "en", "going"),
        ("+1", "de", "going"),
        ("+1 👍🏽", "en", "going"),
        ("I'm in", "en", "going"),
        ("I’m coming!", "en", "going"),
        ("im in", "en", "going"),
        ("count me in 🎉🎉", "lv", "going"),
        ("no", "en", "no"),
        ("No, thanks.", "fr", "no"),
        ("can't", "en", "no"),
        ("cant...", "en", "no"),
        ("no :(", "en", "no"),
        ("maybe 🤷‍♀️", "en", "maybe"),
        ("Oui, avec plaisir !", "fr", "going"),
        ("j’y serai ❤️", "fr-FR", "going"),
        ("peut-etre", "fr", "maybe"),
        ("si", "it", "going"),
        ("FORSE", "it", "maybe"),
        ("będę", "pl", "going"),
        ("nie moge", "pl", "no"),
        ("BYC MOZE", "pl", "maybe"),
        ("nao", "pt_BR", "no"),
        ("Lá estarei!", "pt", "going"),
        ("ja", "lv", "going"),
        ("varbut", "lv", "maybe"),
        ("Ja, gerne!", "de", "going"),
        ("Weiss noch nicht", "de", "maybe"),
        ("¡Sí!", "es", "going"),
        ("tal vez", "es", "maybe"),
        ("din pacate nu", "ro", "no"),
        ("nu multumesc", "ro", "no"),
        ("yes", "sv", "going"),
    ],
)
def test_nothing_but_an_answering_word_is_an_answer(words: str, language: str, wish: str) -> None:
    assert word_wish(words, language) == wish


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("yes?", "en"),
        ('"yes"', "en"),
        ("'yes'", "en"),
        ("> yes", "en"),
        ("yes but later", "en"),
        ("yes, no", "en"),
        ("yes 👎", "en"),
        ("yes :-1:", "en"),
        ("yes :thumbsdown:", "en"),
        ("+1 🤔", "en"),
        ("👍", "en"),
        (":+1:", "en"),
        ("ok", "en"),
        ("me too", "en"),  # too what, depends on whoever spoke before
        ("in", "de"),
        ("-1", "en"),
        ("+2", "en"),
        ("", "en"),
        ("!", "en"),
        ("oui", "de"),
        ("dă", "ro"),  # give
        ("sûr", "fr"),
        *(("no", language) for language in ("pl", "ro", "hu", "cs", "sk", "sl")),
        ("yes " * 40, "en"),
    ],
)
def test_all_else_is_a_remark(words: str, language: str) -> None:
    assert word_wish(words, language) == ""


def test_every_word_is_an_answer_in_its_own_language_as_written_and_shouted() -> None:
    for language, words in ANSWERING_WORDS.items():
        for word, wish in words.items():
            for said in (word, word.upper(), f" {word.capitalize()}! 🙂"):
                assert (said, word_wish(said, language)) == (said, wish)
    assert set(ANSWERING_WORDS) == {"en", "fr", "it", "pl", "pt", "lv", "de", "es", "ro"}
    assert all(set(words.values()) == {"going", "no", "maybe"} for words in ANSWERING_WORDS.values())


def test_no_word_means_the_opposite_in_english() -> None:
    for language, words in ANSWERING_WORDS.items():
        meant = {word: word_wish(word, "en") for word in words}
        assert all(meant[word] in ("", wish) for word, wish in words.items()), language


@given(st.text(), st.sampled_from(sorted(ANSWERING_WORDS)))
def test_any_text_is_an_answer_or_nothing(text: str, language: str) -> None:
    assert word_wish(text, language) in ("going", "no", "maybe", "")


@given(st.sampled_from(sorted(ENGLISH)), st.text(alphabet='abcxyz?">', min_size=1))
def test_a_word_with_another_is_no_answer(word: str, more: str) -> None:
    assert word_wish(f"{word} {more}", "en") == ""
