"""What a mail server's answers mean for a mail (RFC 5321 section 4.2, RFC 3463)."""

from __future__ import annotations

import re
from typing import Final, Literal

from aiosmtplib import SMTPResponseException

from bot.platforms.port import SendFailed

# Where in the talk it was: being let in, MAIL FROM, RCPT TO, DATA and the mail itself, after its last dot.
Stage = Literal["entering", "from", "to", "mail", "over"]

AFTER_TROUBLE: Final = 10.0  # seconds until a server is tried again
AFTER_BUSY: Final = 30.0
AFTER_SETTINGS: Final = 60.0  # it does not take our password or our sender: somebody has to mend that
_LONGEST: Final = 200
_ENHANCED: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_UNKNOWN_THERE: Final = (550, 551, 553)  # without a finer code: there is no such mailbox
_NO_MAILBOX: Final = ("5.2.1", "5.4.1")  # shut down; and what Microsoft says of an unknown one
_TOO_LARGE: Final = ("5.3.4", "5.2.3")
_POLICY: Final = ("spam", "block", "policy", "reputation", "blacklist", "denied", "reject", "spf", "dmarc")


def failed(stage: Stage, trouble: Exception) -> SendFailed:
    """What became of a mail that was not taken at this stage."""
    if not isinstance(trouble, SMTPResponseException) or not 400 <= trouble.code < 600:
        says = one_sentence(str(trouble) or type(trouble).__name__)
        if stage == "over":
            return SendFailed("unknown", says)
        return SendFailed("later", says, after=AFTER_TROUBLE)
    code, says = trouble.code, one_sentence(f"{trouble.code} {trouble.message}")
    if code == 421:
        return SendFailed("later", says, after=AFTER_BUSY)
    if code < 500:
        return SendFailed("later", says, after=AFTER_BUSY if stage in ("entering", "from") else 0.0)
    return _refused(stage, code, says)


def enhanced_code(says: str) -> str:
    """The finer code in an answer ("5.1.1"), "" if there is none."""
    found = _ENHANCED.search(says)
    return found.group() if found else ""


def one_sentence(says: str) -> str:
    """What a server says, short and on one line."""
    return " ".join(says.encode("utf-8", "replace").decode().split())[:_LONGEST]


def _refused(stage: Stage, code: int, says: str) -> SendFailed:
    fine = enhanced_code(says)
    if stage == "entering":
        return SendFailed("later", says, after=AFTER_SETTINGS)
    if stage == "from":  # it says no to us, or to the mail's size
        if code == 552 or fine in _TOO_LARGE:
            return SendFailed("refused", says)
        return SendFailed("later", says, after=AFTER_SETTINGS)
    if stage == "to" and (code == 530 or "relay" in says.lower()):
        return SendFailed("later", says, after=AFTER_SETTINGS)
    if _is_nobodys(stage, code, fine, says):
        return SendFailed("gone", f"lost: {says}")
    return SendFailed("refused", says)


def _is_nobodys(stage: Stage, code: int, fine: str, says: str) -> bool:
    """Whether the server says that there is no such mailbox, or none any more."""
    if fine:
        return fine.startswith("5.1.") or fine in _NO_MAILBOX
    if stage != "to" or code not in _UNKNOWN_THERE:
        return False
    return not any(sign in says.lower() for sign in _POLICY)
