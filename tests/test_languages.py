"""Each person in their own language, each place in its own; and what people type in theirs."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.commands import REGISTRY, Known, OneChoice, Reading, read, shown_lead
from bot.commands import everyday_words as everyday
from bot.commands.values import fold
from bot.context.speaking import language_of_place
from bot.in_force import charters_in
from bot.messages import LANGUAGES, N_, Translation, kept, spoken
from bot.platforms.terminal.people import account_of
from bot.seeding import people_beside, seed, seed_test_people
from bot.templating import Templates
from bot.templating.catalogues import Catalogues
from storage.store import Storage, Store
from tests.places_stage import adds_bot, group_of, known, posts, seen
from tests.test_members import code_in
from tests.world import CHARTER, MORNING, World

assert REGISTRY.commands  # tests.world declares them
KINDS = (
    OneChoice("workshop", "workshop", ("atelier", "warsztaty", "oficina", "darbnīca", "werkstatt")),
    OneChoice("webinar", "webinar"),
)
LABELS = {"es": "taller", "it": "laboratorio", "ro": "atelier"}  # as a charter's catalogue has them
TYPED = {
    "en": "workshop Green hydrogen on 12 May with MecaTech, CIMES smes 12 link",
    "fr": "atelier Hydrogène vert le 12 mai avec MecaTech, CIMES pme 12 lien",
    "it": "laboratorio Idrogeno verde il 12 maggio con MecaTech, CIMES pmi 12 link",
    "pl": "warsztaty Zielony wodór dnia 12 maja z MecaTech, CIMES mśp 12 odnośnik",
    "pt": "oficina Hidrogénio verde no dia 12 de maio com MecaTech, CIMES pme 12 ligação",
    "lv": "darbnīca Zaļais ūdeņradis 12. maijā ar MecaTech, CIMES mvu 12 saite",
    "de": "Werkstatt Grüner Wasserstoff am 12. Mai mit MecaTech, CIMES kmu 12 link",
    "es": "taller Hidrógeno verde el 12 de mayo con MecaTech, CIMES pymes 12 enlace",
    "ro": "atelier Hidrogen verde pe 12 mai cu MecaTech, CIMES imm 12 legătură",
}
TITLES = {
    "en": "Green hydrogen", "fr": "Hydrogène vert", "it": "Idrogeno verde", "pl": "Zielony wodór",
    "pt": "Hidrogénio verde", "lv": "Zaļais ūdeņradis", "de": "Grüner Wasserstoff",
    "es": "Hidrógeno verde", "ro": "Hidrogen verde",
}  # fmt: skip
HELP = {"fr": "aide", "it": "aiuto", "pl": "pomoc", "pt": "ajuda", "lv": "palīdzība", "de": "hilfe",
        "es": "ayuda", "ro": "ajutor"}  # fmt: skip
PORTUGUESE = {
    "This place is for %(purposes)s.": "Este sítio é para %(purposes)s.",
    "What is this place for? For now: %(purposes)s.": "Para que serve? Por agora: %(purposes)s.",
    "Here I only answer when asked.": "Aqui só respondo.",
    "votes": "votações",
    "Votes": "Votações",
    "Done": "Pronto",
    "Change": "Mudar",
    "Profile": "Perfil",
    "✓ Noted: %(text)s": "✓ Anotado: %(text)s",
    "I speak %(language)s with you, and %(city)s time.": "Falo %(language)s consigo, hora de %(city)s.",
    "Welcome, %(name)s! You're in for **%(organisation)s** (%(role)s).": "Bem-vinda, %(name)s: %(role)s.",
    "Colleague": "Colega",
    "Yes, that's me": "Sim, sou eu",
    "Other languages": "Outras línguas",
    "%(name)s (%(platform)s) came in for **%(organisation)s** (%(role)s).": "Entrou %(name)s: %(role)s.",
}


def written(folder: Path, language: str, words: dict[str, str]) -> Path:
    """A catalogue of these words."""
    catalogue = Catalog(locale=language)
    for original, translation in words.items():
        catalogue.add(original, translation)
    folder.mkdir(exist_ok=True)
    with (folder / f"{language}.po").open("wb") as opened:
        write_po(opened, catalogue)
    return folder


def typed_in(language: str) -> Reading:
    """As somebody who speaks that language types, on 22 November 2026."""
    return Reading(
        now=datetime(2026, 11, 22, 12, tzinfo=UTC),
        language=language,
        organisations=(Known("cimes", ("CIMES",)), Known("mecatech", ("Pôle MecaTech", "MecaTech"))),
        choices={"activity_kinds": KINDS},
        translate=lambda text: LABELS.get(language, text) if text == "workshop" else text,
    )


def bare(text: str) -> str:
    """The same words as a keyboard without accents writes them."""
    return " ".join(fold(word) if word not in ("MecaTech,", "CIMES") else word for word in text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_line_logs_in_every_language_with_accents_or_without(language: str) -> None:
    for line in (TYPED[language], bare(TYPED[language])):
        found = read(REGISTRY.get("log"), f"{line} https://example.org/h", typed_in(language))
        title = found.arguments.pop("title")
        assert fold(title) == fold(TITLES[language])
        kind = found.arguments.pop("kind")
        assert REGISTRY.get("log").option("kind").kind.exactly(kind, typed_in(language)) == "workshop"  # type: ignore[union-attr]
        assert found.arguments == {
            "day": "2026-05-12", "with": "mecatech,cimes", "smes": "12", "link": "https://example.org/h",
        }  # fmt: skip
        assert found.doubt is None


def test_everyday_words_begin_commands_and_mean_one_command_each() -> None:
    for word in HELP.values():
        for way in (word, fold(word), f"/{word}", word.capitalize()):
            found, rest = REGISTRY.find(f"{way} log")
            assert found is not None
            assert (found.name, rest) == ("help", "log")
    meant: dict[tuple[str, ...], set[str]] = {}
    for command, by_language in everyday._WORDS.items():
        assert command in REGISTRY.commands
        for words in by_language.values():
            for word in words.split("|"):
                meant.setdefault(tuple(fold(word).split()), set()).add(command)
    assert {words: both for words, both in meant.items() if len(both) > 1} == {}


def test_lead_words_are_shown_as_they_are_typed() -> None:
    assert [shown_lead("with", one) for one in ("en", "pt-BR", "ro", "nl")] == ["with", "com", "cu", "with"]


def test_a_tag_is_one_of_the_languages_or_none() -> None:
    every = tuple(LANGUAGES)
    assert [spoken(tag, every) for tag in ("pt-BR", "fr_FR", "DE", "nl", "")] == ["pt", "fr", "de", "", ""]


def test_words_are_said_in_the_language_of_whoever_reads_them_last(tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "it.md.j2").write_text(
        "{{ role }} · {% trans role=role %}As {{ role }}{% endtrans %}"
    )
    written(tmp_path / "po", "pt", {"chair": "presidência", "As %(role)s": "Como %(role)s"})
    templates = Templates(tmp_path, Catalogues(tmp_path / "po"))
    in_portuguese = templates.translate(N_("chair"), "pt")
    assert in_portuguese == "presidência"
    waited = json.loads(json.dumps(kept({"role": [in_portuguese], "name": "Ana"})))
    assert waited["name"] == "Ana"
    for role in (N_("chair"), in_portuguese, copy.deepcopy(in_portuguese), waited["role"][0]):
        assert templates.render("it", {"role": role}, "en") == "chair · As chair"
        assert templates.render("it", {"role": role}, "pt") == "presidência · Como presidência"
        assert templates.translate(role, "pt") == "presidência"
    assert Translation("presidência", "chair") == "presidência"


def test_a_catalogue_without_a_word_is_no_language_and_a_broken_word_is_said_in_english(
    tmp_path: Path,
) -> None:
    written(tmp_path, "fr", {"Undo": "", "For {count} months.": ""})
    written(tmp_path, "pt", {"Version {number}": "Versão {numero}", "Undo": "Desfazer"})
    catalogues = Catalogues(tmp_path)
    assert catalogues.languages() == {"en", "pt"}
    assert catalogues.translate("Version {number}", "pt").format(number=3) == "Version 3"
    assert catalogues.translate("Undo", "pt-BR") == "Desfazer"


@pytest.fixture(params=["slack", "telegram"])
async def stage(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The alliance in English and Portuguese."""
    storage = Storage(sqlite_url)
    spoken_here = Catalogues(written(tmp_path / "po", "pt", PORTUGUESE))
    async with World(request.param, storage, catalogues=spoken_here) as world:
        yield world
    storage.close_now()


