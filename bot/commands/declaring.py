"""Declaring a command once, for every surface: `@command` over a typed function, checked at import."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar, get_type_hints

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.commands.checking import DeclarationError, check
from bot.commands.declared import Command, Option
from bot.commands.everyday_words import EVERYDAY
from bot.commands.kinds import Kind
from bot.commands.values import fold

Handler = TypeVar("Handler", bound=Callable[..., Any])

TODAY: Final[Any] = date.min  # a default for a day: filled with the person's today
_SHORT = 5  # letters
_LIKENESS = 66.0  # of 100 (two letters of three), from which a name is suggested for a mistyped one


@dataclass
class Registry:
    """The commands there are, by name."""

    commands: dict[str, Command] = field(default_factory=dict)
    _called: dict[tuple[str, ...], Command] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> Command:
        """The command declared as `name`. Raises KeyError."""
        return self.commands[name]

    def all(self) -> tuple[Command, ...]:
        """Every command, in the order of declaration."""
        return tuple(self.commands.values())

    def __iter__(self) -> Iterator[Command]:
        return iter(self.all())

    def add(self, declared: Command) -> None:
        """Take in a command. Raises DeclarationError where a name is taken or a limit reached."""
        names = [tuple(name.split()) for name in (declared.name, *declared.aliases)]
        for name in names:
            if name in self._called:
                raise DeclarationError(f"{declared.name}: the name {' '.join(name)!r} is taken")
        own = sum(one.own_slash for one in self.all()) + declared.own_slash
        if own > 12:
            raise DeclarationError(f"{declared.name}: a dozen commands have a slash of their own already")
        self.commands[declared.name] = declared
        self._called.update(dict.fromkeys(names, declared))

    def find(self, text: str) -> tuple[Command | None, str]:
        """The command that typed `text` begins with, and the rest of the text.

        Longest name first; case, a leading slash, one or many ("indicator"), and underscores for spaces
        ("event_new", as Telegram writes it) make no difference. The commonest ones have everyday words in
        every language ("ajuda").
        """
        text = text.strip().removeprefix("/").lstrip()
        parts = text.split(None, 4)
        if parts and "_" in parts[0] and (found := self._called_so(tuple(fold(parts[0]).split("_")))):
            return found, _after(text, 1)
        words = tuple(fold(part).strip(":,.?!") for part in parts[:4])
        tapped: Command | None = None  # what only its button can give: a shorter name is meant then
        for count in range(len(words), 0, -1):
            if (found := self._called_so(words[:count])) and not found.only_tapped:
                return found, _after(text, count)
            tapped = tapped or found
        return tapped, text

    def _called_so(self, words: tuple[str, ...]) -> Command | None:
        if found := self._called.get(words) or self.commands.get(EVERYDAY.get(words, "")):
            return found
        if not words or len(words[0]) < 3:
            return None
        tried = ((other, *words[1:]) for other in _other_number(words[0]))
        return next((found for name in tried if (found := self._called.get(name))), None)

    def suggest(self, word: str) -> str | None:
        """The name of the visible command most like what was typed, if one is like enough. Where that one
        takes something back or ends something, nothing is suggested, and nothing less like it either."""
        typed = fold(word).strip().removeprefix("/").replace("_", " ").split()[:4]
        best, found = _LIKENESS, None  # the command declared with the likest name so far
        for name, declared in self._called.items():
            score = fuzz.ratio(" ".join(typed[: len(name)])[:60], " ".join(name))
            if not declared.hidden and score > best and _is_a_slip(typed, name):
                best, found = score, declared
        return found.name if found and found.suggested else None


def _is_a_slip(typed: list[str], name: tuple[str, ...]) -> bool:
    """Whether the words could be a mistyped name: one letter of four, or two of a longer one, are others."""
    meant, said = " ".join(name), " ".join(typed[: len(name)])[:60]
    return OSA.distance(said, meant) <= (1 if len(meant) <= _SHORT else 2)


def _after(text: str, count: int) -> str:
    parts = text.split(None, count)
    return parts[count].strip() if len(parts) > count else ""


def _other_number(word: str) -> tuple[str, ...]:
    """The plural of a singular and the other way round: activity, activities."""
    if word.endswith("ies"):
        return (word[:-3] + "y", word[:-1])
    if word.endswith("s"):
        return (word[:-1],)
    return (word[:-1] + "ies", word + "s") if word.endswith("y") else (word + "s",)


REGISTRY = Registry()


def command(
    name: str,
    summary: str,
    *,
    may: str | None = None,
    example: str = "",
    reads: bool = False,
    hidden: bool = False,
    aliases: tuple[str, ...] = (),
    own_slash: bool = False,
    suggested: bool = True,
    registry: Registry = REGISTRY,
) -> Callable[[Handler], Handler]:
    """Declare the function below as the command `name`; it is returned unchanged.

    Its first parameter is the context; each other one is `Annotated[type, Kind(...)]`, with a default if
    it may be left out. `suggested=False` is for what takes something back or ends something: one tap on
    "Did you mean" would do it. Raises DeclarationError at import where the declaration cannot work
    everywhere.
    """

    def declare(function: Handler) -> Handler:
        declared = Command(
            name, summary, function, _options(name, function), may, example, reads, hidden, aliases,
            function.__module__, own_slash, suggested,
        )  # fmt: skip
        check(declared)
        registry.add(declared)
        return function

    return declare


def _options(name: str, function: Callable[..., Any]) -> tuple[Option, ...]:
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters:
        raise DeclarationError(f"{name}: the first parameter is the context")
    # Only the options' annotations are resolved: the context's type is often imported for checking only.
    bare = types.SimpleNamespace(
        __annotations__={p.name: p.annotation for p in parameters[1:] if p.annotation is not p.empty}
    )
    try:
        hints = get_type_hints(bare, globalns=function.__globals__, include_extras=True)
    except (NameError, TypeError) as missing:
        raise DeclarationError(f"{name}: {missing}") from missing
    return tuple(_option(name, parameter, hints.get(parameter.name)) for parameter in parameters[1:])


def _option(name: str, parameter: inspect.Parameter, hint: Any) -> Option:
    kinds = [extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Kind)]
    if len(kinds) != 1 or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise DeclarationError(f"{name}: {parameter.name} is not Annotated with one option kind")
    required = parameter.default is parameter.empty
    default = None if required else parameter.default
    return Option(parameter.name.rstrip("_"), kinds[0], required, default, parameter.name)
