"""The house holds: every declared thing has its words, every example runs, the docs tell the truth."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import handlers
from bot.commands import REGISTRY, Command
from bot.templating import Templates

ROOT = Path(__file__).parents[1]
SPOKEN = {"Reply": 0, "Ask": 1, "Refusal": 0, "tell": 1, "tell_account": 1}  # which argument names a template
PYTHON = sorted(
    path for room in ("bot", "storage", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py")
)


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(ROOT / "templates")


def spoken_names() -> Iterator[tuple[str, str]]:
    """Every template that the code names, with the file that names it."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = SPOKEN.get(name)
            if at is None or len(node.args) <= at:
                continue
            argument = node.args[at]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                yield ("refusals/" if name == "Refusal" else "") + argument.value, path.name


def test_every_sentence_that_code_asks_for_is_there(templates: Templates) -> None:
    missing = {f"{name} ({file})" for name, file in spoken_names() if not templates.exists(name)}
    assert missing == set()


def test_no_sentence_lies_unused(templates: Templates) -> None:
    used = {name for name, _ in spoken_names()}
    source = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    unused = {
        name
        for name in templates.names()
        if name not in used
        and not name.startswith("parts/")
        and f'"{name.removeprefix("refusals/")}"' not in source
        and not name.endswith(("_which", "_unknown"))  # named by the kind of thing: organisation_which
    }
    assert unused == set()


def test_every_template_compiles(templates: Templates) -> None:
    assert templates.check() == []


@pytest.mark.parametrize("command", [c for c in REGISTRY.all() if c.example], ids=lambda c: c.name)
def test_examples_begin_with_their_command(command: Command) -> None:
    found, _ = REGISTRY.find(command.example)
    assert found is command


def test_every_handler_file_declares_something() -> None:
    assert handlers.__path__
    declared = {command.module for command in REGISTRY.all()}
    assert {"bot.handlers.log", "bot.handlers.indicators", "bot.handlers.help"} <= declared


def test_files_stay_readable() -> None:
    """About 250 lines; a file that needs more is two things."""
    long = {str(p.relative_to(ROOT)): n for p in PYTHON if (n := len(p.read_text().splitlines())) > 280}
    assert {path for path in long if not path.startswith("tests/")} == set()


def test_a_registry_address_stands_nowhere() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        assert "://" not in text
        assert "index-url" not in text
