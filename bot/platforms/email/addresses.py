"""Mail addresses and servers: how settings write them, and how the wire takes them."""

from __future__ import annotations

import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.people.addresses import on_the_wire
from bot.platforms.port import SendFailed
from storage.emails import MAIL

NAME: Final = MAIL
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


def reply_address(text: str) -> str:
    """Who MAIL_REPLY_TO names, as the wire takes it; "" for nobody. Raises ValueError."""
    if not text:
        return ""
    try:
        return wire_address(text)
    except SendFailed:
        raise ValueError("MAIL_REPLY_TO: expected an address such as bot@example.org") from None


def server_of(url: str) -> Server:
    """The server that SMTP_URL or MAILBOX_URL names. Raises ValueError, which says nothing of what is in
    it: a password that is cut off at a # or a / would stand there."""
    parts, port = urlsplit(url), None
    good = parts.scheme in _PORTS and bool(parts.hostname) and not parts.query and not parts.fragment
    with suppress(ValueError):
        port = parts.port or _PORTS.get(parts.scheme)
    if not good or port is None or not parts.hostname:
        raise ValueError(
            "SMTP_URL and MAILBOX_URL: expected smtps://user:password@host:465, "
            "with # ? / @ : % in a password as %23 %3F %2F %40 %3A %25"
        )
    return Server(
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.scheme.endswith("s"),
        unquote(parts.path.strip("/")) or "INBOX",
    )


def unwatched() -> ssl.SSLContext:
    """TLS with a server on this machine: its certificate is its own, and nobody stands in between."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def wire_address(address: str) -> str:
    """The address as SMTP takes it, its domain in ASCII letters. Raises SendFailed("gone") for what can be
    nobody's address, or is written in letters that many servers do not take yet (RFC 6531)."""
    on_wire = on_the_wire(address)
    if not on_wire:
        raise SendFailed("gone", "lost: mail cannot be sent to an address written like this")
    return on_wire


def kept_address(address: str) -> str:
    """An address as accounts keep it, however a server writes its domain."""
    local, _, domain = address.strip().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("ascii").decode("idna")
    return f"{local}@{domain}".casefold()


def one_line(text: str) -> str:
    """Words that may stand in a header: on one line, without anything that ends it, or that a mail program
    would decode into something else (RFC 2047: "=?utf-8?q?…?=")."""
    line = _SPACES.sub(" ", text.encode("utf-8", "replace").decode()).strip()
    return line.replace("=?", "= ?")
