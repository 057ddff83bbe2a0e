"""A mail as it goes over the wire: MIME that mail programs of every age take (RFC 2045, 5322)."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any, Final

from bot.messages import Attachment, Mail
from bot.platforms.email.addresses import one_line
from bot.platforms.email.wording import PICTURE, Letterhead, Wording, unsubscribe_url
from bot.platforms.files import safe_name

CALENDAR: Final = "text/calendar"
LONGEST_NAME: Final = 100  # characters
ANSWERED_BY_CALENDARS: Final = ("REQUEST", "CANCEL")  # a mail program acts on these by itself
_METHOD: Final = re.compile(r"^METHOD:([A-Z]+)\s*$", re.MULTILINE)
_ID: Final = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_NOT_IN_LIST_IDS: Final = re.compile(r"[^A-Za-z0-9.-]+")
# Words without a space in them: folded they would be encoded, and nobody could follow or match them.
_UNFOLDED: Final = ("message-id", "in-reply-to", "references", "list-unsubscribe", "list-id")


class _Policy(EmailPolicy):
    """SMTP's, but identifiers and links stay on one line, whatever their length (998 at most)."""

    def fold(self, name: str, value: Any) -> str:
        if name.lower() in _UNFOLDED:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _UNFOLDED:
            return self.fold(name, value).encode("ascii", "replace")
        return super().fold_binary(name, value)


POLICY: Final = _Policy(linesep=SMTP.linesep, raise_on_defect=False)
# a long subject would be folded right behind its name, and be read with a space in front
HEADERS: Final = POLICY.clone(max_line_length=400)


def new_message_id(domain: str) -> str:
    """An id that nobody can guess: what comes back is matched by it alone."""
    return f"<{secrets.token_hex(20)}@{domain}>"


def composed(
    head: Letterhead,
    words: Wording,
    *,
    to: str,
    name: str,
    message_id: str,
    now: datetime,
    file: Attachment | None = None,
    mail: Mail | None = None,
    reply_to: str = "",
) -> bytes:
    """The mail. `to` is a wire address, `name` its reader's, `reply_to` the id of the mail that this one
    follows ("" for none)."""
    whole = EmailMessage(policy=POLICY)
    _head(whole, head, words.subject, to, name, message_id, now)
    if _ID.fullmatch(reply_to):
        whole["In-Reply-To"] = reply_to
        whole["References"] = reply_to
    _newsletter(whole, head, mail)
    whole.set_content(words.text, cte="quoted-printable")
    whole.add_alternative(words.html, subtype="html", cte="quoted-printable")
    if file is not None:
        _put_in(whole, file)
    return whole.as_bytes(policy=HEADERS)


def _head(
    whole: EmailMessage, head: Letterhead, subject: str, to: str, name: str, message_id: str, now: datetime
) -> None:
    sender = head.sender
    whole["From"] = Address(sender.name, addr_spec=sender.address)
    whole["To"] = Address(one_line(name)[:LONGEST_NAME], addr_spec=to)
    if head.reply_to:
        whole["Reply-To"] = Address(addr_spec=head.reply_to)
    whole["Subject"] = one_line(subject)
    whole["Date"] = format_datetime(now)
    whole["Message-ID"] = message_id
    whole["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes, please
    whole["X-Auto-Response-Suppress"] = "All"


def _newsletter(whole: EmailMessage, head: Letterhead, mail: Mail | None) -> None:
    if mail is not None and mail.list_id:
        name = _NOT_IN_LIST_IDS.sub("-", mail.list_id).strip("-.")
        whole["List-Id"] = f"<{name if '.' in name else f'{name}.{head.sender.domain}'}>"
    if link := unsubscribe_url(head, mail):
        whole["List-Unsubscribe"] = f"<{link}>"
        whole["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058


def _put_in(whole: EmailMessage, file: Attachment) -> None:
    if file.mime.partition(";")[0] == CALENDAR:
        _put_in_calendar(whole, file)
    elif file.is_picture:
        html = whole.get_payload()[1]  # type: ignore[index]
        subtype = file.mime.partition("/")[2]
        html.add_related(  # type: ignore[union-attr]
            file.data, "image", subtype, cid=f"<{PICTURE}>", filename=safe_name(file), disposition="inline"
        )
    else:
        main, _, subtype = file.mime.partition("/")
        whole.add_attachment(
            file.data, main or "application", subtype or "octet-stream", filename=safe_name(file)
        )


def _put_in_calendar(whole: EmailMessage, file: Attachment) -> None:
    """An invitation or what takes it back stands beside the words, where Outlook and Gmail offer to answer
    it, and is attached for all others. Any other calendar is only attached: programs that showed it would
    show it in place of the words."""
    text = file.data.decode("utf-8", "replace")
    found = _METHOD.search(text)
    method = found.group(1) if found else "PUBLISH"
    if method in ANSWERED_BY_CALENDARS:
        whole.add_alternative(text, subtype="calendar", cte="base64", params={"method": method})
        whole.add_attachment(file.data, "application", "ics", filename=safe_name(file))
        return
    whole.add_attachment(
        file.data, "text", "calendar", filename=safe_name(file), params={"charset": "utf-8", "method": method}
    )
