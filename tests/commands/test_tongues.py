"""A line in another language than its writer's."""

from __future__ import annotations

import pytest

from bot.commands import REGISTRY, Known, OneChoice, Reading, read
from tests.world import MORNING

CIMES = Known("cimes", ("CIMES",))
KINDS = (OneChoice("workshop", "workshop", ("atelier", "warsztat", "taller")),)
READING = Reading(MORNING, organisations=(CIMES,), choices={"kinds": KINDS, "activity_kinds": KINDS})


@pytest.mark.parametrize(
    ("line", "title", "day"),
    [
        ("atelier Emballage circulaire jeudi dernier avec CIMES", "Emballage circulaire", "2026-11-19"),
        ("warsztat Odlewnictwo wczoraj z CIMES", "Odlewnictwo", "2026-11-23"),
        ("taller Reciclaje de moldes ayer con CIMES", "Reciclaje de moldes", "2026-11-23"),
        ("atelier CIMES en fête avec brio", "CIMES en fête avec brio", None),  # nobody is named behind "avec"
    ],
)
def test_an_organisation_behind_another_languages_with_gives_it_away(
    line: str, title: str, day: str | None
) -> None:
    log, _ = REGISTRY.find("log")
    assert log is not None
    arguments = read(log, line, READING).arguments
    assert arguments["title"] == title
    assert arguments.get("day") == day
    assert arguments.get("with") == ("cimes" if day else None)


def test_ones_own_language_goes_first() -> None:
    log, _ = REGISTRY.find("log")
    assert log is not None
    arguments = read(log, "workshop Con brio with CIMES yesterday", READING).arguments
    assert (arguments["title"], arguments["with"]) == ("Con brio", "cimes")
