"""E-mail: one mail server out, one mailbox in which what came back is found. A mail's buttons stand on a
page of our own (`bot/web/letters.py`), which its reader opens by a personal link."""

from __future__ import annotations

from bot.platforms.email.addresses import NAME
from bot.platforms.email.port import EmailPort

__all__ = ["NAME", "EmailPort"]
