"""Settings: every fault is one sentence, no secret is ever repeated, and the README tells them all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsFault, describe, load_settings, settings_table

ROOT = Path(__file__).parents[1]
NAMES = (
    "DATABASE_URL", "CHARTER", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_API_URL",
    "TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_WEBHOOK_SECRET", "SMTP_URL", "MAIL_FROM",
    "MAIL_REPLY_TO", "MAIL_ADDRESS", "MAIL_PER_SECOND", "MAILBOX_URL", "MAILBOX_CHECKS", "PUBLIC_URL",
    "HTTP_HOST", "HTTP_PORT", "ENCRYPTION_KEY", "LOG_LEVEL",
)  # fmt: skip
SPELT = "with # ? / @ : % in a password as %23 %3F %2F %40 %3A %25"

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
INSTALLS = {
    "SLACK_CLIENT_SECRET": "hush-hush",
    "SLACK_APP_TOKEN": "xapp-1",
    "ENCRYPTION_KEY": f"{KEY},{KEY}",
    "PUBLIC_URL": "https://bot.example.org",
}

Given = Callable[..., Settings]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Load settings from exactly this environment."""

    def load(env_file: Path | None = None, **environment: str) -> Settings:
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return load_settings(env_file)

    return load


def fault_of(given: Given, **environment: str) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        given(**environment)
    return caught.value.lines


def test_nothing_has_to_be_set(given: Given) -> None:
    settings = given()
    assert settings.database_url == "sqlite:///data/charterbot.db"
    assert settings.charter == Path("charters/green-manufacturing.toml")
    assert (settings.slack_api_url, settings.telegram_api_url) == (
        "https://slack.com/api/",
        "https://api.telegram.org",
    )
    assert (settings.http_host, settings.http_port, settings.log_level) == ("127.0.0.1", 8080, "INFO")
    assert not settings.has_slack
    assert not settings.has_telegram
    assert not settings.has_mail


