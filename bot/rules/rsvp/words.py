"""Which words are an answer to an event (spec/engagement.md section 1, in the members' languages)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from bot.rules.rsvp.values import Wish

_BY_WISH: dict[str, dict[Wish, str]] = {
    "en": {
        "going": (
            "yes, yep, yup, yeah, yes please, yes gladly, gladly, with pleasure, +1, count me in, i'm in, i "
            "am in, going, i'm going, i am going, coming, i'm coming, i am coming, i'll come, i will come, "
            "i'll be there, i will be there, i can make it"
        ),
        "no": (
            "no, nope, no thanks, no thank you, can't, cannot, i can't, i cannot, sorry no, can't come, i "
            "can't come, can't make it, i can't make it, sorry can't, sorry i can't, unfortunately not, not "
            "coming, i'm not coming, i am not coming, not going, i'm not going, i am not going, won't come, "
            "i won't come, won't be there, i won't be there, count me out, i'm out"
        ),
        "maybe": (
            "maybe, perhaps, not sure, not sure yet, i'm not sure, i'm not sure yet, might come, i might "
            "come, i don't know yet, don't know yet, tentative, we'll see"
        ),
    },
    "fr": {
        "going": (
            "oui, oui volontiers, volontiers, avec plaisir, oui avec plaisir, je viens, je viendrai, j'y "
            "serai, je serai là, je participe, je participerai, présent, présente, je suis partant, je suis "
            "partante"
        ),
        "no": (
            "non, non merci, je ne peux pas, je peux pas, je ne viens pas, je viens pas, je n'y serai pas, "
            "je ne serai pas là, je ne viendrai pas, je ne participe pas, absent, absente, malheureusement "
            "non, désolé non, désolée non"
        ),
        "maybe": "peut-être, pas sûr, pas sûre, je ne sais pas encore, je sais pas encore",
    },
    "it": {
        "going": (
            "sì, sì volentieri, volentieri, con piacere, ci sono, ci sarò, vengo, verrò, partecipo, "
            "parteciperò, presente"
        ),
        "no": (
            "no, no grazie, non posso, non ci sono, non ci sarò, non vengo, non riesco, non partecipo, "
            "purtroppo no, assente"
        ),
        "maybe": "forse, può darsi, non so ancora, non lo so ancora",
    },
    "pl": {
        "going": "tak, tak chętnie, chętnie, będę, przyjdę, przyjadę, wezmę udział, biorę udział, piszę się",
        "no": (
            "nie, nie dziękuję, nie mogę, nie będę, nie będzie mnie, nie przyjdę, nie przyjadę, nie dam "
            "rady, nie wezmę udziału, niestety nie, niestety nie mogę"
        ),
        "maybe": "może, być może, jeszcze nie wiem, nie wiem jeszcze, nie jestem pewien",
    },
    "pt": {
        "going": (
            "sim, sim com gosto, com gosto, vou, eu vou, lá estarei, estarei lá, conta comigo, conte "
            "comigo, contem comigo, participo, presente"
        ),
        "no": (
            "não, não obrigado, não obrigada, não posso, não vou, não consigo, não estarei, não vou poder, "
            "não participo, infelizmente não, ausente"
        ),
        "maybe": "talvez, se calhar, ainda não sei, não sei ainda, logo vejo",
    },
    "lv": {
        "going": (
            "jā, jā labprāt, labprāt, ar prieku, būšu, es būšu, nākšu, es nākšu, piedalīšos, es piedalīšos"
        ),
        "no": (
            "nē, nē paldies, nevaru, es nevaru, nevarēšu, es nevarēšu, nebūšu, es nebūšu, nenākšu, "
            "nepiedalīšos, diemžēl nē, diemžēl nevaru, diemžēl nevarēšu"
        ),
        "maybe": "varbūt, iespējams, vēl nezinu, nezinu vēl",
    },
    "de": {
        "going": (
            "ja, ja gerne, ja gern, gerne, gern, ja klar, bin dabei, ich bin dabei, ich komme, komme, komme "
            "gerne, ich komme gerne, nehme teil, ich nehme teil, zusage"
        ),
        "no": (
            "nein, nein danke, leider nein, leider nicht, kann nicht, ich kann nicht, kann leider nicht, "
            "ich kann leider nicht, komme nicht, ich komme nicht, bin nicht dabei, ich bin nicht dabei, "
            "absage, ohne mich"
        ),
        "maybe": (
            "vielleicht, eventuell, mal sehen, weiß noch nicht, ich weiß noch nicht, weiß ich noch nicht"
        ),
    },
    "es": {
        "going": (
            "sí, sí con gusto, con gusto, voy, yo voy, allí estaré, ahí estaré, asistiré, asisto, "
            "participo, cuenta conmigo, contad conmigo, cuenten conmigo, me apunto, presente"
        ),
        "no": (
            "no, no gracias, no puedo, no voy, no podré, no podré ir, no puedo ir, no asistiré, no estaré, "
            "lamentablemente no, ausente"
        ),
        "maybe": "quizás, quizá, tal vez, a lo mejor, puede ser, aún no lo sé, todavía no lo sé",
    },
    "ro": {
        "going": (
            "da, da sigur, cu drag, vin, eu vin, voi veni, voi fi acolo, particip, voi participa, prezent, "
            "prezentă"
        ),
        "no": (
            "nu, nu mulțumesc, nu pot, nu vin, nu voi veni, nu particip, nu voi participa, nu pot veni, din "
            "păcate nu, din păcate nu pot, absent, absentă"
        ),
        "maybe": "poate, nu știu încă, încă nu știu, nu sunt sigur, nu sunt sigură",
    },
}
# Language -> word as it is spelled -> wish.
ANSWERING_WORDS: Mapping[str, Mapping[str, Wish]] = {
    language: {word: wish for wish, words in by_wish.items() for word in words.split(", ")}
    for language, by_wish in _BY_WISH.items()
}
# English answers that are another word when said alone: "no" is "yeah" in Polish, Czech and Slovak, "well" in
# Slovene, Hungarian and Romanian.
_MEANS_ELSE = {language: frozenset({"no"}) for language in ("pl", "cs", "sk", "sl", "hu", "ro")}
_LONGEST = 80  # letters of a whole message, signs and smileys included
_SMILEY = re.compile(
    r":[a-z0-9_+'-]+:|(?<!\S)[:;]-?[()DPp](?!\S)"
)  # Slack writes 🙂 as :slightly_smiling_face:
_UNSURE = frozenset("👎❌🚫⛔🙅🤷🤔❓❔")  # beside a yes they leave it open
_UNSURE_NAMED = re.compile(
    r":(?:-1|thumbsdown|x|no_entry|no_entry_sign|no_good|shrug|thinking_face|question|thinking)\b"
)
_ENDING = re.compile(r"\s*[.!…]+$")


def word_wish(words: str, language: str) -> Wish | Literal[""]:
    """The answer in a message that consists of nothing but an answering word, in English or in the person's
    own language (IETF tag): "going", "no" or "maybe", else "". Capitals, left-out accents, commas, a final
    "." or "!" and smileys do not matter. A question, a quotation or a word with anything beside it is no
    answer, nor is what means something else in their own language, or a yes beside a 👎."""
    word = _bare(words) if len(words) <= _LONGEST else ""
    if word != word.strip("'"):
        return ""
    own = language.replace("_", "-").split("-")[0].casefold()
    wish = _meant(word, ANSWERING_WORDS.get(own, {}))
    if not wish and word not in _MEANS_ELSE.get(own, ()):
        wish = _meant(word, ANSWERING_WORDS["en"])
    return "" if wish == "going" and _leaves_open(words) else wish


def _bare(words: str) -> str:
    text = _SMILEY.sub(" ", unicodedata.normalize("NFC", words))
    text = "".join(" " if _is_picture(sign) else sign for sign in text).replace(",", " ")
    text = _ENDING.sub("", " ".join(text.split()).removeprefix("¡"))
    return text.replace("’", "'").casefold()


def _is_picture(sign: str) -> bool:
    """A smiley, or what joins and colours it."""
    drawn = unicodedata.category(sign) in ("So", "Sk") and sign not in "`´^¨"
    return drawn or sign in "\ufe0f\u200d"


def _leaves_open(words: str) -> bool:
    return not _UNSURE.isdisjoint(words) or _UNSURE_NAMED.search(words) is not None


def _meant(word: str, known: Mapping[str, Wish]) -> Wish | Literal[""]:
    for spelled, wish in known.items():
        folded = spelled.casefold()
        plain = _plain(folded)
        # Accents may be left out or mistaken, not added: Romanian "da" is yes and "dă" is give.
        if word.replace("'", "") == plain or (folded != plain and _plain(word) == plain):
            return wish
    return ""


def _plain(word: str) -> str:
    """A word without its accents and apostrophes."""
    apart = unicodedata.normalize("NFKD", word)
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return letters.replace("ł", "l").replace("'", "")