async def test_a_place_has_its_own_language_and_a_person_theirs(stage: World) -> None:
    vera = await stage.member("Vera", "", "coordinator")
    ana = await stage.member("Ana", "pool-net")
    assert (await ana.types("/language português")).lines == ["✓ Anotado: Português"]
    assert ana.reads().buttons == ["Perfil"]

    hall = group_of(stage, "Hall", ana, vera)
    await adds_bot(stage, hall, vera)
    await ana.taps("Votes")
    await ana.taps("Done")
    assert seen(vera, hall) == ["This place is for votes."]

    [there] = await known(stage)
    await vera.types("/places")
    await vera.taps(f"Open {there.id}")
    assert "Language" in vera.reads().buttons
    await vera.taps("Language")
    assert vera.reads().lines == ["Which language do people read in Hall?"]
    assert vera.reads().buttons[:2] == ["English", "Português"]
    await vera.taps("Português")
    assert "What stands there is in Português." in vera.reads().lines
    await stage.settled()

    await vera.taps("Change", posts(vera, hall)[-1])
    assert seen(vera, hall)[-1] == "Para que serve? Por agora: votações."
    await vera.taps("Pronto", posts(vera, hall)[-1])
    assert seen(ana, hall)[-1] == "Este sítio é para votações."

    def of_a_topic(store: Store) -> str:
        charter, topic = charters_in(store).at(MORNING.date()), replace(there.place, thread="7")
        return language_of_place(store, store.organisations.all(), charter, topic, ("en", "pt"))

    assert await stage.storage.read(of_a_topic) == "pt"  # one of which nothing is known is as its chat


