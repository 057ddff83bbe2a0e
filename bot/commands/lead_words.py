"""The lead words in the languages that people type in, until a catalogue says otherwise."""

from __future__ import annotations

# The English word, then its words per language, apart by "|". What a language says by an ending is left out.
_WORDS = {
    "on": {"fr": "le", "it": "il", "pl": "dnia|w dniu", "pt": "em|no dia|a", "de": "am",
           "es": "el", "ro": "pe"},
    "with": {"fr": "avec", "it": "con", "pl": "z|ze|razem z", "pt": "com", "lv": "ar", "de": "mit",
             "es": "con", "ro": "cu"},
    "smes": {"fr": "pme", "it": "pmi", "pl": "mśp|msp", "pt": "pme|pmes", "lv": "mvu", "de": "kmu",
             "es": "pymes|pyme", "ro": "imm|imm-uri"},
    "link": {"fr": "lien", "pl": "odnośnik", "pt": "ligação", "lv": "saite", "es": "enlace"},
    "for": {"fr": "pour", "it": "per", "pl": "dla", "pt": "para", "lv": "priekš", "de": "für", "es": "para",
            "ro": "pentru"},
    "to": {"fr": "à|aux", "it": "a|ai|agli", "pl": "do", "pt": "para|a", "de": "an", "es": "a|para",
           "ro": "către"},
    "of": {"fr": "de", "it": "di", "pt": "de|da|do", "de": "von", "es": "de", "ro": "de"},
    "in": {"fr": "en", "it": "nel", "pl": "w", "pt": "em", "de": "im", "es": "en", "ro": "în"},
    "year": {"fr": "année", "it": "anno", "pl": "rok", "pt": "ano", "lv": "gads", "de": "jahr", "es": "año",
             "ro": "anul"},
    "title": {"fr": "titre", "it": "titolo", "pl": "tytuł", "pt": "título", "lv": "nosaukums", "de": "titel",
              "es": "título", "ro": "titlu"},
    "kind": {"fr": "type", "it": "tipo", "pl": "rodzaj", "pt": "tipo", "lv": "veids", "de": "art",
             "es": "tipo", "ro": "tip"},
    "day": {"fr": "jour", "it": "giorno", "pl": "dzień", "pt": "dia", "lv": "diena", "de": "tag", "es": "día",
            "ro": "ziua"},
    "because": {"fr": "parce que", "it": "perché", "pl": "ponieważ", "pt": "porque", "lv": "jo", "de": "weil",
                "es": "porque", "ro": "pentru că"},
}  # fmt: skip
COUNTED = frozenset({"smes"})  # lead words that a number may stand before: "12 SMEs"


def ways_to_say(lead: str, translated: str, language: str) -> tuple[str, ...]:
    """The words for the English lead word `lead`: what the catalogue says (`translated`, several apart by
    "|"), or those written down here where it has nothing."""
    if translated != lead:
        return tuple(translated.split("|"))
    own = _WORDS.get(lead, {}).get(language.replace("_", "-").split("-")[0].lower(), "")
    return (lead, *own.split("|")) if own else (lead,)
