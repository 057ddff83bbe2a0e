"""What everybody reads in the language of all, and what one person reads, or types, wholly in theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import REGISTRY, OneChoice, read
from bot.messages import Refusal
from bot.platforms.telegram.menus import Menus
from bot.templating.catalogues import Catalogues
from bot.templating.pages import Pages
from storage.store import Storage, Store
from tests.test_languages import typed_in, written
from tests.world import ROOT, World

PORTUGUESE = {
    "**The alliance in %(year)s**": "**A aliança em %(year)s**",
    "I don't know that word.": "Não conheço essa palavra.",
    "Election: {role}": "Eleição: {role}",
    "Coordinator of the Alliance": "Coordenação da aliança",
    "Send the notice": "Enviar o aviso",
    "tooling": "moldes",
    "plastics": "plásticos",
    "%(organisation)s works in %(sectors)s.": "%(organisation)s trabalha em %(sectors)s.",
    "Without {sector}": "Sem {sector}",
    "That page is yours alone.": "Essa página é só sua.",
    "What you and your organisation still have to do": "O que falta fazer",
}
TYPED_EVENTS = {
    "es": ("Clínica el 8 de diciembre a las 14:00", "Clínica el martes 8 de diciembre de 2026 a las 14:00"),
    "ro": ("Clinică pe 8 decembrie la 14:00", "Clinică pe 8 decembrie ora 14:00"),
    "it": ("Clinica l'8 dicembre alle 14:00", "Clinica l’8 dicembre alle ore 14:00"),
    "fr": ("Clinique le 8 décembre à 14h00",),
    "pt": ("Clínica a 8 de dezembro às 14:00", "Clínica no dia 8 de dezembro as 14h"),
    "pl": ("Klinika 8 grudnia o godz. 14:00",),
}
YES = {"en": "yes", "fr": "oui", "it": "sì", "de": "ja", "es": "si", "pt": "sim", "pl": "tak", "lv": "jā",
       "ro": "da"}  # fmt: skip
NO = {"en": "no", "fr": "non", "it": "no", "de": "nein", "es": "no", "pt": "não", "pl": "nie", "lv": "nē",
      "ro": "nu"}  # fmt: skip


@pytest.fixture
async def stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The alliance in English and Portuguese, with mail."""
    storage = Storage(sqlite_url)
    spoken_here = Catalogues(written(tmp_path / "po", "pt", PORTUGUESE))
    async with World("telegram", storage, mail=True, catalogues=spoken_here) as world:
        await world.stop_bot()
        world.mail.pages = Pages(ROOT / "templates", spoken_here)
        await world.start_bot()
        yield world
    storage.close_now()


@pytest.mark.parametrize("language", TYPED_EVENTS)
def test_a_day_with_its_hour_is_no_part_of_the_title(language: str) -> None:
    reading = typed_in(language)
    reading = replace(reading, choices={"event_kinds": (OneChoice("webinar", "webinar"),)})
    for line in TYPED_EVENTS[language]:
        found = read(REGISTRY.get("event new"), f"webinar {line}", reading).arguments
        assert found["starts"] == "2026-12-08T13:00:00Z"
        assert found["title"] == line.split()[0]


def test_a_weekday_that_is_past_may_have_its_article() -> None:
    day = REGISTRY.get("log").option("day")
    assert day is not None
    assert str(day.kind.read("el martes pasado", typed_in("es"), "day")) == "2026-11-17"


@pytest.mark.parametrize("language", YES)
def test_one_votes_in_ones_own_words(language: str) -> None:
    choice = REGISTRY.get("vote").option("choice")
    assert choice is not None
    said = [choice.kind.read(word, typed_in(language), "choice") for word in (YES[language], NO[language])]
    assert said == ["for", "against"]
    assert choice.kind.read("yes", typed_in(language), "choice") == "for"


@pytest.mark.parametrize("language", ["pl", "ro"])
def test_an_english_no_that_means_something_else_there_is_no_vote(language: str) -> None:
    choice = REGISTRY.get("vote").option("choice")
    assert choice is not None
    with pytest.raises(Refusal):
        choice.kind.read("no", typed_in(language), "choice")


async def test_what_a_whole_group_reads_is_in_the_groups_language(stage: World) -> None:
    ana, vera = await stage.member("Ana", "pool-net"), await stage.member("Vera", "", "coordinator")
    hall = stage.group("Hall", ana, vera)
    await ana.types("/language português")
    await ana.types("/indicators", hall)
    await stage.settled()
    assert "The alliance in 2026" in vera.posts(hall)[-1].text
    assert (await ana.types("/indicators")).first == "A aliança em 2026"


async def test_what_is_worded_for_the_assembly_is_in_the_alliances_language(stage: World) -> None:
    ana, luc = await stage.member("Ana", "pool-net"), await stage.member("Luc", "mecatech")
    await ana.types("/language português")
    await ana.types("/propose election action-coordinator candidates Luc")
    await ana.taps("Enviar o aviso")
    await stage.settled()
    motion = await stage.storage.read(lambda store: store.motions.get(1))
    assert motion is not None
    assert motion.title.startswith("Election: ")
    assert motion.text == "For 12 months."
    assert any(motion.title in line for line in luc.reads().lines)


async def test_a_sector_of_the_charter_has_a_name_in_each_language(stage: World) -> None:
    ana = await stage.member("Ana", "pool-net")
    await ana.types("/language português")
    heard = await ana.types("/sectors")
    assert heard.first == "Pool-Net trabalha em moldes e plásticos."
    assert "Sem moldes" in heard.buttons
    await ana.types("/sectors without moldes")
    await ana.types("/sectors moldes, Moldagem")
    kept = await stage.storage.read(lambda store: store.organisations.get("pool-net"))
    assert kept is not None
    assert kept.sectors == ("plastics", "tooling", "Moldagem")
    marie = await stage.member("Marie", "cimes")
    assert (await marie.types("/sectors for cimes")).first.startswith("CIMES works in ")


async def test_a_mail_is_in_one_language(stage: World) -> None:
    """Their phone speaks Dutch, which we do not: words and frame are in their organisation's language."""
    marie = await stage.member("Marie", "cimes")
    rui = await stage.mail.person("Rui", "pool-net")
    await stage.storage.write(lambda store: _speaks_dutch(store, rui.account))
    await marie.types("/log workshop Green hydrogen on 12 May with Pool-Net")
    mail = await rui.reads_mail()
    assert "Essa página é só sua." in mail.lines
    assert "That page is yours alone." not in mail.lines


async def test_the_menu_of_a_coordinator_is_in_a_language_that_we_speak(stage: World) -> None:
    vera = await stage.member("Vera", "", "coordinator")
    await stage.storage.write(lambda store: _speaks_dutch(store, vera.account))
    in_portuguese = replace(vera.account, language="pt")
    await stage.storage.write(lambda store: store.accounts.remember(in_portuguese, stage.clock.now()))
    assert stage.catalogues is not None
    menus = Menus(("en", "pt"), stage.catalogues.translate, stage.clock.now, stage.storage)
    [hers] = [menu for menu in await menus.wanted() if menu.scope["type"] == "chat"]
    assert dict(hers.commands)["todo"] == "O que falta fazer"


def _speaks_dutch(store: Store, account: object) -> None:
    person = store.accounts.identify(account).person  # type: ignore[arg-type]
    assert person is not None
    store.persons.change(person.id, language="nl")