async def test_the_place_of_one_organisation_is_spoken_to_in_its_language(stage: World) -> None:
    ana = await stage.member("Ana", "pool-net")
    hall = group_of(stage, "Hall", ana)
    await adds_bot(stage, hall, ana)
    await ana.taps("Votações", posts(ana, hall)[-1])
    await ana.taps("Pronto", posts(ana, hall)[-1])
    assert seen(ana, hall)[-1] == "Este sítio é para votações."


async def test_who_comes_in_hears_once_which_language_it_is_and_each_other_reads_theirs(stage: World) -> None:
    ana, luisa = await stage.member("Ana", "pool-net"), await stage.member("Luísa", "pool-net")
    await luisa.types("/language Português")
    rita = stage.stranger("Rita", language="pt")
    await rita.says(code_in(await ana.types("/invite Pool-Net member")))

    heard = await rita.taps("Sim, sou eu")
    assert heard.first == "Bem-vinda, Rita: Colega."
    assert heard.lines[1].startswith("Falo Português consigo, hora de ")
    assert heard.buttons[2:4] == ["English", "Outras línguas"]
    await stage.settled()
    platform = stage.platform.capitalize()
    assert ana.reads().first == f"Rita ({platform}) came in for Pool-Net (Colleague)."
    assert luisa.reads().first == "Entrou Rita: Colega."

    assert (await rita.taps("English")).first == "✓ Noted: English"
    assert (await rita.types("/ajuda")).first == "What most people do here:"


async def test_a_rehearsal_speaks_english_until_somebody_chooses(storage: Storage) -> None:
    charter = World("telegram", storage).charter
    seed(storage, charter, MORNING)
    assert seed_test_people(storage, charter, people_beside(CHARTER), MORNING)
    ana = storage.read_now(lambda store: store.accounts.identify(account_of("Ana"))).person
    assert ana is not None
    assert ana.language == "en"
    assert account_of("Somebody new").language == "en"


def test_what_is_no_phrase_is_kept_as_it_is() -> None:
    for value in (1, None, True, "votes", [1, "a"], {"a": {"b": 2.5}}):
        assert kept(value) == value
