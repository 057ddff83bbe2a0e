"""What Slack refuses: the lengths and shapes of blocks, views and messages, as its own checks do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Block = Mapping[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS, MESSAGE_TEXT, MESSAGE_ALL_BLOCKS = 50, 100, 40_000, 13_200
VIEW_TEXT = {"title": 24, "submit": 24, "close": 24}
OPTIONAL_INITIAL = {
    "plain_text_input": "initial_value",
    "number_input": "initial_value",
    "url_text_input": "initial_value",
    "datepicker": "initial_date",
    "datetimepicker": "initial_date_time",
    "static_select": "initial_option",
    "multi_static_select": "initial_options",
}


def faults_of_message(body: Mapping[str, Any]) -> str:
    """Slack's code for a message it refuses; "" for one it takes."""
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not text and not blocks:
        return "no_text"
    if len(text) > MESSAGE_TEXT:
        return "msg_too_long"
    if (
        not isinstance(blocks, list)
        or len(blocks) > MESSAGE_BLOCKS
        or list(faults_of_blocks(blocks, "message"))
    ):
        return "invalid_blocks"
    if sum(len(_words(block)) for block in blocks) > MESSAGE_ALL_BLOCKS:
        return "msg_blocks_too_long"
    return ""


def faults_of_view(view: Mapping[str, Any]) -> list[str]:
    """Everything for which Slack would refuse a modal, in sentences."""
    faults = []
    if view.get("type") != "modal":
        faults.append("type is not modal")
    for part, most in VIEW_TEXT.items():
        text = (view.get(part) or {}).get("text", "")
        if (part == "title" and not text) or len(text) > most or (part in view and not text):
            faults.append(f"{part} takes 1 to {most} characters")
        if part in view and view[part].get("type") != "plain_text":
            faults.append(f"{part} is not plain_text")
    if len(view.get("private_metadata") or "") > 3000:
        faults.append("private_metadata takes 3000 characters")
    if len(view.get("callback_id") or "") > 255:
        faults.append("callback_id takes 255 characters")
    blocks = view.get("blocks") or []
    if not 1 <= len(blocks) <= VIEW_BLOCKS:
        faults.append("a view takes 1 to 100 blocks")
    if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
        faults.append("a view with inputs takes a submit")
    return [*faults, *faults_of_blocks(blocks, "view")]


def faults_of_home(view: Mapping[str, Any]) -> list[str]:
    """Everything for which Slack would refuse a home tab, in sentences."""
    faults = []
    if view.get("type") != "home":
        faults.append("type is not home")
    if strange := set(view) - {"type", "blocks", "private_metadata", "callback_id", "external_id"}:
        faults.append(f"a home tab has no {sorted(strange)}")
    if len(view.get("private_metadata") or "") > 3000:
        faults.append("private_metadata takes 3000 characters")
    blocks = view.get("blocks") or []
    if not 1 <= len(blocks) <= VIEW_BLOCKS:
        faults.append("a view takes 1 to 100 blocks")
    return [*faults, *faults_of_blocks(blocks, "view")]


def faults_of_blocks(blocks: Iterable[Block], surface: str) -> Iterable[str]:
    """Everything for which Slack would refuse these blocks on a "message" or "view", in sentences."""
    names: set[str] = set()
    actions: set[str] = set()
    for block in blocks:
        name = block.get("block_id")
        if name is not None and (not 1 <= len(name) <= 255 or name in names):
            yield f"block_id {name!r} is taken, empty or too long"
        names |= {name} if name else set()
        match block.get("type"):
            case "section":
                yield from _text(block.get("text"), 3000, ("mrkdwn", "plain_text"))
            case "header":
                yield from _text(block.get("text"), 150, ("plain_text",))
            case "context":
                elements = block.get("elements") or []
                if not 1 <= len(elements) <= 10:
                    yield "a context takes 1 to 10 elements"
            case "divider":
                pass
            case "image" if surface == "message":
                yield from _image(block)
            case "actions":
                elements = block.get("elements") or []
                if not 1 <= len(elements) <= 25:
                    yield "actions take 1 to 25 elements"
                for element in elements:
                    yield from _button(element)
                    action = element.get("action_id")
                    if action in actions:  # within one message each has to be found again
                        yield f"action_id {action!r} is taken"
                    actions.add(action)
            case "input" if surface == "view":
                yield from _input(block)
            case other:
                yield f"no such block here: {other!r}"


