"""Made-up members and moments that the storage tests share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.messages import Account, Place
from bot.rules.indicators import Involved, Record, Sme
from storage.organisations import Organisation
from storage.store import Store

NOW = datetime(2026, 5, 13, 9, 30, tzinfo=UTC)
DAY = date(2026, 5, 12)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

CIMES = Organisation("cimes", "CIMES", "CIMES", (), "FR", "Europe/Paris", "fr", founding=True)
MECATECH = Organisation(
    "mecatech",
    "Pôle MecaTech",
    "MecaTech",
    ("meca", "Mécatech"),
    "BE",
    joined_on=date(2026, 1, 12),
    sectors=("mechanical engineering", "Žuvis"),
)
ANA = Account("telegram", "", "42", "Ana", "pt", "Europe/Lisbon")
ANA_ON_SLACK = Account("slack", "T1", "U7", "ana", "en")
DIRECT = Place("telegram", "", "42", name="Ana")
HALL = Place("slack", "T1", "C9", "1700.1", "group", "the hall")
ACME = Sme("Acme", "FR", "123456789", "acme.example")
ZOO = Sme("Žuvis & Sons", "LV")


def workshop(
    title: str = "Green hydrogen 101", day: date = DAY, smes: tuple[Sme, ...] = (), cohost: str = "mecatech"
) -> Record:
    """A workshop of CIMES with a co-host, not yet stored."""
    return Record(0, "workshop", title, day, (Involved("cimes", "host"), Involved(cohost)), smes=smes)


def settle(store: Store) -> int:
    """Two organisations and Ana of CIMES, whose number is returned."""
    store.organisations.add(CIMES)
    store.organisations.add(MECATECH)
    return store.persons.add("Ana", "pt", "Europe/Lisbon", NOW).id
