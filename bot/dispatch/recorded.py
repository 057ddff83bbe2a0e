"""An answer as it is recorded, and back again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.messages import Answer, Attachment, Field, Form, Key, Mail, Mark, Message, Place, Post, Topic


def to_json(answer: Answer) -> dict[str, Any]:
    """An answer as it is recorded. A file of text stays with it; a picture does not: it is drawn anew when it
    is asked for again."""
    recorded = asdict(answer)
    file = recorded["message"] and recorded["message"]["file"]
    if file and file.pop("content"):
        recorded["message"]["file"] = None
    return recorded


def from_json(recorded: dict[str, Any]) -> Answer:
    """A recorded answer, as it was."""
    message, form, topic = recorded["message"], recorded["form"], recorded["topic"]
    return Answer(
        _message_from(message) if message else None,
        _form_from(form) if form else None,
        recorded["errors"],
        recorded["replace"],
        recorded["public"],
        Topic(**topic) if topic else None,
        recorded.get("aside", False),  # what was recorded before there were asides and marks has none
        _mark_from(recorded.get("mark")),
    )


def _message_from(message: dict[str, Any]) -> Message:
    file = message.get("file")  # what was recorded before there were files has none
    keys = tuple(Key(**key) for key in message["keys"])
    mail = message.get("mail")
    return Message(
        message["text"],
        keys,
        Attachment(**file) if file else None,
        message.get("silent", False),
        Mail(**mail) if mail else None,
    )


def _mark_from(mark: dict[str, Any] | None) -> Mark | None:
    if mark is None:
        return None
    post = mark["post"]
    if post is None:
        return Mark(mark["kind"])
    more = tuple(post.get("more", ()))
    return Mark(mark["kind"], Post(**{**post, "place": Place(**post["place"]), "more": more}))


def _form_from(form: dict[str, Any]) -> Form:
    fields = tuple(
        Field(**{**f, "options": tuple((value, label) for value, label in f["options"])})
        for f in form["fields"]
    )
    return Form(**{**form, "fields": fields})
