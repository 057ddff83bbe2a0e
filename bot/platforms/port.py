"""The port: everything the bot asks of a chat platform, and everything a platform may ask of the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from bot.messages import Account, Answer, Incoming, Message, Place, Post
from bot.platforms.pacing import Pacer

if TYPE_CHECKING:
    from starlette.routing import Route


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can show, so that nobody has to ask which platform it is."""

    text: int  # longest text of one message, in the platform's own units
    keys: int  # most buttons under one message
    can_edit: bool
    can_answer_privately: bool  # in a group, so that only one person sees it
    has_forms: bool
    command_prefix: str  # how a command is typed: "/" everywhere; "/alliance " for words without their own
    caption: int  # longest text that stands in one message with a picture, in the same units
    can_delete: bool  # a message that stands can be taken away


class Inbox(Protocol):
    """What a platform calls. `receive` returns after the commit: only then may the platform's own
    acknowledgement be given. `given` tells that the answer reached the platform (cheap: batched), `left`
    that it did not and the port tries no more: the worker does, later. An answer's mark is set after it
    was given; nobody waits for that."""

    def receive(self, incoming: Incoming) -> Awaitable[Answer]: ...

    def given(self, incoming: Incoming, post: Post | None = None) -> None: ...

    def left(self, incoming: Incoming) -> None: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `python -m bot check`."""

    what: str
    good: bool
    says: str


class SendFailed(Exception):
    """A message could not be placed.

    `kind`: "later" (try again after `after` seconds; nothing was sent) · "gone" (the place or person is
    out of reach for good: blocked, archived, kicked) · "moved" (`place` is the new one) · "deleted" (the
    post that was to be edited is there no more) · "refused" (the platform will never take this message) ·
    "unknown" (it may or may not have arrived).

    `after` seconds nothing of the same `scope` is tried: everything on the platform, this chat, or edits.
    `post` is what stands by now of a post whose edit broke off halfway.
    """

    def __init__(
        self,
        kind: str,
        says: str,
        after: float = 0.0,
        place: Place | None = None,
        scope: Literal["platform", "chat", "edits"] = "platform",
        post: Post | None = None,
    ) -> None:
        super().__init__(f"{kind}: {says}")
        self.kind, self.says, self.after, self.place, self.scope = kind, says, after, place, scope
        self.post = post


class Port(Protocol):
    """One platform. All methods may be called from one event loop only."""

    name: str
    capabilities: Capabilities
    pacer: Pacer  # the port's own answers go through `pacer.answer`, all other sends are paced outside

    async def connect(self, inbox: Inbox) -> None:
        """Start receiving; return at once and keep retrying with backoff in tasks of our own.

        A platform that is down delays nobody else. Raises only on settings that can never work.
        """

    async def disconnect(self) -> None:
        """Stop receiving, finish what was acknowledged, close connections. Within 8 seconds."""

    def lead(self, leading: bool) -> None:
        """Begin, or stop, what only one process may do for this platform at a time (fetching events by
        polling). A port leads until it is told otherwise; it may be told at any time."""

    def ready(self) -> bool:
        """True while the platform delivers events to us (socket open, last poll fine, webhook set), or
        would if we were leading."""

    def healthy(self) -> bool:
        """`ready`, and what was sent last was not turned away at the door, as far as that tells more: a lane
        that is not ready rests, one in bad health goes on trying."""

    def routes(self) -> Sequence[Route]:
        """The HTTP routes this platform wants (webhooks); empty if it fetches its events itself."""

    async def send(
        self, place: Place, message: Message, only_for: Account | None = None, reply_to: str = ""
    ) -> Post:
        """Post `message`; to one person's eyes only if `only_for` is given and the place is a group
        (where the platform cannot, it goes to that person's direct chat). Long texts are split, and a file
        goes along: the first part is returned, with the ids of all that was posted with it in `more`.
        Raises SendFailed, and not for a file that cannot be placed: the words stand without it."""

    async def edit(self, post: Post, message: Message) -> Post:
        """Replace a post's text and keys, in all its parts: those too many are taken away, those lacking
        posted, a picture stays. Returns the post as it is now. "Not modified" is a success. Raises
        SendFailed, "deleted" only if its first part is gone."""

    async def delete(self, post: Post) -> None:
        """Take a post away, with all its parts and files. Already gone is a success. Raises SendFailed,
        "refused" where it is too old to be taken away."""

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file that somebody sent us, by `File.id`. Raises SendFailed: "later", "gone" (it
        is there no more) or "refused" (too large, or not for us)."""

    async def direct(self, account: Account) -> Place:
        """The place where this person alone reads us. Raises SendFailed("gone") if there is none."""

    async def give(self, place: Place, account: Account, answer: Answer, message_id: str = "") -> Post | None:
        """Give a recorded answer when the event's own way of answering is gone (after a restart), and set
        its mark; one that cannot be set raises nothing."""

    def start_link(self, payload: str) -> str:
        """A link that opens the direct chat with this payload (an invitation code, a draft token) by one
        tap, or "" if the platform has none."""

    async def check(self) -> list[Finding]:
        """Tokens, scopes, connection: asked of the platform itself."""
