"""What people see: plain text after doing something, the bot's posts in a group, the marks on messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.world import World

SIGNS = {"slack": {"ballot_box_with_ballot": "ballot"}, "telegram": {"✍": "ballot"}}
INVISIBLE = re.compile("[\u200b\u2060*_~`]")


def plain(text: str) -> str:
    """What stands on the screen, without marks: exact sentences compare on every platform."""
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    text = re.sub(r"<!date\^[0-9]+\^[^|>]+\|([^>]+)>", r"\1", text)
    text = re.sub(r"<(https?://[^|>]+)\|([^>]+)>", r"\2", text)
    text = re.sub(r"<(https?://[^>]+)>", r"\1", text)
    return INVISIBLE.sub("", text)


@dataclass(frozen=True)
class Sent:
    """A file that the bot sent."""

    name: str
    text: str


@dataclass
class Heard:
    """What somebody sees after doing something; `file` came with it."""

    text: str = ""
    buttons: list[str] = field(default_factory=list)
    alert: str = ""  # over the chat, gone with a tap (Telegram)
    raw: Any = None
    file: Sent | None = None

    @property
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return [line for line in (self.text or self.alert).splitlines() if line.strip()]

    @property
    def first(self) -> str:
        """The first line: what happened."""
        return self.lines[0] if self.lines else ""


def marks(world: World, message: Any) -> list[str]:
    """The bot's signs on a message: ["ballot"] where a word counts as one."""
    return [SIGNS[world.platform].get(one, one) for one in message.reactions]


class Looking:
    """How somebody looks around, on either platform."""

    name: str
    world: World

    def posts(self, where: Any) -> list[Any]:
        """The bot's messages that everybody in a group sees, oldest first."""
        raise NotImplementedError

    def reads_on(self, message: Any) -> Heard:
        """What stands on one message now."""
        raise NotImplementedError

    def files(self) -> list[Sent]:
        """The files of the bot before their eyes, oldest first."""
        raise NotImplementedError

    def file(self, name: str) -> Sent:
        """The newest file of that name that the bot sent them, or their group."""
        found = [one for one in self.files() if one.name == name]
        assert found, f"{self.name} sees no file {name!r}, only {[one.name for one in self.files()]}"
        return found[-1]

    def finds(self, words: str, where: Any) -> Any:
        """The newest of the bot's posts in a group with these words on it (a motion's card, by its title),
        to reply to and to tap on."""
        found = [one for one in self.posts(where) if words in self.reads_on(one).text]
        assert found, (
            f"{self.name} finds no {words!r}, only {[self.reads_on(o).text for o in self.posts(where)]}"
        )
        return found[-1]

    def sees_marks(self, message: Any) -> list[str]:
        """The bot's signs on a message before their eyes."""
        return marks(self.world, message)
