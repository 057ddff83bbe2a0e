"""Deep links into the direct chat, https://t.me/<bot>?start=…: what they carry, and what follows when one is
opened.

A payload holds at most 64 of A-Z a-z 0-9 _ - and begins with what it is: "a_" an answer that was given in a
group (for one person, so it is signed), "t_" a look behind a button, "c_" a line that was typed where nobody
could be seen (it is asked about first: anybody can make such a link). All others are the pipe's own:
invitations and drafts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import replace

from bot.messages import Call, Incoming

LONGEST = 64  # characters of a payload (core.telegram.org/bots/features#deep-linking)
HELLO = "hello"
_ANSWER, _LOOK, _LINE = "a_", "t_", "c_"
_OF_THE_PIPE = re.compile(
    r"d_[A-Za-z0-9_-]{1,40}|[A-Za-z2-7-]{1,40}"
)  # a draft; an invitation code, or hello
_START = re.compile(r"start\s+(\S+)\s*", re.IGNORECASE)
_TAP = re.compile(r"cb:([0-9]{1,20})")
_MESSAGE = re.compile(r"msg:(-?[0-9]{1,16}):([0-9]{1,12})")
_SIGNS = 12  # characters of a signature: 72 bits


def key_of(token: str) -> bytes:
    """What a bot's links are signed with: made from its token, the same in every process."""
    return hashlib.sha256(f"links of {token}".encode()).digest()


def answer_payload(event: str, user: str, key: bytes) -> str:
    """Brings the answer that `user` was given to `event` into their direct chat; "" for events of another
    kind."""
    short = _short(event)
    return f"{_ANSWER}{_signature(event, user, key)}{short}" if short else ""


def look_payload(token: str) -> str:
    """Shows what a button shows that only looks (its token carries the whole call); "" if it does not fit."""
    payload = _LOOK + _packed(token)
    return payload if token.startswith("=") and len(payload) <= LONGEST else ""


def line_payload(line: str) -> str:
    """Goes on with a typed line, or at least with its command."""
    for words in (line, *(" ".join(line.split()[:count]) for count in (3, 2, 1))):
        if len(payload := _LINE + _packed(words)) <= LONGEST:
            return payload
    return HELLO


def opened(incoming: Incoming, key: bytes) -> Incoming:
    """What a person wants who opened the direct chat by a link: the call behind its payload. What is neither
    ours nor the pipe's, or was made for somebody else, is a link that is not known."""
    found = _START.fullmatch(incoming.text) if isinstance(incoming, Call) else None
    if found is None or not isinstance(incoming, Call) or incoming.place.kind != "direct":
        return incoming
    payload = found[1]
    call = replace(incoming, text="")
    if payload.startswith(_ANSWER):
        if event := _event(payload.removeprefix(_ANSWER), incoming.account.user, key):
            return replace(call, event=event, command="answer again", message_id="")
    elif payload.startswith(_LOOK):
        if (token := _unpacked(payload.removeprefix(_LOOK))).startswith("="):
            return replace(call, token=token, message_id="")
    elif payload.startswith(_LINE):
        if line := _unpacked(payload.removeprefix(_LINE)).strip():
            return replace(call, command="go on with", arguments={"line": line})
    elif _OF_THE_PIPE.fullmatch(payload):
        return incoming
    return replace(call, command="link not known")


def _short(event: str) -> str:
    if tap := _TAP.fullmatch(event):
        return f"q{int(tap[1]):x}"
    if message := _MESSAGE.fullmatch(event):
        chat = int(message[1])
        return f"{'n' if chat < 0 else 'm'}{abs(chat):x}-{int(message[2]):x}"
    return ""


def _long(short: str) -> str:
    kind, rest = short[:1], short[1:]
    chat, _, message = rest.partition("-")
    try:
        if kind == "q":
            return f"cb:{int(rest, 16)}"
        if kind in ("m", "n"):
            return f"msg:{'-' if kind == 'n' else ''}{int(chat, 16)}:{int(message, 16)}"
    except ValueError:
        pass
    return ""


def _event(signed: str, user: str, key: bytes) -> str:
    """The event of a payload that was signed for this person; "" for all others."""
    signature, event = signed[:_SIGNS], _long(signed[_SIGNS:])
    if not event or not hmac.compare_digest(signature.encode(), _signature(event, user, key).encode()):
        return ""
    return event


def _signature(event: str, user: str, key: bytes) -> str:
    digest = hmac.digest(key, f"{user}\n{event}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode()[:_SIGNS]


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpacked(packed: str) -> str:
    try:
        return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
