"""Everyday words for commands in the languages that people type in: "ajuda" is help."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.values import fold

# The command, then the words that begin it, per language apart by "|". A word that two languages use for
# two commands stands in neither.
_WORDS = {
    "help": {"fr": "aide", "it": "aiuto", "pl": "pomoc", "pt": "ajuda", "lv": "palīdzība", "de": "hilfe",
             "es": "ayuda", "ro": "ajutor"},
    "log": {"fr": "noter|consigner", "it": "registra|registrare", "pl": "zapisz|zapisać", "pt": "registar",
            "lv": "pierakstīt|pieraksti", "de": "eintragen|erfassen", "es": "registrar",
            "ro": "înregistrează|notează"},
    "undo": {"it": "annulla", "pl": "cofnij", "pt": "desfazer", "lv": "atsaukt", "de": "rückgängig",
             "es": "deshacer"},
    "events": {"fr": "évènements|événements|agenda", "it": "eventi", "pl": "wydarzenia", "pt": "eventos",
               "lv": "pasākumi", "de": "veranstaltungen", "es": "eventos", "ro": "evenimente"},
    "vote": {"fr": "voter", "it": "vota|votare", "pl": "głosuj|głosować", "pt": "votar", "lv": "balsot",
             "de": "abstimmen", "es": "votar", "ro": "votează"},
    "motions": {"it": "mozioni", "pl": "wnioski", "pt": "moções", "lv": "priekšlikumi", "de": "anträge",
                "es": "mociones", "ro": "moțiuni"},
    "indicators": {"fr": "indicateurs", "it": "indicatori", "pl": "wskaźniki", "pt": "indicadores",
                   "lv": "rādītāji", "de": "indikatoren", "es": "indicadores", "ro": "indicatori"},
    "charter": {"fr": "charte", "it": "carta", "pl": "karta", "pt": "carta", "lv": "harta", "de": "charta",
                "es": "carta", "ro": "carta"},
    "activities": {"fr": "activités", "it": "attività", "pl": "działania", "pt": "atividades",
                   "lv": "aktivitātes", "de": "aktivitäten", "es": "actividades", "ro": "activități"},
    "todo": {"fr": "à faire", "it": "da fare", "pl": "do zrobienia", "pt": "a fazer", "lv": "darāmais",
             "de": "zu tun", "es": "pendiente", "ro": "de făcut"},
    "language": {"fr": "langue", "it": "lingua", "pl": "język", "pt": "língua|idioma", "lv": "valoda",
                 "de": "sprache", "es": "idioma", "ro": "limba"},
    "profile": {"fr": "profil", "it": "profilo", "pl": "profil", "pt": "perfil", "lv": "profils",
                "de": "profil", "es": "perfil", "ro": "profil"},
    "people": {"fr": "personnes", "it": "persone", "pl": "osoby|ludzie", "pt": "pessoas", "lv": "cilvēki",
               "de": "personen|leute", "es": "personas", "ro": "persoane|oameni"},
    "timezone": {"fr": "fuseau horaire", "it": "fuso orario", "pl": "strefa czasowa", "pt": "fuso horário",
                 "lv": "laika josla", "de": "zeitzone", "es": "zona horaria", "ro": "fus orar"},
    "privacy": {"fr": "confidentialité", "pl": "prywatność", "pt": "privacidade", "lv": "privātums",
                "de": "datenschutz", "es": "privacidad", "ro": "confidențialitate"},
    "start": {"fr": "bonjour", "it": "ciao", "pl": "cześć", "pt": "olá", "lv": "sveiki", "de": "hallo",
              "es": "hola", "ro": "salut"},
}  # fmt: skip

# Folded words -> the command's name.
EVERYDAY: Mapping[tuple[str, ...], str] = {
    tuple(fold(word).split()): command
    for command, by_language in _WORDS.items()
    for words in by_language.values()
    for word in words.split("|")
}
