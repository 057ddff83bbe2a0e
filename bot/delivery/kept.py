"""The last few files that messages carried: a picture that goes to a thousand is read once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from bot.messages import Attachment
from storage.store import Store

MOST = 4  # files in memory, of ten megabytes at the most


class Kept:
    """The bytes of kept files by their numbers, those asked for last; bytes that are kept never change. Asked
    from several threads at once."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, bytes] = OrderedDict()
        self._lock = Lock()

    def attachment(self, store: Store, media_id: int) -> Attachment | None:
        """A kept picture or file as a message carries it; None if it is not kept (any more)."""
        known = store.media.get(media_id)
        if known is None or known.state != "kept":
            return None
        with self._lock:
            content = self._last.get(media_id)
        if content is None:
            content = store.media.content(media_id) or b""
            self._remember(media_id, content)
        return Attachment(known.name, known.mime, content=content, alt=known.alt) if content else None

    def _remember(self, media_id: int, content: bytes) -> None:
        with self._lock:
            self._last[media_id] = content
            self._last.move_to_end(media_id)
            while len(self._last) > MOST:
                self._last.popitem(last=False)
