"""People who talk to the bot: the same few verbs on every platform, and plain text back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from bot.messages import Account
from tests.servers import slack, telegram
from tests.world.looking import Heard, Looking, Sent, plain

if TYPE_CHECKING:
    from tests.world import World

__all__ = ["Heard", "OnSlack", "OnTelegram", "Sent", "Somebody", "plain"]

PHOTO = {"id": "F0001", "name": "group.jpg", "mimetype": "image/jpeg", "size": 1234}
SEVERAL = "multi_static_select"


class Somebody(Protocol):
    """A person on one platform. Names of places are those that `World.group` gave."""

    name: str

    @property
    def account(self) -> Account: ...

    async def types(self, line: str, where: Any = None) -> Heard: ...

    async def says(self, words: str = "", where: Any = None, reply_to: Any = None, **more: Any) -> Heard: ...

    async def taps(self, label: str, on: Any = None) -> Heard: ...

    async def edits(self, message: Any, words: str) -> None: ...

    async def deletes(self, message: Any) -> None: ...

    async def sends_photo(self, where: Any = None, reply_to: Any = None) -> Heard: ...

    async def sends_table(
        self, name: str, text: str, where: Any = None, words: str = "", **more: Any
    ) -> Heard: ...

    async def gives(self, **answers: str) -> Heard: ...

    def file(self, name: str) -> Sent: ...

    def reads(self) -> Heard: ...

    def posts(self, where: Any) -> list[Any]: ...

    def finds(self, words: str, where: Any) -> Any: ...

    def wrote(self, where: Any = None) -> Any: ...

    def sees_marks(self, message: Any) -> list[str]: ...


class OnTelegram(Looking):
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

    async def taps(self, label: str, on: telegram.Message | None = None) -> Heard:
        """Press the newest button with that label that they see, or the one on that message."""
        return self._heard(await self.user.taps(on or self._with(label), label))

    async def edits(self, message: telegram.Message, words: str) -> None:
        """Change what they wrote."""
        await self.user.edits(message, words)

    async def deletes(self, message: telegram.Message) -> None:
        """Take a message away."""
        self.user.deletes(message)
        await self.world.settled()

    async def sends_photo(
        self, where: telegram.Group | None = None, reply_to: telegram.Message | None = None
    ) -> Heard:
        """Send a photo without words."""
        return await self.says("", where, reply_to, photo=True)

    async def sends_table(
        self, name: str, text: str, where: telegram.Group | None = None, words: str = "", **more: Any
    ) -> Heard:
        """Send a table (CSV), in the direct chat if nothing else is said; `mention=True` names the bot."""
        return await self.says(words, where, document=name, content=text.encode(), mime="text/csv", **more)

    async def gives(self, **answers: str) -> Heard:
        """Answer the questions that follow, one by one."""
        heard = self.reads()
        for answer in answers.values():
            heard = await self.says(answer)
        return heard

    def reads(self) -> Heard:
        """The newest message of the bot that they see."""
        return self.reads_on(self._words()[-1])

    def files(self) -> list[Sent]:
        """The files of the bot before their eyes, oldest first."""
        return [self._sent(one) for one in self.user._from_bot() if one.document]

    def reads_on(self, message: telegram.Message) -> Heard:
        """What stands on one message now."""
        return Heard(plain(message.text), message.buttons, raw=message)

    def posts(self, where: telegram.Group) -> list[telegram.Message]:
        """The bot's messages that everybody in a group sees, oldest first."""
        return [one for one in self.user.sees(where) if one.from_bot and not one.document]

    def wrote(self, where: telegram.Group | None = None) -> telegram.Message:
        """The newest message that they wrote, in the direct chat if nothing else is said."""
        return [one for one in self.user.sees(where) if one.sender is self.user.person][-1]

    def _words(self) -> list[telegram.Message]:
        return [one for one in self.user._from_bot() if not one.document]

    def _sent(self, message: telegram.Message) -> Sent:
        content = self.world.telegram.files[message.document["file_id"]]
        return Sent(message.document["file_name"], content.decode())

    def _with(self, label: str) -> telegram.Message:
        found = [message for message in self.user._from_bot() if label in message.buttons]
        assert found, f"{self.name} sees no button {label!r}, only {self.reads().buttons}"
        return found[-1]

    def _heard(self, seen: telegram.Seen) -> Heard:
        words = [message for message in seen.messages if not message.document]
        files = [self._sent(message) for message in seen.messages if message.document]
        file = files[-1] if files else None
        if not words:
            return Heard(alert=plain(seen.alert), raw=seen, file=file)
        text = "\n\n".join(plain(message.text) for message in words)
        return Heard(text, words[-1].buttons, plain(seen.alert), words[-1], file)


class OnSlack(Looking):
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

    async def taps(self, label: str, on: slack.Seen | None = None) -> Heard:
        """Press the newest button with that label that they see, or the one on that message."""
        found = [on] if on else [message for message in self._from_bot() if label in message.buttons]
        assert found, f"{self.name} sees no button {label!r}, only {self.reads().buttons}"
        return self._heard(await self.user.taps(found[-1], label))

    async def edits(self, message: slack.Seen, words: str) -> None:
        """Change what they wrote."""
        assert message.author == self.user.id, "people edit what they wrote themselves"
        await self.world.slack.edits(message, words)

    async def deletes(self, message: slack.Seen) -> None:
        """Take a message away."""
        await self.world.slack.deletes(message)

    async def sends_photo(
        self, where: slack.Channel | None = None, reply_to: slack.Seen | None = None
    ) -> Heard:
        """Send a photo without words."""
        return await self.says("", where, reply_to, files=[PHOTO])

    async def sends_table(
        self, name: str, text: str, where: slack.Channel | None = None, words: str = "", **more: Any
    ) -> Heard:
        """Send a table (CSV), in the direct chat if nothing else is said; `mention=True` names the bot."""
        brought = self.world.slack.files.brought(name, text.encode(), "text/csv")
        return await self.says(words, where, files=[brought], **more)

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
        return self.reads_on(self._from_bot()[-1])

    def reads_on(self, message: slack.Seen) -> Heard:
        """What stands on one message now."""
        return Heard(plain(message.words), message.buttons, raw=message)

    def posts(self, where: slack.Channel) -> list[slack.Seen]:
        """The bot's messages that everybody in a group sees, oldest first."""
        ours = [one for one in self.user.sees(where) if one.author == slack.BOT_USER and not one.file]
        return [one for one in ours if not one.ephemeral]

    def files(self) -> list[Sent]:
        """The files of the bot before their eyes, oldest first."""
        return [_sent(one) for one in self.user.sees() if one.file]

    def wrote(self, where: slack.Channel | None = None) -> slack.Seen:
        """The newest message that they wrote, in the direct chat if nothing else is said."""
        place = where or self.user.direct
        return [one for one in self.user.sees(place) if one.author == self.user.id][-1]

    def _from_bot(self) -> list[slack.Seen]:
        mine = [one for one in self.user.sees() if one.author != self.user.id and not one.file]
        return sorted(mine, key=lambda message: message.serial)

    def _heard(self, seen: list[slack.Seen]) -> Heard:
        words = [message for message in seen if not message.file]
        files = [_sent(message) for message in seen if message.file]
        file = files[-1] if files else None
        if not words:
            return Heard(file=file)
        text = "\n\n".join(plain(message.words) for message in words)
        return Heard(text, words[-1].buttons, raw=words[-1], file=file)


def _sent(message: slack.Seen) -> Sent:
    assert message.file is not None
    return Sent(message.file.name, message.file.text)
