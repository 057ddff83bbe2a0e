"""Members say how the bot should say it: found by its words, checked, used once the coordinator agrees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.templating.catalogues import Catalogues
from bot.translating.updating import put_into
from storage.store import Storage
from tests.world import CHARTER, ROOT, World

FRENCH = """
msgid ""
msgstr ""
"Language: fr\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

#. label
msgid "Undo"
msgstr "Défaire"

msgid "Logged:"
msgstr "Noté :"

msgid "I found nothing of mine like \\"%(text)s\\"."
msgstr "Je n'ai rien trouvé qui ressemble à « %(text)s »."
"""

# What somebody copies from a message, and the sentence that it is.
COPIED = {
    "Good to see you": "Hello {name}! Good to see you. What shall we do?",
    "Hello Ana! Good to see you. What shall we do?": "Hello {name}! Good to see you. What shall we do?",
    "“CIMES and MecaTech get one tap to confirm; it counts meanwhile.”": (
        "{names} get one tap to confirm; it counts meanwhile."
    ),
    "✓ Logged: Mould recycling · workshop · Tue 24 Nov · CIMES": "Logged:",
    "Knowledge exchange: 1 of 2 for 2026.": "{label}: {value} of {target} for {year}.",
}
NEW_FOR_OLD = {
    '"Good to see you" -> "Nice to see you"': "Hello {name}! Nice to see you. What shall we do?",
    "CIMES and MecaTech get one tap to confirm; it counts meanwhile. => It counts. CIMES and MecaTech do.": (
        "It counts. {names} do."
    ),
    "„Undo“ → „Take back“": "Take back",
}


@pytest.fixture(params=["slack", "telegram"])
async def world(request: pytest.FixtureRequest, storage: Storage, tmp_path: Path) -> AsyncIterator[World]:
    (tmp_path / "fr.po").write_text(FRENCH, encoding="utf-8")
    async with World(request.param, storage, catalogues=Catalogues(tmp_path)) as world:
        yield world


async def french(world: World, name: str, organisation: str) -> Any:
    """A member who reads French."""
    somebody = await world.member(name, organisation)
    await somebody.types("/language Français")
    return somebody


async def test_better_words_are_used_everywhere_once_the_coordinator_agrees(world: World) -> None:
    marie, luc = await french(world, "Marie", "cimes"), await french(world, "Luc", "mecatech")
    vera = await world.member("Vera", "", "coordinator")

    asked = await marie.types("/wording Noté")
    assert [line.removeprefix("> ") for line in asked.lines] == [
        "How would you say it?",
        "Noté :",
        "In English: Logged:",
    ]
    heard = await marie.says("Inscrit :")
    assert heard.lines == [
        "✓ Noted: Inscrit :",
        "The coordinator looks at it, and you hear what becomes of it. Thank you.",
    ]
    heard = await luc.types("/log workshop LCA on 12 May with CIMES")
    assert heard.first.startswith("✓ Noté : LCA")

    await world.settled()
    assert vera.reads().lines[:4] == [
        "Marie would say it otherwise in French.",
        "Now: Noté :",
        "Better: Inscrit :",
        "In English: Logged:",
    ]
    used = await vera.taps("Use it")
    assert used.first == "✓ From now on I say: Inscrit :"
    await world.settled()
    assert marie.reads().lines[:2] == ["✓ I say it your way now: Inscrit :", "Thank you."]
    heard = await luc.types("/log webinar Heat on 13 May with CIMES")
    assert heard.first.startswith("✓ Inscrit : Heat")

    listed = await vera.types("/wordings")
    assert listed.buttons == ["Take back 1"]
    await vera.taps("Take back 1")
    heard = await luc.types("/log webinar Pumps on 14 May with CIMES")
    assert heard.first.startswith("✓ Noté : Pumps")


async def test_what_would_lose_something_or_not_fit_is_said_before_it_is_kept(world: World) -> None:
    marie = await french(world, "Marie", "cimes")
    await marie.types("/wording Défaire")
    heard = await marie.says("Revenir à ce que c'était avant")
    assert heard.first == "That's too long for a button: twenty characters at most."
    heard = await marie.says("Revenir !")
    assert heard.first == "I speak without exclamation marks. Could you say it without?"
    heard = await marie.says("Revenir {title}")
    assert heard.first == "Nothing is put into this sentence, so please leave out braces and per cent signs."
    heard = await marie.says("Revenir")
    assert heard.first == "✓ Noted: Revenir"
    await marie.types("/wording rien trouvé qui ressemble")
    heard = await marie.says("Rien de tel")
    assert heard.first == (
        "Something is put into this sentence. Please keep {text}, and add nothing else in braces."
    )
    await marie.says("Rien qui ressemble à {text}.")
    heard = await marie.types("/wording xyzzy")
    assert heard.first == "Je n'ai rien trouvé qui ressemble à « xyzzy »."


async def test_the_coordinators_own_words_hold_at_once_also_in_english(world: World) -> None:
    vera, ana = await world.member("Vera", "", "coordinator"), await world.member("Ana", "pool-net")
    await vera.types("/wording Undo")
    heard = await vera.says("Take it away")
    assert heard.first == "✓ From now on I say: Take it away"
    heard = await ana.types("/log workshop LCA on 12 May with CIMES")
    assert heard.buttons[-1] == "Take it away"
    await vera.taps("Take it back")
    heard = await ana.types("/log webinar Heat on 13 May with CIMES")
    assert heard.buttons[-1] == "Undo"


async def test_a_sentence_is_found_as_it_was_read_with_its_values_in_it(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with World("telegram", storage, catalogues=Catalogues(ROOT / "catalogues", CHARTER)) as world:
        ana = await world.member("Ana", "pool-net")
        for copied, sentence in COPIED.items():
            heard = await ana.types(f"/wording {copied}")
            assert (heard.lines[0], heard.lines[1].removeprefix("> ")) == ("How would you say it?", sentence)
        for line, kept in NEW_FOR_OLD.items():
            assert (await ana.types(f"/wording {line}")).first == f"✓ Noted: {kept}"
    storage.close_now()


async def test_what_members_changed_can_be_put_into_the_catalogues(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text(FRENCH, encoding="utf-8")
    async with World("telegram", storage, catalogues=Catalogues(tmp_path)) as world:
        vera = await world.member("Vera", "", "coordinator")
        await vera.types("/language Français")
        await vera.types("/wording Défaire")
        await vera.says("Revenir")
    found = await storage.read(lambda store: store.wordings.in_force())

    assert put_into(tmp_path, found) == ["fr.po: 'Undo' is Revenir"]
    assert Catalogues(tmp_path).translate("Undo", "fr") == "Revenir"
    assert put_into(tmp_path, found) == []
