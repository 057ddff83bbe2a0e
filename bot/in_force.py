"""Which rules are in force: the versions of the charter in this database, as of a day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from bot.charter import Charter, Charters
from storage.charters import CharterVersion
from storage.store import Store

MOST = 200  # versions kept read: an alliance's life


def charters_in(store: Store) -> Charters:
    """Every version of the charter in the database, each with the day from which it is in force."""
    return _read(tuple((one.in_force_from, one.fingerprint, one.text) for one in store.charters.versions()))


def version_at(store: Store, day: date) -> CharterVersion:
    """The version in force on a day, as it is kept. Raises LookupError if there is none at all."""
    versions = sorted(store.charters.versions(), key=lambda one: (one.in_force_from, one.version))
    if not versions:
        raise LookupError("this alliance has no charter yet")
    in_force = [one for one in versions if one.in_force_from <= day]
    return in_force[-1] if in_force else versions[0]


def charter_of(version: CharterVersion) -> Charter:
    """A kept version as the values that it holds."""
    return _parsed(version.fingerprint, version.text)


@lru_cache(maxsize=8)
def _read(versions: tuple[tuple[date, str, str], ...]) -> Charters:
    return Charters(tuple((since, _parsed(fingerprint, text)) for since, fingerprint, text in versions))


@lru_cache(maxsize=MOST)
def _parsed(fingerprint: str, text: str) -> Charter:  # noqa: ARG001 - what the text is known by
    return Charter.from_json(text)
