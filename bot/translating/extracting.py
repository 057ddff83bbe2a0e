"""What there is to translate: the message ids of templates, code and charter, each with where it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from jinja2.ext import babel_extract
from pydantic import BaseModel

import bot.handlers  # noqa: F401 - importing it declares every command
from bot.charter import Charter
from bot.commands import REGISTRY
from bot.messages import Phrase
from bot.templating.catalogues import LABEL

MARKS: Final = "N_"
BUTTONS: Final = ("Button", "Choice", "replace")  # calls whose first argument, or `label`, stands on a button
OPTIONS: Final = {
    "trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false",
}  # fmt: skip
KEYWORDS: Final = ("gettext", "ngettext", "_")
_NOTED: Final = re.compile(r"\s*(?:\{#-?|#)\s*(?P<note>NOTE: .*?)\s*(?:-?#\})?")
MessageId = str | tuple[str, str]


Nodes = tuple[ast.AST, ...]  # all of a file's syntax tree


@dataclass
class Found:
    """One message id, the lines where it stands, whether it stands on a button, and what those who translate
    it are told: the comments that begin with NOTE, each on the line above."""

    where: list[tuple[str, int]] = field(default_factory=list)
    label: bool = False
    notes: list[str] = field(default_factory=list)

    def stands(self, file: str, line: int, lines: Sequence[str] = ()) -> None:
        """Add a place: a line of this file, which has these lines."""
        self.where.append((file, line))
        noted = _NOTED.fullmatch(lines[line - 2]) if 2 <= line <= len(lines) else None
        if noted is not None and noted["note"] not in self.notes:
            self.notes.append(noted["note"])


@lru_cache(maxsize=4)  # neither code nor templates change while this runs
def message_ids(root: Path) -> dict[MessageId, Found]:
    """Everything that templates and code say, by message id, in the order of files."""
    found: dict[MessageId, Found] = {}
    files = {file: _nodes(file) for file in sorted(root.glob("bot/**/*.py"))}
    on_buttons = {name for nodes in files.values() for name in _names_on_buttons(nodes)}
    for file, nodes in files.items():
        name, lines = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8").splitlines()
        for line, message, label in _marked(nodes, on_buttons):
            one = found.setdefault(message, Found())
            one.stands(name, line, lines)
            one.label = one.label or label
    for file in sorted(root.glob("templates/**/*.j2")):
        name, text = file.relative_to(root).as_posix(), file.read_bytes()
        lines = text.decode("utf-8").splitlines()
        for line, _, said, _ in babel_extract(BytesIO(text), KEYWORDS, (), OPTIONS):
            if key := _key(said):
                found.setdefault(key, Found()).stands(name, line, lines)
    for title, where in _form_titles():
        found.setdefault(title, Found()).where.append((where, 0))
    return found


def charter_ids(charter: Charter) -> dict[MessageId, Found]:
    """Everything of a charter that is said in each reader's language, with the part it is of."""
    found: dict[MessageId, Found] = {}
    for part, phrase in _phrases(charter, "charter"):
        found.setdefault(str(phrase), Found()).where.append((part, 0))
    return found


def catalogue_of(found: dict[MessageId, Found], language: str) -> Catalog:
    """An empty catalogue of these message ids."""
    catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message, one in found.items():
        told = [LABEL] if one.label else []
        catalogue.add(message, locations=one.where, auto_comments=[*told, *one.notes])
    return catalogue


def _form_titles() -> Iterator[tuple[str, str]]:
    """What stands above the form of each command that has one, with the file that declares it."""
    for command in REGISTRY.all():
        if any(not option.kind.hidden for option in command.options):
            yield command.name.capitalize(), f"{command.module.replace('.', '/')}.py"


def _key(message: Any) -> MessageId | None:
    if isinstance(message, str):
        return message or None
    said = [one for one in message or () if isinstance(one, str)]
    return (said[0], said[1]) if len(said) > 1 else said[0] if said else None


def _phrases(value: Any, part: str) -> Iterator[tuple[str, Phrase]]:
    if isinstance(value, Phrase):
        yield part, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _phrases(getattr(value, name), name)
    elif isinstance(value, dict | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _phrases(one, part)


def _nodes(file: Path) -> Nodes:
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def _marked(nodes: Nodes, on_buttons: set[str]) -> Iterator[tuple[int, str, bool]]:
    """(line, message id, whether it stands on a button) of each N_("...")."""
    labels = {id(mark) for one in _on_buttons(nodes) for mark in _marks(ast.walk(one))}
    for statement in nodes:
        targets: list[ast.expr] = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        if any(isinstance(target, ast.Name) and target.id in on_buttons for target in targets):
            labels |= {id(mark) for mark in _marks(ast.walk(statement))}
    for mark in _marks(nodes):
        said = ast.literal_eval(mark.args[0])
        yield mark.lineno, said, id(mark) in labels


def _marks(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    for one in nodes:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == MARKS:
            yield one


def _on_buttons(nodes: Nodes) -> Iterator[ast.expr]:
    """The expressions that stand on buttons."""
    for one in nodes:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in BUTTONS:
            if one.args and one.func.id != "replace":
                yield one.args[0]
            yield from (keyword.value for keyword in one.keywords if keyword.arg == "label")


def _names_on_buttons(nodes: Nodes) -> Iterator[str]:
    """The constants that stand on buttons, such as `TO_PREVIEW` or `LABELS[kind]`."""
    for expression in _on_buttons(nodes):
        for one in ast.walk(expression):
            if isinstance(one, ast.Name) and one.id.isupper():
                yield one.id
