"""A Dockerfile, and as much of YAML as compose.yaml is written in, for whoever has no engine to ask.

for name, rest in instructions(text): ...     # ("COPY", "bot bot"), continued lines joined
read_yaml(text)["services"]["bot"]["image"]   # maps, lists and words; anything else raises
"""

from __future__ import annotations

import json
import re
from typing import Any

KEY = re.compile(r"([A-Za-z_][\w-]*):(?: (.+))?")


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile in their order."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(name, rest.strip()) for line in joined.splitlines() for name, _, rest in [line.partition(" ")]]


def read_yaml(text: str) -> Any:
    """Raises ValueError, naming the line, for what is not in this small part of YAML."""
    lines = [
        (len(line) - len(line.lstrip(" ")), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    found = _block(lines, 0)
    if lines:
        raise ValueError(lines[0][1])
    return found


def _block(lines: list[tuple[int, str]], depth: int) -> Any:
    if lines[0][1].startswith("- "):
        found = []
        while lines and lines[0][0] == depth and lines[0][1].startswith("- "):
            found.append(_value(lines.pop(0)[1][2:]))
        return found
    named: dict[str, Any] = {}
    while lines and lines[0][0] == depth:
        _, line = lines.pop(0)
        matched = KEY.fullmatch(line)
        if matched is None or matched[1] in named:
            raise ValueError(line)
        if matched[2] is not None:
            named[matched[1]] = _value(matched[2])
        else:
            deeper = lines[0][0] if lines else 0
            named[matched[1]] = _block(lines, deeper) if deeper > depth else None
    return named


def _value(said: str) -> Any:
    if said[0] in "[{":
        words = said[1:-1].split(", ")
        return json.loads(said) if '"' in said else [_value(word) for word in words]
    if said[0] == '"':
        return json.loads(said)
    if ": " in said or " #" in said or said[0] in "&*!|>%@`'":
        raise ValueError(said)
    if said in ("true", "false"):
        return said == "true"
    return int(said) if said.isdecimal() else said
