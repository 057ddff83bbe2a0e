"""`python -m bot` beside a start: invite, manifest, and faults said in sentences."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.charter import load
from bot.rules.membership import code_hash
from bot.seeding import people_beside, seed_test_people
from storage.store import Storage
from tests.servers.telegram import TelegramServer
from tests.test_check import environment, telegram
from tests.test_seeding import CHARTER, NOW

__all__ = ["environment", "telegram"]  # the fixtures of check


def test_a_code_for_an_organisation_lets_one_person_in(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], storage: Storage
) -> None:
    assert main(["invite", "--organisation", "mecatech", "--role", "alternate"]) == 0
    first, code, _, how = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        r"Invitation for MecaTech: Alternate\b.*\. Good once, until \w{3} \d+ \w{3} \d{4}\.", first
    )
    assert re.fullmatch(r"([A-Z2-7]{4}-){6}[A-Z2-7]{4}", code)
    assert how == "Paste the code into a direct message to the bot."
    kept = storage.read_now(lambda store: store.invitations.by_hash(code_hash(code)))
    assert kept is not None
    assert (kept.organisation, kept.role, kept.uses_left) == ("mecatech", "alternate", 1)


def test_a_code_for_the_coordinator(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], storage: Storage
) -> None:
    assert main(["invite", "--role", "coordinator"]) == 0
    code = capsys.readouterr().out.splitlines()[1]
    kept = storage.read_now(lambda store: store.invitations.by_hash(code_hash(code)))
    assert kept is not None
    assert (kept.organisation, kept.role) == ("", "coordinator")


def test_a_code_for_everybody_who_has_nobody(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], storage: Storage
) -> None:
    assert main(["invite", "--all"]) == 0
    assert capsys.readouterr().out.count("Invitation for ") == 7
    charter = load(CHARTER)
    seed_test_people(storage, charter, people_beside(CHARTER), NOW)
    assert main(["invite", "--all"]) == 0
    assert capsys.readouterr().out == "Every organisation has somebody already.\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--organisation", "nobody"], "--organisation: expected one of cimes, clust-er-mech, emc2, "),
        (["--organisation", "emc2", "--role", "king"], "--role: expected one of representative, alternate, "),
        ([], "--role is needed: one of representative, alternate, "),
        (
            ["--organisation", "emc2", "--role", "coordinator"],
            "--role coordinator is held for the whole alliance: leave --organisation out.",
        ),
    ],
)
def test_an_invitation_nobody_knows(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(["invite", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[-1].startswith(says)


async def test_a_link_where_a_platform_has_one(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], telegram: TelegramServer
) -> None:
    environment.setenv("TELEGRAM_BOT_TOKEN", telegram.token)
    environment.setenv("TELEGRAM_API_URL", telegram.api_url)
    assert await asyncio.to_thread(main, ["invite", "--role", "coordinator"]) == 0
    _, code, link, _, how = capsys.readouterr().out.splitlines()
    assert re.fullmatch(rf"https://t\.me/\w+\?start={code.replace('-', '')}", link)
    assert how == "Paste the code into a direct message to the bot, or open the link."


def test_the_manifest_is_json(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "/log" in [one["command"] for one in made["features"]["slash_commands"]]
    environment.setenv("PUBLIC_URL", "https://bot.example")
    assert main(["manifest", "--http"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://bot.example/slack/events"


def test_a_fault_at_the_start_is_a_sentence(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment.setenv("CHARTER", str(tmp_path / "none.toml"))
    assert main(["chat"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, "Traceback" in printed.err) == ("", False)
    assert printed.err.splitlines() == [
        f"{tmp_path}/none.toml: expected a charter file here, found none (No such file or directory)"
    ]
