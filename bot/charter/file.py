"""Reading a charter file: every fault named with file, key and what was expected."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.charter.checks import Fault, faults
from bot.charter.decisions import Part
from bot.charter.expected import Expected, Language, Slug, Title, Zone
from bot.charter.values import Charter

LONGEST_FOUND = 60

_A_DAY = "a day, such as 2026-05-12"
_PLAIN = {  # what pydantic found wanting, in our words
    "bool_type": "true or false",
    "tuple_type": "a list",
    "too_short": "a list with something in it",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


class CharterFault(Exception):
    """A charter file that cannot be used. Each of `lines` names the file, the key and what was expected."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class MadeUpPerson(Part):
    """A person for the rehearsal in the terminal; nobody real. `organisation` is where they work; a role
    of the whole alliance is held beside that."""

    name: Title
    organisation: Slug
    roles: tuple[Slug, ...] = Field(min_length=1)
    language: Language
    zone: Zone


class _People(Part):
    people: tuple[MadeUpPerson, ...] = Field(min_length=1)


AnyPart = TypeVar("AnyPart", bound=Part)


def load(path: Path) -> Charter:
    """Read and check a charter file. Raises CharterFault with one line per fault, all at once."""
    charter = _read(path, Charter)
    _refuse(path, faults(charter))
    return charter


def load_people(path: Path, charter: Charter) -> tuple[MadeUpPerson, ...]:
    """Read the made-up people of a rehearsal; their organisations and roles have to be the charter's.
    Raises CharterFault as `load` does."""
    people = _read(path, _People).people
    _refuse(path, _people_faults(people, charter))
    return people


def _people_faults(people: Sequence[MadeUpPerson], charter: Charter) -> Iterable[Fault]:
    slugs = [organisation.slug for organisation in charter.organisations]
    roles = [role.key for role in charter.roles]
    names = [person.name.casefold() for person in people]
    for place, person in enumerate(people):
        if names[place] in names[:place]:
            yield Fault(f"people[{place}].name", "a name of their own", repr(person.name))
        if person.organisation not in slugs:
            expected = f"an organisation of the charter ({', '.join(slugs)})"
            yield Fault(f"people[{place}].organisation", expected, repr(person.organisation))
        for role in person.roles:
            if role not in roles:
                expected = f"roles of the charter ({', '.join(roles)})"
                yield Fault(f"people[{place}].roles", expected, repr(role))


def _refuse(path: Path, found: Iterable[Fault]) -> None:
    lines = [f"{path}: {where}: expected {what}, found {seen}" for where, what, seen in found]
    if lines:
        raise CharterFault(lines)


def _read(path: Path, model: type[AnyPart]) -> AnyPart:
    raw = _toml(path)
    try:
        # JSON mode is strict about types, yet knows lists as tuples and takes days as text
        return model.model_validate_json(json.dumps(raw, default=_as_text))
    except ValidationError as problem:
        errors = [error for error in problem.errors(include_url=False) if not _is_echo(error)]
        raise CharterFault([_line(path, model, error) for error in errors]) from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        says = problem.strerror or "unreadable"
        raise CharterFault([f"{path}: expected a charter file here, found none ({says})"]) from None
    except UnicodeDecodeError as problem:
        says = f"{path}: byte {problem.start}: expected text in UTF-8, found something else"
        raise CharterFault([says]) from None
    except tomllib.TOMLDecodeError as problem:
        raise CharterFault([_syntax_line(path, str(problem))]) from None


def _syntax_line(path: Path, says: str) -> str:
    said = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", says)
    if said is None:
        return f"{path}: expected TOML, found something else ({says})"
    where = f"line {said[2]}, column {said[3]}" if said[2] else "at the very end"
    return f"{path}: {where}: expected TOML, found something else ({said[1]})"


def _as_text(value: date | time) -> str:
    return value.isoformat()


def _is_echo(error: ErrorDetails) -> bool:
    # a list whose only entry is at fault is reported a second time, as too short
    return error["type"] == "too_short" and bool(error["input"])


def _line(path: Path, model: type[Part], error: ErrorDetails) -> str:
    loc = error["loc"]
    where = f"{path}: {_key_path(loc)}"
    if error["type"] == "extra_forbidden":
        return f"{where}: expected no such key{_suggestion(model, loc)}"
    if error["type"] == "missing":
        return f"{where}: expected {_wanted(model, loc)}, found nothing"
    return f"{where}: expected {_expected(error)}, found {_found(error['input'])}"


def _key_path(loc: Sequence[int | str]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


def _expected(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "expected":
        return str(context["words"])
    if error["type"] == "literal_error":
        return f"one of {context['expected']}"
    if error["type"].startswith("date_"):
        return _A_DAY
    return _PLAIN.get(error["type"], "something else")


def _found(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    shown = repr(value)
    return shown if len(shown) <= LONGEST_FOUND else shown[: LONGEST_FOUND - 1] + "…"


def _suggestion(model: type[Part], loc: Sequence[int | str]) -> str:
    holder = _model_at(model, loc[:-1])
    known = [field.alias or name for name, field in holder.model_fields.items()]
    near = get_close_matches(str(loc[-1]), known, 1)
    return f"; did you mean {near[0]!r}?" if near else f" (known here: {', '.join(known)})"


def _wanted(model: type[Part], loc: Sequence[int | str]) -> str:
    """The words for a value that is not there, from its declaration."""
    field = _fields(_model_at(model, loc[:-1]))[str(loc[-1])]
    said = [one.words for one in field.metadata if isinstance(one, Expected)]
    if said:
        return said[0]
    if field.annotation is date:
        return _A_DAY
    if choices := get_args(field.annotation):
        return "a list" if Ellipsis in choices else f"one of {', '.join(map(repr, choices))}"
    return "true or false" if field.annotation is bool else "a table"


def _model_at(model: type[BaseModel], loc: Sequence[int | str]) -> type[BaseModel]:
    for part in loc:
        if isinstance(part, str):
            annotation = _fields(model)[part].annotation
            inside = [one for one in (annotation, *get_args(annotation)) if _is_model(one)]
            model = inside[0]
    return model


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}
