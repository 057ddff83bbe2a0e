"""What the columns of an attendance table are called, in the members' languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

Role = Literal["whole", "first", "last", "address", "minutes", "there"]


class Columns(NamedTuple):
    """Where things stand in a row, -1 for nowhere. `unit` is how many minutes one of a length is, 0 if the
    header does not say."""

    whole: int = -1
    first: int = -1
    last: int = -1
    address: int = -1
    minutes: int = -1
    there: int = -1
    unit: float = 0.0

    @property
    def weight(self) -> int:
        """How much of a row is understood; a name most of all."""
        named = max(self.whole, self.first, self.last) >= 0
        return 2 * named + (self.address >= 0) + (self.minutes >= 0)


_SPOKEN: Final[dict[Role, str]] = {
    "whole": (
        "name, full name, display name, user name, username, participant, participant name, "
        "attendee, attendee name, screen name, person, nom complet, participante, participant e, "
        "nome completo, nominativo, partecipante, imie i nazwisko, uczestnik, dalibnieks, teilnehmer, "
        "teilnehmende, vollstandiger name, nombre completo, nombre y apellidos, asistente, nume complet, "
        "nume si prenume, vards uzvards, vards un uzvards, nazwisko i imie, nom et prenom, nom prenom, "
        "cognome e nome, nome e cognome, vor und nachname, nome e apelido"
    ),
    "first": "first name, firstname, given name, forename, prenom, imie, vorname, prenume, nome proprio",
    "last": (
        "last name, lastname, surname, family name, nom de famille, cognome, nazwisko, apelido, apelidos, "
        "sobrenome, uzvards, nachname, familienname, apellido, apellidos, nume de familie"
    ),
    "there": "attended, participated, present, a participe, presente, obecny, bija klat, anwesend, asistio",
}
# Of a whole name, unless the other part has a column of its own.
_EITHER: Final = frozenset({"name", "nom", "nome", "vards", "nombre", "nume"})
_ADDRESS: Final = frozenset({"email", "mail", "courriel", "epasts", "pasts", "correo", "upn"})
_LENGTH: Final = frozenset(
    {
        *("duration", "duree", "durata", "czas", "duracao", "ilgums", "dauer", "duracion", "min"),
        *("minutes", "minute", "minuten", "minuti", "minuty", "minut", "minutos"),
    }
)
_NO_LENGTH: Final = frozenset({"join", "leave", "start", "end", "dolaczenia", "opuszczenia", "rozpoczecia"})
_SECONDS: Final = re.compile(r"\b(?:sec|seconds?|secondes?|secondi|segundos?|sekund\w*|secunde)\b")
_HOURS: Final = re.compile(r"\b(?:hours?|heures?|ore|horas?|godzin\w*|stundas|stunden)\b")
_MINUTES: Final = re.compile(r"\bmin")
_CALLED: Final = {name: role for role, names in _SPOKEN.items() for name in names.split(", ")}


def columns_of(row: Sequence[str]) -> Columns:
    """What a row says if it is taken for a header; nothing of it where it is none."""
    found: dict[Role, int] = {}
    either, unit = -1, 0.0
    for at, cell in enumerate(row):
        words = folded(cell)
        bare = folded(re.sub(r"\([^)]*\)", " ", cell))
        if bare in _EITHER:
            either = at if either < 0 else either
        elif role := _CALLED.get(bare) or _told(words):
            if role == "minutes" and role not in found:
                unit = _unit(words)
            found.setdefault(role, at)
    return _settled(found, either, unit)


def folded(text: str) -> str:
    """Words without case, accents and signs, for comparing."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("-", ""))
    bare = "".join(sign if sign.isalnum() else " " for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.split())


def _told(words: str) -> Role | None:
    """The role of a column by one telling word: "User email", "Time in session (minutes)"."""
    said = set(words.split())
    if said & _ADDRESS or words == "e mail":
        return "address"
    return "minutes" if said & _LENGTH and not said & _NO_LENGTH else None


def _unit(words: str) -> float:
    if _SECONDS.search(words):
        return 1 / 60
    if _HOURS.search(words):
        return 60.0
    return 1.0 if _MINUTES.search(words) else 0.0


def _settled(found: dict[Role, int], either: int, unit: float) -> Columns:
    """The word "Nom" is the whole name, but the family name where "Prénom" stands beside it."""
    if either >= 0:
        if "first" in found and "last" not in found:
            found["last"] = either
        elif "last" in found and "first" not in found:
            found["first"] = either
        else:
            found.setdefault("whole", either)
    return Columns(**found, unit=unit)
