"""Settings: from the environment or a file `.env`, each checked before anything is opened."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_TELEGRAM_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MAIL_SERVER = re.compile(r"smtps?://([^\s/?#@]+@)?[^\s/?#@]+/?")
_MAILBOX = re.compile(r"imaps?://[^\s/?#@:]+:[^\s/?#@]+@[^\s/?#@]+(/[^\s?#]*)?")
_SPELT = "with # ? / @ : % in a password as %23 %3F %2F %40 %3A %25"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[^\s<>@,;:.]+(\.[^\s<>@,;:.]+)+")
_SENDER = re.compile(rf"[^<>\r\n@]*<{_ADDRESS.pattern}>|{_ADDRESS.pattern}")
_LINK = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
_PLAIN = {"int_parsing": "a whole number", "float_parsing": "a number"}


class SettingsFault(Exception):
    """Settings that cannot work: one sentence each in `lines`, never with a secret in it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One row of the README's table."""

    name: str
    default: str
    what: str


class Settings(BaseSettings):
    """What the surroundings decide. Read it with `load_settings`, which says what is wrong in sentences."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: str = Field(
        "sqlite:///data/charterbot.db",
        repr=False,  # it may hold a password
        description="Where everything is kept: `sqlite:///path` or `postgresql://user:password@host/name`",
    )
    charter: Path = Field(
        Path("charters/green-manufacturing.toml"),
        description="The charter file, read once into an empty database",
    )
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Slack's *Bot User OAuth Token* (`xoxb-…`)")
    slack_app_token: SecretStr = Field(
        SecretStr(""), description="Slack's app-level token (`xapp-…`): events come by Socket Mode"
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="Slack's *Signing Secret*, to receive over HTTP instead"
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", description="Slack's Web API; another one for GovSlack or a proxy"
    )
    telegram_bot_token: SecretStr = Field(SecretStr(""), description="The token that BotFather gave")
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="Telegram's Bot API; another one for a local Bot API server"
    )
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Letters and digits of your choice: updates come by webhook, not by polling",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Where mails go: `smtps://user:password@host:465`, or `smtp://…:587` with STARTTLS",
    )
    mail_from: str = Field("", description="Who mails come from: `Charterbot <bot@example.org>`")
    mail_reply_to: str = Field("", description="Who reads replies to mails, if anybody does")
    mail_address: str = Field("", description="Your postal address in one line, under each newsletter")
    mail_per_second: float = Field(2.0, description="How many mails a second the mail server takes")
    mailbox_url: SecretStr = Field(
        SecretStr(""),
        description="Where mails that cannot be delivered come back: `imaps://user:password@host/INBOX`",
    )
    mailbox_checks: str = Field("", description="Who checks senders there, as `Authentication-Results` say")
    public_url: str = Field(
        "", description="The https address at which platforms and calendars reach `HTTP_PORT`"
    )
    http_host: str = Field("127.0.0.1", description="The address that webhooks and health listen on")
    http_port: int = Field(8080, description="The port that webhooks and health listen on")
    encryption_key: SecretStr = Field(
        SecretStr(""),
        description="A Fernet key for tokens kept in the database (several Slack workspaces, later)",
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        file = value.removeprefix("sqlite:///")
        if (value.startswith("sqlite:///") and file not in ("", ":memory:")) or re.match(
            r"postgres(ql)?(\+\w+)?://.", value
        ):
            return value
        raise _expected("sqlite:///path or postgresql://user:password@host/name")

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _slack_token(cls, value: SecretStr, info: Any) -> SecretStr:
        begins = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if value.get_secret_value().startswith((begins, "xoxe.")) or not value.get_secret_value():
            return value
        raise _expected(f"a token that begins with {begins}")

    @field_validator("telegram_bot_token")
    @classmethod
    def _telegram_token(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value() or _TELEGRAM_TOKEN.fullmatch(value.get_secret_value()):
            return value
        raise _expected("a token such as 123456:ABC…, as @BotFather gives it")

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _telegram_secret(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value() or _TELEGRAM_SECRET.fullmatch(value.get_secret_value()):
            return value
        raise _expected("1 to 256 letters, digits, _ and -")

    @field_validator("slack_api_url", "telegram_api_url", "public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value or _LINK.fullmatch(value):
            return value
        raise _expected("an address that begins with https://")

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value() or _MAIL_SERVER.fullmatch(value.get_secret_value()):
            return value
        raise _expected(f"smtps://user:password@host:465 or smtp://user:password@host:587, {_SPELT}")

    @field_validator("mailbox_url")
    @classmethod
    def _mailbox(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value() or _MAILBOX.fullmatch(value.get_secret_value()):
            return value
        raise _expected(f"imaps://user:password@host/INBOX, {_SPELT}")

    @field_validator("mail_from", "mail_reply_to")
    @classmethod
    def _mail_address(cls, value: str, info: Any) -> str:
        named = info.field_name == "mail_from"
        if not value or (_SENDER if named else _ADDRESS).fullmatch(value):
            return value
        raise _expected(
            "an address such as " + ("Charterbot <bot@example.org>" if named else "bot@example.org")
        )

    @field_validator("mail_per_second")
    @classmethod
    def _mails(cls, value: float) -> float:
        if 0.01 <= value <= 100:
            return value
        raise _expected("a number from 0.01 to 100")

    @field_validator("http_port")
    @classmethod
    def _port(cls, value: int) -> int:
        if 0 <= value <= 65535:
            return value
        raise _expected("a whole number up to 65535 (0 takes a free one)")

    @field_validator("encryption_key")
    @classmethod
    def _fernet_key(cls, value: SecretStr) -> SecretStr:
        try:
            key = urlsafe_b64decode(value.get_secret_value().encode("ascii"))
        except (ValueError, binascii.Error):
            key = b"?"
        if len(key) in (0, 32):
            return value
        raise _expected("a Fernet key, 32 bytes in URL-safe base64")

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() in LEVELS:
            return value.upper()
        raise _expected("one of " + ", ".join(LEVELS))

    @model_validator(mode="after")
    def _together(self) -> Settings:
        lines = list(self._lacking())
        if lines:
            raise PydanticCustomError("together", "{lines}", {"lines": "\n".join(lines)})
        return self

    def _lacking(self) -> Iterator[str]:
        doors = self.slack_app_token or self.slack_signing_secret
        if self.slack_bot_token and not doors:
            yield "SLACK_BOT_TOKEN: needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too"
        if doors and not self.slack_bot_token:
            yield "SLACK_BOT_TOKEN: expected beside SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, found nothing"
        if self.telegram_webhook_secret and not self.public_url:
            yield "TELEGRAM_WEBHOOK_SECRET: needs PUBLIC_URL beside it, so that Telegram finds us"
        if self.smtp_url and not (self.mail_from and self.public_url):
            yield "SMTP_URL: needs MAIL_FROM and PUBLIC_URL beside it, so that mails have a sender and links"
        if (self.mail_from or self.mailbox_url) and not self.smtp_url:
            yield "SMTP_URL: expected beside MAIL_FROM or MAILBOX_URL, found nothing"

    @property
    def has_slack(self) -> bool:
        """Whether Slack is to be connected."""
        return bool(self.slack_bot_token)

    @property
    def has_telegram(self) -> bool:
        """Whether Telegram is to be connected."""
        return bool(self.telegram_bot_token)

    @property
    def has_mail(self) -> bool:
        """Whether mails are to be sent."""
        return bool(self.smtp_url)


def load_settings(env_file: str | Path | None = ".env") -> Settings:
    """The settings of this process: the environment first, then the file. Raises SettingsFault."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as problem:
        lines = [line for error in problem.errors(include_input=False) for line in _lines(error)]
        raise SettingsFault(lines) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsFault([f"{env_file}: expected a readable file of text in UTF-8"]) from None


def describe() -> tuple[SettingRow, ...]:
    """Every setting with its default and what it is for, in the order of the README's table."""
    return tuple(
        SettingRow(name.upper(), _shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    )


def settings_table() -> str:
    """The README's table of settings, in Markdown."""
    rows = (
        f"| `{row.name}` | {f'`{row.default}`' if row.default else ''} | {row.what} |" for row in describe()
    )
    return "\n".join(["| Setting | Default | What it is for |", "|---|---|---|", *rows])


def _shown(default: Any) -> str:
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)


def _expected(what: str) -> PydanticCustomError:
    return PydanticCustomError("expected", "{what}", {"what": what})


def _lines(error: Any) -> list[str]:
    context = error.get("ctx", {})
    if error["type"] == "together":
        return str(context["lines"]).split("\n")
    name = str(error["loc"][0]).upper() if error["loc"] else "settings"
    return [f"{name}: expected {context.get('what') or _PLAIN.get(error['type'], 'something else')}"]
