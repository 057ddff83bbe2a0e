"""People who talk to the bot: the same few verbs on every platform, and plain text back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bot.messages import Account
from tests.servers import slack, telegram

if TYPE_CHECKING:
    from tests.world import World

PHOTO = {"id": "F0001", "name": "group.jpg", "mimetype": "image/jpeg", "size": 1234}
SEVERAL = "multi_static_select"
INVISIBLE = re.compile("[\u200b\u2060*_~`]")


def plain(text: str) -> str:
    """What stands on the screen, without marks: exact sentences compare on every platform."""
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    text = re.sub(r"<(https?://[^|>]+)\|([^>]+)>", r"\2", text)
    text = re.sub(r"<(https?://[^>]+)>", r"\1", text)
    return INVISIBLE.sub("", text)


@dataclass
class Heard:
    """What somebody sees after doing something."""

    text: str = ""
    buttons: list[str] = field(default_factory=list)
    alert: str = ""  # over the chat, gone with a tap (Telegram)
    raw: Any = None

    @property
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return [line for line in (self.text or self.alert).splitlines() if line.strip()]

    @property
    def first(self) -> str:
        """The first line: what happened."""
        return self.lines[0] if self.lines else ""


class Somebody(Protocol):
    """A person on one platform. Names of places are those that `World.group` gave."""

    name: str

    @property
    def account(self) -> Account: ...

    async def types(self, line: str, where: Any = None) -> Heard: ...

    async def says(self, words: str = "", where: Any = None, reply_to: Any = None, **more: Any) -> Heard: ...

    async def taps(self, label: str) -> Heard: ...

    async def sends_photo(self, where: Any = None, reply_to: Any = None) -> Heard: ...

    async def gives(self, **answers: str) -> Heard: ...

    def reads(self) -> Heard: ...


class OnTelegram:
    """Somebody with Telegram on their phone."""

    def __init__(self, world: World, name: str, language: str = "en") -> None:
        self.world, self.name, self.language = world, name, language
        self.user: telegram.User = world.telegram.user(name, language=language)
        self.user.person.started = True

    @property
    def account(self) -> Account:
        """Who they are to the bot."""
        return Account("telegram", "", self.user.id, self.name, self.language)

    async def starts(self, payload: str = "") -> Heard:
        """Press START, perhaps by a link."""
        return self._heard(await self.user.starts(payload))

    async def types(self, line: str, where: telegram.Group | None = None) -> Heard:
        """Type a command; in the direct chat if nothing else is said."""
        name, _, rest = line.partition(" ")
        return self._heard(await self.user.types(f"{name} {rest}".strip(), where))

    async def says(
        self,
        words: str = "",
        where: telegram.Group | None = None,
        reply_to: telegram.Message | None = None,
        **more: Any,
    ) -> Heard:
        """Write plain words."""
        return self._heard(await self.user.says(words, where, reply_to=reply_to, **more))

    async def taps(self, label: str) -> Heard:
        """Press the newest button with that label that they see."""
        return self._heard(await self.user.taps(self._with(label), label))

    async def sends_photo(
        self, where: telegram.Group | None = None, reply_to: telegram.Message | None = None
    ) -> Heard:
        """Send a photo without words."""
        return await self.says("", where, reply_to, photo=True)

    async def gives(self, **answers: str) -> Heard:
        """Answer the questions that follow, one by one."""
        heard = self.reads()
        for answer in answers.values():
            heard = await self.says(answer)
        return heard

    def reads(self) -> Heard:
        """The newest message of the bot that they see."""
        message = self.user._from_bot()[-1]
        return Heard(plain(message.text), message.buttons, raw=message)

    def _with(self, label: str) -> telegram.Message:
        found = [message for message in self.user._from_bot() if label in message.buttons]
        assert found, f"{self.name} sees no button {label!r}, only {self.reads().buttons}"
        return found[-1]

    def _heard(self, seen: telegram.Seen) -> Heard:
        if not seen.messages:
            return Heard(alert=plain(seen.alert), raw=seen)
        text = "\n\n".join(plain(message.text) for message in seen.messages)
        return Heard(text, seen.message.buttons, plain(seen.alert), seen.message)


class OnSlack:
    """Somebody with Slack open."""

    def __init__(self, world: World, name: str, language: str = "en") -> None:
        self.world, self.name, self.language = world, name, language
        self.user: slack.User = world.slack.user(name, locale=language)

    @property
    def account(self) -> Account:
        """Who they are to the bot."""
        return Account("slack", slack.TEAM, self.user.id, self.name, self.language)

    async def types(self, line: str, where: slack.Channel | None = None) -> Heard:
        """Type a command: a slash command of its own, or words after /alliance."""
        name, _, words = line.removeprefix("/").partition(" ")
        own = f"/{name} {words}" if name in self.world.own_slash else f"/alliance {name} {words}"
        return self._heard(await self.user.types(own.strip(), where))

    async def says(
        self,
        words: str = "",
        where: slack.Channel | None = None,
        reply_to: slack.Seen | None = None,
        **more: Any,
    ) -> Heard:
        """Write plain words."""
        thread = reply_to if reply_to is not None else ""
        return self._heard(await self.user.says(words, where, thread=thread, **more))

    async def taps(self, label: str) -> Heard:
        """Press the newest button with that label that they see."""
        found = [message for message in self._from_bot() if label in message.buttons]
        assert found, f"{self.name} sees no button {label!r}, only {self.reads().buttons}"
        return self._heard(await self.user.taps(found[-1], label))

    async def sends_photo(
        self, where: slack.Channel | None = None, reply_to: slack.Seen | None = None
    ) -> Heard:
        """Send a photo without words."""
        return await self.says("", where, reply_to, files=[PHOTO])

    async def gives(self, **answers: str) -> Heard:
        """Fill in the open form and submit it; several organisations have commas between."""
        several = {one["block_id"] for one in self.user.form.inputs if one["element"]["type"] == SEVERAL}
        filled = {
            name: [one for one in value.split(",") if one] if name in several else value
            for name, value in answers.items()
        }
        return self._heard(await self.user.fills(filled))

    def reads(self) -> Heard:
        """The newest message of the bot that they see."""
        message = self._from_bot()[-1]
        return Heard(plain(message.words), message.buttons, raw=message)

    def _from_bot(self) -> list[slack.Seen]:
        mine = [message for message in self.user.sees() if message.author != self.user.id]
        return sorted(mine, key=lambda message: message.serial)

    def _heard(self, seen: list[slack.Seen]) -> Heard:
        if not seen:
            return Heard()
        text = "\n\n".join(plain(message.words) for message in seen)
        return Heard(text, seen[-1].buttons, raw=seen[-1])
