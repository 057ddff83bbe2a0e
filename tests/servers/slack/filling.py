"""Filling in the inputs of a form as people can, and writing words as Slack passes them on."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any


def as_slack_writes(text: str) -> str:
    """Typed words as they stand in an event: &, < and > escaped, addresses made links of."""
    return re.sub(r"https?://[^\s|<>]+", lambda link: f"<{link[0]}>", html.escape(text, quote=False))


def state_of(block: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The state of one input after somebody filled it in. Raises AssertionError where Slack would not
    let them submit."""
    name, element = block["block_id"], block["element"]
    kind = element["type"]
    made = _filled(element, values[name]) if name in values else _initial(element)
    empty = all(value in (None, "", []) for value in made.values())
    assert block.get("optional") or not empty, f"Slack asks to complete {name}"
    return {element["action_id"]: {"type": kind, **made}}


def _filled(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    match element["type"]:
        case "static_select":
            return {"selected_option": _option(element, value) if value else None}
        case "multi_static_select":
            return {"selected_options": [_option(element, one) for one in value]}
        case "datepicker":
            assert not value or re.fullmatch(r"\d{4}-\d\d-\d\d", value), "a day is picked"
            return {"selected_date": value or None}
        case "datetimepicker":
            return {"selected_date_time": value}
        case "number_input":
            assert re.fullmatch(r"-?[0-9]*", value), "Slack takes a number here"
        case "url_text_input":
            assert not value or re.match(r"https?://", value), "Slack takes a link here"
    assert len(value) <= element.get("max_length", 3000), "Slack takes no more characters"
    return {"value": value or None}


def _initial(element: Mapping[str, Any]) -> dict[str, Any]:
    match element["type"]:
        case "static_select":
            return {"selected_option": element.get("initial_option")}
        case "multi_static_select":
            return {"selected_options": element.get("initial_options") or []}
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "datetimepicker":
            return {"selected_date_time": element.get("initial_date_time")}
    return {"value": element.get("initial_value")}


def _option(element: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    for option in element["options"]:
        if wanted in (option["value"], option["text"]["text"]):
            return dict(option)
    raise AssertionError(f"no option {wanted!r}, but {[one['value'] for one in element['options']]}")
