"""Who and where somebody is at the terminal."""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz, process

from bot.messages import ENGLISH, Account, Place

NAME = "terminal"
WORKSPACE = "local"
DIRECT = "direct"
_ALIKE = 65.0  # likeness of a slip ("luk" for Luc), of 100


def account_of(name: str) -> Account:
    """The account of somebody at the terminal, by the name they go by there. Until they choose another
    language it is English, so that whoever rehearses reads what everybody is told."""
    return Account(NAME, WORKSPACE, name.casefold(), name, language=ENGLISH)


def direct_of(account: Account) -> Place:
    """Where somebody at the terminal alone reads the bot."""
    return Place(NAME, WORKSPACE, f"{DIRECT}:{account.user}", name=DIRECT)


def group_of(name: str) -> Place:
    """A group at the terminal; it is there as soon as somebody goes to it."""
    return Place(NAME, WORKSPACE, f"group:{name.casefold()}", kind="group", name=name)


def named(typed: str, names: tuple[str, ...]) -> str:
    """The known name that was meant: the whole of it or its first word, accents and case aside. A name
    that nobody has yet is a newcomer's."""
    wanted = _fold(typed)
    for shown in names:
        if _fold(shown) == wanted:
            return shown
    first = [shown for shown in names if _fold(shown).split()[0] == wanted]
    return first[0] if len(first) == 1 else typed


def alike(typed: str, names: tuple[str, ...]) -> str:
    """The known name that is nearly what was typed, "" for none."""
    found = process.extractOne(_fold(typed), [_fold(name) for name in names], scorer=fuzz.ratio)
    return names[found[2]] if found and found[1] >= _ALIKE else ""


def _fold(name: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())
