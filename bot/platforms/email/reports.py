"""What comes back by mail, read without trust: reports of mails that did not arrive (RFC 3464), complaints
(RFC 5965), and answers that calendars send to an invitation (RFC 5546). Everything else is left alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parseaddr
from typing import Final, Literal

from icalendar import Calendar

from bot.platforms.email.outcomes import enhanced_code, one_sentence

LARGEST: Final = 1024 * 1024  # bytes of a mail that are looked at
MOST_PARTS: Final = 50
LONGEST_ID: Final = 200
_IDS: Final = re.compile(r"<[!-;=?-~]{1,250}>")
_MAIL_FIELD: Final = re.compile(
    r"^Message-ID:[ \t]*(?:\r?\n[ \t]+)?(<[!-;=?-~]{1,250}>)", re.IGNORECASE | re.MULTILINE
)
_NOT_ITS_FAULT: Final = ("5.2.2", "5.3.", "5.6.", "5.7.")  # a full mailbox, a system, a content, a policy
_WISHES: Final = {"ACCEPTED": "going", "TENTATIVE": "maybe", "DECLINED": "no"}
_FORGED: Final = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours did not arrive, or was not wanted. `about` are the ids of the mails it may be about."""

    id: str
    kind: Literal["hard", "soft", "complaint"]
    about: tuple[str, ...]
    says: str = ""


@dataclass(frozen=True, slots=True)
class CalendarAnswer:
    """Somebody's calendar answered an invitation to the event with this uid."""

    id: str
    uid: str
    wish: str  # "going", "maybe", "no"
    address: str
    about: tuple[str, ...] = ()


Report = Bounce | CalendarAnswer


def read_report(raw: bytes) -> Report | None:
    """What a mail of the mailbox tells us; None for everything that is neither report nor answer. Raises
    whatever a malformed mail makes the parsers raise."""
    mail = message_from_bytes(raw[:LARGEST], policy=default)
    parts = list(_parts(mail))
    if mail.get_content_type() == "multipart/report":
        kind = str(mail.get_param("report-type", "")).lower()
        if kind == "delivery-status":
            return _bounce(mail, parts, raw)
        if kind == "feedback-report":
            return _complaint(mail, parts, raw)
        return None
    return _calendar_answer(mail, parts, raw)


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number == MOST_PARTS:
            return
        yield part


def _bounce(mail: Message, parts: list[Message], raw: bytes) -> Bounce | None:
    for fields in _fields(parts, "message/delivery-status"):
        if str(fields.get("Action", "")).strip().lower() != "failed":
            continue
        status = enhanced_code(str(fields.get("Status", "")))
        says = one_sentence(f"{status} {str(fields.get('Diagnostic-Code', '')).partition(';')[2]}")
        hard = status.startswith("5.") and not status.startswith(_NOT_ITS_FAULT)
        return Bounce(_id(mail, raw), "hard" if hard else "soft", _about(mail, raw), says)
    return None


def _complaint(mail: Message, parts: list[Message], raw: bytes) -> Bounce | None:
    for fields in _fields(parts, "message/feedback-report"):
        if str(fields.get("Feedback-Type", "")).strip().lower() in ("abuse", "fraud", "opt-out"):
            return Bounce(_id(mail, raw), "complaint", _about(mail, raw))
    return None


def _fields(parts: list[Message], kind: str) -> Iterator[Message]:
    """The blocks of fields in a report's own part."""
    for part in parts:
        if part.get_content_type() == kind:
            blocks = part.get_payload()
            if isinstance(blocks, list):
                yield from (block for block in blocks if isinstance(block, Message))


def _calendar_answer(mail: Message, parts: list[Message], raw: bytes) -> CalendarAnswer | None:
    checked = mail.get_all("Authentication-Results") or []
    if checked and _FORGED.search(str(checked[0])):  # the topmost is our own server's
        return None
    sender = parseaddr(str(mail.get("From", "")))[1].casefold()
    for part in parts:
        if part.get_content_type() in ("text/calendar", "application/ics") and isinstance(part, EmailMessage):
            content = part.get_content()
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
            found = _answered(text, sender)
            if found is not None:
                uid, wish = found
                return CalendarAnswer(_id(mail, raw), uid, wish, sender, _named(mail))
    return None


def _answered(text: str, sender: str) -> tuple[str, str] | None:
    """The event and the wish in a calendar's REPLY, if it is the sender's own and about the whole event."""
    calendar = Calendar.from_ical(text)
    if str(calendar.get("METHOD", "")).upper() != "REPLY":
        return None
    for event in calendar.walk("VEVENT"):
        if "RECURRENCE-ID" in event:
            continue
        attendees = event.get("ATTENDEE", [])
        for one in attendees if isinstance(attendees, list) else [attendees]:
            address = str(one).casefold().removeprefix("mailto:").strip()
            wish = _WISHES.get(str(one.params.get("PARTSTAT", "")).upper())
            if address == sender and wish:
                return str(event.get("UID", "")), wish
    return None


def _about(mail: Message, raw: bytes) -> tuple[str, ...]:
    """The ids of the mails that a report may be about: those of the mails in it, then what it answers."""
    inside = _MAIL_FIELD.findall(raw[:LARGEST].decode("latin-1"))
    own = str(mail.get("Message-ID", "")).strip()
    named = [one for one in (*inside, *_named(mail)) if one != own]
    return tuple(dict.fromkeys(named))[:10]


def _named(mail: Message) -> tuple[str, ...]:
    """The ids of the mails that a mail answers."""
    fields = f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}"
    return tuple(dict.fromkeys(_IDS.findall(fields)))[:10]


def _id(mail: Message, raw: bytes) -> str:
    """What a mail is known by: its own id, or a hash of it where it has none that could be kept."""
    found = _IDS.fullmatch(str(mail.get("Message-ID", "")).strip())
    own = found.group() if found else ""
    return own if 0 < len(own) <= LONGEST_ID else hashlib.sha256(raw).hexdigest()[:32]
