"""What platforms are handed: rendered, recorded, neutral."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.messages.places import Attachment, Topic
from bot.messages.replies import Mail, Mark


@dataclass(frozen=True, slots=True)
class Key:
    """A rendered button: a translated label over a token (at most 60 bytes) or a link."""

    label: str
    token: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Rendered Markdown with its keys, for any platform's markup; a `file` that nobody takes is left out."""

    text: str
    keys: tuple[Key, ...] = ()
    file: Attachment | None = None
    silent: bool = False
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `value` is the canonical text given so far; `options` (value, label)."""

    option: str
    label: str
    kind: Literal["text", "long", "number", "day", "moment", "choice", "choices", "link"]
    value: str = ""
    required: bool = True
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form for a draft; submitting it is a Call with `draft` and the fields as arguments."""

    draft: str
    title: str  # at most 24 characters
    submit: str
    cancel: str
    fields: tuple[Field, ...]
    intro: str = ""  # Markdown above the fields


@dataclass(frozen=True, slots=True)
class Answer:
    """What is given back for one incoming event; recorded as it is, so it can be given again. No message,
    form or errors means silence. `errors` go to the open form's fields. `topic` is remembered for the post
    that results. A `mark` is never waited for, and may get lost."""

    message: Message | None = None
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    replace: bool = False
    public: bool = False
    topic: Topic | None = None
    aside: bool = False
    mark: Mark | None = None


NOTHING = Answer()
