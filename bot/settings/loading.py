"""Reading the settings, what is wrong with them in sentences, and the README's table of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from bot.settings.together import lacking
from bot.settings.values import Settings

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


def load_settings(env_file: str | Path | None = ".env") -> Settings:
    """The settings of this process: the environment first, then the file. Raises SettingsFault."""
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as problem:
        lines = [_line(error) for error in problem.errors(include_input=False)]
        raise SettingsFault(lines) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsFault([f"{env_file}: expected a readable file of text in UTF-8"]) from None
    alone = list(lacking(settings))
    if alone:
        raise SettingsFault(alone)
    return settings


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


def _line(error: Any) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else "settings"
    what = error.get("ctx", {}).get("what")
    return f"{name}: expected {what or _PLAIN.get(error['type'], 'something else')}"
