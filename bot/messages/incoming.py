"""What comes in: a command that somebody gave, or plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.messages.places import Account, File, Place


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
