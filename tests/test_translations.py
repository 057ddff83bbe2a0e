"""Translations: nothing missing, nothing unsafe, and nothing said that could not be translated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.charter import load
from bot.commands import REGISTRY
from bot.messages import LANGUAGES, Phrase
from bot.platforms.telegram.answering import ALERT, alert_text
from bot.templating.catalogues import LABEL
from bot.translating.extracting import catalogue_of, charter_ids, message_ids
from bot.translating.faults import faults, is_unsafe, safe
from bot.translating.updating import all_faults
from tests.world import CHARTER, ROOT

assert REGISTRY.commands  # tests.world declares them
# The languages of which every sentence is translated; another one would be checked for what it has.
COMPLETE = frozenset(LANGUAGES) - {"en"}

LOGGED = "✓ Logged: *%(title)s*"
SEATS = ("%(count)s seat of *%(title)s*", "%(count)s seats of *%(title)s*")


def test_no_translation_is_missing_in_a_complete_language_and_none_is_unsafe() -> None:
    assert all_faults(ROOT, COMPLETE) == []


@pytest.mark.parametrize(
    ("original", "translated", "label", "wrong"),
    [
        (LOGGED, "✓ Noté : *%(title)s*", False, []),
        (LOGGED, "✓ Noté : *%(titre)s*", False, ["lacks %(title)s", "has %(titre)s, which is not filled"]),
        (LOGGED, "✓ Noté : *%(title)d*", False, ["lacks %(title)s", "has %(title)d, which is not filled"]),
        (LOGGED, "✓ Noté : %(title)s", False, ["other markup: {'em_open': 1} became {}"]),
        (LOGGED, "Noté : *%(title)s*", False, ["other signs"]),
        (LOGGED, "✓ Noté ! *%(title)s*", False, ["an exclamation mark of its own (voice.md, rule 6)"]),
        ("Welcome, %(name)s!", "Bienvenue, %(name)s !", False, []),
        ("For {count} months.", "Pour {count} mois.", False, []),
        ("For {count} months.", "Pour {n} mois.", False, ["lacks {count}", "has {n}, which is not filled"]),
        ("One\nTwo", "Un Deux", False, ["other lines"]),
        ("Undo", "Annuler", True, []),
        ("Undo", "Annuler cette action", True, []),
        ("Undo", "Annuler cette action.", True, ["21 characters on a button, 20 at most"]),
        ("It is in your list now.", "It is in your list now.", False, ["still English"]),
        ("See [this](https://example.org)", "Voir [ceci](https://evil.example)", False, None),
        ("Sure", "<b>Oui</b>", False, None),
    ],
)
def test_what_is_wrong_with_a_translation_is_named(
    original: str, translated: str, label: bool, wrong: list[str] | None
) -> None:
    found = safe(original, translated, label=label)
    assert found == wrong if wrong is not None else any("other markup" in one for one in found)


def test_a_missing_sentence_form_or_label_is_named_with_its_language() -> None:
    wanted, there = Catalog(locale="pl"), Catalog(locale="pl")
    wanted.add(LOGGED)
    wanted.add("Undo", auto_comments=[LABEL])
    wanted.add(SEATS)
    wanted.add("Not yet", flags=[])
    there.add("Undo", "Cofnij to, co było zrobione")
    there.add(SEATS, ("miejsce *%(title)s*", "%(count)s miejsca *%(title)s*", ""))
    there.add("Not yet", "Jeszcze nie", flags=["fuzzy"])
    there.add("Old words", "Stare słowa")
    found = list(faults(there, wanted))
    assert found == [
        "pl: '✓ Logged: *%(title)s*': not translated",
        "pl: 'Undo': 27 characters on a button, 20 at most",
        "pl: '%(count)s seats of *%(title)s*': needs 3 plural forms",
        "pl: 'Not yet': not translated",
        "pl: 'Old words': nobody says it any more",
    ]
    assert [is_unsafe(one) for one in found] == [False, True, True, False, False]


def test_forms_of_commands_are_translated_and_so_is_the_charter() -> None:
    said = message_ids(ROOT)
    for command in REGISTRY.all():
        for option in command.options:
            if not option.kind.hidden:
                assert command.name.capitalize() in said
                words = (option.kind.label, option.kind.ask, option.kind.hint, command.summary)
                assert option.kind.label, f"{command.name} asks for {option.name} without a label"
                assert all(isinstance(word, Phrase) and str(word) in said for word in words if word)
    assert "workshop" in charter_ids(load(CHARTER))
    assert len(LANGUAGES) == 9


def test_whatever_is_said_on_purpose_is_marked() -> None:
    """A button, a choice, a question or a label is a phrase, or something that was made of one."""
    bare = [
        f"{file}:{line}: {words}" for file in sorted(ROOT.glob("bot/**/*.py")) for line, words in _bare(file)
    ]
    assert bare == []


PLACES = {"Button": 0, "Choice": 0, "OneChoice": 1, "translate": 0}
NAMED = ("label", "ask", "hint", "way_out", "question", "reason")


def _bare(file: Path) -> Iterator[tuple[int, str]]:
    """Words of ours that nobody marked, where people read them."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        said = [one.value for one in node.keywords if one.arg in NAMED]
        if name in PLACES and len(node.args) > PLACES[name]:
            said.append(node.args[PLACES[name]])
        for one in said:
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.strip(" ✓"):
                yield node.lineno, ast.unparse(one)


def test_an_alert_holds_whole_sentences_in_long_languages_too() -> None:
    """What does not fit into 200 characters is cut at a sentence; the whole is in the direct chat."""
    sentence = "Wir haben notiert, dass der Verband an der Veranstaltung teilgenommen hat. "
    shown = alert_text(sentence * 4)
    assert len(shown) <= ALERT
    assert shown.endswith("hat.") or shown.endswith("…")


def test_those_who_translate_are_told_what_a_word_is_about() -> None:
    """A NOTE on the line above comes into every catalogue, from templates and from code."""
    wanted = catalogue_of(message_ids(ROOT), "fr")
    word, page = wanted.get("void"), wanted.get("Older")
    assert word is not None
    assert word.auto_comments == ['NOTE: what became of a motion, after its title: "Motion 7 · void"']
    assert page is not None
    assert page.auto_comments == [
        "label",
        "NOTE: the next page of a list, whatever it lists (activities, motions, votes, people)",
    ]
