"""What people are called: names as platforms give them, made fit to be shown. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

LONGEST_NAME: Final = 80  # characters
# letters by their category, and nothing to be seen: Hangul fillers, empty braille, Khmer inherents
_UNSEEN: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
_BINDS: Final = frozenset("\u200c\u200d")  # stand inside words of some scripts, and inside emoji
_VARIANTS: Final = range(0xFE00, 0xFE10)  # how the sign before is drawn
_RIGHT_TO_LEFT: Final = frozenset(("R", "AL"))


def shown_name(name: str) -> str:
    """A name on one line, at most 80 characters, without what cannot be seen or would turn what stands around
    it; "" where nothing is left to be seen. Letters of every script, accents and emoji stay."""
    kept = (sign if _stays(sign) else " " if sign.isspace() else "" for sign in _whole(name))
    line = " ".join("".join(kept).split())
    line = unicodedata.normalize("NFC", line)[:LONGEST_NAME].rstrip()
    return line if any(_is_seen(sign) for sign in line) else ""


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same letters, whatever their case, accents and spaces."""
    return one != "" and _bare(one) == _bare(other)


def turns(text: str) -> bool:
    """Whether a text holds letters that are read from right to left, so that what stands beside it could be
    shown in another order (Unicode UAX 9)."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text)


def told_apart(labels: Sequence[str], more: Sequence[str], longest: int) -> tuple[str, ...]:
    """The labels, cut to `longest` characters, and no two alike: the same one twice says what else is known
    of each (`more`: a role, a platform), and where that is the same too, their number in the list."""
    shown = [_cut(label, longest) for label in labels]
    doubled = [shown.count(one) > 1 for one in shown]
    shown = [
        _with(label, extra, longest) if twice and extra else _cut(label, longest)
        for label, extra, twice in zip(labels, more, doubled, strict=True)
    ]
    seen: dict[str, int] = {}
    apart = list[str]()
    for one in shown:
        seen[one] = seen.get(one, 0) + 1
        apart.append(_with(one, str(seen[one]), longest) if shown.count(one) > 1 else one)
    return tuple(apart)


def _whole(name: str) -> str:
    return name.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", shown_name(name).casefold())
    return "".join(sign for sign in plain if sign.isalnum() or (not sign.isascii() and not _is_mark(sign)))


def _is_mark(sign: str) -> bool:
    return unicodedata.combining(sign) > 0


def _stays(sign: str) -> bool:
    if sign in _BINDS:
        return True
    return sign not in _UNSEEN and not sign.isspace() and unicodedata.category(sign)[0] != "C"


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS" and ord(sign) not in _VARIANTS


def _cut(label: str, longest: int) -> str:
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def _with(label: str, extra: str, longest: int) -> str:
    end = " · " + _cut(extra, longest // 2)
    return _cut(label, longest - len(end)) + end
