"""The mailbox as IMAP shows it (RFC 3501), by the standard library: blocking, so it runs in a thread."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from bot.platforms.email.addresses import Server, unwatched
from bot.platforms.email.reports import LARGEST

PATIENCE: Final = 15.0  # seconds for each answer
AT_ONCE: Final = 50  # mails of one look
LOOKED_AT: Final = "Charterbot"  # our own mark: people see by theirs what they have not read


class Session:
    """One sitting at the mailbox. While `numbering` stays the same from one to the next, a number is the same
    mail's. All methods raise OSError and imaplib.IMAP4.error."""

    def __init__(self, server: Server, tls: ssl.SSLContext | None = None) -> None:
        context = tls or (unwatched() if server.is_near else ssl.create_default_context())
        self._imap: imaplib.IMAP4
        if server.tls:
            self._imap = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=PATIENCE)
        else:
            self._imap = imaplib.IMAP4(server.host, server.port, timeout=PATIENCE)
        try:
            if not server.tls and not server.is_near:
                self._imap.starttls(context)
            self._imap.login(server.user, server.password)
            self._said(self._imap.select(_quoted(server.folder)))
            self.numbering = str(self._imap.response("UIDVALIDITY")[1][0])
        except BaseException:
            self.close()
            raise

    def unseen(self, but: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
        """Mails that nobody has looked at, by number, each as far as it is of interest; without those that we
        did, and those of these numbers. They stay unseen."""
        (found, *_) = self._said(self._imap.uid("SEARCH", "UNSEEN", "UNKEYWORD", LOOKED_AT))
        numbers = [one.decode("ascii") for one in (found or b"").split()]
        for uid in [one for one in numbers if one not in but][:AT_ONCE]:
            parts = self._said(self._imap.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)"))
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if raw is not None:
                yield uid, raw

    def seen(self, taken: Iterable[str], left: Iterable[str]) -> None:
        """These were taken, and are read now; those were only looked at, and stay unread for people."""
        if named := ",".join(taken):
            self._said(self._imap.uid("STORE", named, "+FLAGS.SILENT", r"(\Seen)"))
        if named := ",".join(left):
            with contextlib.suppress(imaplib.IMAP4.error):  # not every server keeps marks of one's own
                self._said(self._imap.uid("STORE", named, "+FLAGS.SILENT", f"({LOOKED_AT})"))

    def close(self) -> None:
        """Say goodbye."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._imap.logout()

    @staticmethod
    def _said(answer: tuple[str, Any]) -> Any:
        status, data = answer
        if status != "OK":
            raise imaplib.IMAP4.error(f"the mailbox says {status}")
        return data


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", r"\\").replace('"', r"\"") + '"'
