"""What everybody reads in the language of all, and what one person reads, or types, wholly in theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.charter import load
from bot.commands import REGISTRY, OneChoice, Reading, read
from bot.handlers.announcing.to_whom import ToWhom, known_in
from bot.messages import Refusal
from bot.platforms.telegram.menus import Menus
from bot.rules.broadcasts.segments import read_segments
from bot.templating import Templates
from bot.templating.catalogues import Catalogues
from bot.templating.pages import Pages
from storage.store import Storage, Store
from tests.test_languages import typed_in, written
from tests.world import CHARTER, MORNING, ROOT, World

RULES, SPOKEN = load(CHARTER), Catalogues(ROOT / "catalogues", CHARTER)

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
    "Quorum": "Quórum",
    "at least half of the members take part": "pelo menos metade participa",
    "Partnership Agreement": "Acordo de parceria",
    "Only {organisation}": "Só {organisation}",
    "Open {number}": "Abrir {number}",
}
TYPED_EVENTS = {
    "es": ("Clínica el 8 de diciembre a las 14:00", "Clínica el martes 8 de diciembre de 2026 a las 14:00"),
    "ro": ("Clinică pe 8 decembrie la 14:00", "Clinică pe 8 decembrie ora 14:00"),
    "it": ("Clinica l'8 dicembre alle 14:00", "Clinica l’8 dicembre alle ore 14:00"),
    "fr": ("Clinique le 8 décembre à 14h00",),
    "pt": ("Clínica a 8 de dezembro às 14:00", "Clínica no dia 8 de dezembro as 14h"),
    "pl": ("Klinika 8 grudnia o godz. 14:00",),
}
CHOSEN = {
    "en": ("past", "mine", "ours"), "fr": ("passés", "mes", "nos"), "it": ("passati", "mie", "nostre"),
    "de": ("vergangene", "meine", "unsere"), "es": ("pasados", "mis", "nuestras"),
    "pt": ("passados", "minhas", "nossas"), "pl": ("minione", "moje", "nasze"),
    "lv": ("bijusie", "manas", "mūsu"), "ro": ("trecute", "mele", "noastre"),
}  # fmt: skip
LINK = {
    "en": "link", "fr": "lien", "it": "collegamento", "de": "link", "es": "enlace", "pt": "ligação",
    "pl": "odnośnik", "lv": "saite", "ro": "legătură",
}  # fmt: skip
TO_REPRESENTATIVES = {
    "en": "representatives", "fr": "aux représentations", "it": "alle rappresentanze",
    "de": "an die Vertretungen", "es": "a las representaciones", "pt": "às representações",
    "pl": "do reprezentacji", "lv": "pārstāvjiem", "ro": "reprezentanților",
}  # fmt: skip
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


@pytest.mark.parametrize("language", CHOSEN)
def test_one_word_is_enough_for_a_filter(language: str) -> None:
    reading = _as_spoken(language)
    found = [_read(command, word, reading) for command, word in
             zip(("events", "activities", "motions"), CHOSEN[language], strict=True)]  # fmt: skip
    assert found == ["past", "mine", "ours"]
    with pytest.raises(Refusal):
        _read("events", "événements", reading)  # all of them are


@pytest.mark.parametrize("language", LINK)
def test_an_event_has_a_link_in_every_language(language: str) -> None:
    line = f"webinar Talk 2026-12-08 14:00 {LINK[language]} https://example.org/h"
    reading = replace(typed_in(language), choices={"event_kinds": (OneChoice("webinar", "webinar"),)})
    found = read(REGISTRY.get("event new"), line, reading).arguments
    assert (found["title"], found["where"]) == ("Talk", "https://example.org/h")
    titled = read(REGISTRY.get("event new"), "webinar How to link clusters 2026-12-08 14:00", reading)
    assert titled.arguments["title"] == "How to link clusters"


@pytest.mark.parametrize("language", TO_REPRESENTATIVES)
def test_an_announcement_goes_to_whom_it_is_said_to_go_in_every_language(language: str) -> None:
    reading = _as_spoken(language)
    known = known_in(reading)
    for kind, of in (("role", "roles"), ("body", "bodies"), ("sector", "sectors")):
        for one in reading.choices[of]:
            found = read_segments(reading.translate(one.label), known)
            assert [(part.kind, part.value) for part in found.segments] == [(kind, one.value)]
    found = read_segments(TO_REPRESENTATIVES[language], known)
    assert [part.value for part in found.segments] == ["representative"]
    assert ToWhom().follows(TO_REPRESENTATIVES[language], reading)
    assert not ToWhom().follows("coordinar", reading)  # "vamos a coordinar" names nobody


def test_an_article_and_two_clocks_are_said_as_each_language_says_them(tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "it.md.j2").write_text("{{ one|article }}, {{ two|article }}, {{ three|article }}")
    articles = {"one": "Art. 5(1)", "two": "Art. 8", "three": "Preamble"}
    words = Templates(tmp_path, SPOKEN)
    cited = {one: _shown(words.render("it", articles, one)) for one in ("en", "pl", "lv")}
    assert cited["en"] == "Art. 5(1), Art. 8, Preamble"
    assert cited["pl"] == "art. 5 ust. 1, art. 8, Preambuła"
    assert cited["lv"] == "5.\u00a0panta 1. punkts, 8.\u00a0pants, Preambula"
    templates = Templates(ROOT / "templates", SPOKEN)
    given = {"starts": "2026-12-08T14:00:00+00:00", "zone": "Europe/Lisbon", "elsewhere": "time"}
    when = (templates.render("parts/rsvp_when", given, one, now=MORNING) for one in ("en", "lv", "de"))
    said = dict(zip(("en", "lv", "de"), map(_shown, when), strict=True))
    assert said["en"].endswith("15:00 in Brussels (14:00 WET)")
    assert said["lv"].endswith("15:00 (Brisele; 14:00 WET)")
    assert said["de"].endswith("15:00 (Brüssel; 14:00 WET)")


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
    assert "Only Pool-Net" in vera.posts(hall)[-1].buttons
    heard = await ana.types("/indicators")
    assert heard.first == "A aliança em 2026"
    assert "Só Pool-Net" in heard.buttons


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


async def test_the_agreement_is_written_in_the_alliances_language(stage: World) -> None:
    ana = await stage.member("Ana", "pool-net")
    await ana.types("/language português")
    heard = await ana.types("/propose agreement")
    assert "Quórum: pelo menos metade participa" in heard.lines
    await ana.taps("Use these")
    await ana.taps("Enviar o aviso")
    motion = await stage.storage.read(lambda store: store.motions.get(1))
    assert motion is not None
    assert motion.title == "Partnership Agreement"
    assert motion.text.startswith("- Quorum: at least half of the members take part\n")


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


def _as_spoken(language: str) -> Reading:
    """What somebody types against, with the names of the charter in their language."""
    sectors = sorted({sector for one in RULES.organisations for sector in one.sectors})
    return replace(
        typed_in(language),
        choices={
            "roles": tuple(OneChoice(one.key, one.title, (one.key, *one.words)) for one in RULES.roles),
            "bodies": tuple(OneChoice(one.key, one.title, (one.key,)) for one in RULES.bodies),
            "sectors": tuple(OneChoice(one, one) for one in sectors),
        },
        translate=lambda text: SPOKEN.translate(text, language),
    )


def _shown(markdown: str) -> str:
    """A line without the signs that keep it from being markup."""
    return markdown.replace("\\", "").strip()


def _read(command: str, word: str, reading: Reading) -> str:
    view = REGISTRY.get(command).option("view")
    assert view is not None
    return str(view.kind.read(word, reading, "view"))


def _speaks_dutch(store: Store, account: object) -> None:
    person = store.accounts.identify(account).person  # type: ignore[arg-type]
    assert person is not None
    store.persons.change(person.id, language="nl")
