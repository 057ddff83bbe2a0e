"""Who comes in, by which code, and who may invite or end whom.

Pure: values and `now` in, values out. Rules of spec/engagement.md section 6; roles and what they may do
come from the charter.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base 32: no 0, 1, 8 or 9 to mistake for a letter
INVITATION_LETTERS: Final = 28  # 5 bits each: 140, where the rule asks for 128 at least
LINK_LETTERS: Final = 8
INVITATION_LASTS: Final = timedelta(days=30)
LINK_LASTS: Final = timedelta(minutes=10)
LINK_ANSWER_LASTS: Final = timedelta(days=1)  # the first account may be on a phone in another room
WRONG_TRIES: Final = 5
REST: Final = timedelta(minutes=10)
GROUP: Final = 4
ALLIANCE: Final = ""  # the organisation of a role that is held for the whole alliance
FIRST_ROLE: Final = "representative"  # of whoever is let in where nobody is yet
NEXT_ROLE: Final = "member"

_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]+")  # blanks and all the dashes that keyboards make of "-"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What the charter says about a role: "organisation" or "alliance" as its scope, the permissions it
    carries, and the roles that its holder may invite others to."""

    key: str
    scope: str
    may: frozenset[str]
    invites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hat:
    """A role that somebody holds, for an organisation (its slug) or for the whole alliance ("")."""

    role: str
    organisation: str


def new_code(letters: int = INVITATION_LETTERS) -> str:
    """A random code of base-32 letters: 28 for an invitation (140 bits). Show it with `shown`, keep only
    its `code_hash`."""
    return "".join(secrets.choice(ALPHABET) for _ in range(letters))


def new_link_code() -> str:
    """A random code of eight letters, to link a second account within ten minutes."""
    return new_code(LINK_LETTERS)


def shown(code: str) -> str:
    """A code as people read it: groups of four ("ABCD-EFGH")."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def bare(text: str) -> str:
    """A typed code without blanks and dashes, in capitals."""
    return _BETWEEN.sub("", text).upper()


def code_hash(text: str) -> str:
    """What is kept of a code: SHA-256 of its bare letters, in hexadecimal. However it was typed (small
    letters, blanks, dashes), the same code has the same hash."""
    return hashlib.sha256(bare(text).encode("utf-8", "replace")).hexdigest()


def usable(uses_left: int, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether an invitation still lets somebody in: not used up, not called back, not past its day."""
    return uses_left > 0 and revoked_at is None and now < expires_at


def resting(wrong_tries: int) -> bool:
    """Whether an account rests: five wrong codes within the last ten minutes (`REST`)."""
    return wrong_tries >= WRONG_TRIES


def may_invite(hats: Iterable[Hat], role: str, organisation: str, rules: Mapping[str, RoleRule]) -> bool:
    """Whether the wearer of these hats may invite somebody to `role` in `organisation` ("" = a role of the
    whole alliance): their own organisation with "invite", every one with "invite_all"."""
    wanted = rules.get(role)
    if wanted is None or (wanted.scope == "alliance") != (organisation == ALLIANCE):
        return False
    return any(_invites(hat, wanted, organisation, rules) for hat in hats)


def _invites(hat: Hat, wanted: RoleRule, organisation: str, rules: Mapping[str, RoleRule]) -> bool:
    own = rules.get(hat.role)
    if own is None or wanted.key not in own.invites:
        return False
    if hat.organisation == ALLIANCE:
        return "invite_all" in own.may
    return "invite" in own.may and hat.organisation == organisation


def may_end(hats: Iterable[Hat], organisation: str, rules: Mapping[str, RoleRule]) -> bool:
    """Whether the wearer of these hats may end a role in `organisation`: a colleague there, or somebody
    for the whole alliance, whose role carries "end_roles"."""
    return any(
        hat.role in rules
        and "end_roles" in rules[hat.role].may
        and hat.organisation in (organisation, ALLIANCE)
        for hat in hats
    )


def role_on_entry(people_there: int) -> str:
    """The role of somebody who asked to join and is let in: the first one represents."""
    return NEXT_ROLE if people_there else FIRST_ROLE


PHRASE = "\u2063"  # how a phrase begins that is said in its reader's language (bot/messages/phrases.py)


def first_name(name: str) -> str:
    """The name for a greeting: the first word of what the platform shows; a phrase is left whole."""
    return name.split(maxsplit=1)[0] if name.split() and not name.startswith(PHRASE) else name
