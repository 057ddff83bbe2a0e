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
_FINE: Final = re.compile(r"\s*(?:[245]\d\d[ -])?\s*#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_NO_MAILBOX: Final = (  # unknown, or unknown there, or not to be written like this; moved; shut down;
    "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.1",  # what Microsoft says of an unknown one
)  # fmt: skip
_OUR_SENDER: Final = re.compile(r"5\.1\.(7|8|9\d)")  # it is our own address that is not taken
_SAYS_LITTLE: Final = ("", "5.0.0", "5.1.0")  # its words say more
_UNKNOWN_THERE: Final = (550, 551, 553)
_TOO_LARGE: Final = ("5.3.4", "5.2.3")
_WHOSE: Final = r"(user|mailbox|mail box|recipient|account|addressee|address|alias|person|inbox)"
_NAMES_THE_MAILBOX: Final = re.compile(
    rf"\b(no such|unknown|invalid|inactive|no|unrouteable) (local |email |e-mail |mail )?{_WHOSE}\b"
    rf"|\b{_WHOSE}\b.{{0,60}}\b(unknown|not found|not exist|doesn.t exist|unavailable|disabled|inactive|"
    r"invalid|no longer|not known|does not have)\b",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE: Final = re.compile(
    r"spam|block|policy|reputation|blacklist|deni|(?<!recipient address )reject|spf\b|dkim|dmarc|sender|"
    r"verif|authenticat|prohibit|relay|return.path|mail from|listed|limit|quota|full\b|\bfrom\b",
    re.IGNORECASE,
)


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
    """The finer code at the beginning of an answer, or right behind its three digits ("5.1.1"); "" if there
    is none: numbers further on may be anything."""
    found = _FINE.match(says)
    return found.group(1) if found else ""


def has_no_mailbox(fine: str, says: str) -> bool:
    """Whether a no for good, with its finer code, says that there is no such mailbox, or none any more."""
    if fine not in _SAYS_LITTLE:
        return fine in _NO_MAILBOX
    return bool(_NAMES_THE_MAILBOX.search(says)) and not _OF_SOMETHING_ELSE.search(says)


def is_about_us(fine: str) -> bool:
    """Whether it is the sender's address that is not taken, or has sent too much: nothing of the reader's."""
    return bool(_OUR_SENDER.fullmatch(fine))


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
    lower = says.lower()
    ours = code == 530 or "relay" in lower or "authentication required" in lower
    if is_about_us(fine) or (stage == "to" and ours):
        return SendFailed("later", says, after=AFTER_SETTINGS)
    known_by_words = stage == "to" and code in _UNKNOWN_THERE
    if (fine not in _SAYS_LITTLE or known_by_words) and has_no_mailbox(fine, says):
        return SendFailed("gone", f"lost: {says}")
    return SendFailed("refused", says)
