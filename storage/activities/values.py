"""What comes out of the activities' tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.rules.indicators import Record


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link, or a photo or document that stayed on its platform. `by` is a person's number."""

    kind: Literal["link", "file"]
    url: str = ""
    file_id: str = ""
    file_name: str = ""
    platform: str = ""
    by: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as it is kept: the record that is counted, who logged it (a person's number and name)
    and when, its evidence, and how often it was written (1 = never changed)."""

    record: Record
    author: int
    author_name: str
    evidence: tuple[Evidence, ...]
    version: int
    logged_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """How an activity's record stood once: written by whom (a person's number), when, and why."""

    version: int
    record: Record
    by: int
    at: datetime
    reason: str
