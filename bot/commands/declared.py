"""What a declaration becomes: a command and its options, as plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.commands.kinds import Kind


@dataclass(frozen=True, slots=True)
class Option:
    """One typed argument. `name` is what people and stored calls use, `parameter` what the function has
    (`with` and `with_`)."""

    name: str
    kind: Kind
    required: bool
    default: Any
    parameter: str = ""

    @property
    def label(self) -> str:
        """The short noun for forms, a message id."""
        return self.kind.label or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, eq=False, slots=True)
class Command:
    """A declared command. `may`: the permission it takes, None for everybody known, "anybody" for strangers
    too. `reads`: it changes nothing. `hidden`: in no help. `own_slash`: a Slack slash command of its own.
    `suggested`: offered for a mistyped name; what takes something back or ends something is not."""

    name: str
    summary: str
    function: Callable[..., Any]
    options: tuple[Option, ...]
    may: str | None
    example: str
    reads: bool
    hidden: bool
    aliases: tuple[str, ...]
    module: str
    own_slash: bool
    suggested: bool = True

    @property
    def only_tapped(self) -> bool:
        """Whether it needs what only its button knows, so that typing it means nothing."""
        return any(option.required and option.kind.hidden for option in self.options)

    def option(self, name: str) -> Option | None:
        """The option called `name`, if there is one."""
        return next((option for option in self.options if option.name == name), None)
