"""The lead words in the languages that people type in."""

from __future__ import annotations

from bot.messages import short_tag

# The English word, then its words per language, apart by "|". What a language says by an ending is left out.
_WORDS = {
    "on": {"fr": "le", "it": "il", "pl": "dnia|w dniu", "pt": "em|no dia|a", "lv": "dienā", "de": "am",
           "es": "el", "ro": "pe|în data de"},
    "with": {"fr": "avec", "it": "con", "pl": "z|ze|razem z", "pt": "com", "lv": "ar|kopā ar", "de": "mit",
             "es": "con", "ro": "cu|împreună cu"},
    "smes": {"fr": "pme", "it": "pmi", "pl": "mśp|msp", "pt": "pme|pmes", "lv": "mvu", "de": "kmu",
             "es": "pymes|pyme", "ro": "imm|imm-uri"},
    "link": {"fr": "lien", "it": "collegamento", "pl": "odnośnik|łącze", "pt": "ligação|hiperligação",
             "lv": "saite", "es": "enlace", "ro": "legătură|link-ul"},
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
    "until": {"fr": "jusqu'au|jusqu'à", "it": "fino al|fino a", "pl": "do", "pt": "até", "lv": "līdz",
              "de": "bis", "es": "hasta", "ro": "până la|până pe"},
    "till": {"fr": "au", "it": "al", "pt": "ao", "de": "bis zum|bis einschließlich", "es": "al"},
    "from": {"fr": "du", "it": "dal|dall'", "pl": "od", "pt": "de|desde|do", "lv": "no", "de": "vom|ab",
             "es": "del|desde", "ro": "din|de pe|de la"},
    "agenda": {"fr": "ordre du jour", "it": "ordine del giorno", "pl": "porządek obrad",
               "pt": "ordem de trabalhos", "lv": "darba kārtība", "de": "tagesordnung", "es": "orden del día",
               "ro": "ordinea de zi"},
    "article": {"it": "articolo", "pl": "artykuł", "pt": "artigo", "lv": "pants", "de": "artikel",
                "es": "artículo", "ro": "articolul"},
    "minutes": {"it": "minuti", "pl": "minut|minuty", "pt": "minutos", "lv": "minūtes", "de": "minuten",
                "es": "minutos", "ro": "minute"},
    "seats": {"fr": "places", "it": "posti", "pl": "miejsca|miejsc", "pt": "lugares", "lv": "vietas",
              "de": "plätze", "es": "plazas", "ro": "locuri"},
    "with seats": {"fr": "avec places", "de": "mit plätzen", "ro": "cu locuri"},
    "times": {"fr": "fois", "it": "volte", "pl": "razy", "pt": "vezes", "lv": "reizes", "de": "mal",
              "es": "veces", "ro": "ori"},
    "text": {"fr": "texte", "it": "testo", "pl": "treść", "pt": "texto", "lv": "teksts", "es": "texto",
             "ro": "textul"},
    "candidates": {"fr": "candidats", "it": "candidati", "pl": "kandydaci", "pt": "candidatos",
                   "lv": "kandidāti", "de": "kandidaten", "es": "candidatos", "ro": "candidați"},
    "months": {"fr": "mois", "it": "mesi", "pl": "miesiące|miesięcy", "pt": "meses", "lv": "mēneši",
               "de": "monate", "es": "meses", "ro": "luni de mandat"},
    "country": {"fr": "pays", "it": "paese", "pl": "kraj", "pt": "país", "lv": "valsts", "de": "land",
                "es": "país", "ro": "țara"},
    "about": {"fr": "sur", "it": "su|sul|sulla", "pl": "o", "pt": "sobre", "lv": "par",
              "de": "über|zu|zum|zur", "es": "sobre", "ro": "despre"},
    "without": {"fr": "sans", "it": "senza", "pl": "bez", "pt": "sem", "lv": "bez", "de": "ohne", "es": "sin",
                "ro": "fără"},
}  # fmt: skip
_SHORT = {"with": ("w/",), "about": ("on",)}  # how English is written in a hurry
_WE = "we nous abbiamo zrobilismy mielismy fizemos tivemos mes wir hicimos tuvimos hemos am"
WE = frozenset(_WE.split())  # begin a sentence about what was done; without accents
COUNTED = frozenset({"smes"})  # lead words that a number may stand before: "12 SMEs"


def ways_to_say(lead: str, language: str) -> tuple[str, ...]:
    """The words for the English lead word `lead` in a language (IETF tag); the English one is always one."""
    own, short = _WORDS.get(lead, {}).get(short_tag(language), ""), _SHORT.get(lead, ())
    return (lead, *own.split("|"), *short) if own else (lead, *short)


def shown_lead(lead: str, language: str) -> str:
    """The word for a lead word that somebody is told of."""
    return (_WORDS.get(lead, {}).get(short_tag(language), "") or lead).partition("|")[0]
