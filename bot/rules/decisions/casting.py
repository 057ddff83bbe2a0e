"""When a ballot comes in time, and which words are one (spec/decisions.md 4.2 and 5.11)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
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
# English voting words that are another word when said alone: "no" is "yeah" in Polish, Czech and Slovak,
# "well" in Slovene, Hungarian and Romanian.
MEANS_ELSE = {language: frozenset({"no"}) for language in ("pl", "cs", "sk", "sl", "hu", "ro")}
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
