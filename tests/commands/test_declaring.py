"""A command is declared once, checked at import, and found however it is typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import pytest

from bot.commands import (
    SLACK_RESERVED,
    TODAY,
    Day,
    DeclarationError,
    Number,
    OneOf,
    Registry,
    Text,
    command,
)

if TYPE_CHECKING:
    from bot.context import Context

REGISTRY = Registry()


def declare(name: str, registry: Registry = REGISTRY, **how: Any) -> None:
    how.setdefault("example", f"/{name}")

    @command(name, how.pop("summary", "Something"), registry=registry, **how)
    def handler(ctx: Context) -> None: ...


for _name in ("log", "event", "event new", "indicators", "activities", "invite all"):
    declare(_name)
declare("help", aliases=("hilfe", "what now"))
declare("start", hidden=True, example="")


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("log workshop Pumps", "log", "workshop Pumps"),
        ("/LOG  workshop  Pumps ", "log", "workshop  Pumps"),
        ("/log\nworkshop\nPumps", "log", "workshop\nPumps"),
        ("log: workshop", "log", "workshop"),
        ("event new Pumps", "event new", "Pumps"),
        ("event_new Pumps", "event new", "Pumps"),
        ("/Event_New", "event new", ""),
        ("event newer", "event", "newer"),
        ("events", "event", ""),
        ("indicator", "indicators", ""),
        ("activity mine", "activities", "mine"),
        ("hilfe", "help", ""),
        ("what now?", "help", ""),
        ("start abc_def", "start", "abc_def"),
        ("logging", None, "logging"),
        ("", None, ""),
        ("/", None, ""),
        ("_", None, "_"),
    ],
)
def test_commands_are_found(text: str, name: str | None, rest: str) -> None:
    found, left = REGISTRY.find(text)
    assert (found.name if found else None, left) == (name, rest)


def test_the_nearest_name_is_suggested() -> None:
    assert REGISTRY.suggest("/indicatrs now") == "indicators"
    assert REGISTRY.suggest("evnt new Pumps") == "event new"
    assert REGISTRY.suggest("logg") == "log"
    assert REGISTRY.suggest("strt") is None  # hidden
    assert REGISTRY.suggest("xyzzy") is None
    assert REGISTRY.suggest("") is None


def test_what_takes_something_back_is_never_suggested_nor_what_is_less_like_it() -> None:
    registry = Registry()
    declare("leaves", registry)
    assert registry.suggest("leave me") == "leaves"
    declare("leave", registry, suggested=False)
    assert registry.suggest("leav") is None
    assert registry.suggest("leavs") == "leaves"
    found, _ = registry.find("leave")
    assert found is not None
    assert found.name == "leave"


def test_a_declaration_holds_what_every_surface_needs() -> None:
    registry = Registry()

    @command("log", "Log it", may="log_activities", example="/log x", own_slash=True, registry=registry)
    def log(
        ctx: Context,
        title: Annotated[str, Text(ask="What was it called?", label="Title")],
        day: Annotated[date, Day("past", lead=("on",))] = TODAY,
        with_: Annotated[int | None, Number(lead=("with",))] = None,
    ) -> str:
        return title

    declared = registry.get("log")
    assert (declared.function, declared.may, declared.module) == (log, "log_activities", __name__)
    assert (declared.own_slash, declared.reads, declared.hidden) == (True, False, False)
    assert [(o.name, o.parameter, o.required, o.label) for o in declared.options] == [
        ("title", "title", True, "Title"),
        ("day", "day", False, "Day"),
        ("with", "with_", False, "With"),
    ]
    assert registry.all() == tuple(registry) == (declared,)


def no_context() -> None: ...


def not_annotated(ctx: object, title: str) -> None: ...


def no_kind(ctx: object, title: Annotated[str, "a title"]) -> None: ...


def unknown_name(ctx: object, title: Annotated[str, Nowhere()]) -> None: ...  # noqa: F821


def no_question(ctx: object, title: Annotated[str, Text()]) -> None: ...


def twice_on(
    ctx: object,
    day: Annotated[date, Day(lead=("on",))] = TODAY,
    kind: Annotated[str, OneOf("x", lead=("on",))] = "",
) -> None: ...


def loud_lead(ctx: object, day: Annotated[date, Day(lead=("On",))] = TODAY) -> None: ...


def hidden_and_required(ctx: object, page: Annotated[int, Number(hidden=True)]) -> None: ...


def swallows(ctx: object, *titles: Annotated[str, Text(ask="What?")]) -> None: ...


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (no_context, "x: the first parameter is the context"),
        (not_annotated, "x: title is not Annotated with one option kind"),
        (no_kind, "x: title is not Annotated with one option kind"),
        (unknown_name, "x: name 'Nowhere' is not defined"),
        (no_question, "x: title is required, so it takes a question"),
        (twice_on, "x: the lead word 'on' stands twice, or is not in small letters"),
        (loud_lead, "x: the lead word 'On' stands twice, or is not in small letters"),
        (hidden_and_required, "x: page is hidden, so it takes a default"),
        (swallows, "x: titles is not Annotated with one option kind"),
    ],
)
def test_options_that_cannot_work_are_told_at_import(function: Callable[..., Any], says: str) -> None:
    with pytest.raises(DeclarationError) as fault:
        command("x", "Something", example="/x", registry=Registry())(function)
    assert str(fault.value) == says


@pytest.mark.parametrize(
    "how",
    [
        {"name": "Log"},
        {"name": "log_it"},
        {"name": ""},
        {"name": "a b c d e"},
        {"name": "a" * 33},
        {"name": "x", "aliases": ("Ex",)},
        {"name": "x", "summary": ""},
        {"name": "x", "summary": "y" * 101},
        {"name": "x", "example": ""},
        {"name": "x", "example": "/xy"},
        {"name": "x", "example": "x"},
        {"name": "invite", "own_slash": True},
        {"name": "event new", "own_slash": True},
    ],
)
def test_names_and_wording_that_a_platform_refuses_are_told_at_import(how: dict[str, Any]) -> None:
    registry = Registry()
    with pytest.raises(DeclarationError):
        declare(registry=registry, **how)
    assert registry.all() == ()


def test_a_name_is_taken_once() -> None:
    registry = Registry()
    declare("log", registry, aliases=("note",))
    for taken in ("log", "note"):
        with pytest.raises(DeclarationError, match=f"the name '{taken}' is taken"):
            declare(taken, registry)


def test_a_dozen_slash_commands_and_no_more() -> None:
    registry = Registry()
    for number in range(12):
        declare(f"c{number}", registry, own_slash=True)
    with pytest.raises(DeclarationError, match="a dozen"):
        declare("c12", registry, own_slash=True)
    declare("c13", registry)


def test_slacks_own_commands_are_known() -> None:
    built_in = "me join away invite who topic remind status msg search open leave mute shrug collapse expand"
    assert {*built_in.split(), "feed", "apps", "dnd"} <= SLACK_RESERVED
