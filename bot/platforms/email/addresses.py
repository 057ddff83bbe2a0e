"""Mail addresses and servers: how settings write them, and how the wire takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.platforms.port import SendFailed

NAME: Final = "email"
LONGEST: Final = 254  # characters of an address (RFC 5321, 4.5.3.1.3, without its brackets)
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_SPACES: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PORTS: Final = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}
_NEAR: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who our mails come from."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how it is entered. `tls`: from the first byte; else by STARTTLS, which one that is
    not on this machine has to offer before it is told a password."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    folder: str = "INBOX"

    @property
    def is_near(self) -> bool:
        """Whether it is this machine: nobody listens on the way."""
        return self.host in _NEAR

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"  # a password is for nobody's log


def sender_of(text: str) -> Sender:
    """The sender that MAIL_FROM names ("Charterbot <bot@example.org>"). Raises ValueError."""
    name, address = parseaddr(one_line(text))
    try:
        return Sender(one_line(name), wire_address(address))
    except SendFailed:
        raise ValueError("MAIL_FROM: expected an address such as Charterbot <bot@example.org>") from None


def server_of(url: str) -> Server:
    """The server that SMTP_URL or MAILBOX_URL names. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("expected an address such as smtps://user:password@host:465")
    return Server(
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.scheme.endswith("s"),
        unquote(parts.path.strip("/")) or "INBOX",
    )


def wire_address(address: str) -> str:
    """The address as SMTP takes it, its domain in ASCII letters. Raises SendFailed("gone") for what can be
    nobody's address, or is written in letters that many servers do not take yet (RFC 6531)."""
    local, _, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)) or len(local) + len(domain) >= LONGEST:
        raise SendFailed("gone", "lost: mail cannot be sent to an address written like this")
    return f"{local}@{domain}"


def one_line(text: str) -> str:
    """Words that may stand in a header: on one line, without anything that ends it."""
    return _SPACES.sub(" ", text.encode("utf-8", "replace").decode()).strip()
