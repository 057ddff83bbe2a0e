"""The words on a button, typed, do what the button does, in every language; so do everyday words."""

from __future__ import annotations

import ast
from functools import lru_cache

import pytest

from bot.commands import REGISTRY
from bot.commands import everyday_words as everyday
from bot.commands.values import fold
from bot.handlers.help import shown
from bot.messages import LANGUAGES
from bot.templating.catalogues import Catalogues
from storage.store import Storage
from tests.test_languages import typed_in
from tests.world import CHARTER, ROOT, World

SPOKEN = Catalogues(ROOT / "catalogues", CHARTER)
# Labels whose word begins a line with more behind it: "Wpisz warsztaty …".
BEGIN_A_LINE = {
    "Undo": "undo", "Edit": "edit", "Log something": "log", "Vote": "vote", "Help": "help",
    "Language": "language", "Time zone": "timezone", "Events": "events", "Indicators": "indicators",
    "Announce": "announce", "Propose": "propose", "Sign": "sign", "People": "people",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_on_a_button_do_what_it_does(language: str) -> None:
    def said(text: str) -> str:
        return SPOKEN.translate(text, language)

    for label, line in everyday._ON_BUTTONS.items():
        command, _ = REGISTRY.find(line)
        assert command is not None
        assert (label, command.name) in _buttons()
        for way in (said(label), fold(said(label)), said(label).upper()):
            assert everyday.as_on_a_button(way, said) == line
    for label, name in BEGIN_A_LINE.items():
        words = (said(label), *said(label).split())
        found = [REGISTRY.find(f"/{fold(word)} 7") for word in words]
        assert any(command is REGISTRY.get(name) and rest.endswith("7") for command, rest in found)


def test_words_are_known_without_their_accents_and_as_german_keyboards_write_them() -> None:
    for word, name in (("glosuj", "vote"), ("rueckgaengig", "undo"), ("aendern", "edit"), ("taches", "todo")):
        for way in (word, f"/{word}", word.upper()):
            command, _ = REGISTRY.find(way)
            assert command is not None
            assert command.name == name
    assert fold("Wrocław") == "wroclaw"


@pytest.mark.parametrize(
    ("name", "platform", "language", "typed"),
    [
        ("log", "terminal", "pl", "/wpisz"),
        ("log", "slack", "pl", "/log"),
        ("todo", "terminal", "fr", "/à faire"),
        ("profile", "slack", "pt-BR", "/alliance perfil"),
        ("event new", "telegram", "de", "/event_new"),
        ("events", "telegram", "de", "/events"),
        ("todo", "email", "en", "/todo"),
        ("rsvp", "terminal", "it", "/rsvp"),
    ],
)
def test_help_shows_a_command_as_its_reader_types_it(
    name: str, platform: str, language: str, typed: str
) -> None:
    line = shown(REGISTRY.get(name), platform, language)
    assert line == typed
    assert REGISTRY.find(line.removeprefix("/alliance "))[0] is REGISTRY.get(name)


def test_a_language_has_its_name_in_every_language() -> None:
    option = REGISTRY.get("language").option("language")
    assert option is not None
    for typed, tag in (("angielski", "en"), ("letton", "lv"), ("Polnisch", "pl"), ("romeno", "ro")):
        assert option.kind.read(typed, typed_in("en"), "language") == tag


async def test_the_word_on_a_button_is_taken_as_in_its_language(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with World("telegram", storage, catalogues=SPOKEN) as world:
        luc = await world.member("Luc", "mecatech")
        asked = await luc.types("/language")
        assert asked.buttons[:3] == ["English", "Français", "Deutsch"]
        assert (await luc.says("francese")).lines == ["✓ C'est noté\u00a0: Français"]
        heard = await luc.types("/noter atelier Essai le 12 mai avec CIMES")
        assert heard.buttons[-1] == "Annuler"
        assert (await luc.types("/annuler")).buttons == ["Rétablir"]
        await luc.types("/noter atelier Laser le 13 mai avec CIMES")
        for word in ("Abandonner", "annuler", "/abandonner"):
            await luc.types("/noter webinaire")
            assert (await luc.says(word)).buttons == ["Recommencer"], word
        assert (await luc.says("annule")).buttons == ["Rétablir"]
        assert "Laser" in luc.reads().first
        assert (await luc.says("Tout ce que je dois")).first == (await luc.types("/à faire")).first
        await luc.types("/język polski")
        assert (await luc.says("wpisz warsztaty Próba 14 maja")).buttons[-1] == "Cofnij"
    storage.close_now()


@lru_cache(maxsize=1)
def _buttons() -> frozenset[tuple[str, str]]:
    """The label and the command of every button in the code."""
    files = (ROOT / "bot").rglob("*.py")
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    calls = (node for node in nodes if isinstance(node, ast.Call) and _called(node) == "Button")
    return frozenset((_text(call.args[0]), _text(call.args[1])) for call in calls if len(call.args) > 1)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _text(node: ast.expr) -> str:
    """The text that stands there, as it is or in N_(); "" for anything else."""
    if isinstance(node, ast.Call) and _called(node) == "N_":
        node = node.args[0]
    return str(node.value) if isinstance(node, ast.Constant) else ""
