"""A platform of paper: it keeps what was sent to whom, and hands in what people type and tap."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Account, Answer, Call, Incoming, Key, Message, Place, Post
from bot.platforms.in_process import InProcess
from bot.platforms.pacing import FREE, Pacer
from bot.platforms.port import Finding, SendFailed

WORKSPACE = "paper"
MOST_KEPT = 40  # messages in one chat: nobody scrolls further up to press a button


@dataclass
class Written:
    """A message of the bot in a chat, as it stands now."""

    id: str
    text: str
    keys: tuple[Key, ...] = ()


class TurnedClock:
    """A clock that stands still until it is turned; who sleeps by it is awake at once."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The time it is, in UTC."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Nobody waits here: whoever would be woken is, as soon as the clock is turned."""


class PaperPort(InProcess):
    """One platform's side of `bot.platforms.port.Port`, on paper: everything arrives at once, and nothing
    ever fails. Chats keep their newest messages, so that people can press what stands under them."""

    def __init__(self, name: str, clock: TurnedClock) -> None:
        self.name = name
        self.pacer = Pacer(FREE, clock)
        self.arrived: list[tuple[Place, Message]] = []  # what was sent, until somebody has looked at it
        self._written = 0
        self._chats: dict[str, deque[Written]] = defaultdict(lambda: deque(maxlen=MOST_KEPT))

    def account_of(self, name: str, zone: str = "") -> Account:
        """Somebody's account here, by their name."""
        return Account(self.name, WORKSPACE, name.casefold(), name, zone=zone)

    def chat_of(self, account: Account) -> Place:
        """Where this person alone reads the bot."""
        return Place(self.name, WORKSPACE, f"direct:{account.user}", name="direct")

    def reads(self, account: Account) -> tuple[Written, ...]:
        """What stands in somebody's direct chat, the newest first."""
        return tuple(reversed(self._chats[self.chat_of(account).channel]))

    async def hand_in(self, incoming: Incoming) -> str:
        """What somebody typed or tapped: recorded, then answered; what the answer says."""
        assert self.inbox is not None, "connect first"
        answer = await self.inbox.receive(incoming)
        pressed = incoming.message_id if isinstance(incoming, Call) and incoming.token else ""
        self.inbox.given(incoming, self._place(incoming.place, answer, pressed))
        return answer.message.text if answer.message else ""

    async def send(
        self,
        place: Place,
        message: Message,
        only_for: Account | None = None,  # noqa: ARG002 - nobody looks into groups here
        reply_to: str = "",  # noqa: ARG002 - nor into threads
    ) -> Post:
        """Write a message."""
        self.arrived.append((place, message))
        return self._write(place, message)

    async def edit(self, post: Post, message: Message) -> Post:
        """Replace what a message says; one that was scrolled away is fine too."""
        self._change(post.place, post.message_id, message)
        return post

    async def delete(self, post: Post) -> None:
        """Take a message away; one that is gone already is fine."""
        chat = self._chats[post.place.channel]
        for one in [one for one in chat if one.id == post.message_id]:
            chat.remove(one)

    async def fetch(self, ref: str) -> bytes:
        """Nobody sends files on paper: raises SendFailed("refused")."""
        raise SendFailed("refused", f"no file {ref!r} on paper")

    async def direct(self, account: Account) -> Place:
        """Where this person alone reads us."""
        return self.chat_of(account)

    async def give(self, place: Place, account: Account, answer: Answer, message_id: str = "") -> Post | None:  # noqa: ARG002 - as the port has it
        """Give an answer that was recorded and not given."""
        return self._place(place, answer, message_id)

    def start_link(self, payload: str) -> str:
        """What a link into the direct chat would look like."""
        return f"https://{self.name}.example/start/{payload}"

    async def check(self) -> list[Finding]:
        """Nothing to ask anybody."""
        return []

    def _place(self, place: Place, answer: Answer, pressed: str) -> Post | None:
        if answer.message is None:
            return None
        if answer.replace and self._change(place, pressed, answer.message):
            return Post(place, pressed)
        return self._write(place, answer.message)

    def _write(self, place: Place, message: Message) -> Post:
        self._written += 1
        one = Written(f"{self.name}-{self._written}", message.text, message.keys)
        self._chats[place.channel].append(one)
        return Post(place, one.id)

    def _change(self, place: Place, message_id: str, message: Message) -> bool:
        for one in self._chats[place.channel]:
            if one.id == message_id:
                one.text, one.keys = message.text, message.keys
                return True
        return False
