"""The words that every room shares: what comes in, what goes out.

A platform turns what a person did into a `Call` or a `Said`; a handler returns a `Reply`, raises an
`Ask` (one more answer is needed) or a `Refusal` (a polite no); dispatch renders that once into an
`Answer`, which is recorded and given. Values only, standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Account:
    """A person's identity on one platform. `workspace` is the person's *home* (a Slack team id, "" on
    Telegram, "local" in the terminal): it never changes with the installation that saw them."""

    platform: str
    workspace: str
    user: str
    name: str = ""  # as the platform shows it; for reading aloud, never for identity
    language: str = ""  # the platform's hint, an IETF tag
    zone: str = ""  # the platform's hint, an IANA name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post can stand: a direct chat, a group or channel, or a thread or topic in one.

    `installation` is the workspace through which the bot got there (Slack team id; "" elsewhere).
    `thread` is what a new post must name to stand in the same thread (Slack thread_ts, Telegram
    message_thread_id); "" for none.
    """

    platform: str
    installation: str
    channel: str
    thread: str = ""
    kind: Literal["direct", "group"] = "direct"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One message that stands in a place. `part` counts from 0 when a long text took several."""

    place: Place
    message_id: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """A photo or document that came along; `id` is the platform's. `text`: what a small table (CSV) says."""

    id: str
    name: str = ""
    mime: str = ""
    size: int = 0  # bytes; 0 = unknown
    text: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file of text that goes with a message."""

    name: str
    mime: str  # "text/calendar", "text/csv"
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A command that somebody gave. Exactly one of `text`, `token`, `draft`, `command` says which.

    text: the typed line without its leading slash ("log workshop ..."), still to be read.
    token: the short token of a pressed button.
    draft: the token of a submitted form; `arguments` holds its fields.
    command: a declared name, with `arguments` already filled.
    """

    event: str  # the platform's event id, unique within the platform; a redelivery carries the same
    account: Account
    place: Place
    received_at: datetime  # UTC
    text: str = ""
    token: str = ""
    draft: str = ""
    command: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None  # UTC, where the platform stamps it
    message_id: str = ""  # the message typed, or the one whose button was pressed
    can_show_form: bool = False  # the platform can open a form right now (Slack, with a trigger)


@dataclass(frozen=True, slots=True)
class Said:
    """Plain words (or files) that a person wrote in a place.

    `addressed` is true in a direct chat and when the bot was mentioned (the mention is cut off).
    `reply_to` is the message id that was answered or the root of the thread, "" for none.
    """

    event: str
    account: Account
    place: Place
    received_at: datetime
    text: str
    addressed: bool = False
    reply_to: str = ""
    message_id: str = ""
    files: tuple[File, ...] = ()
    unheard: str = ""  # "voice", "sticker", ...: something we cannot take in
    sent_at: datetime | None = None


Incoming = Call | Said


@dataclass(frozen=True, slots=True)
class Button:
    """A call behind a label. Labels are message ids: English, at most 20 characters, translated when
    rendered. `who`: "me" = only the person who is answered may press it; "anyone" = whoever may
    give the command. A button with a `url` is a link and has no command."""

    label: str
    command: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    who: Literal["me", "anyone"] = "me"
    url: str = ""
    hours: int = 24 * 30  # good for so long


@dataclass(frozen=True, slots=True)
class Topic:
    """What a post is about ("activity", "12"), so that a reply to it finds its handler."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The bot's small sign on what somebody wrote: "ballot" puts it there, "none" takes it away.
    `post` is the message written, on the platform that is answered; None for the one that is answered."""

    kind: Literal["ballot", "none"]
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler returns: a template of templates/chat with its values, and the next likely taps.

    `replace` puts it in place of the message whose button was pressed (in a direct chat, where only
    the presser sees it, or in a group if it is `public`); elsewhere it is a new message. `public` lets
    a whole group see it; otherwise it is private wherever the platform can be. `aside` keeps an answer
    to words out of their group altogether: it is for one person's eyes there, or goes to the direct
    chat, or nowhere. `mark` is set beside whatever is said, also beside silence (an empty template).
    `file` goes with it; a `silent` one makes no sound where the platform can do without.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    topic: Topic | None = None
    replace: bool = False
    public: bool = False
    aside: bool = False
    mark: Mark | None = None
    file: Attachment | None = None
    silent: bool = False


SILENCE = Reply("")  # nothing to say: no answer is given


@dataclass(frozen=True, slots=True)
class Choice:
    """One tap that settles an Ask: the arguments it sets (an empty value takes one away)."""

    label: str
    arguments: Mapping[str, str]


class Ask(Exception):
    """One more answer is needed before a call can be done. The draft is stored, the question asked,
    and the call run again with the answer; typed words answer `option` if `free`. With `prefill`, a platform
    that has forms shows one filled with it. `way_out` is the label of the tap that leaves it."""

    def __init__(
        self,
        option: str,
        template: str,
        choices: tuple[Choice, ...] = (),
        free: bool = True,
        prefill: Mapping[str, str] | None = None,
        way_out: str = "Cancel",
        **values: Any,
    ) -> None:
        super().__init__(option, template)
        self.option, self.template, self.choices = option, template, choices
        self.free, self.prefill, self.way_out, self.values = free, prefill, way_out, values


class Refusal(Exception):
    """A rule's polite no. `code` names the template refusals/<code>; `option` the field it is about."""

    def __init__(self, code: str, option: str = "", buttons: tuple[Button, ...] = (), **values: Any) -> None:
        super().__init__(code)
        self.code, self.option, self.buttons, self.values = code, option, buttons, values


# ---- what platforms are handed: rendered, recorded, neutral ----


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
