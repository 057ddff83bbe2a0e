"""The keys under which tokens are kept, and with which the way back from Slack is sealed (Fernet)."""

from __future__ import annotations

from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Keys:
    """One or several keys, with commas between: the first seals, each opens. Never shown."""

    def __init__(self, given: str) -> None:
        keys = [Fernet(key.strip()) for key in given.split(",") if key.strip()]
        if not keys:
            raise ValueError("ENCRYPTION_KEY is needed to keep the tokens of Slack workspaces.")
        self._first, self._every = keys[0], MultiFernet(keys)

    def seal(self, text: str, at: datetime) -> str:
        """`text` so that only these keys read it, with the moment on it."""
        return self._first.encrypt_at_time(text.encode(), int(at.timestamp())).decode("ascii")

    def open(self, sealed: str) -> str | None:
        """What was sealed; None if none of the keys did."""
        try:
            return self._every.decrypt(sealed).decode()
        except (InvalidToken, UnicodeError):
            return None

    def open_within(self, sealed: str, seconds: int, now: datetime) -> str | None:
        """The same of what was sealed at most so many seconds before `now`; else None."""
        try:
            return self._every.decrypt_at_time(sealed, seconds, int(now.timestamp())).decode()
        except (InvalidToken, UnicodeError):
            return None

    def renewed(self, sealed: str) -> str | None:
        """The same under the first key; None if it is, or if no key opens it."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            pass
        else:
            return None
        try:
            return self._every.rotate(sealed).decode("ascii")
        except InvalidToken:
            return None