def _text(text: Any, most: int, kinds: tuple[str, ...]) -> Iterable[str]:
    if not isinstance(text, Mapping) or text.get("type") not in kinds:
        yield "text has no such type here"
    elif not 1 <= len(text.get("text") or "") <= most:
        yield f"text takes 1 to {most} characters"


def _image(block: Block) -> Iterable[str]:
    if set(block.get("slack_file") or {}) != {"id"} or "image_url" in block:
        yield "an image takes one source"
    if not 1 <= len(block.get("alt_text") or "") <= 2000:
        yield "alt_text takes 1 to 2000 characters"


def _button(element: Mapping[str, Any]) -> Iterable[str]:
    if element.get("type") != "button":
        yield f"no such element in actions: {element.get('type')!r}"
        return
    yield from _text(element.get("text"), 75, ("plain_text",))
    if not 1 <= len(element.get("action_id") or "x") <= 255:
        yield "action_id takes 1 to 255 characters"
    if len(element.get("value") or "") > 2000:
        yield "value takes 2000 characters"
    url = element.get("url")
    if url is not None and (len(url) > 3000 or not re.match(r"[a-z][a-z0-9+.-]*:", url)):
        yield "url is none"
    if element.get("style", "primary") not in ("primary", "danger"):
        yield "no such style"


def _input(block: Block) -> Iterable[str]:
    yield from _text(block.get("label"), 2000, ("plain_text",))
    if "hint" in block:
        yield from _text(block["hint"], 2000, ("plain_text",))
    element = block.get("element") or {}
    kind = element.get("type")
    if kind not in OPTIONAL_INITIAL:
        yield f"no such input: {kind!r}"
        return
    initial = element.get(OPTIONAL_INITIAL[kind])
    if kind.endswith("select"):
        yield from _select(element, initial)
    elif initial is not None:
        yield from _initial(kind, initial)
    if kind == "number_input" and "is_decimal_allowed" not in element:
        yield "number_input has to say is_decimal_allowed"


def _initial(kind: str, initial: Any) -> Iterable[str]:
    fine = {
        "plain_text_input": lambda: len(initial) <= 3000,
        "number_input": lambda: bool(re.fullmatch(r"-?[0-9]+", initial)),
        "url_text_input": lambda: bool(re.match(r"https?://[^\s]+", initial)),
        "datepicker": lambda: bool(re.fullmatch(r"\d{4}-\d\d-\d\d", initial)),
        "datetimepicker": lambda: isinstance(initial, int) and len(str(initial)) == 10,
    }
    if not fine[kind]():
        yield f"{kind} cannot start with {initial!r}"


def _select(element: Mapping[str, Any], initial: Any) -> Iterable[str]:
    options = element.get("options") or []
    if not 1 <= len(options) <= 100:
        yield "a select takes 1 to 100 options"
    for option in options:
        yield from _text(option.get("text"), 75, ("plain_text",))
        if not 1 <= len(option.get("value") or "") <= 150:
            yield "an option's value takes 1 to 150 characters"
    if len({option.get("value") for option in options}) != len(options):
        yield "two options have the same value"
    chosen = [initial] if isinstance(initial, Mapping) else initial
    if initial is not None and (not chosen or any(option not in options for option in chosen)):
        yield "the initial option is none of the options"


def _words(block: Block) -> str:
    text = block.get("text")
    return str(text.get("text") or "") if isinstance(text, Mapping) else ""
