"""Forms as Slack modals: a `Form` becomes a view, a submitted view becomes arguments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.messages import Field, Form
from bot.platforms.markup import slack_blocks

METADATA, TITLE, TEXT, OPTIONS, OPTION_TEXT, OPTION_VALUE = 3000, 24, 3000, 100, 75, 150
LABEL = 2000
NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was asked for; it travels inside the form, so that a restart forgets nothing."""

    draft: str
    channel: str = ""
    thread: str = ""
    response_url: str = ""


def form_view(form: Form, origin: Origin) -> dict[str, Any]:
    """The modal of `form`, filled with what is known so far. Values that Slack would refuse to show
    (no such day, not among the choices) are left out. A field with more text than Slack takes is left
    out whole: what stands in it stays, rather than coming back cut."""
    blocks: list[dict[str, Any]] = slack_blocks(form.intro)[0] if form.intro else []
    return {
        "type": "modal",
        "callback_id": "form",
        "title": _plain(form.title, TITLE),
        "submit": _plain(form.submit, TITLE),
        "close": _plain(form.cancel, TITLE),
        "private_metadata": write_origin(origin),
        "notify_on_close": False,
        "blocks": [*blocks, *(_input(field) for field in form.fields if _fits(field))],
    }


def _fits(field: Field) -> bool:
    return field.kind in ("choice", "choices") or len(field.value) <= TEXT


def write_origin(origin: Origin) -> str:
    """`origin` as JSON for private_metadata; without the response_url if that would make it too long."""
    text = json.dumps(asdict(origin), separators=(",", ":"))
    if len(text) > METADATA:
        text = json.dumps({**asdict(origin), "response_url": ""}, separators=(",", ":"))
    return text


def read_origin(text: str) -> Origin | None:
    """The inverse of `write_origin`; None if the form is none of ours."""
    try:
        origin = Origin(**json.loads(text))
    except (ValueError, TypeError):
        return None
    return origin if origin.draft else None


def fields_of(view: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of a view's fields, in their order."""
    return tuple(block["block_id"] for block in view.get("blocks") or () if block.get("type") == "input")


def answers_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field, in canonical text. An emptied field is "", so it takes a value away."""
    values = view["state"]["values"]
    return {name: storable(_given(next(iter(element.values()), {}))) for name, element in values.items()}


def storable(text: str) -> str:
    """`text` without what no database takes: NUL and halves of surrogate pairs."""
    return text if text.isprintable() else NOT_STORABLE.sub("", text)


def _given(element: Mapping[str, Any]) -> str:
    match element.get("type"):
        case "datepicker":
            return element.get("selected_date") or ""
        case "datetimepicker":
            stamp = element.get("selected_date_time")
            return datetime.fromtimestamp(stamp, UTC).isoformat() if stamp else ""
        case "static_select":
            return (element.get("selected_option") or {}).get("value") or ""
        case "multi_static_select":
            return ",".join(option["value"] for option in element.get("selected_options") or ())
    return element.get("value") or ""


def _input(field: Field) -> dict[str, Any]:
    block: dict[str, Any] = {
        "type": "input",
        "block_id": field.option,
        "label": _plain(field.label, LABEL),
        "optional": not field.required,
        "element": {"action_id": "value", **_element(field)},
    }
    return {**block, "hint": _plain(field.hint, LABEL)} if field.hint else block


def _element(field: Field) -> dict[str, Any]:
    if field.kind in ("choice", "choices") and 0 < len(field.options) <= OPTIONS:
        return _select(field)
    value = field.value
    match field.kind:
        case "number":
            initial = {"initial_value": value} if re.fullmatch(r"[0-9]{1,15}", value) else {}
            return {"type": "number_input", "is_decimal_allowed": False, **initial}
        case "day":
            return {"type": "datepicker", **({"initial_date": value} if _is_day(value) else {})}
        case "moment":
            stamp = _stamp(value)
            return {"type": "datetimepicker", **({"initial_date_time": stamp} if stamp else {})}
        case "link":
            initial = {"initial_value": value} if re.match(r"https?://[^\s/]+\.", value) else {}
            return {"type": "url_text_input", **initial}
    initial = {"initial_value": value} if value else {}
    return {"type": "plain_text_input", "multiline": field.kind == "long", **initial}


def _select(field: Field) -> dict[str, Any]:
    shown = [
        {"text": _plain(label, OPTION_TEXT), "value": value[:OPTION_VALUE]} for value, label in field.options
    ]
    if field.kind == "choice":
        chosen = [option for option in shown if option["value"] == field.value]
        return {
            "type": "static_select",
            "options": shown,
            **({"initial_option": chosen[0]} if chosen else {}),
        }
    wanted = field.value.split(",")
    chosen = [option for option in shown if option["value"] in wanted]
    initial = {"initial_options": chosen} if chosen else {}
    return {"type": "multi_static_select", "options": shown, **initial}


def _plain(text: str, most: int) -> dict[str, Any]:
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return {"type": "plain_text", "text": cut or " ", "emoji": False}


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-01-31") and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _stamp(text: str) -> int:
    """Unix seconds of an ISO moment; 0 if it is none that Slack takes (ten digits)."""
    try:
        stamp = int(datetime.fromisoformat(text).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return 0
    return stamp if len(str(stamp)) == 10 and stamp > 0 else 0
