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

from bot.platforms.email.outcomes import enhanced_code, has_no_mailbox, is_about_us, one_sentence

LARGEST: Final = 1024 * 1024  # bytes of a mail that are looked at
MOST_PARTS: Final = 50
LONGEST_ID: Final = 200
_IDS: Final = re.compile(r"<[!-;=?-~]{1,250}>")
_MAIL_FIELD: Final = re.compile(
    r"^Message-ID:[ \t]*(?:\r?\n[ \t]+)?(<[!-;=?-~]{1,250}>)", re.IGNORECASE | re.MULTILINE
)
_WISHES: Final = {"ACCEPTED": "going", "TENTATIVE": "maybe", "DECLINED": "no"}
_FORGED: Final = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*(hard)?fail\b", re.IGNORECASE)
_PROVED: Final = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE)
_COMMENT: Final = re.compile(r"\([^()]*\)|\"[^\"]*\"")  # what anybody may have written


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours did not arrive, or was not wanted. `about` are the ids of the mails it may be about;
    `to` the addresses at which it did not arrive, as far as it says so. "ours": our own address was not
    taken, which says nothing of a reader."""

    id: str
    kind: Literal["hard", "soft", "complaint", "ours"]
    about: tuple[str, ...]
    says: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarAnswer:
    """Somebody's calendar answered an invitation to the event with this uid. Who sent it is known where it
    names a mail of ours (`about`), or `checker`, a mail server, says that it comes from there. `forged`: some
    server says that it does not."""

    id: str
    uid: str
    wish: str  # "going", "maybe", "no"
    address: str
    about: tuple[str, ...] = ()
    checker: str = ""
    forged: bool = False


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
        words = str(fields.get("Diagnostic-Code", "")).partition(";")[2]
        says = one_sentence(f"{status} {words}")
        to = tuple(_recipient(fields, name) for name in ("Original-Recipient", "Final-Recipient"))
        return Bounce(_id(mail, raw), _kind(status, words), _about(mail, raw), says, tuple(filter(None, to)))
    return None


def _kind(status: str, words: str) -> Literal["hard", "soft", "ours"]:
    """What a failure means by its status, and by what the server said where that is finer."""
    fine = enhanced_code(words) if status in ("", "5.0.0") else status
    if is_about_us(fine):
        return "ours"
    return "hard" if status.startswith("5.") and has_no_mailbox(fine or status, words) else "soft"


def _recipient(fields: Message, name: str) -> str:
    return str(fields.get(name, "")).partition(";")[2].strip().strip("<>").casefold()


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
    checked = [_COMMENT.sub(" ", str(one)) for one in mail.get_all("Authentication-Results") or []]
    forged = any(_FORGED.search(one) for one in checked)
    if forged and not _named(mail):
        return None
    # the topmost is our own server's, if it is one that writes them (RFC 8601, 5)
    checker = (
        checked[0].partition(";")[0].strip().casefold() if checked and _PROVED.search(checked[0]) else ""
    )
    sender = parseaddr(str(mail.get("From", "")))[1].casefold()
    for part in parts:
        if part.get_content_type() in ("text/calendar", "application/ics") and isinstance(part, EmailMessage):
            content = part.get_content()
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
            found = _answered(text, sender)
            if found is not None:
                uid, wish = found
                return CalendarAnswer(_id(mail, raw), uid, wish, sender, _named(mail), checker, forged)
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