def test_the_environment_stands_above_the_file(given: Given, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("HTTP_PORT=9001\nLOG_LEVEL=debug\nSOMETHING_ELSE=1\nPUBLIC_URL=\n", encoding="utf-8")
    settings = given(env_file=file, HTTP_PORT="9002")
    assert (settings.http_port, settings.log_level, settings.public_url) == (9002, "DEBUG", "")


def test_a_file_that_is_no_text_is_said_so(given: Given, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"LOG_LEVEL=\xff\xfe\n")
    with pytest.raises(SettingsFault) as caught:
        given(env_file=file)
    assert caught.value.lines == [f"{file}: expected a readable file of text in UTF-8"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (
            "DATABASE_URL",
            "mysql://me:hush-hush@host/name",
            "expected sqlite:///path or postgresql://user:password@host/name",
        ),
        (
            "DATABASE_URL",
            "sqlite:///:memory:",
            "expected sqlite:///path or postgresql://user:password@host/name",
        ),
        ("SLACK_BOT_TOKEN", "hush-hush", "expected a token that begins with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-hush-hush", "expected a token that begins with xapp-"),
        ("TELEGRAM_BOT_TOKEN", "hush hush", "expected a token such as 123456:ABC…, as @BotFather gives it"),
        ("TELEGRAM_WEBHOOK_SECRET", "hush hush", "expected 1 to 256 letters, digits, _ and -"),
        ("PUBLIC_URL", "ftp://hush-hush", "expected an address that begins with https://"),
        ("SLACK_API_URL", "slack", "expected an address that begins with https://"),
        ("HTTP_PORT", "hush-hush", "expected a whole number"),
        ("HTTP_PORT", "65536", "expected a whole number up to 65535 (0 takes a free one)"),
        (
            "ENCRYPTION_KEY",
            "hush-hush",
            "expected a Fernet key, 32 bytes in URL-safe base64 (several with commas between)",
        ),
        (
            "SMTP_URL",
            "https://hush-hush",
            f"expected smtps://user:password@host:465 or smtp://user:password@host:587, {SPELT}",
        ),
        (
            "SMTP_URL",
            "smtps://bot:hush#hush@mail.example.org:465",
            f"expected smtps://user:password@host:465 or smtp://user:password@host:587, {SPELT}",
        ),
        ("MAILBOX_URL", "imaps://hush-hush", f"expected imaps://user:password@host/INBOX, {SPELT}"),
        ("MAILBOX_URL", "imaps://me:hush?hush@a.org", f"expected imaps://user:password@host/INBOX, {SPELT}"),
        ("MAIL_FROM", "hush-hush", "expected an address such as Charterbot <bot@example.org>"),
        ("MAIL_REPLY_TO", "Hush <hush@hush.org>", "expected an address such as bot@example.org"),
        ("MAIL_REPLY_TO", "büro@hush.org", "expected an address such as bot@example.org"),
        ("MAIL_REPLY_TO", "hush..hush@hush.org", "expected an address such as bot@example.org"),
        ("MAIL_PER_SECOND", "hush-hush", "expected a number"),
        ("MAIL_PER_SECOND", "0", "expected a number from 0.01 to 100"),
        ("LOG_LEVEL", "loud", "expected one of DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_a_fault_names_the_setting_and_never_its_value(
    given: Given, name: str, value: str, says: str
) -> None:
    assert fault_of(given, **{name: value}) == [f"{name}: {says}"]


def test_all_faults_are_told_at_once(given: Given) -> None:
    assert fault_of(given, HTTP_PORT="-1", LOG_LEVEL="loud") == [
        "HTTP_PORT: expected a whole number up to 65535 (0 takes a free one)",
        "LOG_LEVEL: expected one of DEBUG, INFO, WARNING, ERROR",
    ]


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        (
            {"SLACK_BOT_TOKEN": "xoxb-1"},
            "SLACK_BOT_TOKEN: needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too",
        ),
        (
            {"SLACK_SIGNING_SECRET": "hush-hush"},
            "SLACK_BOT_TOKEN: expected beside SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, found nothing",
        ),
        (
            {"SLACK_CLIENT_SECRET": "hush-hush"},
            "SLACK_CLIENT_ID: expected beside SLACK_CLIENT_SECRET, found nothing",
        ),
        (
            {"SLACK_CLIENT_ID": "1.2", **INSTALLS, "SLACK_CLIENT_SECRET": ""},
            "SLACK_CLIENT_SECRET: expected beside SLACK_CLIENT_ID, found nothing",
        ),
        (
            {"SLACK_CLIENT_ID": "1.2", **INSTALLS, "ENCRYPTION_KEY": ""},
            "SLACK_CLIENT_ID: needs ENCRYPTION_KEY beside it, under which each workspace's token is kept",
        ),
        (
            {"SLACK_CLIENT_ID": "1.2", **INSTALLS, "PUBLIC_URL": ""},
            "SLACK_CLIENT_ID: needs PUBLIC_URL beside it, so that Slack finds the way back to us",
        ),
        (
            {"SLACK_CLIENT_ID": "1.2", **INSTALLS, "SLACK_APP_TOKEN": ""},
            "SLACK_CLIENT_ID: needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too",
        ),
        (
            {"TELEGRAM_WEBHOOK_SECRET": "hush-hush"},
            "TELEGRAM_WEBHOOK_SECRET: needs PUBLIC_URL beside it, so that Telegram finds us",
        ),
        (
            {"SMTP_URL": "smtps://me:hush-hush@mail.example.org"},
            "SMTP_URL: needs MAIL_FROM and PUBLIC_URL beside it, so that mails have a sender and links",
        ),
        (
            {"MAILBOX_URL": "imaps://me:hush-hush@mail.example.org/INBOX"},
            "SMTP_URL: expected beside MAIL_FROM or MAILBOX_URL, found nothing",
        ),
    ],
)
def test_what_is_needed_together_is_asked_for(given: Given, environment: dict[str, str], says: str) -> None:
    assert fault_of(given, **environment) == [says]


def test_workspaces_may_install_the_slack_app_themselves(given: Given) -> None:
    settings = given(SLACK_CLIENT_ID="1.2", **INSTALLS)
    assert settings.has_slack
    assert settings.has_slack_installs
    assert "hush" not in repr(settings)
    assert KEY not in repr(settings)


def test_a_secret_is_not_shown_by_accident(given: Given) -> None:
    settings = given(
        SLACK_BOT_TOKEN="xoxb-hush-hush",
        SLACK_SIGNING_SECRET="hush-hush",
        TELEGRAM_BOT_TOKEN="1:hush-hush",
        SMTP_URL="smtps://me:hush-hush@mail.example.org",
        MAILBOX_URL="imaps://me:hush-hush@mail.example.org/INBOX",
        MAIL_FROM="Charterbot <bot@example.org>",
        PUBLIC_URL="https://bot.example.org",
        DATABASE_URL="postgresql://me:hush-hush@host/name",
    )
    assert settings.has_slack
    assert settings.has_telegram
    assert settings.has_mail
    assert "hush" not in repr(settings)
    assert "hush" not in str(settings)


def test_the_settings_are_those_of_the_issue_in_its_order() -> None:
    assert tuple(row.name for row in describe()) == NAMES
    assert all(row.what for row in describe())


def test_the_readme_shows_the_table() -> None:
    assert settings_table() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_file_names_each_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = [line.removeprefix("# ") for line in lines if "=" in line]
    assert shown == [f"{row.name}={row.default}" for row in describe()]
