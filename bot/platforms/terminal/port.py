"""The port to the terminal: every message of the bot, kept in order until its reader looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import structlog

from bot.clock import WALL_CLOCK
from bot.messages import Account, Answer, Attachment, Call, Incoming, Key, Message, Place, Post
from bot.platforms.files import safe_name
from bot.platforms.in_process import InProcess
from bot.platforms.pacing import FREE, Pacer
from bot.platforms.port import Finding, SendFailed
from bot.platforms.terminal.people import DIRECT, NAME, direct_of

FILES = Path("data/files")  # beside the database that a rehearsal makes
log = structlog.get_logger()


@dataclass
class Written:
    """A message of the bot. `only_for` is the user who alone reads it in a group; `number` is given
    when it is first shown; `seen_by` are the users who have seen it as it is now; `file` is where the
    file that came with it was written, "" for none; `shows` is what a picture shows."""

    id: str
    place: Place
    text: str
    keys: tuple[Key, ...] = ()
    only_for: str = ""
    number: int = 0
    seen_by: set[str] = field(default_factory=set)
    file: str = ""
    shows: str = ""

    def readable(self, user: str, channels: set[str]) -> bool:
        """Whether a user, who has been in these groups, may read it."""
        if self.place.kind == "direct":
            return self.place.channel == f"{DIRECT}:{user}"
        return self.place.channel in channels and self.only_for in ("", user)


class TerminalPort(InProcess):
    """The terminal's side of `bot.platforms.port.Port`. Message ids are unique for ever, so that what is
    remembered about one of yesterday never meets one of today. Marks are not shown: the answer beside one
    says what a word was taken for. Files are written into the folder `files`."""

    name = NAME

    def __init__(self, files: Path = FILES) -> None:
        self._files = files
        self.pacer = Pacer(FREE, WALL_CLOCK)
        self.written: list[Written] = []
        self.arrived: Callable[[], None] = lambda: None  # told when a message was written or changed

    async def hand_in(self, incoming: Incoming) -> bool:
        """What somebody typed or tapped: recorded, then answered where they are. False if it could not
        be recorded, so nothing was done."""
        assert self.inbox is not None, "connect first"
        try:
            answer = await self.inbox.receive(incoming)
        except asyncio.CancelledError:
            raise
        except Exception:  # dispatch logs what it was; not even the failure could be recorded
            return False
        pressed = incoming.message_id if isinstance(incoming, Call) and incoming.token else ""
        self.inbox.given(incoming, self._place(incoming.place, incoming.account, answer, pressed))
        return True

    async def send(
        self,
        place: Place,
        message: Message,
        only_for: Account | None = None,
        reply_to: str = "",  # noqa: ARG002 - the port's signature; a terminal shows no threads
    ) -> Post:
        """Write a message; in a group for one person's eyes if `only_for` is given."""
        return self._write(place, message, only_for)

    async def edit(self, post: Post, message: Message) -> Post:
        """Replace what a message says. Raises SendFailed("deleted") if it is of an earlier session: nobody
        sees that any more, but what is posted anew they do."""
        self._change(self._find(post.message_id), message)
        return post

    async def delete(self, post: Post) -> None:
        """Take a message away; one that is gone already is fine."""
        self.written = [one for one in self.written if one.id != post.message_id]

    async def fetch(self, ref: str) -> bytes:
        """Nobody sends files at a terminal: raises SendFailed("refused")."""
        raise SendFailed("refused", f"no file {ref!r} at the terminal")

    async def direct(self, account: Account) -> Place:
        """Where this person alone reads us."""
        if account.platform != NAME:
            raise SendFailed("gone", "not somebody at the terminal")
        return direct_of(account)

    async def give(self, place: Place, account: Account, answer: Answer, message_id: str = "") -> Post | None:
        """Give an answer that an earlier session recorded and did not give."""
        return self._place(place, account, answer, message_id)

    def start_link(self, payload: str) -> str:  # noqa: ARG002 - the port's signature
        """A terminal has no links into it."""
        return ""

    async def check(self) -> list[Finding]:
        """Nothing to ask anybody."""
        return []

    def _place(self, place: Place, account: Account, answer: Answer, pressed: str) -> Post | None:
        if answer.message is None:
            return None
        alone = place.kind == "direct"
        standing = next((one for one in self.written if answer.replace and one.id == pressed), None)
        public = answer.public and not answer.aside
        if standing and (alone or public or standing.only_for == account.user):
            self._change(standing, answer.message)
            return Post(standing.place, standing.id)
        return self._write(place, answer.message, None if alone or public else account)

    def _write(self, place: Place, message: Message, only_for: Account | None) -> Post:
        whose = only_for.user if only_for and place.kind == "group" else ""
        one = Written(uuid4().hex, place, message.text, message.keys, whose, file=self._kept(message.file))
        one.shows = message.file.alt if message.file else ""
        self.written.append(one)
        self.arrived()
        return Post(place, one.id)

    def _change(self, one: Written, message: Message) -> None:
        one.text, one.keys = message.text, message.keys
        one.file = self._kept(message.file) or one.file
        one.shows = message.file.alt if message.file else one.shows
        one.seen_by.clear()
        self.arrived()

    def _kept(self, file: Attachment | None) -> str:
        """Where a file was written, over an older one of that name; "" for none."""
        if file is None:
            return ""
        path = self._files / safe_name(file)
        try:
            self._files.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
        except OSError as trouble:
            log.warning("terminal_file_not_written", trouble=type(trouble).__name__)
            return ""
        return str(path)

    def _find(self, message_id: str) -> Written:
        for one in self.written:
            if one.id == message_id:
                return one
        raise SendFailed("deleted", "a message of an earlier session")
