"""What a mail says, as text and as HTML: the message, its taps, and what stands under it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from bot.messages import Attachment, Mail, Message
from bot.platforms.email.addresses import Sender, one_line
from bot.platforms.email.letters import Written
from bot.templating.html import to_text
from bot.templating.pages import Pages

PICTURE: Final = "picture"  # what the HTML calls the picture that comes with it
LONGEST_SUBJECT: Final = 120  # characters
WIDEST: Final = 568  # pixels: what the words of the HTML are wide
_LINK: Final = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\([^)\s]*\)")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all our mails share: who sends them, who is to be answered, the postal line under newsletters, and
    where our pages are (without a slash at the end)."""

    sender: Sender
    pages: Pages
    public_url: str
    reply_to: str = ""
    postal: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """One mail's words."""

    subject: str
    text: str
    html: str


def worded(head: Letterhead, message: Message, letter: Written, now: datetime) -> Wording:
    """A message as a mail to one reader, in their language and zone. Raises what a template raises."""
    mail = message.mail or Mail()
    subject = subject_of(message)
    values = _values(head, message, mail, letter) | {"subject": subject}
    name = "branded" if mail.branded else "plain"
    text = head.pages.render(f"email/{name}.txt", values, letter.language, letter.zone, now)
    html = head.pages.render(f"email/{name}.html", values, letter.language, letter.zone, now)
    return Wording(subject, text, html)


def subject_of(message: Message) -> str:
    """The mail's own subject, else the first line of what it says."""
    said = message.mail.subject if message.mail else ""
    if not said:
        first = next((line for line in message.text.splitlines() if line.strip()), "")
        said = to_text(_LINK.sub(r"\1", first))
    line = one_line(said).removesuffix(".")
    if len(line) <= LONGEST_SUBJECT:
        return line
    return line[:LONGEST_SUBJECT].rsplit(" ", 1)[0] + " …"


def unsubscribe_url(head: Letterhead, mail: Mail | None) -> str:
    """Where this reader ends a newsletter, "" for a mail that is none."""
    return f"{head.public_url}/unsubscribe/{mail.unsubscribe}" if mail and mail.unsubscribe else ""


def _values(head: Letterhead, message: Message, mail: Mail, letter: Written) -> dict[str, Any]:
    page = f"{head.public_url}/letter/{letter.token}"
    keys = [
        {"label": key.label, "link": key.url or f"{page}?pick={number}", "is_tap": not key.url}
        for number, key in enumerate(message.keys)
    ]
    file = message.file
    return {
        "text": message.text,
        "keys": keys,
        "taps": [key["label"] for key in keys if key["is_tap"]],
        "page": page,
        "asks": letter.asks,
        "picture": _picture(file, mail) if file is not None and file.is_picture else None,
        "sender": head.sender.name,
        "reply_to": head.reply_to,
        "unsubscribe": unsubscribe_url(head, mail),
        "postal": head.postal if mail.branded or mail.unsubscribe else "",
    }


def _picture(file: Attachment, mail: Mail) -> dict[str, Any]:
    """A picture as the HTML shows it: above the words, in a newsletter below them. Its width is said, for
    Outlook knows no other limit."""
    return {"name": PICTURE, "alt": file.alt, "width": _width(file), "below": bool(mail.list_id)}


def _width(file: Attachment) -> int:
    """In pixels, as wide as the words at most."""
    try:
        with Image.open(io.BytesIO(file.data)) as image:
            return min(image.width, WIDEST)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return WIDEST
