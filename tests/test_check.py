"""`python -m bot` before and beside a start: check, migrate, invite, manifest."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.charter import load
from bot.command_line.checking import check_all, check_templates, named_templates
from bot.platforms.port import Finding
from bot.seeding import people_beside, seed, seed_test_people
from bot.templating import Templates
from storage.store import Storage
from tests.servers.mail import MailServer, serving
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer
from tests.test_seeding import CHARTER, NOW, another
from tests.test_settings import NAMES

ROOT = CHARTER.parents[1]
ALLIANCE = "European Cluster Alliance for Green Manufacturing"


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> pytest.MonkeyPatch:
    """A surrounding with a migrated database and no tokens: an SQLite file, unless the test has a storage on
    either kind. Each look reads and compiles all there is, so there are not more of them than needed."""
    either = "storage" in request.fixturenames or "database_url" in request.fixturenames
    database_url = request.getfixturevalue("database_url" if either else "sqlite_url")
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("CHARTER", str(CHARTER))
    return monkeypatch


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """Telegram's stand-in."""
    server = TelegramServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """Slack's stand-in."""
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()


def said(findings: list[Finding], what: str) -> list[tuple[bool, str]]:
    return [(one.good, one.says) for one in findings if one.what == what]


def test_all_is_well(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], storage: Storage
) -> None:
    assert main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "✓ settings   All of them can be used."
    assert lines[1] == f"✓ charter    {CHARTER}: {ALLIANCE}, 7 organisations, 4 indicators."
    assert re.fullmatch(r"✓ templates  \d+ messages can be written\.", lines[2])
    assert re.fullmatch(r"✓ languages  It speaks (de, )?en.*\.", lines[3])
    assert lines[4:] == [
        f"✓ database   {storage.dialect} answers, its tables are at the newest version.",
        "✓ alliance   None yet; the first start takes it from the charter file.",
        "✓ platforms  No tokens are set: run opens the terminal workspace.",
    ]


