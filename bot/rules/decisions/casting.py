"""When a ballot comes in time, and which words are one (spec/decisions.md 4.2 and 5.11)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Literal

from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import GRACE
from bot.rules.decisions.values import ABSTAIN, AGAINST, FOR

Gate = Literal["open", "early", "late", "over"]

_BY_CHOICE: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("yes", "for", "in favour", "in favor", "aye"),
        ("no", "against", "nay"),
        ("abstain", "abstention", "abstaining", "i abstain", "we abstain"),
    ),
    "fr": (
        ("oui", "pour", "favorable"),
        ("non", "contre", "défavorable"),
        ("abstention", "je m'abstiens", "nous nous abstenons", "on s'abstient"),
    ),
    "it": (
        ("sì", "a favore", "favorevole", "favorevoli"),
        ("no", "contro", "contrario", "contraria", "contrari"),
        ("astensione", "astenuto", "astenuta", "astenuti", "mi astengo", "ci asteniamo"),
    ),
    "pl": (
        ("tak", "za"),
        ("nie", "przeciw", "przeciwko"),
        ("wstrzymuję się", "wstrzymujemy się", "wstrzymuję się od głosu", "wstrzymujemy się od głosu"),
    ),
    "pt": (
        ("sim", "a favor", "favorável"),
        ("não", "contra"),
        ("abstenção", "abstenho-me", "me abstenho", "abstemo-nos", "nos abstemos"),
    ),
    "lv": (
        ("jā", "par"),
        ("nē", "pret"),
        ("atturos", "atturamies", "es atturos", "mēs atturamies"),
    ),
    "de": (
        ("ja", "für", "fuer", "dafür", "dafuer"),
        ("nein", "gegen", "dagegen"),
        ("enthaltung", "enthalte mich", "ich enthalte mich", "wir enthalten uns"),
    ),
    "es": (
        ("sí", "a favor"),
        ("no", "en contra", "contra"),
        ("abstención", "me abstengo", "nos abstenemos"),
    ),
    "ro": (
        ("da", "pentru"),
        ("nu", "împotrivă", "contra"),
        ("abținere", "mă abțin", "ne abținem"),
    ),
}
# Language -> word as it is spelled -> choice.
VOTING_WORDS: Mapping[str, Mapping[str, str]] = {
    language: {
        word: choice
        for choice, words in zip((FOR, AGAINST, ABSTAIN), by_choice, strict=True)
        for word in words
    }
    for language, by_choice in _BY_CHOICE.items()
}
# Voting words of other languages that are another word when said alone: "no" is "yeah" in Polish, Czech and
# Slovak, "well" in Slovene, Hungarian and Romanian; "nu" is "well" in Latvian and German.
MEANS_ELSE = {
    **{language: frozenset({"no"}) for language in ("pl", "cs", "sk", "sl", "hu", "ro")},
    "lv": frozenset({"nu"}),
    "de": frozenset({"nu", "da"}),
}
# What may stand around a voting word in a sentence that says nothing but a vote: "sorry, I meant against".
_WORDS_AROUND = (
    "i we m im am are re vote votes voting our my is it this sorry oops meant mean please ok "
    "je j on nous vote votons suis sommes pardon desole desolee plutot la "
    "ich wir stimme stimmen bin sind entschuldigung meine meinte "
    "glosuje glosujemy jestem jestesmy przepraszam "
    "voto votiamo sono siamo io noi scusa scusate "
    "eu nos sou somos votamos desculpa desculpe "
    "yo nosotros estoy estamos perdon "
    "votez votam sunt suntem scuze "
    "es mes balsoju balsojam esmu esam piedod piedodiet"
)
_AROUND = frozenset(_WORDS_AROUND.split())
_MOST_WORDS = 9  # of such a sentence
LONGEST = max(len(word) for words in VOTING_WORDS.values() for word in words)
_SAID = re.compile(r"¡?(?P<word>[^.!?¡¿]+?)\s*(?:\.|!+)?")


def gate(motion: Motion, sent_at: datetime | None, received_at: datetime) -> Gate:
    """Whether a ballot comes in time; the check on each ballot, whatever jobs ran (spec 5.11).

    The platform's stamp (`sent_at`, None where it gives none) decides if the ballot is received within
    GRACE after the deadline; else the moment of receipt does. A stamp from the future is not believed. What
    is counted stays counted: then it is "late". "over" is a motion that was withdrawn or is void."""
    if motion.withdrawn_at is not None or motion.voided_at is not None:
        return "over"
    if motion.closed_at is not None or motion.certified_at is not None or motion.origin == "recorded":
        return "late"
    given_at = received_at if sent_at is None or sent_at > received_at else sent_at
    if given_at >= motion.closes_at or received_at >= motion.closes_at + GRACE:
        return "late"
    return "early" if given_at < motion.opens_at else "open"


def word_choice(words: str, language: str) -> str:
    """The choice in a message that consists of nothing but a voting word, in English or in the person's own
    language (IETF tag): "for", "against" or "abstain", else "" (spec 4.2). Capitals, left-out accents and a
    final "." or "!" do not matter. A question, a quotation or a word with anything beside it is no vote,
    nor is what means something else in their own language."""
    text = " ".join(words.split())
    said = _SAID.fullmatch(text) if len(text) <= 2 * LONGEST else None
    if said is None:
        return ""
    word = unicodedata.normalize("NFC", said["word"].replace("’", "'").casefold())
    own = language.replace("_", "-").split("-")[0].casefold()
    if choice := _meant(word, VOTING_WORDS.get(own, {})):
        return choice
    return "" if word in MEANS_ELSE.get(own, ()) else _meant(word, VOTING_WORDS["en"])


@lru_cache(maxsize=16)
def words_known(language: str) -> Mapping[str, str]:
    """Every word by which a vote can be given where nothing else can be meant, as after `/vote`: those of the
    language (its short tag), of English, and of the other languages as far as they mean one thing; with its
    choice, "" for a word that is another one in the language."""
    own = VOTING_WORDS.get(language, {})
    elsewhere: dict[str, str] = {}
    for words in VOTING_WORDS.values():
        for word, choice in words.items():
            elsewhere[word] = choice if elsewhere.get(word, choice) == choice else ""
    return {**elsewhere, **VOTING_WORDS["en"], **dict.fromkeys(MEANS_ELSE.get(language, ()), ""), **own}


def choice_meant(words: str, language: str) -> str:
    """The choice of a short sentence that says nothing but a vote, "" for none: "I'm for", "je vote pour",
    "sorry, I meant against". Good enough to ask, never to count (spec 4.2)."""
    said = _plain_words(words)
    if not 0 < len(said) <= _MOST_WORDS or "?" in words:
        return ""
    known = {_plain_words(word): choice for word, choice in words_known(language).items()}
    found, at = set(), 0
    while at < len(said):
        most = next((n for n in range(len(said) - at, 0, -1) if known.get(said[at : at + n])), 0)
        if most:
            found.add(known[said[at : at + most]])
        elif said[at] not in _AROUND:
            return ""
        at += most or 1
    return found.pop() if len(found) == 1 else ""


def _plain_words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", _without_accents(text.casefold())))


def _meant(word: str, known: Mapping[str, str]) -> str:
    for spelled, choice in known.items():
        plain = _without_accents(spelled)
        # Accents may be left out or mistaken, not added: Romanian "da" is yes and "dă" is give.
        if word == plain or (spelled != plain and _without_accents(word) == plain):
            return choice
    return ""


def _without_accents(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ł", "l")
