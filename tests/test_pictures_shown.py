"""Pictures in the chats: of the year's indicators, of a vote; on tap, and once with a result."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image

from bot.templating.catalogues import Catalogues
from storage.store import Storage
from tests.assembly_stage import ballots, closes, opened
from tests.test_indicators import filled
from tests.test_terminal import play
from tests.world import World

GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "As a picture"
msgstr "Als Bild"

msgid "The alliance in {year}"
msgstr "Die Allianz {year}"

msgid "Confirmed"
msgstr "Bestätigt"

msgid "{value} of {target}"
msgstr "{value} von {target}"

msgid "Knowledge exchange"
msgstr "Wissensaustausch"

msgid "The alliance in %(year)s; targets reached: %(reached)s of %(total)s."
msgstr "Die Allianz %(year)s; erreichte Ziele: %(reached)s von %(total)s."

msgid "%(label)s: %(value)s of %(target)s (%(confirmed)s confirmed, %(logged)s logged)"
msgstr "%(label)s: %(value)s von %(target)s (%(confirmed)s bestätigt, %(logged)s eingetragen)"
"""


def beside_its_words(world: World, says: str) -> str:
    """What is said of a picture that came with its words: they stand above it where there is no alt text."""
    return says if world.platform == "slack" else ""


def shown(somebody: Any) -> list[tuple[str, bytes]]:
    """The pictures of the bot before somebody, oldest first: what each shows in words, and its bytes."""
    world, found = somebody.world, []
    for message in somebody.user.sees():
        if world.platform == "telegram":
            if message.photo:
                says = [words.replace("\u2060", "") for words in message.marked("italic")]
                found.append((says[-1] if says else "", world.telegram.files[message.photo["file_id"]]))
            continue
        for number, alt in message.pictures:
            found.append((alt, world.slack.files.picture(number).content))
        if message.file:
            found.append((world.slack.files.info(message.file.id)["alt_txt"], message.file.content))
    return found


def width(content: bytes) -> int:
    """Of a PNG, in pixels."""
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        return image.width


async def test_the_indicators_are_shown_as_a_picture_on_tap(world: World) -> None:
    await filled(world)
    anna = await world.member("Anna", "pool-net")
    await anna.types("/indicators")
    assert shown(anna) == []

    heard = await anna.taps("As a picture")
    assert heard.first == "The alliance in 2026, as a picture."
    await world.settled()
    [(alt, content)] = shown(anna)
    assert alt == (
        "The alliance in 2026; targets reached: 1 of 4."
        " Knowledge exchange: 2 of 2 (1 confirmed, 1 logged), 1 planned;"
        " Joint proposals: 0 of 1 (0 confirmed, 0 logged);"
        " SMEs reached: 2 of 20 (2 confirmed, 0 logged);"
        " Policy voice: 0 of 1 (0 confirmed, 0 logged)."
    )
    assert width(content) == 1200

    heard = await anna.types("/indicators of pool-net")
    assert "As a picture" not in heard.buttons  # its own view has no targets to measure by


async def test_a_result_comes_with_its_picture_and_an_open_vote_shows_turnout_alone(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "evoluma", "member")
    number = await opened(world)
    await ballots(world, number, mecatech="for", green_tech="for", emc2="against")

    await luc.types(f"/motion {number}")
    await luc.taps("More")
    heard = await luc.taps("As a picture")
    assert heard.first == f"Who took part in motion {number} so far, as a picture."
    await world.settled()
    assert [alt for alt, _ in shown(luc)] == [
        "Who took part in motion 1: A joint newsletter. Took part: 3 of 7 (4 needed)."
    ]
    await ballots(world, number, cimes="for")
    await closes(world, number)
    await world.settled()

    [(alt, content)] = shown(marie)  # it came with the result, which nobody asked for
    says = (
        "Motion 1 is carried: A joint newsletter. For: 3 (3 needed); Against: 1; Abstained: 0;"
        " Did not take part: 3; Took part: 4 of 7 (4 needed)."
    )
    assert alt == beside_its_words(world, says)
    assert width(content) == 1200
    await luc.types(f"/motion {number}")
    heard = await luc.taps("As a picture")
    assert heard.first == f"The result of motion {number}, as a picture."
    await world.settled()
    assert shown(luc)[-1] == (says, content)


async def test_of_an_item_without_objection_only_objections_are_shown(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world, "consent_item")
    await ballots(world, number, emc2="against", mecatech="for")
    await closes(world, number)
    [(alt, _)] = shown(marie)
    says = "Motion 1 is not carried: The minutes of May. Objections: 1 (at most 0)."
    assert alt == beside_its_words(world, says)


async def test_a_title_that_ends_in_a_sign_gets_no_second_one(world: World) -> None:
    anna = await world.member("Anna", "pool-net")
    for number, title in enumerate(("Shall we meet in Riga?", "We meet in Riga."), start=1):
        await opened(world, title=title)
        await anna.types(f"/motion {number}")
        await anna.taps("More")
        await anna.taps("As a picture")
        await world.settled()
        says = f"Who took part in motion {number}: {title} Took part: 0 of 7 (4 needed)."
        assert shown(anna)[-1][0] == says


async def test_a_sealed_vote_shows_no_direction_while_it_runs_and_an_election_its_candidates(
    world: World,
) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world, "election")
    await ballots(world, number, mecatech="1", green_tech="1", emc2="2", evoluma="1")
    await marie.types(f"/motion {number}")
    await marie.taps("More")
    await marie.taps("As a picture")
    await world.settled()
    [(alt, _)] = shown(marie)
    assert alt.startswith("Who took part in motion 1: Who coordinates us. Took part: 4 of 7")
    assert "Ana" not in alt

    await closes(world, number)
    await world.settled()
    await marie.types(f"/motion {number}")
    await marie.taps("As a picture")
    await world.settled()
    alt, _ = shown(marie)[-1]
    assert alt.startswith("Motion 1 is decided: Who coordinates us. Ana")
    assert "3 · elected ✓; Luc" in alt


async def test_a_picture_speaks_its_readers_language(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(GERMAN)
    storage = Storage(sqlite_url)
    async with World("telegram", storage, catalogues=Catalogues(tmp_path)) as world:
        await filled(world)
        heidi = await world.member("Heidi", "pool-net")
        await heidi.types("/language Deutsch")
        await heidi.types("/indicators")
        await heidi.taps("Als Bild")
        await world.settled()
        [(alt, _)] = shown(heidi)
        assert alt.startswith(
            "Die Allianz 2026; erreichte Ziele: 1 von 4. Wissensaustausch: 2 von 2 (1 bestätigt, "
        )
    storage.close_now()


def test_the_terminal_says_what_it_shows_and_where_it_is(
    sqlite_url: str, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = play(sqlite_url, "/indicators", "tap 1 As a picture")
    says = next(line for line in printed if "targets reached: 0 of" in line)
    assert says.strip().startswith("The alliance in 2026; targets reached: 0 of 4.")
    assert any(line.strip() == "File: data/files/indicators-2026.png" for line in printed)
    assert width((tmp_path / "data/files/indicators-2026.png").read_bytes()) == 1200
