"""The settings there are: each with its default, what it is for, and what it takes."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

FERNET_BYTES = 32
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_SLACK_CLIENT = re.compile(r"[\w.-]{1,100}", re.ASCII)
_TELEGRAM_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MAIL_SERVER = re.compile(r"smtps?://([^\s/?#@]+@)?[^\s/?#@]+/?")
_MAILBOX = re.compile(r"imaps?://[^\s/?#@:]+:[^\s/?#@]+@[^\s/?#@]+(/[^\s?#]*)?")
_SPELT = "with # ? / @ : % in a password as %23 %3F %2F %40 %3A %25"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[^\s<>@,;:.]+(\.[^\s<>@,;:.]+)+")
_SENDER = re.compile(rf"[^<>\r\n@]*<{_ADDRESS.pattern}>|{_ADDRESS.pattern}")
_LINK = re.compile(r"https?://[^\s/?#]+[^\s?#]*")


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
    slack_client_id: str = Field(
        "",
        description="Slack's *Client ID*: each member's workspace adds the app itself, at `/slack/install`",
    )
    slack_client_secret: SecretStr = Field(
        SecretStr(""), description="Slack's *Client Secret*, which goes with it"
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
        description="The Fernet key under which workspaces' Slack tokens are kept; "
        "older keys may follow after commas",
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

    @field_validator("slack_client_id")
    @classmethod
    def _client(cls, value: str) -> str:
        if not value or _SLACK_CLIENT.fullmatch(value):
            return value
        raise _expected("Slack's Client ID, such as 1234567890.1234567890")

    @field_validator("encryption_key")
    @classmethod
    def _fernet_keys(cls, value: SecretStr) -> SecretStr:
        keys = value.get_secret_value().split(",")
        if keys == [""] or all(_is_fernet(key.strip()) for key in keys):
            return value
        raise _expected("a Fernet key, 32 bytes in URL-safe base64 (several with commas between)")

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() in LEVELS:
            return value.upper()
        raise _expected("one of " + ", ".join(LEVELS))

    @property
    def has_slack(self) -> bool:
        """Whether Slack is to be connected."""
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def has_slack_installs(self) -> bool:
        """Whether workspaces install the Slack app themselves."""
        return bool(self.slack_client_id)

    @property
    def has_telegram(self) -> bool:
        """Whether Telegram is to be connected."""
        return bool(self.telegram_bot_token)

    @property
    def has_mail(self) -> bool:
        """Whether mails are to be sent."""
        return bool(self.smtp_url)


def _expected(what: str) -> PydanticCustomError:
    return PydanticCustomError("expected", "{what}", {"what": what})


def _is_fernet(key: str) -> bool:
    try:
        return len(urlsafe_b64decode(key.encode("ascii"))) == FERNET_BYTES
    except (ValueError, binascii.Error):
        return False
