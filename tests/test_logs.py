"""The log: ids and types, never what somebody wrote."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from bot.logs import describe_exception, set_up_logs


@pytest.fixture
def written() -> io.StringIO:
    """What is logged, on something that is no terminal."""
    out = io.StringIO()
    set_up_logs("INFO", out)
    return out


def test_an_exception_is_told_by_type_and_place(written: io.StringIO) -> None:
    try:
        try:
            int("what Ana wrote")
        except ValueError as first:
            raise KeyError("what Luc wrote") from first
    except KeyError as fault:
        structlog.get_logger().error("call_broke", reference="R-4F2K", exc_info=fault)
    line = json.loads(written.getvalue())
    assert (line["event"], line["level"], line["reference"]) == ("call_broke", "error", "R-4F2K")
    assert line["fault"] == "KeyError from ValueError"
    assert line["frames"][0].startswith("tests/test_logs.py:")
    assert "wrote" not in written.getvalue()


def test_a_library_is_named_but_not_quoted(written: io.StringIO) -> None:
    logging.getLogger("asyncio").error("Task got %s", "what Ana wrote", extra={"more": "what Ana wrote"})
    line = json.loads(written.getvalue())
    assert (line["event"], line["library"], line["level"]) == ("library_says", "asyncio", "error")
    assert line["where"].startswith("test_logs:")
    assert "wrote" not in written.getvalue()


@pytest.mark.parametrize(
    "name", ["slack_bolt", "slack_sdk", "httpx", "telegram", "aiohttp.access", "alembic"]
)
def test_chatty_libraries_are_quiet(written: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("anything")
    assert written.getvalue() == ""


def test_a_terminal_gets_key_and_value(capsys: pytest.CaptureFixture[str]) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    set_up_logs("WARNING", out)
    structlog.get_logger().info("not_shown")
    structlog.get_logger().warning("platform_late", platform="slack")
    assert out.getvalue().endswith("level='warning' event='platform_late' platform='slack'\n")
    assert out.getvalue().count("\n") == 1


def test_a_chain_that_bites_its_tail_ends() -> None:
    fault = ValueError()
    other = KeyError()
    fault.__cause__, other.__cause__ = other, fault
    assert describe_exception(fault)["fault"] == "ValueError from KeyError"
