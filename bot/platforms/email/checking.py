"""What `python -m bot check` finds out about e-mail, asked of the servers themselves."""

from __future__ import annotations

import asyncio
import imaplib
import ssl

from aiosmtplib import SMTPAuthenticationError, SMTPException

from bot.platforms.email.addresses import Sender, Server
from bot.platforms.email.imap import Session
from bot.platforms.email.outgoing import Outgoing
from bot.platforms.port import Finding, SendFailed


async def findings(
    server: Server, sender: Sender, public_url: str, mailbox: Server | None, tls: ssl.SSLContext | None = None
) -> list[Finding]:
    """The mail server lets us in, our links can be followed, and the mailbox opens."""
    found = [await _server(server, sender, tls), _links(public_url)]
    if mailbox is not None:
        found.append(await _mailbox(mailbox, tls))
    return found


async def _server(server: Server, sender: Sender, tls: ssl.SSLContext | None) -> Finding:
    out = Outgoing(server, sender.domain, tls)
    where = f"{server.host}, port {server.port},"
    try:
        smtp = await out.ask()
        covered = smtp.get_transport_info("sslcontext") is not None
    except SMTPAuthenticationError:
        return Finding("mail server", False, f"{where} doesn't take this user and password.")
    except ssl.SSLError:
        return Finding("mail server", False, f"{where} shows a certificate that isn't its own.")
    except (SMTPException, OSError, SendFailed) as trouble:
        return Finding("mail server", False, f"{where} doesn't let us in ({type(trouble).__name__}).")
    finally:
        await out.close()
    says = f"{where} lets us in; mails come from {sender.address}."
    if not covered and not server.is_near:
        return Finding("mail server", False, f"{says} What it is told can be read on the way: it has no TLS.")
    return Finding("mail server", True, says)


def _links(public_url: str) -> Finding:
    if public_url.startswith("https://"):
        return Finding("mail links", True, f"They lead to {public_url}.")
    return Finding("mail links", False, "PUBLIC_URL is not https://, so anybody on the way can press them.")


async def _mailbox(mailbox: Server, tls: ssl.SSLContext | None) -> Finding:
    where = f"{mailbox.host}, port {mailbox.port},"
    try:
        session = await asyncio.to_thread(Session, mailbox, tls)
        await asyncio.to_thread(session.close)
    except imaplib.IMAP4.error:
        return Finding("mailbox", False, f"{where} doesn't take this user, password or folder.")
    except OSError as trouble:
        return Finding("mailbox", False, f"{where} doesn't answer ({type(trouble).__name__}).")
    return Finding("mailbox", True, f"{where} opens: what comes back is read.")