def test_settings_that_cannot_work_come_first_and_alone(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("SLACK_BOT_TOKEN", "hush-hush")
    environment.setenv("HTTP_PORT", "http")
    assert main(["check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "✗ settings  SLACK_BOT_TOKEN: expected a token that begins with xoxb-",
        "✗ settings  HTTP_PORT: expected a whole number",
    ]


async def test_tables_that_are_not_there_yet(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    findings = await check_all(None)
    assert said(findings, "database") == [
        (False, f"{tmp_path}/none.db is not there yet; run: python -m bot migrate")
    ]
    assert not (tmp_path / "none.db").exists()  # looking changes nothing
    (tmp_path / "none.db").touch()
    assert said(await check_all(None), "database") == [
        (False, "Its tables are not at the newest version; run: python -m bot migrate")
    ]
    assert await asyncio.to_thread(main, ["migrate"]) == 0
    assert [one.good for one in await check_all(None)] == [True] * 7


async def test_a_file_that_is_no_database(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Not a database, though long enough to be read as one. " * 20)
    environment.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/notes.txt")
    assert said(await check_all(None), "database") == [(False, "It cannot be used (DatabaseError).")]


async def test_a_server_that_is_not_there(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://me:hush-hush@127.0.0.1:9/name")
    findings = await check_all(None)
    assert said(findings, "database") == [(False, "It does not answer.")]
    assert "hush" not in str(findings)


async def test_the_database_of_another_alliance(environment: pytest.MonkeyPatch, storage: Storage) -> None:
    await asyncio.to_thread(seed, storage, another(load(CHARTER), slug="other", name="Another Alliance"), NOW)
    assert said(await check_all(None), "alliance") == [
        (
            False,
            f"This database serves Another Alliance; the charter file is that of {ALLIANCE}. "
            "Set DATABASE_URL or CHARTER so that they belong together.",
        )
    ]


async def test_a_charter_file_that_changed_after_the_start(
    environment: pytest.MonkeyPatch, storage: Storage
) -> None:
    await asyncio.to_thread(seed, storage, another(load(CHARTER), zone="Europe/Lisbon"), NOW)
    assert said(await check_all(None), "alliance") == [
        (
            True,
            f"It serves {ALLIANCE}, charter version 1. "
            "The charter file says something else; the version in the database stands.",
        )
    ]


async def test_a_charter_file_with_a_fault(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "charter.toml"
    text = CHARTER.read_text(encoding="utf-8")
    file.write_text(text.replace('zone = "Europe/Brussels"', 'zone = "Europe/Atlantis"', 1), encoding="utf-8")
    environment.setenv("CHARTER", str(file))
    ((good, says),) = said(await check_all(None), "charter")
    assert not good
    assert says.startswith(f"{file}: alliance.zone: expected ")


async def test_platforms_are_asked_about_their_tokens(
    environment: pytest.MonkeyPatch, telegram: TelegramServer, slack: SlackServer
) -> None:
    environment.setenv("TELEGRAM_BOT_TOKEN", telegram.token)
    environment.setenv("TELEGRAM_API_URL", telegram.api_url)
    environment.setenv("SLACK_BOT_TOKEN", slack.bot_token)
    environment.setenv("SLACK_APP_TOKEN", slack.app_token)
    environment.setenv("SLACK_API_URL", slack.api_url)
    findings = await check_all(None)
    assert {one.what for one in findings if one.good} >= {"Telegram", "Slack bot token", "Slack app token"}
    assert [one for one in findings if not one.good] == []
    environment.setenv("TELEGRAM_BOT_TOKEN", "7000000001:wrong")
    environment.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    slack.scopes.clear()
    findings = await check_all(None)
    assert said(findings, "Telegram") == [(False, "Telegram doesn't know this TELEGRAM_BOT_TOKEN.")]
    assert said(findings, "Slack bot token") == [(False, "auth.test says: invalid_auth.")]
    assert "wrong" not in str(findings)


async def test_the_mail_server_is_asked_too(environment: pytest.MonkeyPatch) -> None:
    async with serving(MailServer("bot", "hush-hush")) as server:
        environment.setenv("SMTP_URL", server.url)
        environment.setenv("MAIL_FROM", "Charterbot <bot@example.org>")
        environment.setenv("PUBLIC_URL", "http://bot.example.org")
        findings = await check_all(None)
        lets_in = f"127.0.0.1, port {server.port}, lets us in; mails come from bot@example.org."
        assert said(findings, "mail server") == [(True, lets_in)]
        insecure = "PUBLIC_URL is not https://, so anybody on the way can press them."
        assert said(findings, "mail links") == [(False, insecure)]
        assert said(findings, "platforms") == []
        environment.setenv("SMTP_URL", server.url.replace("hush-hush", "wrong-wrong"))
        findings = await check_all(None)
    says = f"127.0.0.1, port {server.port}, doesn't take this user and password."
    assert said(findings, "mail server") == [(False, says)]
    assert "wrong" not in str(findings)


async def test_made_up_people_do_not_belong_beside_real_ones(
    environment: pytest.MonkeyPatch, storage: Storage, telegram: TelegramServer
) -> None:
    charter = load(CHARTER)
    await asyncio.to_thread(seed, storage, charter, NOW)
    await asyncio.to_thread(seed_test_people, storage, charter, people_beside(CHARTER), NOW)
    assert said(await check_all(None), "people") == []
    environment.setenv("TELEGRAM_BOT_TOKEN", telegram.token)
    environment.setenv("TELEGRAM_API_URL", telegram.api_url)
    says = "The rehearsal's made-up people are members here; set DATABASE_URL to a fresh database."
    assert said(await check_all(None), "people") == [(False, says)]


def test_a_template_that_the_code_names_and_nobody_wrote(tmp_path: Path) -> None:
    rooms, chat = tmp_path / "bot", tmp_path / "templates/chat"
    rooms.mkdir()
    chat.mkdir(parents=True)
    (chat / "there.md.j2").write_text("Here.", encoding="utf-8")
    (chat / "broken.md.j2").write_text("{% if %}", encoding="utf-8")
    (rooms / "one.py").write_text(
        "Reply('there')\nReply('gone' if x else 'there')\nRefusal('no', 'option')\nAsk('option', 'which')\n"
        "ctx.tell(people, 'told', key)\nReply(name)\nReply('')\n",
        encoding="utf-8",
    )
    assert set(named_templates(rooms)) == {"there", "gone", "refusals/no", "which", "told"}
    says = [one.says for one in check_templates(Templates(tmp_path / "templates"), rooms)]
    assert says[0].startswith(f"{chat}/broken.md.j2, line 1: ")
    assert says[1:] == [
        "bot/one.py:2 names gone, which is not there",
        "bot/one.py:3 names refusals/no, which is not there",
        "bot/one.py:5 names told, which is not there",
        "bot/one.py:4 names which, which is not there",
    ]
